//! What a person can do at the keyboard while a sign-in is waited for.
#![cfg(unix)]

#[path = "support/browser.rs"]
mod desktop;
#[path = "support/partner.rs"]
mod partner;
mod support;
#[path = "support/terminal.rs"]
mod tty;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use desktop::{browser_starts, opened, with_browser};
use partner::{AUTHORIZE_URL, Partner, TOKEN, World};
use support::{Home, http, until};
use tty::{ENTER, ESCAPE, Terminal};

/// The beginning of OSC 52.
const COPIES: &str = "\x1b]52;";

/// `authorize messenger`, whose result goes to this file of the home.
fn waiting(home: &Home, partner: &Partner, options: &[&str]) -> Terminal {
    let arguments = [&["authorize", "messenger", "--yes"], options].concat();
    let mut terminal = with_result(home, &home.against(partner.url(), &arguments));
    terminal.wait_for("Waiting for the browser");
    terminal.wait_until_hidden();
    terminal
}

fn with_result(home: &Home, command: &Command) -> Terminal {
    Terminal::with_result_in(&home.dir.path().join("result"), command)
}

fn result(home: &Home) -> String {
    fs::read_to_string(home.dir.path().join("result")).unwrap()
}

#[test]
fn c_copies_the_address_through_the_terminal_and_never_the_token() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let mut terminal = waiting(&home, &partner, &["--no-browser"]);
    terminal.send("c");
    terminal.wait_for("Address copied");
    let copied = format!("{COPIES}c;{}\x07", STANDARD.encode(AUTHORIZE_URL));
    assert_eq!(terminal.bytes().matches(&copied).count(), 1, "{}", terminal.bytes());
    // What is typed afterwards is a line of its own.
    terminal.send(&format!("{TOKEN}\r"));
    let ended = terminal.end().exits(0);
    assert_eq!(result(&home), format!("{TOKEN}\n"));
    assert_eq!(ended.bytes.matches(COPIES).count(), 1);
    assert!(!ended.text.contains("52;") && !ended.bytes.contains(TOKEN), "{}", ended.text);
    assert!(!ended.bytes.contains(&STANDARD.encode(TOKEN)));
}

#[test]
fn a_paste_that_begins_with_c_is_a_paste() {
    // Marked by the terminal, and as it comes from one that marks nothing.
    for pasted in ["\x1b[200~callback-token-0123456789\x1b[201~\r", "callback-token-0123456789\r"] {
        let (home, partner) = (Home::new(), Partner::start(World::new()));
        let mut terminal = waiting(&home, &partner, &["--no-browser"]);
        terminal.send(pasted);
        let ended = terminal.end().exits(0);
        assert_eq!(result(&home), format!("{TOKEN}\n"));
        assert!(!ended.bytes.contains(COPIES), "{}", ended.bytes);
    }
}

#[test]
fn a_terminal_that_might_print_the_sequence_is_not_sent_it() {
    for (name, value) in [("TERM", "dumb"), ("TERM", "linux")] {
        let (home, partner) = (Home::new(), Partner::start(World::new()));
        let mut command = home.against(partner.url(), &["authorize", "messenger", "--yes", "--no-browser"]);
        command.env(name, value);
        let mut terminal = with_result(&home, &command);
        terminal.wait_for("Waiting for the browser");
        terminal.wait_until_hidden();
        terminal.send("c");
        terminal.wait_for("This terminal can't copy. Select the address above.");
        terminal.send(ESCAPE);
        let ended = terminal.end().exits(130);
        assert!(!ended.bytes.contains(COPIES), "{}", ended.bytes);
    }
}

#[test]
fn escape_cancels_and_the_callback_is_restored() {
    for options in [&["--no-browser"][..], &["--no-browser", "--paste"]] {
        let (home, partner) = (Home::new(), Partner::start(World::new()));
        let arguments = [&["authorize", "messenger", "--yes"], options].concat();
        let mut terminal = with_result(&home, &home.against(partner.url(), &arguments));
        terminal.wait_for("Esc cancel");
        terminal.wait_until_hidden();
        terminal.send(ESCAPE);
        let ended = terminal.end().exits(130);
        assert!(ended.text.contains("Sign-in cancelled; nothing changed"), "{}", ended.text);
        let replaced = !options.contains(&"--paste");
        assert_eq!(
            ended.text.contains("Messenger callback URL restored: https://app"),
            replaced,
            "{}",
            ended.text
        );
        assert_eq!(partner.settings(), World::new().settings);
        assert_eq!(result(&home), "");
    }
}

/// A desktop whose browser can't be opened until there is a file `works`.
fn with_broken_browser(home: &Home, command: Command) -> Command {
    let mut command = with_browser(home, command);
    let script = home.dir.path().join("bin/xdg-open");
    let text = "#!/bin/sh\n[ -e \"$HOME/works\" ] || exit 3\nprintf '%s\\n' \"$1\" > \"$HOME/browser.$$\"\n";
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    // No other launcher of this machine.
    command.env("PATH", home.dir.path().join("bin"));
    command
}

#[test]
fn enter_opens_the_browser_where_it_could_not_be_opened() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let command = home.against(partner.url(), &["authorize", "messenger", "--yes"]);
    let mut terminal = Terminal::start(&with_broken_browser(&home, command));
    terminal.wait_for("xdg-open ended with exit code 3. Open the address yourself");
    terminal.wait_for("Enter open");
    terminal.wait_until_hidden();
    fs::write(home.dir.path().join("works"), "").unwrap();
    terminal.send(ENTER);
    terminal.wait_for("Your browser opens now.");
    let short = opened(&home);
    assert!(short.starts_with("http://127.0.0.1:") && short.contains("/go/"), "{short}");
    // Nobody has been there yet, and so it opens once more.
    terminal.send(ENTER);
    until("the browser was started again", || browser_starts(&home).len() == 2);
    assert_eq!(http("GET", &short, "", "").status, 302);
    // The address redirects once: another visit would be taken for somebody else's.
    terminal.send(ENTER);
    terminal.wait_for("Your browser has opened it already.");
    assert_eq!(browser_starts(&home).len(), 2);
    terminal.send(ESCAPE);
    terminal.end().exits(130);
}

#[test]
fn where_no_browser_may_be_opened_enter_opens_none_and_is_not_named() {
    for (options, ssh) in [(&["--no-browser"][..], false), (&[], true)] {
        let (home, partner) = (Home::new(), Partner::start(World::new()));
        let arguments = [&["authorize", "messenger", "--yes"], options].concat();
        let mut command = with_browser(&home, home.against(partner.url(), &arguments));
        if ssh {
            command.env("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22");
        }
        let mut terminal = with_result(&home, &command);
        terminal.wait_for("c copy link · Esc cancel");
        terminal.wait_until_hidden();
        terminal.send(ENTER);
        // What comes behind it is read after it.
        terminal.send("two words\r");
        terminal.wait_for("it contains spaces");
        assert!(!terminal.text().contains("Enter open"), "{}", terminal.text());
        assert_eq!(browser_starts(&home), [""; 0]);
        terminal.send(ESCAPE);
        terminal.end().exits(130);
    }
}

#[test]
fn where_there_is_no_launcher_at_all_the_cause_and_the_next_step_are_said() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let mut command = home.against(partner.url(), &["authorize", "messenger", "--yes"]);
    command.env("PATH", home.dir.path()).env("DISPLAY", ":99");
    let mut terminal = Terminal::start(&command);
    terminal.wait_for("can't open a browser: there is no program that opens one (BROWSER=PROGRAM names yours). Open the address yourself");
    terminal.wait_until_hidden();
    terminal.send(ESCAPE);
    terminal.end().exits(130);
}

#[test]
fn the_line_that_waits_names_the_keys_at_every_width() {
    for (columns, begin, end) in [
        (60, "Waiting · 4:0", " · Enter open · c copy link · Esc cancel"),
        (80, "Waiting for the browser · 4:0", " left · Enter open · c copy link · Esc cancel"),
        (120, "Waiting for the browser · 4:0", " · Esc cancel · or paste the final URL here"),
    ] {
        let (home, partner) = (Home::new(), Partner::start(World::new()));
        let command = home.against(partner.url(), &["authorize", "messenger", "--yes", "--timeout", "249"]);
        let mut terminal = Terminal::of_size(30, columns, &with_browser(&home, command));
        let is_it = |line: &str| line.contains(begin) && line.trim_end().ends_with(end);
        terminal.wait_until(end, |screen| screen.lines().any(is_it));
        terminal.wait_until_hidden();
        terminal.send(ESCAPE);
        terminal.end().exits(130);
    }
}

#[test]
fn what_was_unset_before_is_restored_without_a_word() {
    let (home, partner) = (Home::new(), Partner::start(World::new().without("callbackMessengerUrl")));
    let terminal = waiting(&home, &partner, &["--no-browser"]);
    assert_eq!(partner.bring("messenger", TOKEN), 200);
    let ended = terminal.end().exits(0);
    assert_eq!(partner.callback("messenger"), "");
    assert!(!ended.text.contains("callback URL"), "{}", ended.text);
}
