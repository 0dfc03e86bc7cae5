//! The program alone on a terminal: how the account stands.

use crate::estate::Estate;
use crate::fake::id;
use crate::partner::{Partner, World, channel};
use crate::support::Home;
use crate::tty::Terminal;

use serde_json::json;

/// Ten channels, of which seven are disconnected: since the 1st for the last of them, the 7th for the first.
fn partner() -> Partner {
    let mut world = World::new();
    for number in 1..=10 {
        let kind = if number == 7 { "instagram" } else { "messenger" };
        let mut channel = channel(&id(number), kind, &format!("{number}"), &format!("Toko {number:02}"));
        if number <= 7 {
            channel["isConnected"] = json!(false);
            channel["disconnectedAt"] = json!(format!("2026-03-{:02}T01:00:00.000Z", 8 - number));
        }
        world.channels.push(channel);
    }
    Partner::start(world)
}

#[test]
fn alone_on_a_terminal_it_shows_what_is_disconnected_the_oldest_first_and_the_next_command() {
    let (home, partner) = (Home::new(), partner());
    for columns in [60, 80, 120] {
        let ended = Terminal::of_size(30, columns, &home.against(partner.url(), &[])).end().exits(0);
        let text = ended.text;
        for part in
            ["default", "Platform  socialchat", partner.url(), "10, 7 disconnected", "2026-03-01", "2 more:"]
        {
            assert!(text.contains(part), "{part} at {columns}: {text}");
        }
        let places: Vec<_> = (1..=7).rev().map(|number| text.find(&format!("Toko {number:02}"))).collect();
        assert!(places[..5].is_sorted() && places[..5].iter().all(Option::is_some), "{places:?}: {text}");
        assert_eq!(places[5..], [None, None], "five are named");
        let next = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let commands = "Next: `socialchat-cli reconnect instagram --disconnected`, `socialchat-cli reconnect messenger \
                        --disconnected`";
        assert!(next.contains(commands), "{next}");
    }
}

#[test]
fn it_shows_the_platform_and_the_account_where_that_is_told() {
    let home = Home::new();
    let ended = Terminal::start(&home.command(&["--sandbox", "--platform", "unifiedbeez"])).end().exits(0);
    let field = |name: &str| {
        let line = ended.text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once("  ")).map(|(_, value)| value.trim().to_owned())
    };
    assert_eq!(field("Platform").as_deref(), Some("unifiedbeez"), "{}", ended.text);
    let account = home.run(&["--json", "--sandbox", "--platform", "unifiedbeez", "whoami"]).exits(0).json();
    assert_eq!(field("Account").as_deref(), account["account"].as_str(), "{}", ended.text);
    assert!(field("Account").is_some());
}

#[test]
fn where_all_is_well_or_nothing_is_there_the_next_command_is_another() {
    for (channels, says, next) in [(3, "3", "channels list"), (0, "0", "connect messenger")] {
        let estate = Estate::new("2026", 3, channels, 0, &[]);
        let ended = Terminal::start(&estate.command(&[])).end().exits(0);
        assert!(ended.text.contains(&format!("Next: `socialchat-cli {next}`")), "{}", ended.text);
        assert!(!ended.text.contains("disconnected"), "{}", ended.text);
        let line = ended.text.lines().find(|line| line.starts_with("Channels")).unwrap();
        assert_eq!(line.split_whitespace().nth(1), Some(says));
    }
}

#[test]
fn options_before_no_command_count() {
    let home = Home::new();
    let ended = Terminal::start(&home.command(&["--sandbox"])).end().exits(0);
    let said = ended.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Next: `socialchat-cli --sandbox reconnect instagram --disconnected`"), "{said}");
}

#[test]
fn without_credentials_or_off_a_terminal_it_is_the_help_as_ever() {
    let home = Home::new();
    home.run(&[]).exits(2);
    let ended = Terminal::of_size(200, 120, &home.command(&[])).end().exits(2);
    assert!(
        ended.text.contains("Usage: socialchat-cli") && ended.text.contains("Commands:"),
        "{}",
        ended.text
    );
    assert!(!ended.text.contains("__status"), "{}", ended.text);
    let run = home.run(&["--yes"]).exits(2);
    assert!(!run.stderr.contains("__"), "{}", run.stderr);
    for below in ["connect", "callback"] {
        let ended = Terminal::of_size(200, 120, &home.command(&[below])).end().exits(2);
        assert!(ended.text.contains(&format!("socialchat-cli {below}")), "{}", ended.text);
    }
    // With credentials, but nobody who looks.
    let partner = partner();
    crate::support::Run::of(home.against(partner.url(), &[])).exits(2);
    let mut command = home.against(partner.url(), &[]);
    command.env("CI", "true");
    Terminal::of_size(200, 120, &command).end().exits(2);
    assert!(partner.api.asked().is_empty(), "no API is asked");
}
