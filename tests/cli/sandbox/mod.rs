//! sandbox serve, sandbox reset: the embedded Partner API as others use it.

mod accounts;
mod bench;
mod calls;
mod contract;
mod described;
mod faults;
mod others;
mod qontak;
mod rough;
mod settings;
mod sign_in;
mod state;
mod tendarts;
mod unifiedbeez;

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::person::{names, with_pair};
use crate::support::{Home, Run, Served, http};

/// The lines that `sandbox serve` prints before it waits for requests.
fn printed(home: &Home, options: &[&str], count: usize) -> Vec<String> {
    use std::io::{BufRead as _, BufReader};
    let mut child = home
        .command(&["sandbox", "serve"])
        .args(options)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines =
        BufReader::new(child.stdout.take().unwrap()).lines().take(count).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    lines
}

#[test]
fn it_prints_the_environment_that_uses_it() {
    let home = Home::new();
    let lines = printed(&home, &[], 2);
    assert!(lines[0].starts_with("export SOCIALCHAT_API_URL=http://127.0.0.1:"), "{lines:?}");
    assert_eq!(lines[1], "export SOCIALCHAT_API_KEY=sandbox-api-key");
    let lines = printed(&home, &["--generation", "2024"], 3);
    assert_eq!(
        lines[1..],
        ["export SOCIALCHAT_APP_ID=sandbox-app-id", "export SOCIALCHAT_SECRET_KEY=sandbox-secret-key"]
    );
    let lines = printed(&home, &["--platform", "unifiedbeez"], 3);
    assert!(
        lines[0].starts_with("export SOCIALCHAT_API_URL=http://127.0.0.1:") && lines[0].ends_with("/api/v1")
    );
    let named = ["export SOCIALCHAT_PLATFORM=unifiedbeez", "export UNIFIEDBEEZ_SESSION=sandbox-session"];
    assert_eq!(lines[1..], named);
    let line = &printed(&home, &["--json"], 1)[0];
    let document: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(names(&document), ["SOCIALCHAT_API_URL", "SOCIALCHAT_API_KEY"]);
}

#[test]
fn the_printed_lines_are_enough() {
    let home = Home::new();
    for generation in ["2024", "2026"] {
        let sandbox = Served::start(&home, &["--generation", generation]);
        Run::of(with_pair(&home, &sandbox.api_url, &["whoami"])).exits(0);
    }
}

#[cfg(unix)]
#[test]
fn it_ends_with_ctrl_c() {
    let home = Home::new();
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut child =
            home.command(&["sandbox", "serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
        let kill =
            std::process::Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code));
    }
}

#[test]
fn each_request_is_a_line_without_its_query() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    sandbox.api("GET", "/partner/channel?page=1&limit=1&search=CANARY", "");
    sandbox.api("GET", "/partner/channel/messenger/account?token=CANARY", "");
    let log = sandbox.log();
    assert!(log.iter().any(|line| line.contains(" GET /partner/channel 200 ")), "{log:?}");
    assert!(log.iter().any(|line| line.contains(" GET /partner/channel/messenger/account 403 ")), "{log:?}");
    assert!(!log.iter().any(|line| line.contains("CANARY")), "{log:?}");
}

#[test]
fn it_carries_its_description() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let origin = sandbox.api_url.trim_end_matches("/partner");
    let answer = http("GET", &format!("{origin}/openapi.yaml"), "", "");
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("openapi:") && answer.body.contains("/partner/channel"), "{}", answer.body);
}

#[test]
fn answers_come_as_late_as_was_ordered() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--latency", "200"]);
    let begun = Instant::now();
    sandbox.api("GET", "/partner", "");
    assert!(begun.elapsed() >= Duration::from_millis(200));
}

#[test]
fn faults_come_as_ordered_and_end() {
    let home = Home::new();
    let file = home.dir.path().join("faults");
    std::fs::write(&file, "# for a test\n\nGET /partner/channel=429*1;retry-after=7\n").unwrap();
    let file = file.to_str().unwrap();
    let options = ["--fault", "PUT /partner=500*1", "--fault-file", file, "--fault", "GET /partner/*/x=418"];
    let sandbox = Served::start(&home, &options);
    assert_eq!(sandbox.api("PUT", "/partner", "{}").0, 500);
    assert_eq!(sandbox.api("PUT", "/partner", "{}").0, 200);
    let url = format!("{}/channel?page=1&limit=1", sandbox.api_url);
    let answer = http("GET", &url, "Authorization: Bearer sandbox-api-key\r\n", "");
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
    assert_eq!(sandbox.api("GET", "/partner/channel?page=1&limit=1", "").0, 200);
    assert_eq!(sandbox.api("GET", "/partner/channel/x", "").0, 418);
    let log = sandbox.log();
    assert!(log.iter().any(|line| line.contains("(fault PUT /partner=500*1")), "{log:?}");
}

#[test]
fn orders_that_mean_nothing_are_named() {
    let home = Home::new();
    let file = home.dir.path().join("faults");
    std::fs::write(&file, "GET /partner=500\nnonsense\n").unwrap();
    for (options, names) in [
        (vec!["--fault", "nonsense"], "--fault"),
        (vec!["--fault", "GET /x=99999"], "99999"),
        (vec!["--fault-file", file.to_str().unwrap()], "line 2"),
        (vec!["--generation", "2025"], "--generation"),
        (vec!["--generation", "guide-1"], "socialchat has no --generation guide-1"),
        (vec!["--platform", "unifiedbeez", "--generation", "2024"], "it has guide-2 and guide-1"),
        (vec!["--platform", "facebook"], "--platform"),
        (vec!["--pages", "-1"], "-1"),
        (vec!["--latency", "x"], "--latency"),
        (vec!["--port", "70000"], "--port"),
    ] {
        let run = home.run(&[vec!["sandbox", "serve"], options].concat()).exits(2);
        assert!(run.stderr.contains(names), "{names}: {}", run.stderr);
    }
    let run = home.run(&["--json", "sandbox", "serve", "--fault-file", "missing"]);
    assert_ne!(run.code, Some(0));
    assert!(run.error()["message"].as_str().unwrap().contains("missing"), "{}", run.stderr);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let home = Home::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = home.run(&["sandbox", "serve", "--port", &port]).exits(1);
    assert!(run.stderr.contains(&port), "{}", run.stderr);
}

#[test]
fn reset_restores_the_beginning() {
    let home = Home::new();
    let total = || home.run(&["--sandbox", "--json", "channels", "list"]).exits(0).json()["total"].clone();
    home.run(&["--sandbox", "--yes", "connect", "messenger", "--all"]).exits(0);
    assert_eq!(total(), 8);
    assert_eq!(home.run(&["--json", "sandbox", "reset"]).exits(0).json(), json!({ "reset": true }));
    assert_eq!(total(), 3);
    let options = ["--pages", "30", "--channels", "20", "--disconnected", "4", "--foreign", "2"];
    let run = home.run(&[&["sandbox", "reset"], &options[..]].concat()).exits(0);
    assert!(run.stderr.contains("Sandbox reset") && run.stdout.is_empty(), "{run:?}");
    assert_eq!(total(), 20);
    // As many Pages as the channels need.
    home.run(&["sandbox", "reset", "--channels", "3"]).exits(0);
    assert_eq!(total(), 3);
}

#[test]
fn serve_takes_the_amounts_that_reset_takes() {
    let home = Home::new();
    home.run(&["--sandbox", "--yes", "connect", "messenger", "--all"]).exits(0);
    let options = ["--channels", "20", "--disconnected", "4", "--foreign", "2"];
    let sandbox = Served::start(&home, &options);
    let list = |arguments: &[&str]| {
        let all = [&["--json", "channels", "list"], arguments].concat();
        Run::of(home.against(&sandbox.api_url, &all)).exits(0).json()["total"].clone()
    };
    assert_eq!((list(&[]), list(&["--disconnected"])), (json!(20), json!(4)));
    let token = crate::person::token(&sandbox, "messenger");
    let arguments = ["--json", "connect", "messenger", "--all"];
    let run = Run::of(crate::person::with_token(&home, &sandbox, &token, &arguments)).exits(5);
    let results = run.json()["results"].as_array().unwrap().clone();
    let refused = results.iter().filter(|result| result["error"]["status"] == 403).count();
    assert_eq!((results.len(), refused), (22, 2));
    assert!(sandbox.log().iter().any(|line| line.contains("Sandbox reset")), "it says that the rest is gone");
    // Without them it goes on with what is there.
    drop(sandbox);
    let sandbox = Served::start(&home, &["--pages", "40"]);
    assert_eq!(Run::of(home.against(&sandbox.api_url, &["--json", "channels", "list"])).json()["total"], 20);
}

#[test]
fn amounts_that_cannot_be_are_refused_and_change_nothing() {
    let home = Home::new();
    home.run(&["--sandbox", "--yes", "connect", "messenger", "--all"]).exits(0);
    for (options, says) in [
        (&["--pages", "3", "--channels", "4"][..], "--channels 4 is more than --pages 3"),
        (&["--channels", "3", "--disconnected", "4"], "--disconnected 4 is more than --channels 3"),
        (&["--pages", "3", "--foreign", "4"], "--foreign 4 is more than --pages 3"),
        (&["--pages", "5", "--channels", "3", "--foreign", "3"], "together 6 is more than --pages 5"),
        (&["--disconnected", "1"], "--channels"),
        (&["--channels", "100001"], "100000"),
    ] {
        for command in ["reset", "serve"] {
            let run = home.run(&[&["sandbox", command], options].concat()).exits(2);
            assert!(run.stderr.contains(says), "{options:?}: {}", run.stderr);
        }
    }
    assert_eq!(home.run(&["--sandbox", "--json", "channels", "list"]).exits(0).json()["total"], 8);
}

#[test]
fn the_embedded_one_and_the_served_one_share_their_state() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    home.run(&["--sandbox", "--yes", "connect", "messenger", "--page", "Bengkel Jaya Motor"]).exits(0);
    let run = Run::of(home.against(&sandbox.api_url, &["--json", "channels", "list"])).exits(0);
    assert_eq!(run.json()["total"], 4);
}

#[test]
fn a_plan_has_its_limit() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--limit", "4"]);
    let token = crate::person::token(&sandbox, "messenger");
    let arguments = ["--json", "connect", "messenger", "--all", "--concurrency", "1"];
    let run = Run::of(crate::person::with_token(&home, &sandbox, &token, &arguments)).exits(5);
    let results = run.json()["results"].as_array().unwrap().clone();
    assert_eq!(results.iter().filter(|result| result["action"] == "connected").count(), 1);
    assert_eq!(results[1]["error"]["status"], 402);
}

#[test]
fn many_connections_at_once_are_all_answered() {
    let home = Home::new();
    home.run(&["sandbox", "reset", "--pages", "3000", "--channels", "3000"]).exits(0);
    for _ in 0..3 {
        let begun = Instant::now();
        let run = home.run(&["--sandbox", "--json", "channels", "list"]).exits(0);
        assert_eq!(run.json()["total"], 3000);
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "none waits behind another: {:?}",
            begun.elapsed()
        );
    }
}
