//! connect --all is carried out by the same engine.

use crate::estate::{Estate, YEARS};

#[test]
fn all_pages_are_connected_several_at_a_time_and_again_without_a_second_channel() {
    for year in YEARS {
        let estate =
            Estate::new(year, 60, 20, 5, &["--fault", "POST /partner/channel/messenger=lost @every 7"]);
        let arguments = ["--json", "connect", "messenger", "--all", "--concurrency", "8"];
        let run = estate.run_signed_in(&arguments).exits(0);
        let results = run.json()["results"].as_array().unwrap().clone();
        let count = |action: &str| results.iter().filter(|result| result["action"] == action).count();
        assert_eq!((count("connected"), count("reconnected")), (40, 20), "{year}");
        assert!(results.iter().all(|result| result["_id"].is_string()), "{year}: every _id is learnt");
        assert_eq!(estate.channels().len(), 60, "{year}");
        let run = estate.run_signed_in(&arguments).exits(0);
        let results = run.json()["results"].as_array().unwrap().clone();
        assert!(results.iter().all(|result| result["action"] == "reconnected"), "{year}");
        assert_eq!(estate.channels().len(), 60, "{year}");
    }
}

#[test]
fn at_the_plans_limit_some_fail_and_the_others_are_done() {
    let estate = Estate::new("2026", 10, 0, 0, &["--limit", "7"]);
    let run = estate.run_signed_in(&["--json", "connect", "messenger", "--all"]).exits(5);
    let results = run.json()["results"].as_array().unwrap().clone();
    let failed: Vec<_> = results.iter().filter(|result| result["action"] == "failed").collect();
    assert_eq!(failed.len(), 3);
    assert_eq!(failed[0]["error"]["status"], 402);
    assert!(failed[0]["error"]["hint"].as_str().unwrap().contains("limit"));
}

#[cfg(unix)]
#[test]
fn after_ctrl_c_it_says_how_far_it_came_and_a_second_run_does_the_rest() {
    use rustix::process::{Pid, Signal, kill_process};
    use std::process::Stdio;
    let estate = Estate::new("2026", 20, 0, 0, &["--latency", "40"]);
    let mut command = estate.command(&["--json", "connect", "messenger", "--all", "--concurrency", "2"]);
    command.env("SOCIALCHAT_TOKEN", estate.token()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let connects = || estate.requests("POST").values().sum::<usize>();
    crate::support::until("a few are connected", || connects() >= 4);
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let run = crate::support::Run::from(child.wait_with_output().unwrap()).exits(143);
    let made = estate.channels().len();
    assert!((4..20).contains(&made), "{made}");
    assert!(run.stderr.contains(&format!("{made} of 20 finished.")), "{}", run.stderr);
    assert_eq!(run.error()["code"], "interrupted", "the error is still the last line");
    let shown = run.json()["results"].as_array().unwrap().clone();
    let with = |action: &str| shown.iter().filter(|result| result["action"] == action).count();
    assert_eq!(
        (with("connected"), with("not-started")),
        (made, 20 - made),
        "a result for each: {}",
        run.stdout
    );
    assert!(shown.iter().all(|result| result["error"].is_null() || result["error"]["code"] == "interrupted"));
    let results = estate.run_signed_in(&["--json", "connect", "messenger", "--all"]).exits(0).json();
    let connected =
        results["results"].as_array().unwrap().iter().filter(|r| r["action"] == "connected").count();
    assert_eq!(connected, 20 - made);
    assert_eq!(estate.channels().len(), 20);
}
