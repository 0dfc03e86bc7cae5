//! Choosing Pages in a pseudo-terminal of 60, 80 and 120 columns: the picker, and the numbers that take its place where
//! nothing may be redrawn.
#![cfg(unix)]

mod support;
#[path = "support/terminal.rs"]
mod tty;

use std::process::Command;

use serde_json::{Value, json};

use support::{Asked, FakeApi, Home, Reply, Served, consent};
use tty::{CTRL_C, CTRL_U, DOWN, ENTER, ESCAPE, TAB, Terminal};

const CTRL_A: &str = "\x01";
const CTRL_T: &str = "\x14";
const SIZES: [(u16, u16); 3] = [(20, 60), (24, 80), (50, 120)];

/// A sandbox with so many Pages, signed in to.
struct Estate {
    home: Home,
    served: Served,
    token: String,
}

impl Estate {
    fn of(pages: &str, serve: &[&str]) -> Self {
        Estate::reset(&["--pages", pages], serve)
    }

    fn reset(amounts: &[&str], serve: &[&str]) -> Self {
        let home = Home::new();
        home.run(&[&["sandbox", "reset"], amounts].concat()).exits(0);
        let served = Served::start(&home, serve);
        let callback = r#"{"callbackMessengerUrl":"https://app.example.com/callback"}"#;
        assert_eq!(served.api("PUT", "/partner", callback).0, 200);
        let (_, answer) = served.api("GET", "/partner/channel/messenger/authorize", "");
        let url = serde_json::from_str::<Value>(&answer).unwrap()["url"].as_str().unwrap().to_owned();
        let back = consent(&url, "scope=all&decision=allow");
        let query = url::Url::parse(&back).unwrap();
        let token = query.query_pairs().find(|(name, _)| name == "token").unwrap().1.into_owned();
        Estate { home, served, token }
    }

    fn connect(&self) -> Command {
        let mut command = self.home.against(&self.served.api_url, &["connect", "messenger"]);
        command.env("SOCIALCHAT_TOKEN", &self.token);
        command
    }

    /// How many channels the account has.
    fn connected(&self) -> u64 {
        let (_, answer) = self.served.api("GET", "/partner/channel?page=1&limit=1", "");
        serde_json::from_str::<Value>(&answer).unwrap()["totalDocs"].as_u64().unwrap()
    }
}

/// The lines of the list.
fn rows(screen: &str) -> Vec<&str> {
    screen.lines().filter(|line| line.contains("[ ]") || line.contains("[x]")).collect()
}

fn fits(screen: &str, columns: u16) {
    assert!(screen.lines().all(|line| line.chars().count() < columns.into()), "{screen}");
}

#[test]
fn a_name_of_two_words_can_be_typed_and_ticks_nobody_elses_page() {
    for (height, columns) in SIZES {
        let estate = Estate::of("30", &[]);
        let mut terminal = Terminal::of_size(height, columns, &estate.connect());
        terminal.wait_for("Which Pages should be connected?");
        terminal.send("toko buku");
        terminal.wait_for("Filter: toko buku");
        terminal.wait_for("0 ticked · 2 of 30 Pages match");
        let screen = terminal.screen();
        assert!(rows(&screen).iter().all(|row| row.contains("[ ] Toko Buku")), "{screen}");
        fits(&screen, columns);
        terminal.send(&format!("{TAB}{ENTER}"));
        let ended = terminal.end().exits(0);
        assert!(ended.text.contains("1 Page chosen: Toko Buku Senja"), "{}", ended.text);
        assert_eq!(estate.connected(), 1);
    }
}

#[test]
fn what_is_searched_for_is_underlined_with_and_without_colours() {
    let estate = Estate::of("3", &[]);
    for variable in ["UNRELATED", "NO_COLOR"] {
        let mut command = estate.connect();
        command.env(variable, "1");
        let mut terminal = Terminal::of_size(24, 80, &command);
        terminal.wait_for("that is all");
        assert!(terminal.underlined().is_empty(), "{}", terminal.screen());
        terminal.send("BATIK");
        terminal.wait_for("1 of 3 Pages match");
        assert_eq!(terminal.underlined(), "Batik");
        terminal.send(CTRL_C);
        terminal.end().exits(130);
    }
}

#[test]
fn all_under_a_filter_is_all_that_match_and_the_rest_is_loaded_first() {
    let estate = Estate::of("260", &["--latency", "60"]);
    let mut terminal = Terminal::of_size(24, 80, &estate.connect());
    terminal.wait_for("more to come");
    terminal.send(&format!("toko buku{CTRL_A}"));
    terminal.wait_for("loading the rest:");
    terminal.wait_for("Pages so far · Esc stops");
    terminal.wait_until("all that match are ticked", |screen| {
        screen.contains("of 260 Pages match") || screen.contains("of 260 Pages\n")
    });
    let screen = terminal.screen();
    let ticked = screen.lines().find_map(|line| line.trim().split_once(" ticked")).unwrap().0.to_owned();
    assert!(rows(&screen).iter().all(|row| row.contains("[x] Toko Buku")), "{screen}");
    terminal.send(ENTER);
    terminal.end().exits(0);
    assert_eq!(estate.connected().to_string(), ticked);
    assert!(ticked.parse::<u64>().unwrap() > 10, "{ticked}: more than those of the first batch");
}

#[test]
fn loading_all_can_be_stopped_and_then_nothing_is_ticked() {
    let estate = Estate::of("2000", &["--latency", "100"]);
    for key in [ESCAPE, CTRL_C] {
        let mut terminal = Terminal::of_size(24, 80, &estate.connect());
        terminal.wait_for("more to come");
        terminal.send(CTRL_A);
        terminal.wait_for("loading the rest:");
        terminal.send(key);
        if key == ESCAPE {
            terminal.wait_for("stopped: nothing was ticked");
            terminal.send(ENTER);
            terminal.wait_for("tick at least one with Tab first");
            terminal.send(ESCAPE);
        }
        terminal.end().exits(130);
    }
    assert_eq!(estate.connected(), 0);
}

#[test]
fn where_the_list_stands_is_said_and_all_the_room_of_a_tall_terminal_is_used() {
    let estate = Estate::of("1200", &[]);
    for (height, columns) in SIZES {
        let mut terminal = Terminal::of_size(height, columns, &estate.connect());
        let list = usize::from(height) - 5;
        terminal.wait_until("the list is full", |screen| rows(screen).len() == list);
        terminal.wait_for(&format!("1–{list} of"));
        terminal.send(CTRL_A);
        terminal.wait_for(&format!("1,200 ticked · 1–{list} of 1,200 Pages, that is all"));
        terminal.send(tty::END);
        terminal.wait_for(&format!("{}–1,200 of 1,200 Pages", text(1201 - list)));
        fits(&terminal.screen(), columns);
        terminal.send(ESCAPE);
        terminal.end().exits(130);
    }
}

/// With a separator between thousands.
fn text(count: usize) -> String {
    format!("{},{:03}", count / 1000, count % 1000)
}

#[test]
fn a_question_mark_explains_the_keys_at_every_size() {
    let estate = Estate::of("30", &[]);
    for (height, columns) in SIZES {
        let mut terminal = Terminal::of_size(height, columns, &estate.connect());
        terminal.wait_for("? help");
        terminal.send("?");
        terminal.wait_for("Any key goes back to the list.");
        let screen = terminal.screen();
        for key in ["Tab", "Enter", "Esc", "Ctrl-A", "Ctrl-T", "Ctrl-N", "Ctrl-U", "PgUp"] {
            assert!(screen.contains(key), "{key}:\n{screen}");
        }
        assert!(!screen.contains('…') && rows(&screen).is_empty(), "{screen}");
        fits(&screen, columns);
        terminal.send("x");
        terminal.wait_for("Which Pages should be connected?");
        terminal.wait_for("Filter: type a name or id");
        terminal.send(ESCAPE);
        terminal.end().exits(130);
    }
}

#[test]
fn only_the_ticked_ones_are_shown_and_what_a_filter_hides_is_said_before_it_is_connected() {
    for (height, columns) in SIZES {
        let estate = Estate::of("25", &[]);
        let mut terminal = Terminal::of_size(height, columns, &estate.connect());
        terminal.wait_for("that is all");
        terminal.send(&format!("{TAB}{DOWN}{TAB}{CTRL_T}"));
        terminal.wait_for("2 ticked · 2 shown, of 25 Pages");
        let screen = terminal.screen();
        assert!(rows(&screen).len() == 2 && rows(&screen).iter().all(|row| row.contains("[x]")), "{screen}");
        terminal.send(CTRL_T);
        terminal.wait_for("that is all");
        terminal.send(&format!("toko buku{TAB}"));
        terminal.wait_for("3 ticked · 1 of 25 Pages match");
        terminal.send(ENTER);
        terminal.wait_for("2 of the ticked ones were not shown; Enter takes all 3");
        assert_eq!(rows(&terminal.screen()).len(), 3, "{}", terminal.screen());
        assert_eq!(estate.connected(), 0);
        // The two are seen and taken back.
        terminal.send(&format!("{DOWN}{TAB}{CTRL_U}{ENTER}"));
        terminal.end().exits(0);
        assert_eq!(estate.connected(), 2);
    }
}

// ---- numbers ----

/// Which variable, and what it is set to, has the list in plain lines.
const PLAIN: [(&str, &str); 2] = [("TERM", "dumb"), ("ACCESSIBLE", "1")];

#[test]
fn a_screen_reader_is_asked_for_numbers_and_nothing_is_rewritten() {
    for (variable, value) in PLAIN {
        for (height, columns) in SIZES {
            let estate = Estate::of("27", &["--latency", "350"]);
            let mut command = estate.connect();
            command.env(variable, value);
            let mut terminal = Terminal::of_size(height, columns, &command);
            terminal.wait_for("Type numbers like 1,3-5, or all");
            terminal.wait_for("Numbers:");
            terminal.send(ENTER);
            terminal.wait_for("Nothing is chosen yet.");
            terminal.wait_until("it is asked again", |screen| screen.trim_end().ends_with("Numbers:"));
            terminal.send("more\r");
            terminal.wait_for("27 Pages");
            terminal.wait_until("it is asked again", |screen| screen.trim_end().ends_with("Numbers:"));
            terminal.send("28\r");
            terminal.wait_for("There is no 28: the numbers go from 1 to 27.");
            terminal.send("1,3-5 , 27\r");
            let ended = terminal.end().exits(0);
            assert!(ended.text.contains("5 Pages chosen: "), "{}", ended.text);
            assert_eq!(estate.connected(), 5);
            // Neither a spinner nor a list that is drawn again: each line comes once, from the left.
            let codes = ended.bytes.split("\x1b[").skip(1);
            let moves: Vec<&str> = codes
                .filter(|rest| {
                    !rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m')
                })
                .collect();
            assert!(moves.is_empty(), "{moves:?}");
            assert!(!ended.bytes.replace("\r\n", "\n").contains('\r'), "{:?}", ended.bytes);
            assert_eq!(ended.bytes.matches("Listing Pages...").count(), 1, "{:?}", ended.bytes);
        }
    }
}

#[test]
fn all_by_number_says_how_many_were_never_listed() {
    let estate = Estate::of("60", &[]);
    let mut command = estate.connect();
    command.env("ACCESSIBLE", "1");
    for (answer, code, connected) in [("n\rnone\r", 130, 0), ("y\r", 0, 60)] {
        let mut terminal = Terminal::of_size(50, 120, &command);
        terminal.wait_for("25 Pages listed, more to come.");
        terminal.wait_for("Numbers:");
        terminal.send("all\r");
        terminal.wait_for("Loading the rest...");
        terminal.wait_for("Take 60 Pages, 35 of them not listed above? [y/N]");
        terminal.send(answer);
        terminal.end().exits(code);
        assert_eq!(estate.connected(), connected);
    }
}

#[test]
fn a_name_is_found_among_thousands_by_its_number() {
    let estate = Estate::of("300", &[]);
    let mut command = estate.connect();
    command.env("TERM", "dumb");
    let mut terminal = Terminal::of_size(60, 80, &command);
    terminal.wait_for("Numbers:");
    terminal.send("find toko buku medan\r");
    terminal.wait_for("1 of 300 Pages match.");
    let screen = terminal.screen();
    let line = screen.lines().find(|line| line.contains("Toko Buku Senja Medan")).unwrap();
    let number = line.split('.').next().unwrap().to_owned();
    terminal.wait_until("it is asked again", |screen| screen.trim_end().ends_with("Numbers:"));
    terminal.send(&format!("{number}\r"));
    let ended = terminal.end().exits(0);
    assert!(ended.text.contains("1 Page chosen: Toko Buku Senja Medan"), "{}", ended.text);
}

#[test]
fn those_that_are_disconnected_are_ticked_by_number_as_well() {
    let channel = |number: u64, connected: bool| {
        json!({ "_id": format!("{number:024x}"), "name": format!("Toko {number}"), "channelType": "messenger",
                "channelId": format!("{}", 500_000_000_000 + number), "isConnected": connected })
    };
    let api = FakeApi::start(move |asked: &Asked| match asked.target.split('?').next().unwrap_or_default() {
        "/partner/channel" => {
            let docs = [channel(1, true), channel(2, false), channel(3, true)];
            Reply::Json(200, json!({ "docs": docs, "totalDocs": 3, "hasNextPage": false }).to_string())
        }
        _ => Reply::Json(200, json!({ "docs": [], "hasNextPage": false }).to_string()),
    });
    let home = Home::new();
    let mut command = home.against(&api.url, &["reconnect", "messenger", "--dry-run"]);
    command.env("SOCIALCHAT_TOKEN", "token").env("ACCESSIBLE", "1");
    let mut terminal = Terminal::of_size(24, 80, &command);
    terminal.wait_for("1. Toko 2 (000000000000000000000002), disconnected, ticked");
    terminal.wait_for("Numbers (Enter alone takes the ticked one):");
    terminal.send(ENTER);
    terminal.wait_for("1 channel chosen: Toko 2");
    terminal.end();
}

/// Those that don't work are the ones that somebody looks for here.
#[test]
fn a_page_whose_channel_is_disconnected_is_marked_as_that() {
    let estate = Estate::reset(&["--pages", "30", "--channels", "2", "--disconnected", "1"], &[]);
    for (mode, first, second) in [
        ("0", "104872913558201  disconnected", "104872921477324  connected"),
        ("1", "(104872913558201), disconnected", "(104872921477324), connected"),
    ] {
        let mut command = estate.connect();
        command.env("ACCESSIBLE", mode);
        let mut terminal = Terminal::of_size(30, 100, &command);
        terminal.wait_for(first);
        terminal.wait_for(second);
        terminal.send("\u{3}");
        terminal.end().exits(130);
    }
}

/// Enter takes the ticked ones; of a list longer than what was read out, only after a question.
#[test]
fn enter_takes_no_ticked_one_that_was_not_read_out_without_a_question() {
    let api = FakeApi::start(|asked: &Asked| match asked.target.split('?').next().unwrap_or_default() {
        "/partner/channel" => {
            let docs: Vec<Value> = (1..=60)
                .map(|number| {
                    json!({ "_id": format!("{number:024x}"), "name": format!("Toko {number}"), "channelId": format!("p{number}"),
                            "channelType": "messenger", "isConnected": false })
                })
                .collect();
            Reply::Json(200, json!({ "docs": docs, "totalDocs": 60, "hasNextPage": false }).to_string())
        }
        _ => Reply::Json(200, json!({ "docs": [], "hasNextPage": false }).to_string()),
    });
    let home = Home::new();
    let mut command = home.against(&api.url, &["reconnect", "messenger", "--dry-run"]);
    command.env("SOCIALCHAT_TOKEN", "token").env("ACCESSIBLE", "1");
    let mut terminal = Terminal::of_size(40, 80, &command);
    terminal.wait_for("Enter alone takes the 60 ticked ones");
    terminal.send(ENTER);
    terminal.wait_for("[y/N]");
    assert!(!terminal.screen().contains("chosen"), "{}", terminal.screen());
    terminal.send("n\r");
    terminal.wait_for("Enter alone takes the 60 ticked ones");
    terminal.send("none\r");
    terminal.end().exits(130);
}

#[test]
fn one_channel_is_no_channels_where_they_are_read_out() {
    let home = support::Home::new();
    let mut command = home.command(&["--sandbox", "reconnect", "instagram"]);
    command.env("ACCESSIBLE", "1");
    let mut terminal = Terminal::of_size(24, 80, &command);
    terminal.wait_for("1 channel, that is all.");
    terminal.send(CTRL_C);
    terminal.end().exits(130);
}
