//! What the browser comes back with, and what the list says of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::backend::{Backend, Clean, Guide, SESSION, page, refusal, visit};
use crate::support::{Home, Reply, Run, until};

const SUCCESS: &str = "?facebook_connected=true&type=messenger";

/// The words of the results, by the id of each.
fn actions(run: &Run) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let document = run.json();
    let rows = document["results"].as_array().unwrap();
    rows.iter().map(|row| (text(&row["_id"]), text(&row["action"]))).collect()
}

fn action(id: &str, word: &str) -> (String, String) {
    (id.to_owned(), word.to_owned())
}

#[test]
fn the_address_bar_is_cleaned_and_the_page_says_what_came() {
    for (back, title) in [
        (SUCCESS, "Sign-in finished"),
        ("?error=No%2520page%2520%253Cb%253E%2520was%2520chosen", "Sign-in not completed"),
        ("?facebook_connected=true&type=instagram", "That was another sign-in"),
        ("", "Something is missing"),
    ] {
        let backend = Backend::start(Guide::Two, &[]);
        let waiting = backend.waiting(&["connect", "messenger", "--timeout", "1"]);
        let answer = backend.come_back(back);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/done")), "{back}");
        let way_back = backend.way_back();
        let origin = &way_back[..way_back.find("/cb/").unwrap()];
        let done = visit(&format!("{origin}/done"));
        assert!(done.status == 200 && done.body.contains(title), "{back}: {}", done.body);
        assert!(!done.body.contains("/cb/") && !done.body.contains("<b>"), "{}", done.body);
        if back.starts_with("?error") {
            assert!(done.body.contains("No page &lt;b&gt; was chosen"), "{}", done.body);
        }
        waiting.end().clean();
    }
}

#[test]
fn an_error_that_was_encoded_twice_is_said_plainly() {
    let backend = Backend::start(Guide::Two, &[]);
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    backend.come_back("?error=No%2520page%2520%2526%2520none%0Awas%25E2%2580%25AEchosen#_=_");
    let refused = waiting.end().clean().exits(4);
    let error = refused.error();
    assert_eq!(error["code"], "not-authorized-by-person");
    assert_eq!(error["message"].as_str().unwrap(), "sign-in refused: No page & none was\u{202e}chosen");
}

#[test]
fn a_no_without_a_reason_is_a_no() {
    for back in ["?error=", "?status=error", "?success=false"] {
        let backend = Backend::start(Guide::Two, &[]);
        let waiting = backend.waiting(&["--json", "connect", "messenger"]);
        backend.come_back(back);
        assert_eq!(waiting.end().clean().exits(4).error()["message"], "sign-in refused", "{back}");
    }
}

#[test]
fn a_return_of_another_kind_is_refused_and_said() {
    let backend = Backend::start(Guide::Two, &[]);
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    backend.come_back("?facebook_connected=true&type=instagram");
    let refused = waiting.end().clean().exits(4);
    let message = refused.error()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("from a sign-in for \"instagram\", not for Messenger"), "{message}");
}

#[test]
fn a_return_of_another_kind_fails_though_the_list_shows_a_new_page_which_is_told() {
    for command in [&["connect", "messenger"][..], &["reconnect", "messenger", "--all"]] {
        let backend = Backend::start(Guide::Two, &[page(11, "1001", "Kopi", false)]);
        let waiting = backend.waiting(&[&["--json"], command].concat());
        backend.world().consent(page(11, "1001", "Kopi", true));
        backend.come_back("?facebook_connected=true&type=instagram");
        let refused = waiting.end().clean().exits(4);
        assert_eq!(actions(&refused), [action("11", "reconnected")], "{command:?}");
        assert_eq!(refused.error()["code"], "not-authorized-by-person", "{command:?}");
    }
}

#[test]
fn an_error_without_a_word_beside_success_is_none() {
    let backend = Backend::start(Guide::Two, &[]);
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    backend.world().consent(page(34, "1002", "Shop", true));
    backend.come_back("?facebook_connected=true&type=messenger&error=");
    let done = waiting.end().clean().exits(0);
    assert_eq!(actions(&done), [action("34", "connected")]);
    assert!(!done.stderr.contains("refused"), "{}", done.stderr);
}

#[test]
fn why_a_sign_in_is_refused_is_said_without_the_session_and_not_endlessly() {
    let backend = Backend::start(Guide::Two, &[]);
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    backend.come_back(&format!("?error=Bad%20session%20{SESSION}%20{}", "x".repeat(5000)));
    let refused = waiting.end().clean().exits(4).error();
    let message = refused["message"].as_str().unwrap();
    assert!(
        message.starts_with("sign-in refused: Bad session [secret] xxx") && message.len() < 400,
        "{message}"
    );
}

#[test]
fn where_nothing_has_changed_no_more_than_that_is_said() {
    let backend = Backend::start(Guide::Two, &[page(11, "1001", "Kopi", true)]);
    let waiting = backend.waiting(&["connect", "messenger"]);
    backend.come_back(SUCCESS);
    let same = waiting.end().clean().exits(0);
    assert!(same.stderr.contains("what was ticked, if anything, was connected before"), "{}", same.stderr);
}

#[test]
fn a_return_with_another_nonce_or_a_second_time_is_said_and_not_taken() {
    let backend = Backend::start(Guide::Two, &[page(11, "1001", "Kopi", true)]);
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    let way_back = backend.way_back();
    let (before, nonce) = way_back.split_once("/cb/").unwrap();
    let mut other = nonce.to_owned();
    other.replace_range(..1, if nonce.starts_with('A') { "B" } else { "A" });
    assert_eq!(visit(&format!("{before}/cb/{other}{SUCCESS}")).status, 404);
    // Nothing new yet: the program looks for 2.3 s, and a second return comes meanwhile.
    assert_eq!(backend.come_back(SUCCESS).status, 303);
    assert_eq!(backend.come_back(SUCCESS).status, 410);
    backend.world().consent(page(34, "1002", "Shop", true));
    let done = waiting.end().clean().exits(0);
    assert_eq!(actions(&done), [action("34", "connected")]);
    for said in ["came back from another sign-in", "came back a second time"] {
        assert!(done.stderr.contains(said), "{}", done.stderr);
    }
}

#[test]
fn a_return_without_a_result_is_said_and_the_list_is_asked_and_waiting_goes_on() {
    let backend = Backend::start(Guide::Two, &[]);
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    for nothing in ["", "?facebook_connected=1", "?type=messenger"] {
        let lists = backend.requests().len();
        assert_eq!(backend.come_back(nothing).status, 303, "{nothing}");
        until("the list is asked", || backend.requests().len() > lists);
    }
    backend.world().consent(page(34, "1002", "Shop", true));
    backend.come_back("");
    let done = waiting.end().clean().exits(0);
    assert_eq!(actions(&done), [action("34", "connected")]);
    assert!(done.stderr.contains("came back without a result"), "{}", done.stderr);
}

#[test]
fn both_ways_to_put_a_result_behind_a_path_are_read() {
    for back in
        [SUCCESS, "&facebook_connected=true&type=messenger", "?&facebook_connected=true&type=messenger"]
    {
        let backend = Backend::start(Guide::Two, &[]);
        let waiting = backend.waiting(&["--json", "connect", "messenger"]);
        backend.world().consent(page(34, "1002", "Shop", true));
        assert_eq!(backend.come_back(back).status, 303, "{back}");
        assert_eq!(actions(&waiting.end().clean().exits(0)), [action("34", "connected")], "{back}");
    }
}

#[test]
fn success_that_the_list_does_not_show_is_none() {
    let backend = Backend::start(Guide::Two, &[]);
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    backend.come_back(SUCCESS);
    let failed = waiting.end().clean().exits(1);
    let message = failed.error()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("says that Messenger is connected, but lists no connected Page"), "{message}");
}

#[test]
fn what_the_list_shows_counts_whatever_the_return_says() {
    let backend = Backend::start(Guide::Two, &[]);
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    backend.world().consent(page(34, "1002", "Shop", true));
    backend.come_back("?error=Some%20pages%20failed");
    let done = waiting.end().clean().exits(0);
    assert_eq!(actions(&done), [action("34", "connected")]);
    assert!(done.stderr.contains("warning: sign-in refused: Some pages failed"), "{}", done.stderr);
}

#[test]
fn a_second_run_changes_nothing() {
    let backend = Backend::start(Guide::Two, &[page(11, "1001", "Kopi", true)]);
    for (changes, word) in [(true, "reconnected"), (false, "skipped")] {
        let waiting = backend.waiting(&["--json", "connect", "messenger"]);
        if changes {
            backend.world().consent(page(11, "1001", "Kopi", true));
        }
        backend.come_back(SUCCESS);
        assert_eq!(actions(&waiting.end().clean().exits(0)), [action("11", word)]);
        assert_eq!(backend.world().accounts.len(), 1);
    }
}

#[test]
fn pages_that_were_asked_for_must_be_connected_and_others_are_told() {
    let backend = Backend::start(Guide::Two, &[]);
    let waiting = backend.waiting(&["--json", "connect", "messenger", "--page", "1002", "--page", "toko"]);
    backend.world().consent(page(34, "1002", "Shop", true));
    backend.world().consent(page(35, "1003", "Other", true));
    backend.come_back(SUCCESS);
    let partly = waiting.end().clean().exits(5);
    assert_eq!(
        actions(&partly),
        [action("34", "connected"), action("-", "failed"), action("35", "connected")]
    );
    let document = partly.json();
    assert_eq!(document["results"][1]["error"]["message"], "the sign-in connected no Page toko");
    assert_eq!(document["next"], "socialchat-cli connect messenger --page 1002 --page toko");
}

#[test]
fn pages_that_are_connected_already_need_no_sign_in_where_they_are_left_alone() {
    for (choice, code, word) in [("skip", 0, "skipped"), ("fail", 1, "failed")] {
        let backend = Backend::start(Guide::Two, &[page(11, "1001", "Kopi", true)]);
        let arguments = ["--json", "connect", "messenger", "--page", "Kopi", "--if-connected", choice];
        let done = backend.run(&[&arguments[..], &["--no-browser"]].concat()).exits(code);
        assert_eq!(actions(&done), [action("11", word)]);
        assert!(backend.asked().is_empty(), "{:?}", backend.asked());
    }
}

#[test]
fn those_that_lose_their_access_are_named() {
    let backend = Backend::start(Guide::Two, &[page(11, "1001", "Kopi", true)]);
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    backend.world().consent(page(34, "1002", "Shop", true));
    backend.world().accounts[0].active = false.into();
    backend.come_back(SUCCESS);
    let done = waiting.end().clean().exits(0);
    assert_eq!(done.json()["lost"][0]["_id"], "11");
    assert!(done.stderr.contains("Kopi"), "{}", done.stderr);
}

#[test]
fn where_nobody_comes_back_the_list_is_looked_at_gently() {
    let backend = Backend::start(Guide::Two, &[]);
    let begun = Instant::now();
    let waiting =
        backend.waiting(&["--json", "connect", "messenger", "--origin", "https://app.unifiedbeez.com"]);
    assert_eq!(backend.world().begun.clone().unwrap().1.as_deref(), Some("https://app.unifiedbeez.com"));
    backend.world().consent(page(34, "1002", "Shop", true));
    let done = waiting.end().clean().exits(0);
    assert_eq!(actions(&done), [action("34", "connected")]);
    let lists = backend.requests().len() as u64 - 1;
    assert!(lists <= 3 + begun.elapsed().as_secs() / 5, "{lists} in {:?}", begun.elapsed());
}

#[test]
fn after_the_deadline_the_other_ways_are_named() {
    let backend = Backend::start(Guide::Two, &[page(11, "1001", "Kopi", true)]);
    let begun = Instant::now();
    let late = backend.run(&["--json", "connect", "messenger", "--no-browser", "--timeout", "1"]).exits(4);
    assert!(begun.elapsed() < Duration::from_secs(15));
    let error = late.error();
    assert_eq!(error["code"], "timeout");
    assert!(error["message"].as_str().unwrap().starts_with("nobody came back"), "{error}");
    let hint = error["hint"].as_str().unwrap();
    assert!(["--paste", "--origin", "--timeout"].iter().all(|way| hint.contains(way)), "{hint}");
}

#[test]
fn a_throttle_ends_no_waiting_and_moves_no_deadline() {
    for (back, says) in [(None, "nobody came back"), (Some(""), "came back without a result")] {
        let throttles = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let shared = throttles.clone();
        let backend = Backend::meddled(Guide::Two, &[], move |asked, _| {
            let is_throttled = shared.load(std::sync::atomic::Ordering::SeqCst);
            let body = json!({ "statusCode": 429, "message": "ThrottlerException: Too Many Requests" });
            let refused = || Reply::With(429, "Retry-After: 60\r\n".to_owned(), body.to_string());
            (is_throttled && asked.target.ends_with("/channels/selected")).then(refused)
        });
        let waiting = backend.waiting(&["--json", "connect", "messenger", "--timeout", "2"]);
        let begun = Instant::now();
        throttles.store(true, std::sync::atomic::Ordering::SeqCst);
        if let Some(back) = back {
            backend.come_back(back);
        }
        let error = waiting.end().clean().exits(4).error();
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        assert_eq!(error["code"], "timeout", "{error}");
        assert!(error["message"].as_str().unwrap().contains(says), "{error}");
    }
}

#[test]
fn a_session_that_ends_meanwhile_ends_the_waiting() {
    let is_over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let shared = is_over.clone();
    let backend = Backend::meddled(Guide::Two, &[], move |_, _| {
        shared.load(std::sync::atomic::Ordering::SeqCst).then(|| refusal(401, "Session expired"))
    });
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    is_over.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(waiting.end().clean().exits(3).error()["code"], "unauthorized");
}

#[test]
fn a_pasted_address_does_where_the_browser_ends_elsewhere() {
    let home = Home::new();
    for (pasted, code) in [
        ("https://app.unifiedbeez.com/cb?facebook_connected=true&type=messenger#_=_\n", 0),
        ("facebook_connected=true&type=messenger\n", 0),
        ("https://app.unifiedbeez.com/cb/another-nonce?facebook_connected=true&type=messenger\n", 4),
        ("https://app.unifiedbeez.com/channels\n", 4),
        ("yes\n", 4),
        ("", 2),
    ] {
        // The consent is done as soon as the address was given out.
        let backend = Backend::meddled(Guide::Two, &[], |asked, world| {
            if asked.target.contains("/connect?") {
                world.consent(page(34, "1002", "Shop", true));
            }
            None
        });
        let mut command =
            backend.command(&home, &["--json", "connect", "messenger", "--paste", "--no-browser"]);
        command.stdin(std::process::Stdio::piped());
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), pasted.as_bytes()).unwrap();
        let run = Run::from(child.wait_with_output().unwrap()).clean().exits(code);
        assert!(!backend.asked()[0].contains("origin"), "nobody is sent to us: {:?}", backend.asked());
        match code {
            0 => assert_eq!(actions(&run), [action("34", "connected")], "{pasted}"),
            _ => assert!(!run.stderr.contains("token"), "there is none: {}", run.stderr),
        }
    }
}

#[test]
fn a_dry_run_signs_nobody_in() {
    let backend =
        Backend::start(Guide::Two, &[page(11, "1001", "Kopi", true), page(14, "1004", "Roti", false)]);
    let planned = backend.run(&["--json", "connect", "messenger", "--dry-run"]).exits(0);
    assert_eq!(actions(&planned), [action("11", "would-reconnect"), action("14", "would-reconnect")]);
    let arguments = ["--json", "connect", "messenger", "--dry-run", "--page", "1001", "--page", "New"];
    let planned = backend.run(&[&arguments[..], &["--if-connected", "skip"]].concat()).exits(0);
    assert_eq!(actions(&planned), [action("11", "would-skip"), action("-", "would-connect")]);
    assert!(backend.asked().is_empty());
    assert_eq!(planned.json()["lost"], json!(null));
}

#[test]
fn options_that_mean_nothing_here_are_refused() {
    let backend = Backend::start(Guide::Two, &[]);
    for arguments in [
        &["connect", "messenger", "--token-stdin"][..],
        &["connect", "messenger", "--port", "4000", "--callback-url", "https://tunnel.example"],
        &["connect", "messenger", "--name", "x"],
        &["reconnect", "messenger", "--resume"],
        &["reconnect", "messenger", "--all", "--shard", "1/2"],
    ] {
        backend.run(arguments).exits(2);
    }
    let nobody = backend.run(&["--json", "connect", "messenger"]).exits(2);
    assert!(!nobody.error()["hint"].as_str().unwrap().contains("token"), "{}", nobody.stderr);
    assert!(backend.asked().is_empty(), "{:?}", backend.asked());
}
