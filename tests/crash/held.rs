//! Who has the callback: another run, another computer, or somebody who has changed it since.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::partner::{Partner, TOKEN, World, refusal};
use crate::support::{Home, Run, Waiting};
use crate::{command, journals, send};

const AUTHORIZE: [&str; 4] = ["authorize", "messenger", "--yes", "--no-browser"];
const ELSEWHERE: &str =
    "http://127.0.0.1:5123/callback/messenger/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";

#[test]
fn a_second_run_for_the_same_profile_and_kind_changes_nothing_and_says_who_holds_it() {
    let home = Home::new();
    let partner = Partner::start(World::new());
    let first = Waiting::start(command(&home, &partner, &AUTHORIZE));
    let borrowed = partner.settings();
    let pid = format!("process {}", first.child.id());

    let begun = std::time::Instant::now();
    let second = Run::of(command(&home, &partner, &AUTHORIZE)).exits(1);
    assert!(begun.elapsed() < std::time::Duration::from_secs(2), "it waited");
    assert!(second.stderr.contains(&pid) && second.stderr.contains("since 20"), "{}", second.stderr);
    assert_eq!(partner.settings(), borrowed);

    // Neither does any other command touch the lease of a living process.
    for arguments in [&["channels", "list"][..], &["callback", "restore"], &["callback", "show"], &["whoami"]]
    {
        let run = Run::of(command(&home, &partner, arguments)).exits(0);
        assert_eq!(partner.settings(), borrowed, "{arguments:?}");
        if arguments != ["channels", "list"] {
            assert!(
                run.stderr.contains(&pid) && run.stderr.contains("since 20"),
                "{arguments:?}: {}",
                run.stderr
            );
        }
    }
    // Nor is another value set over it, which would leave the sign-in without an answer.
    let set = ["callback", "set", "--messenger", "https://new.example/m"];
    let run = Run::of(command(&home, &partner, &set)).exits(1);
    assert!(run.stderr.contains(&pid), "{}", run.stderr);
    assert_eq!(partner.count("PUT /partner"), 1);

    assert_eq!(partner.bring("messenger", TOKEN), 200);
    assert_eq!(first.end().exits(0).stdout.trim(), TOKEN);
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn another_profile_url_or_folder_of_the_same_account_is_pointed_to_the_lease() {
    let home = Home::new();
    let partner = Partner::start(World::new());
    let first = Waiting::start(command(&home, &partner, &AUTHORIZE));
    let pid = format!("process {}", first.child.id());
    let spelled = partner.url().replace("127.0.0.1", "LOCALHOST") + "/";
    let elsewhere = home.dir.path().join("elsewhere");
    for other in
        [["--profile", "other"], ["--api-url", &spelled], ["--config-dir", elsewhere.to_str().unwrap()]]
    {
        let run = Run::of(command(&home, &partner, &[&other[..], &AUTHORIZE].concat())).exits(1);
        assert!(run.stderr.contains(&pid), "{other:?}: {}", run.stderr);
        assert!(run.stderr.contains("another sign-in is using the messenger callback URL"), "{}", run.stderr);
    }
    assert_eq!(partner.count("PUT /partner"), 1);
    send(&first.child, Signal::INT);
    first.end().exits(130);
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn the_lease_of_another_computer_is_pointed_out_before_it_is_replaced() {
    let world = World::new().with("callbackMessengerUrl", json!(ELSEWHERE));
    let home = Home::new();
    let partner = Partner::start(world.clone());
    let run = Run::of(command(&home, &partner, &["authorize", "messenger", "--no-browser"])).exits(2);
    for words in ["the temporary address of another sign-in", ELSEWHERE, "--yes", "--paste", "--token-stdin"]
    {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    assert_eq!(partner.count("PUT /partner"), 0);
    let run = Run::of(command(&home, &partner, &["callback", "show"])).exits(0);
    assert!(run.stderr.contains("temporary address of a sign-in"), "{}", run.stderr);

    let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
    assert!(waiting.stderr().contains("the temporary address of another sign-in"), "{}", waiting.stderr());
    partner.bring("messenger", TOKEN);
    waiting.end().exits(0);
    assert_eq!(partner.settings(), world.settings);
}

#[test]
fn a_real_callback_is_not_borrowed_without_a_yes() {
    let home = Home::new();
    let partner = Partner::start(World::new());
    let run = Run::of(command(&home, &partner, &["authorize", "messenger", "--no-browser"])).exits(2);
    for words in ["https://app.example/callback/messenger", "--yes", "--paste", "--token-stdin"] {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    assert_eq!(partner.count("PUT /partner"), 0);
    assert!(journals(&home).is_empty());
}

#[test]
fn a_value_that_somebody_else_set_meanwhile_is_left_and_that_is_said() {
    let theirs = World::new().with("callbackMessengerUrl", json!("https://new.example/cb")).settings;
    // While it waits; and behind the back of one that was killed.
    for killed in [false, true] {
        let home = Home::new();
        let partner = Partner::start(World::new());
        let mut waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
        let ours = partner.callback("messenger");
        let run = if killed {
            waiting.child.kill().unwrap();
            waiting.child.wait().unwrap();
            partner.world().settings = theirs.clone();
            Run::of(command(&home, &partner, &["channels", "list"])).exits(0)
        } else {
            partner.world().settings = theirs.clone();
            crate::support::http("GET", &format!("{ours}?token={TOKEN}"), "", "");
            waiting.end().exits(0)
        };
        assert_eq!(partner.settings(), theirs);
        assert_eq!(partner.count("PUT /partner"), 1);
        assert!(run.stderr.contains("somebody else has changed callbackMessengerUrl"), "{}", run.stderr);
        assert!(run.stderr.contains("https://new.example/cb"), "{}", run.stderr);
        assert!(journals(&home).is_empty());
    }
}

#[test]
fn a_server_that_writes_our_url_in_its_own_way_is_not_taken_for_somebody_else() {
    let home = Home::new();
    let partner = Partner::meddled(World::new(), |asked, _, world| {
        if asked.method != "PUT" {
            return None;
        }
        let answer = world.lock().unwrap().answer(asked);
        let mut world = world.lock().unwrap();
        let url = world.settings["callbackMessengerUrl"].as_str().unwrap().to_owned();
        if url.contains("127.0.0.1") {
            world.settings["callbackMessengerUrl"] = json!(url + "/");
        }
        Some(answer)
    });
    let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
    send(&waiting.child, Signal::INT);
    waiting.end().exits(130);
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn a_value_that_was_unset_is_restored_as_the_empty_string() {
    let field = "callbackMessengerUrl";
    for world in [
        World::new().without(field),
        World::new().with(field, Value::Null),
        World::new().with(field, json!("")),
    ] {
        let home = Home::new();
        let partner = Partner::start(world.clone());
        // Nobody loses anything: no yes is needed.
        let waiting = Waiting::start(command(&home, &partner, &["authorize", "messenger", "--no-browser"]));
        partner.bring("messenger", TOKEN);
        waiting.end().exits(0);
        assert_eq!(partner.settings(), world.with(field, json!("")).settings);
        assert!(journals(&home).is_empty());
    }
}

#[test]
fn where_unsetting_is_refused_it_is_said_what_is_left() {
    let mut world = World::new().without("callbackMessengerUrl");
    world.unsets = false;
    let home = Home::new();
    let partner = Partner::start(world);
    let waiting = Waiting::start(command(&home, &partner, &["authorize", "messenger", "--no-browser"]));
    let ours = partner.callback("messenger");
    partner.bring("messenger", TOKEN);
    // The token is there all the same; what isn't is told by the exit status.
    let run = waiting.end().exits(6);
    assert_eq!(run.stdout.trim(), TOKEN);
    assert!(run.stderr.contains(&format!("it remains {ours}")), "{}", run.stderr);
    assert!(run.stderr.contains("`socialchat-cli callback set --messenger URL`"), "{}", run.stderr);
    assert!(!run.stderr.contains("callback restore"), "it has nothing to try again: {}", run.stderr);
    assert!(journals(&home).is_empty(), "nothing is left to be done");
}

#[test]
fn an_api_that_refuses_a_loopback_callback_is_told_with_the_other_ways() {
    let home = Home::new();
    let partner = Partner::meddled(World::new(), |asked, _, _| {
        (asked.method == "PUT" && asked.body.contains("127.0.0.1"))
            .then(|| refusal(403, "invalid body request"))
    });
    let run = Run::of(command(&home, &partner, &AUTHORIZE)).exits(1);
    assert!(run.stderr.contains("--paste") && run.stderr.contains("--callback-url"), "{}", run.stderr);
    assert_eq!(partner.settings(), World::new().settings);
    assert!(journals(&home).is_empty());
}
