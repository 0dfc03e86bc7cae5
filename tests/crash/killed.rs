//! `kill -9` and power cuts: the next command puts back what was borrowed, and says so.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::partner::{Partner, TOKEN, World, refusal};
use crate::support::{Asked, Home, Reply, Run, Waiting, until};
use crate::{command, journals};

/// The key that all commands of these tests use.
const KEY: &str = "sandbox-api-key";

/// A partner whose person signs in by themselves; the run is held at that request, which is carried out or not.
pub fn held_at(step: usize, done: bool, reached: Arc<AtomicBool>) -> Partner {
    Partner::meddled(World::new(), move |asked, number, world| {
        if asked.target.ends_with("/authorize") {
            sign_in_soon(world.lock().unwrap().settings["callbackMessengerUrl"].as_str().unwrap());
        }
        if number != step || reached.load(Ordering::SeqCst) {
            return None;
        }
        if done {
            let _ = world.lock().unwrap().answer(asked);
        }
        reached.store(true, Ordering::SeqCst);
        Some(Reply::Hang)
    })
}

/// Comes back to the callback a moment later, whether anybody listens or not.
pub fn sign_in_soon(callback: &str) {
    let callback = callback.to_owned();
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(30));
        let Some((host, path)) = callback.strip_prefix("http://").and_then(|rest| rest.split_once('/'))
        else {
            return;
        };
        if let Ok(mut stream) = std::net::TcpStream::connect(host) {
            use std::io::{Read as _, Write as _};
            let _ = write!(stream, "GET /{path}?token={TOKEN} HTTP/1.1\r\nHost: {host}\r\n\r\n");
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
}

#[test]
fn killed_at_every_step_the_next_command_puts_the_callback_back_and_says_so() {
    let next: [&[&str]; 4] =
        [&["channels", "list"], &["callback", "restore"], &["whoami"], &["callback", "show"]];
    let (mut steps, mut mended) = (0, 0);
    'steps: for step in 1.. {
        for done in [false, true] {
            let (home, reached) = (Home::new(), Arc::new(AtomicBool::new(false)));
            let partner = held_at(step, done, reached.clone());
            let before = partner.settings();
            let mut run =
                command(&home, &partner, &["connect", "messenger", "--all", "--yes", "--no-browser"]);
            let mut child = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let mut ended = None;
            until("the step, or the end", || {
                ended = child.try_wait().unwrap();
                reached.load(Ordering::SeqCst) || ended.is_some()
            });
            if let Some(status) = ended {
                assert!(status.success());
                break 'steps;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            steps += 1;
            let journal = journals(&home).pop().map(|path| std::fs::read(path).unwrap());
            let journal = journal.map(|text| serde_json::from_slice::<Value>(&text).unwrap());
            let (left, seen) = (journal.is_some(), journal.is_some_and(|journal| journal["seen"] == true));
            let differed = partner.settings() != before;
            assert!(left || !differed, "step {step}: changed without a journal");

            if left && !seen {
                // The request of the killed run can't be under way any more.
                let journal = std::fs::File::options().write(true).open(&journals(&home)[0]).unwrap();
                journal.set_modified(std::time::SystemTime::now() - Duration::from_secs(61)).unwrap();
            }
            let run = Run::of(command(&home, &partner, next[step % next.len()])).exits(0);
            assert_eq!(partner.settings(), before, "step {step}, done: {done}\n{}", run.stderr);
            assert_eq!(journals(&home), <[std::path::PathBuf; 0]>::default(), "step {step}, done: {done}");
            if left {
                mended += 1;
                assert!(run.stderr.contains("did not restore the messenger callback URL"), "{}", run.stderr);
                let earlier = before["callbackMessengerUrl"].as_str().unwrap();
                // Where our own address was not seen, nothing is said to have been put back.
                let told = match differed || seen {
                    true => format!("✓ Messenger callback URL restored: {earlier}"),
                    false => {
                        format!("The messenger callback URL is {earlier}. The API never showed")
                    }
                };
                assert!(run.stderr.contains(&told), "{}", run.stderr);
            } else {
                assert!(!run.stderr.contains("callback URL"), "{}", run.stderr);
            }
        }
    }
    assert!(steps >= 18 && mended >= 8, "{steps} steps, {mended} of them mended");
}

#[test]
fn a_request_that_is_carried_out_after_the_kill_and_the_next_command_is_undone_by_the_one_after() {
    let home = Home::new();
    // The PUT takes longer than the program lives, and longer than the next command looks.
    let partner = Partner::meddled(World::new(), |asked, number, _| {
        if number == 3 {
            assert_eq!(asked.method, "PUT");
            thread::sleep(Duration::from_secs(8));
        }
        None
    });
    let mut run = command(&home, &partner, &["authorize", "messenger", "--yes", "--no-browser"]);
    let mut child = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the PUT is under way", || partner.count("PUT /partner") == 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let run = Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
    assert!(run.stderr.contains("never showed this computer's address"), "{}", run.stderr);
    assert_eq!(journals(&home).len(), 1, "it may still be carried out");
    until("it is carried out", || partner.callback("messenger").contains("127.0.0.1"));
    let run = Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
    assert!(run.stderr.contains("✓ Messenger callback URL restored: https://app.example"), "{}", run.stderr);
    assert_eq!(partner.settings(), World::new().settings);
    assert!(journals(&home).is_empty());
}

#[test]
fn the_journal_stands_before_the_first_change_and_goes_after_the_value_was_read_back() {
    let home = Arc::new(Home::new());
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (watched, log) = (home.clone(), seen.clone());
    let partner = Partner::meddled(World::new(), move |asked: &Asked, _, world| {
        if asked.target == "/partner" {
            let journal = journals(&watched).pop().map(|path| {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = path.metadata().unwrap().permissions().mode() & 0o777;
                (mode, serde_json::from_slice::<Value>(&std::fs::read(path).unwrap()).unwrap())
            });
            log.lock().unwrap().push((asked.method.clone(), asked.body.clone(), journal));
        }
        if asked.target.ends_with("/authorize") {
            sign_in_soon(world.lock().unwrap().settings["callbackMessengerUrl"].as_str().unwrap());
        }
        None
    });
    let run =
        Run::of(command(&home, &partner, &["authorize", "messenger", "--yes", "--no-browser"])).exits(0);
    assert_eq!(run.stdout.trim(), TOKEN);
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    let first = seen.iter().position(|(method, ..)| method == "PUT").unwrap();
    let methods: Vec<&str> = seen[first..].iter().map(|(method, ..)| method.as_str()).collect();
    // Ours, and the look at it; the comparison, the earlier value, and the look at that.
    assert_eq!(methods, ["PUT", "GET", "GET", "PUT", "GET"]);
    assert!(
        seen[..first].iter().all(|(.., journal)| journal.is_none()),
        "nothing is noted before it is known"
    );
    for (method, _, journal) in &seen[first..] {
        let (mode, journal) = journal.as_ref().unwrap_or_else(|| panic!("no journal at {method}"));
        assert_eq!(*mode, 0o600);
        assert_eq!(journal["profile"], "default");
        assert_eq!(journal["apiUrl"], partner.url());
        assert_eq!(journal["kind"], "messenger");
        assert_eq!(journal["earlier"], "https://app.example/callback/messenger");
        let put: Value = serde_json::from_str(&seen[first].1).unwrap();
        assert_eq!(journal["ours"], put["callbackMessengerUrl"]);
        assert!(
            journal["pid"].is_u64() && journal["borrowedAt"].as_str().unwrap().starts_with("20"),
            "{journal}"
        );
    }
    assert!(journals(&home).is_empty());
}

#[test]
fn until_it_is_put_back_it_is_shown_what_is_borrowed_since_when_and_by_whom() {
    let home = Home::new();
    let partner = Partner::start(World::new());
    let waiting =
        Waiting::start(command(&home, &partner, &["authorize", "messenger", "--yes", "--no-browser"]));
    let pid = waiting.child.id();
    let mut child = waiting.child;
    child.kill().unwrap();
    child.wait().unwrap();
    // The API has no place for it just now.
    partner.world().unreadable = Some(500);
    let run = Run::of(command(&home, &partner, &["whoami"])).exits(0);
    assert!(run.stderr.contains("can't restore"), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("by process {pid} on ")), "{}", run.stderr);
    assert!(run.stderr.contains("was replaced 20"), "{}", run.stderr);
    assert!(run.stderr.contains("callback restore"), "{}", run.stderr);
    assert_eq!(journals(&home).len(), 1);
    // A sign-in doesn't borrow what was not given back; doing it by hand says why it fails.
    let run =
        Run::of(command(&home, &partner, &["authorize", "messenger", "--yes", "--no-browser"])).exits(6);
    assert!(run.stderr.contains("until it is restored"), "{}", run.stderr);
    assert!(!run.stderr.contains("another sign-in"), "nothing runs: {}", run.stderr);
    let run = Run::of(command(&home, &partner, &["callback", "restore"])).exits(6);
    assert!(run.stderr.contains("callback URL to https://app.example/callback/messenger"), "{}", run.stderr);
    // A call that is gone for a moment is no licence to write blindly.
    partner.world().unreadable = Some(404);
    let puts = partner.count("PUT /partner");
    Run::of(command(&home, &partner, &["callback", "restore"])).exits(6);
    assert_eq!(partner.count("PUT /partner"), puts);

    partner.world().unreadable = None;
    let run = Run::of(command(&home, &partner, &["callback", "restore", "--json"])).exits(0);
    assert_eq!(run.json()["restored"], 1);
    assert_eq!(partner.settings(), World::new().settings);
    assert!(journals(&home).is_empty());
}

/// A home in which a sign-in at an API was killed, and that API.
fn killed_at_another() -> (Home, Partner) {
    let (home, gone) = (Home::new(), Partner::start(World::new()));
    let mut waiting =
        Waiting::start(command(&home, &gone, &["authorize", "messenger", "--yes", "--no-browser"]));
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
    (home, gone)
}

#[test]
fn an_api_that_is_gone_for_good_blocks_no_sign_in_at_another() {
    let (home, gone) = killed_at_another();
    let other = Partner::start(World::new());
    let left = journals(&home);
    // There is all that it can do, and a way out for the rest.
    let run = Run::of(command(&home, &other, &["callback", "restore"])).exits(0);
    let hint = format!("`socialchat-cli --api-url {} --profile default callback restore`", gone.url());
    for words in
        [&hint, left[0].to_str().unwrap(), &format!("Nothing to restore for this account at {}", other.url())]
    {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    let run = Run::of(command(&home, &other, &["--json", "callback", "restore"])).exits(0);
    assert_eq!(run.json()["restored"], 0);

    let waiting =
        Waiting::start(command(&home, &other, &["authorize", "messenger", "--yes", "--no-browser"]));
    assert_eq!(journals(&home).len(), 2);
    other.bring("messenger", TOKEN);
    assert_eq!(waiting.end().exits(0).stdout.trim(), TOKEN);
    assert_eq!(other.settings(), World::new().settings);
    assert_eq!(journals(&home), left);

    // Either way out is one: the command as it was printed, or removing the file.
    let hinted = ["--api-url", gone.url(), "callback", "restore"];
    let run = Run::of(command(&home, &other, &hinted)).exits(0);
    assert!(!run.stderr.contains("--api-url"), "{}", run.stderr);
    assert_eq!(gone.settings(), World::new().settings);
    assert!(journals(&home).is_empty());
    let (home, _) = killed_at_another();
    std::fs::remove_file(&journals(&home)[0]).unwrap();
    let run = Run::of(command(&home, &other, &["callback", "restore"])).exits(0);
    assert!(run.stderr.contains("nothing to restore"), "{}", run.stderr);
}

#[test]
fn the_way_back_names_the_profile_and_the_sandbox_where_it_must() {
    let home = Home::new();
    let other = Partner::start(World::new());
    let hint = |arguments: &[&str], profile: &str| {
        let mut waiting = Waiting::start(home.command(arguments));
        waiting.child.kill().unwrap();
        waiting.child.wait().unwrap();
        Run::of(command(&home, &other, &["--profile", profile, "whoami"])).exits(0).stderr
    };
    let stderr = hint(&["--sandbox", "authorize", "messenger", "--no-browser"], "sandbox");
    // The profile that was typed is repeated as well, which changes nothing.
    assert!(stderr.contains("`socialchat-cli --profile sandbox --sandbox callback restore`"), "{stderr}");
    let stderr =
        hint(&["--sandbox", "--profile", "b", "authorize", "messenger", "--yes", "--no-browser"], "b");
    assert!(stderr.contains("`socialchat-cli --sandbox --profile b callback restore`"), "{stderr}");
    home.run(&["--sandbox", "--profile", "b", "callback", "restore"]).exits(0);
    assert!(journals(&home).is_empty(), "the second sign-in put back what the first had left");
}

#[test]
fn one_kind_that_cannot_be_put_back_does_not_keep_the_other_from_it() {
    let (home, fails) = (Home::new(), Arc::new(AtomicBool::new(false)));
    let failing = fails.clone();
    let partner = Partner::meddled(World::new(), move |asked, _, _| {
        let instagram =
            || serde_json::from_str::<Value>(&asked.body).unwrap()["callbackInstagramUrl"].clone();
        (asked.method == "PUT"
            && failing.load(Ordering::SeqCst)
            && instagram().as_str().unwrap().starts_with("https://app.example"))
        .then(|| refusal(403, "not now"))
    });
    let start =
        |kind| Waiting::start(command(&home, &partner, &["authorize", kind, "--yes", "--no-browser"]));
    for mut waiting in ["messenger", "instagram"].map(start) {
        waiting.child.kill().unwrap();
        waiting.child.wait().unwrap();
    }
    fails.store(true, Ordering::SeqCst);
    let run = Run::of(command(&home, &partner, &["--json", "callback", "restore"])).exits(6);
    assert_eq!(run.error()["code"], "not-restored");
    let left = "https://app.example/callback/instagram?keep=1";
    assert_eq!(run.error()["notRestored"]["value"], left);
    assert_eq!((&run.json()["restored"], &run.json()["notRestored"][0]["value"]), (&json!(1), &json!(left)));
    assert!(run.stderr.contains("can't restore the instagram callback URL"), "{}", run.stderr);
    assert_eq!(partner.callback("messenger"), World::new().settings["callbackMessengerUrl"]);
    assert_eq!(journals(&home).len(), 1);
    fails.store(false, Ordering::SeqCst);
    Run::of(command(&home, &partner, &["callback", "restore"])).exits(0);
    assert_eq!(partner.settings(), World::new().settings);
    assert!(journals(&home).is_empty());
}

#[test]
fn login_puts_back_what_was_left_at_its_api_and_names_what_was_left_elsewhere() {
    let (home, partner) = killed_at_another();
    let other = Partner::start(World::new());
    let login = |url: &str| home.run_with(&["--api-url", url, "login", "--api-key-stdin"], KEY).exits(0);
    let run = login(other.url());
    assert!(
        run.stderr.contains(&format!("--api-url {} --profile default callback restore", partner.url())),
        "{}",
        run.stderr
    );
    assert_eq!(other.count("PUT /partner"), 0);
    let run = login(partner.url());
    assert!(run.stderr.contains("did not restore the messenger callback URL"), "{}", run.stderr);
    assert_eq!(partner.settings(), World::new().settings);
    assert!(journals(&home).is_empty());
}

#[test]
fn logout_says_what_is_borrowed_while_it_can_still_be_put_back() {
    let (home, partner) = killed_at_another();
    let settings = partner.settings();
    let run = home.run(&["logout"]).exits(0);
    assert!(
        run.stderr.contains(&format!("the messenger callback URL of {}", partner.url())),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("without credentials it can't be restored"), "{}", run.stderr);
    assert_eq!((partner.settings(), journals(&home).len()), (settings, 1));
    std::fs::write(&journals(&home)[0], "{").unwrap();
    let run = home.run(&["logout", "--json"]).exits(0);
    assert!(run.stderr.contains("damaged"), "{}", run.stderr);
    assert_eq!(run.json()["removed"], false);
    // Where nothing is borrowed there is nothing to say.
    let run = Home::new().run(&["logout"]).exits(0);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}

#[test]
fn whoami_without_credentials_tells_what_it_knows_and_what_is_borrowed() {
    let (home, partner) = killed_at_another();
    let run = home.run(&["--api-url", partner.url(), "whoami"]).exits(3);
    for words in ["Profile", "default", "API", partner.url()] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    assert!(run.stderr.contains("`socialchat-cli callback restore` restores it"), "{}", run.stderr);
    assert!(run.stderr.contains("no credentials for profile default"), "{}", run.stderr);
    let run = home.run(&["--api-url", partner.url(), "--json", "whoami"]).exits(3);
    assert_eq!((run.stdout.as_str(), &run.error()["code"]), ("", &"unauthorized".into()));
    assert!(run.stderr.contains("callback restore"), "{}", run.stderr);
}

#[test]
fn what_was_borrowed_at_one_api_is_never_put_back_at_another() {
    let home = Home::new();
    let (partner, other) = (Partner::start(World::new()), Partner::start(World::new()));
    let mut waiting =
        Waiting::start(command(&home, &partner, &["authorize", "messenger", "--yes", "--no-browser"]));
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
    Run::of(command(&home, &other, &["channels", "list"])).exits(0);
    assert_eq!(other.count("PUT /partner") + other.count("GET /partner"), 0);
    let run = Run::of(command(&home, &other, &["whoami"])).exits(0);
    assert!(run.stderr.contains(partner.url()), "{}", run.stderr);
    Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
    assert_eq!(partner.settings(), World::new().settings);
}
