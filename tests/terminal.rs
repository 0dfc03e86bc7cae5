//! The real program in a pseudo-terminal: what is shown, what is typed, and that the terminal is left as it was found.
//! [`Terminal::end`] asserts the last after every one of these.
#![cfg(unix)]

mod support;
#[path = "support/terminal.rs"]
mod tty;

use std::process::Command;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use support::{Asked, FakeApi, Home, Reply, Run, Served, consent, http, until};
use tty::{CTRL_C, CTRL_U, DOWN, END, ENTER, ESCAPE, HOME, PAGE_DOWN, TAB, Terminal, UP};

// ---- what the tests stand on ----

/// A token that covers all Pages of that sandbox.
fn token(served: &Served) -> String {
    let callback = r#"{"callbackMessengerUrl":"https://app.example.com/callback"}"#;
    assert_eq!(served.api("PUT", "/partner", callback).0, 200);
    let (_, answer) = served.api("GET", "/partner/channel/messenger/authorize", "");
    let url = serde_json::from_str::<Value>(&answer).unwrap()["url"].as_str().unwrap().to_owned();
    let callback = consent(&url, "scope=all&decision=allow");
    unescaped(callback.split_once("token=").unwrap().1)
}

fn unescaped(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}

/// The program with a token, so that it chooses at once.
fn signed_in(home: &Home, served: &Served, arguments: &[&str]) -> Command {
    let mut command = home.against(&served.api_url, arguments);
    command.env("SOCIALCHAT_TOKEN", token(served));
    command
}

/// `connect messenger` in a terminal, with its JSON in a file.
struct Picking {
    home: Home,
    served: Served,
    terminal: Terminal,
}

impl Picking {
    fn from(reset: &[&str], serve: &[&str], arguments: &[&str]) -> Self {
        let home = Home::new();
        if !reset.is_empty() {
            home.run(&[&["sandbox", "reset"], reset].concat()).exits(0);
        }
        let served = Served::start(&home, serve);
        let command = signed_in(&home, &served, &[&["--json"], arguments].concat());
        let terminal = Terminal::with_result_in(&home.dir.path().join("result"), &command);
        Picking { home, served, terminal }
    }

    fn of_pages(count: &str) -> Self {
        Self::from(&["--pages", count], &[], &["connect", "messenger"])
    }

    /// Ends well; gives the ids and actions of the result.
    #[track_caller]
    fn results(self) -> Vec<(String, String)> {
        self.terminal.end().exits(0);
        let text = std::fs::read_to_string(self.home.dir.path().join("result")).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        document["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (text(&row["channelId"]), text(&row["action"])))
            .collect()
    }

    fn listings(&self) -> usize {
        self.served.log().iter().filter(|line| line.contains("/channel/messenger/account")).count()
    }

    /// Whether anything was connected or reconnected.
    fn changed(&self) -> bool {
        self.served.log().iter().any(|line| line.contains("POST /partner/channel"))
    }
}

/// The lines of the list.
fn rows(screen: &str) -> Vec<&str> {
    screen.lines().filter(|line| line.contains("[ ]") || line.contains("[x]")).collect()
}

/// The id of the line that the pointer is at.
fn pointed(screen: &str) -> String {
    let line =
        screen.lines().find(|line| line.starts_with('❯')).unwrap_or_else(|| panic!("no pointer:\n{screen}"));
    id_in(line)
}

fn id_in(line: &str) -> String {
    let id = line
        .split_whitespace()
        .find(|word| word.len() >= 12 && word.bytes().all(|byte| byte.is_ascii_digit()));
    id.unwrap_or_else(|| panic!("no id: {line}")).to_owned()
}

/// An account of the test's own making, whose settings are a single callback. It can be told to hang.
struct Partner {
    api: FakeApi,
    callback: Arc<Mutex<String>>,
    hangs: Arc<AtomicBool>,
}

const REAL: &str = "https://app.example.com/callback/messenger";
const LOOPBACK: &str = "http://127.0.0.1:9/of-a-developer";

impl Partner {
    fn with(callback: &str) -> Self {
        let callback = Arc::new(Mutex::new(callback.to_owned()));
        let hangs = Arc::new(AtomicBool::new(false));
        let (held, hanging) = (callback.clone(), hangs.clone());
        let api = FakeApi::start(move |asked| {
            if hanging.load(Ordering::SeqCst) {
                return Reply::Hang;
            }
            let path = asked.target.split('?').next().unwrap_or_default();
            match (asked.method.as_str(), path) {
                ("GET", "/partner") => {
                    Reply::Json(200, json!({ "callbackMessengerUrl": *held.lock().unwrap() }).to_string())
                }
                ("PUT", "/partner") => {
                    let body: Value = serde_json::from_str(&asked.body).unwrap();
                    *held.lock().unwrap() = body["callbackMessengerUrl"].as_str().unwrap().to_owned();
                    Reply::Json(200, String::new())
                }
                ("GET", "/partner/channel/messenger/authorize") => {
                    Reply::Json(200, json!({ "url": "https://consent.example/dialog?app=1" }).to_string())
                }
                ("GET", "/partner/channel") => Reply::Json(200, no_channels()),
                _ => Reply::Json(404, json!({ "statusCode": 404, "message": "not here" }).to_string()),
            }
        });
        Partner { api, callback, hangs }
    }

    fn callback(&self) -> String {
        self.callback.lock().unwrap().clone()
    }

    fn writes(&self) -> usize {
        self.api.asked().iter().filter(|asked| asked.method == "PUT").count()
    }

    /// `authorize messenger` that waits for the browser.
    fn waiting(&self, home: &Home, options: &[&str]) -> Terminal {
        let arguments = [&["authorize", "messenger", "--no-browser"], options].concat();
        let mut terminal = Terminal::start(&home.against(&self.api.url, &arguments));
        terminal.wait_for("Waiting for the browser");
        terminal.wait_until_hidden();
        terminal
    }
}

fn no_channels() -> String {
    json!({ "docs": [], "totalDocs": 0, "limit": 100, "totalPages": 1, "page": 1, "hasNextPage": false })
        .to_string()
}

// ---- the picker ----

#[test]
fn three_pages_are_ticked_one_by_one_and_no_other_is_connected() {
    let mut picking = Picking::of_pages("3");
    picking.terminal.wait_for("3 Pages, that is all");
    let screen = picking.terminal.screen();
    assert!(screen.contains("Which Pages should be connected?"), "{screen}");
    let ids: Vec<String> = rows(&screen).into_iter().map(id_in).collect();
    assert_eq!(ids.len(), 3, "{screen}");
    picking.terminal.send(" ");
    picking.terminal.wait_for("1 ticked");
    picking.terminal.send(&format!("{DOWN}{DOWN} "));
    picking.terminal.wait_for("2 ticked");
    picking.terminal.send(ENTER);
    let results = picking.results();
    let expected = [&ids[0], &ids[2]].map(|id| (id.clone(), "connected".to_owned()));
    assert_eq!(results, expected);
}

#[test]
fn enter_without_a_tick_chooses_nothing_and_says_how() {
    let mut picking = Picking::of_pages("3");
    picking.terminal.wait_for("that is all");
    picking.terminal.send(ENTER);
    picking.terminal.wait_for("tick at least one with Tab first");
    picking.terminal.send(&format!("{DOWN}{UP} {ENTER}"));
    assert_eq!(picking.results().len(), 1);
}

#[test]
fn twenty_five_pages_are_one_batch_and_said_to_be_all() {
    let mut picking = Picking::of_pages("25");
    picking.terminal.wait_for("25 Pages, that is all");
    picking.terminal.send("\x01");
    picking.terminal.wait_for("25 ticked");
    picking.terminal.send(ENTER);
    assert_eq!(picking.results().len(), 25);
}

#[test]
fn the_twenty_sixth_page_arrives_while_the_picker_is_open() {
    let mut picking = Picking::from(&["--pages", "26"], &["--latency", "100"], &["connect", "messenger"]);
    picking.terminal.wait_for("25 Pages loaded, more to come");
    picking.terminal.send(END);
    picking.terminal.wait_for("26 Pages, that is all");
    picking.terminal.send(&format!("{END} "));
    picking.terminal.wait_for("1 ticked");
    let last = pointed(&picking.terminal.screen());
    picking.terminal.send(ENTER);
    assert_eq!(picking.results(), [(last, "connected".to_owned())]);
}

#[test]
fn the_next_batch_is_fetched_ahead_and_ticks_and_place_stay_when_it_comes() {
    let mut picking = Picking::from(&["--pages", "300"], &["--latency", "150"], &["connect", "messenger"]);
    picking.terminal.wait_for("25 Pages loaded, more to come");
    until("the second batch is asked for", || picking.listings() >= 2);
    // Nothing was pressed, and nothing is shown of it yet; and it is one batch ahead, not the whole estate.
    assert!(picking.terminal.screen().contains("25 Pages loaded, more to come"));
    assert_eq!(picking.listings(), 2);

    picking.terminal.send(&format!("{DOWN} "));
    picking.terminal.wait_for("1 ticked");
    let ticked = pointed(&picking.terminal.screen());
    picking.terminal.send(&PAGE_DOWN.repeat(2));
    picking.terminal.wait_for("50 Pages loaded");
    let screen = picking.terminal.screen();
    let (at, first) = (pointed(&screen), id_in(rows(&screen)[0]));
    assert!(screen.contains("1 ticked · 7–25 of 50 Pages loaded"), "{screen}");
    // Whatever arrives now, the person stands where they stood.
    picking.terminal.send("\x0e");
    picking.terminal.wait_for("75 Pages loaded");
    let screen = picking.terminal.screen();
    assert_eq!((pointed(&screen), id_in(rows(&screen)[0])), (at, first), "{screen}");

    let mut loaded = 75;
    while loaded < 300 {
        picking.terminal.send(END);
        loaded += 25;
        picking.terminal.wait_for(&format!("{loaded} Pages"));
    }
    picking.terminal.wait_for("300 Pages, that is all");
    picking.terminal.send(HOME);
    picking.terminal.wait_until("the first tick is seen again", |screen| {
        rows(screen).iter().any(|row| row.contains("[x]") && row.contains(&ticked))
    });
    picking.terminal.send(ENTER);
    assert_eq!(picking.results(), [(ticked, "connected".to_owned())]);
}

#[test]
fn typing_filters_by_name_and_by_id() {
    let mut picking = Picking::from(&[], &[], &["connect", "messenger"]);
    picking.terminal.wait_for("5 Pages, that is all");
    picking.terminal.send("mawar");
    picking.terminal.wait_for("1 of 5 Pages match");
    assert!(picking.terminal.screen().contains("Toko Roti Mawar"));
    picking.terminal.send(CTRL_U);
    picking.terminal.wait_for("5 Pages, that is all");
    picking.terminal.send("111407365829164");
    picking.terminal.wait_for("1 of 5 Pages match");
    let screen = picking.terminal.screen();
    assert!(screen.contains("Bengkel Jaya Motor") && rows(&screen).len() == 1, "{screen}");
    picking.terminal.send(&format!("{TAB}{ENTER}"));
    assert_eq!(picking.results(), [("111407365829164".to_owned(), "connected".to_owned())]);
}

#[test]
fn equal_names_are_told_apart_by_the_ids_beside_them() {
    let mut picking = Picking::from(&[], &[], &["connect", "messenger"]);
    picking.terminal.wait_for("5 Pages, that is all");
    picking.terminal.send("sekar arum");
    picking.terminal.wait_for("2 of 5 Pages match");
    let screen = picking.terminal.screen();
    let ids: Vec<String> = rows(&screen).into_iter().map(id_in).collect();
    assert_eq!(ids, ["106215480937742", "113562094718325"], "{screen}");
    picking.terminal.send(&format!("{DOWN}{TAB}{ENTER}"));
    assert_eq!(picking.results()[0].0, "113562094718325");
}

#[test]
fn connected_pages_are_marked_and_choosing_one_reconnects_it() {
    let mut picking = Picking::from(&["--pages", "4", "--channels", "2"], &[], &["connect", "messenger"]);
    picking.terminal.wait_for("4 Pages, that is all");
    let screen = picking.terminal.screen();
    let marked: Vec<bool> = rows(&screen).iter().map(|row| row.trim_end().ends_with("connected")).collect();
    assert_eq!(marked, [true, true, false, false], "{screen}");
    picking.terminal.send(&format!(" {DOWN}{DOWN} {ENTER}"));
    let actions: Vec<String> = picking.results().into_iter().map(|(_, action)| action).collect();
    assert_eq!(actions, ["reconnected", "connected"]);
}

#[test]
fn one_page_only_is_asked_with_yes_or_no() {
    let mut picking = Picking::of_pages("1");
    picking.terminal.wait_for("Connect the only Page, ");
    picking.terminal.send("n\r");
    let changed = picking.changed();
    let ended = picking.terminal.end().exits(130);
    assert!(ended.text.contains("nothing connected") && !changed, "{}", ended.text);

    let mut picking = Picking::of_pages("1");
    picking.terminal.wait_for("Connect the only Page, ");
    picking.terminal.send("y\r");
    assert_eq!(picking.results().len(), 1);
}

#[test]
fn long_arabic_and_emoji_names_keep_their_columns_in_sixty_columns_and_twelve_rows() {
    let names = [
        "Sangat panjang ".repeat(14),
        "متجر الزهور ".repeat(20),
        "花屋さん🌸".repeat(25),
        "👩‍👩‍👧 Keluarga".into(),
        "A".into(),
    ];
    let docs: Vec<Value> = (0..20)
        .map(|n| json!({ "name": names[n % names.len()], "channelId": format!("1029384756{n:05}"), "picture": "" }))
        .collect();
    let api = FakeApi::start(move |asked| match asked.target.split('?').next().unwrap_or_default() {
        "/partner/channel/messenger/account" => {
            Reply::Json(200, json!({ "docs": docs, "hasNextPage": false }).to_string())
        }
        _ => Reply::Json(200, no_channels()),
    });
    let home = Home::new();
    let mut command = home.against(&api.url, &["connect", "messenger"]);
    command.env("SOCIALCHAT_TOKEN", "token");
    let mut terminal = Terminal::of_size(12, 60, &command);
    terminal.wait_for("20 Pages, that is all");
    for _ in 0..3 {
        let screen = terminal.screen();
        let list = rows(&screen);
        // 12 rows: title, filter, status, keys, and the line that the cursor stands on.
        assert_eq!(list.len(), 7, "{screen}");
        for row in &list {
            // `contents` gives wide characters once: cells are counted by where the id begins.
            assert_eq!(cells_before(row, "1029384756"), cells_before(list[0], "1029384756"), "{screen}");
        }
        assert!(
            screen.lines().count() <= 11 && screen.contains("Which Pages") && screen.contains("Tab tick"),
            "{screen}"
        );
        terminal.send(PAGE_DOWN);
        let at = pointed(&screen);
        terminal.wait_until("the pointer moves", |screen| pointed(screen) != at);
    }
    terminal.send(ESCAPE);
    terminal.end().exits(130);
}

/// How many cells stand before this text.
fn cells_before(row: &str, text: &str) -> usize {
    let before = &row[..row.find(text).unwrap_or_else(|| panic!("no {text}: {row}"))];
    let mut parser = vt100::Parser::new(1, 400, 0);
    parser.process(before.as_bytes());
    parser.screen().cursor_position().1.into()
}

#[test]
fn reconnect_without_ids_picks_with_the_disconnected_ones_ticked() {
    let mut picking = Picking::from(
        &["--pages", "6", "--channels", "5", "--disconnected", "2"],
        &[],
        &["reconnect", "messenger"],
    );
    picking.terminal.wait_for("5 channels, that is all");
    let screen = picking.terminal.screen();
    let ticked: Vec<bool> = rows(&screen).iter().map(|row| row.contains("[x]")).collect();
    assert_eq!(ticked, [true, true, false, false, false], "{screen}");
    assert_eq!(screen.matches("disconnected").count(), 2, "{screen}");
    picking.terminal.resize(24, 60);
    picking.terminal.wait_until("the marks are whole in 60 columns", |screen| {
        screen.contains("…  ") && screen.matches("disconnected").count() == 2
    });
    picking.terminal.send(ENTER);
    let actions: Vec<String> = picking.results().into_iter().map(|(_, action)| action).collect();
    assert_eq!(actions, ["reconnected", "reconnected"]);
}

#[test]
fn leaving_the_picker_changes_nothing() {
    for (keys, says) in [(ESCAPE, "Cancelled; nothing changed"), (CTRL_C, "interrupted")] {
        let mut picking = Picking::of_pages("3");
        picking.terminal.wait_for("that is all");
        picking.terminal.send(" ");
        picking.terminal.wait_for("1 ticked");
        picking.terminal.send(keys);
        let changed = {
            let ended = picking.terminal.end().exits(130);
            assert!(ended.text.contains(says), "{keys:?}: {}", ended.text);
            // The list is gone from the screen.
            assert!(rows(&ended.text).is_empty(), "{}", ended.text);
            picking.served.log().iter().any(|line| line.contains("POST /partner/channel"))
        };
        assert!(!changed, "{keys:?}");
    }
}

#[test]
fn a_batch_that_fails_is_told_and_can_be_asked_for_again() {
    let fails = Arc::new(AtomicBool::new(true));
    let failing = fails.clone();
    let api = FakeApi::start(move |asked| {
        if !asked.target.starts_with("/partner/channel/messenger/account") {
            return Reply::Json(200, no_channels());
        }
        let second = asked.target.contains("nextOffset=second");
        if second && failing.load(Ordering::SeqCst) {
            return Reply::Json(500, json!({ "statusCode": 500, "message": "sedang sibuk" }).to_string());
        }
        let page = |n: usize| json!({ "name": format!("Page {n}"), "channelId": format!("{}", 500_000_000_000 + n) });
        let docs: Vec<Value> =
            if second { (25..30).map(page).collect() } else { (0..25).map(page).collect() };
        Reply::Json(200, json!({ "docs": docs, "hasNextPage": !second, "nextOffset": "second" }).to_string())
    });
    let home = Home::new();
    let mut command = home.against(&api.url, &["connect", "messenger"]);
    command.env("SOCIALCHAT_TOKEN", "token");
    let mut terminal = Terminal::start(&command);
    terminal.wait_for("25 Pages loaded, more to come");
    terminal.send(&format!(" {END}"));
    terminal.wait_for("can't list the Messenger Pages: sedang sibuk; Ctrl-N tries again");
    terminal.send(DOWN);
    terminal.wait_for("1 ticked · 7–25 of 25 Pages loaded; Ctrl-N tries for more");
    assert!(terminal.text().contains("no more Pages could be listed"), "{}", terminal.text());
    // The next try is under way already and may fail as well.
    fails.store(false, Ordering::SeqCst);
    let begun = Instant::now();
    while !terminal.screen().contains("30 Pages, that is all") {
        assert!(begun.elapsed() < Duration::from_secs(10), "{}", terminal.screen());
        terminal.send("\x0e");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(terminal.screen().contains("1 ticked"), "{}", terminal.screen());
    terminal.send(ESCAPE);
    terminal.end().exits(130);
}

#[test]
fn ctrl_c_while_the_api_is_slow_ends_at_once() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    partner.hangs.store(true, Ordering::SeqCst);
    let mut terminal = Terminal::start(&home.against(&partner.api.url, &["channels", "list"]));
    terminal.wait_for("Listing");
    let begun = Instant::now();
    terminal.send(CTRL_C);
    terminal.end().exits(130);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[test]
fn with_ci_set_or_no_input_a_terminal_is_asked_nothing() {
    for (variable, option) in [("CI", "--quiet"), ("UNRELATED", "--no-input")] {
        let home = Home::new();
        let served = Served::start(&home, &[]);
        let mut command = signed_in(&home, &served, &[option, "connect", "messenger"]);
        command.env(variable, "true");
        let ended = Terminal::start(&command).end().exits(2);
        assert!(ended.text.contains("--all, or --page with one of these:"), "{}", ended.text);
        assert!(rows(&ended.text).is_empty(), "{}", ended.text);
    }
}

#[test]
fn a_terminal_that_redraws_nothing_is_asked_yes_or_no_of_the_only_page() {
    let home = Home::new();
    home.run(&["sandbox", "reset", "--pages", "1"]).exits(0);
    let served = Served::start(&home, &[]);
    let mut command = signed_in(&home, &served, &["connect", "messenger"]);
    command.env("TERM", "dumb");
    let mut terminal = Terminal::start(&command);
    terminal.wait_for("Connect the only Page, ");
    terminal.send("y\r");
    terminal.end().exits(0);
}

#[test]
fn the_picker_names_the_key_for_more_while_there_may_be_more() {
    let mut picking = Picking::of_pages("26");
    picking.terminal.wait_for("Ctrl-A all · Ctrl-T only ticked");
    picking.terminal.resize(24, 40);
    picking.terminal.wait_until("whole keys only", |screen| {
        screen.lines().any(|line| line.trim_end() == "  Tab tick · Enter done · Esc cancel")
    });
    picking.terminal.resize(24, 100);
    picking.terminal.wait_for("Ctrl-T only ticked · Ctrl-N more");
    picking.terminal.send("\x0e");
    picking.terminal.wait_for("26 Pages, that is all");
    assert!(!picking.terminal.screen().contains("Ctrl-N"), "{}", picking.terminal.screen());
    picking.terminal.send(ESCAPE);
    picking.terminal.end().exits(130);
}

#[test]
fn the_picker_follows_the_size_of_its_window() {
    let mut picking = Picking::of_pages("25");
    picking.terminal.wait_for("25 Pages, that is all");
    picking.terminal.send(&format!("{DOWN}{DOWN} "));
    picking.terminal.wait_for("1 ticked");
    let at = pointed(&picking.terminal.screen());
    for (rows_now, columns) in [(12, 60), (30, 100), (24, 80)] {
        picking.terminal.resize(rows_now, columns);
        picking.terminal.wait_until("all of it is drawn anew", |screen| {
            let list = rows(screen).len();
            list == usize::from(rows_now - 5).min(25)
                && screen.contains("1 ticked")
                && screen.contains("Which Pages")
        });
        let screen = picking.terminal.screen();
        assert_eq!(pointed(&screen), at, "{screen}");
        // Nothing of the earlier size is left behind.
        assert_eq!(screen.matches("25 Pages, that is all").count(), 1, "{screen}");
        assert!(screen.lines().all(|line| line.chars().count() < columns.into()), "{screen}");
    }
    picking.terminal.send(ENTER);
    assert_eq!(picking.results(), [(at, "connected".to_owned())]);
}

#[test]
fn the_embedded_sandbox_signs_in_by_itself_and_shows_the_picker() {
    let home = Home::new();
    home.run(&["sandbox", "reset", "--pages", "26"]).exits(0);
    let mut terminal = Terminal::start(&home.command(&["--sandbox", "--yes", "connect", "messenger"]));
    terminal.wait_for("25 Pages loaded, more to come");
    terminal.send(&format!(" {DOWN} "));
    terminal.wait_for("2 ticked");
    terminal.send(ENTER);
    let ended = terminal.end().exits(0);
    assert!(ended.text.contains("2 Pages chosen: "), "{}", ended.text);
    assert_eq!(ended.text.lines().filter(|line| line.starts_with("connected ")).count(), 2, "{}", ended.text);
    let listed = home.run(&["--sandbox", "--json", "channels", "list"]).exits(0);
    assert_eq!(listed.json()["total"], 2);
}

#[test]
fn sigterm_closes_the_picker_and_exits_143() {
    let mut picking = Picking::of_pages("3");
    picking.terminal.wait_for("that is all");
    picking.terminal.signal("TERM");
    picking.terminal.end().exits(143);
}

// ---- the question before a real callback is borrowed ----

#[test]
fn no_to_the_borrow_question_changes_nothing() {
    let (home, partner) = (Home::new(), Partner::with(REAL));
    let mut terminal =
        Terminal::start(&home.against(&partner.api.url, &["authorize", "messenger", "--no-browser"]));
    terminal.wait_for("Replace it temporarily? [y/N]");
    assert!(terminal.screen().contains(REAL), "{}", terminal.screen());
    terminal.send("n\r");
    let ended = terminal.end().exits(130);
    assert!(ended.text.contains("nothing changed"), "{}", ended.text);
    assert_eq!((partner.callback().as_str(), partner.writes()), (REAL, 0));
}

#[test]
fn enter_alone_replaces_no_real_callback_and_the_question_says_who_is_hit_and_for_how_long() {
    let (home, partner) = (Home::new(), Partner::with(REAL));
    for size in [60, 80, 120] {
        let command = home.against(&partner.api.url, &["connect", "messenger", "--no-browser"]);
        let mut terminal = Terminal::of_size(24, size, &command);
        terminal.wait_for("Replace it temporarily? [y/N]");
        let asked = terminal.screen().split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [REAL, "usually under a minute", "nobody can sign in through your own app", "restored"] {
            assert!(asked.contains(part), "{part}: {asked}");
        }
        terminal.send("\r");
        let ended = terminal.end().exits(130);
        assert!(ended.text.contains("nothing changed"), "{}", ended.text);
        assert_eq!((partner.callback().as_str(), partner.writes()), (REAL, 0));
    }
}

#[test]
fn what_a_question_quotes_writes_no_line_of_its_own() {
    const FORGED: &str = "Nothing will be connected, this is a trial.";
    let (home, partner) = (Home::new(), Partner::with(&format!("{REAL}?a\n\n{FORGED}")));
    let mut terminal =
        Terminal::start(&home.against(&partner.api.url, &["authorize", "messenger", "--no-browser"]));
    terminal.wait_for("Replace it temporarily?");
    assert!(!terminal.screen().lines().any(|line| line.starts_with("Nothing will")), "{}", terminal.screen());
    terminal.send("n\r");
    terminal.end().exits(130);

    let api = FakeApi::start(|asked| {
        let name = format!("Toko\n\n{FORGED}\u{2028}{}", "very long ".repeat(20));
        let page = json!({ "docs": [{ "name": name, "channelId": "p1" }], "hasNextPage": false });
        let body = if asked.target.contains("/account") { page.to_string() } else { no_channels() };
        Reply::Json(200, body)
    });
    let mut command = home.against(&api.url, &["connect", "messenger"]);
    command.env("SOCIALCHAT_TOKEN", "callback-token-1");
    let mut terminal = Terminal::of_size(24, 120, &command);
    terminal.wait_for("[Y/n]");
    let question =
        "Connect the only Page, Toko  Nothing will be connected, this is a trial. very long… (p1)?";
    assert!(terminal.screen().contains(question), "{}", terminal.screen());
    terminal.send("n\r");
    terminal.end().exits(130);
}

#[test]
fn escape_and_ctrl_c_at_the_borrow_question_change_nothing() {
    let (home, partner) = (Home::new(), Partner::with(REAL));
    for key in [ESCAPE, CTRL_C] {
        let mut terminal =
            Terminal::start(&home.against(&partner.api.url, &["authorize", "messenger", "--no-browser"]));
        terminal.wait_for("Replace it temporarily?");
        terminal.wait_until_hidden();
        terminal.send(key);
        terminal.end().exits(130);
        assert_eq!((partner.callback().as_str(), partner.writes()), (REAL, 0));
    }
}

#[test]
fn yes_borrows_and_afterwards_the_callback_is_as_it_was() {
    let (home, partner) = (Home::new(), Partner::with(REAL));
    for options in [
        &["authorize", "messenger", "--no-browser"][..],
        &["--yes", "authorize", "messenger", "--no-browser"],
    ] {
        let mut terminal = Terminal::start(&home.against(&partner.api.url, options));
        if !options.contains(&"--yes") {
            terminal.wait_for("Replace it temporarily?");
            terminal.send("y\r");
        }
        terminal.wait_for("Waiting for the browser");
        let ours = partner.callback();
        assert!(ours.starts_with("http://127.0.0.1:"), "{ours}");
        assert_eq!(http("GET", &format!("{ours}?token=from-the-browser"), "", "").status, 200);
        let ended = terminal.end().exits(0);
        assert!(ended.text.contains("from-the-browser"), "{}", ended.text);
        assert_eq!(ended.text.contains("Replace it temporarily?"), !options.contains(&"--yes"));
        assert_eq!(partner.callback(), REAL);
    }
}

// ---- waiting for the browser ----

#[test]
fn the_time_left_is_shown_and_counts_down() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let mut terminal = partner.waiting(&home, &["--timeout", "90"]);
    terminal.wait_until("1:2x left", |screen| {
        screen.contains("· 1:2") && screen.contains(" left · c copy link · Esc cancel")
    });
    let seen = terminal.screen();
    terminal.wait_until("less is left", |screen| screen != seen && screen.contains(" left"));
    terminal.send(CTRL_C);
    terminal.end().exits(130);
}

#[test]
fn the_timeout_exits_4_and_the_callback_is_back() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let terminal = partner.waiting(&home, &["--timeout", "1"]);
    let ended = terminal.end().exits(4);
    assert!(ended.text.contains("sign-in timed out after 1 s"), "{}", ended.text);
    assert_eq!(partner.callback(), LOOPBACK);
}

#[test]
fn ctrl_c_puts_the_callback_back_and_is_gone_within_a_second() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    // Often enough that a race between the signal's readers shows.
    for _ in 0..8 {
        let mut terminal = partner.waiting(&home, &[]);
        assert_ne!(partner.callback(), LOOPBACK);
        let begun = Instant::now();
        terminal.send(CTRL_C);
        let ended = terminal.end();
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        assert_eq!(ended.code, 130, "{}", ended.text);
        assert!(ended.text.contains("interrupted"), "{}", ended.text);
        assert_eq!(partner.callback(), LOOPBACK);
        assert!(journals(&home).is_empty());
    }
}

#[test]
fn sigterm_puts_the_callback_back_and_exits_143() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let terminal = partner.waiting(&home, &[]);
    terminal.signal("TERM");
    terminal.end().exits(143);
    assert_eq!(partner.callback(), LOOPBACK);
    assert!(journals(&home).is_empty());
}

#[test]
fn closing_the_terminal_puts_the_callback_back() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let terminal = partner.waiting(&home, &[]);
    assert_ne!(partner.callback(), LOOPBACK);
    let (code, took) = terminal.hang_up();
    assert_eq!(partner.callback(), LOOPBACK);
    assert!(journals(&home).is_empty());
    assert_eq!(code, 129);
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn the_second_ctrl_c_does_not_wait_and_the_next_command_puts_the_callback_back() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let mut terminal = partner.waiting(&home, &[]);
    partner.hangs.store(true, Ordering::SeqCst);
    terminal.send(CTRL_C);
    terminal.wait_for("Ctrl-C leaves it to `socialchat-cli callback restore`");
    let begun = Instant::now();
    terminal.send(CTRL_C);
    // Not the 130 that says that all is back.
    let ended = terminal.end().exits(6);
    assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
    // Not behind the ^C that the terminal echoes.
    assert!(
        ended.text.lines().any(|line| line.starts_with("error: can't restore the messenger callback URL")),
        "{}",
        ended.text
    );
    assert!(!ended.text.contains("\n\nerror:"), "{}", ended.text);
    assert_ne!(partner.callback(), LOOPBACK);
    assert_eq!(journals(&home).len(), 1);

    partner.hangs.store(false, Ordering::SeqCst);
    let run = Run::of(home.against(&partner.api.url, &["channels", "list"])).exits(0);
    assert!(
        run.stderr.contains("did not restore the messenger callback URL; restoring it now"),
        "{}",
        run.stderr
    );
    assert_eq!(partner.callback(), LOOPBACK);
    assert!(journals(&home).is_empty());
}

/// The journals of borrowed callbacks that are not empty.
fn journals(home: &Home) -> Vec<String> {
    let files = home.files().into_iter();
    files
        .filter_map(|(_, bytes)| String::from_utf8(bytes).ok())
        .filter(|text| text.contains("/callback/messenger/"))
        .collect()
}

#[test]
fn a_pasted_address_ends_the_waiting_and_is_never_shown() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let long = "Zq7".repeat(2000);
    for (token, pasted) in [
        ("short-canary", "http://127.0.0.1:1/callback/messenger/x?token=short-canary\r".to_owned()),
        ("bare-canary", "bare-canary\r".to_owned()),
        // As terminals hand it over that mark what is pasted, with a line break in the paste.
        (
            "marked-canary",
            "\x1b[200~https://app.example.com/cb?token=marked-canary#_=_\n\x1b[201~\r".to_owned(),
        ),
        (long.as_str(), format!("https://app.example.com/cb?token={long}\r")),
    ] {
        let command = home.against(&partner.api.url, &["authorize", "messenger", "--no-browser"]);
        let file = home.dir.path().join("token");
        let mut terminal = Terminal::with_result_in(&file, &command);
        terminal.wait_for("Waiting for the browser");
        terminal.wait_until_hidden();
        terminal.send(&pasted);
        let ended = terminal.end().exits(0);
        let part = &token[..token.len().min(9)];
        assert!(!ended.bytes.contains(part), "{}", ended.bytes);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{token}\n"));
        assert_eq!(partner.callback(), LOOPBACK);
        std::fs::remove_file(&file).unwrap();
    }
}

#[test]
fn a_wrong_paste_is_told_without_showing_it_and_waiting_goes_on() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let command = home.against(&partner.api.url, &["authorize", "messenger", "--no-browser"]);
    let file = home.dir.path().join("token");
    let mut terminal = Terminal::with_result_in(&file, &command);
    terminal.wait_for("Waiting for the browser");
    terminal.wait_until_hidden();
    terminal.send("https://app.example.com/wrong-canary\r");
    terminal.wait_for("that URL has no token yet");
    terminal.send("two canaries\r");
    terminal.wait_for("it contains spaces or line breaks");
    // Two lines at once, as a paste of several lines is in most terminals: the second one counts as well.
    terminal.send("https://app.example.com/\rhttps://app.example.com/?token=right-canary\r");
    let ended = terminal.end().exits(0);
    assert!(!ended.bytes.contains("canar"), "{}", ended.bytes);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "right-canary\n");
}

#[test]
fn the_browser_wins_over_a_paste_that_was_begun() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let mut terminal = partner.waiting(&home, &[]);
    // Once the first line is told of, the second has been read as well: they came together.
    terminal.send("two words\rhttps://app.example.com/half-a-can");
    terminal.wait_for("it contains spaces or line breaks");
    let ours = partner.callback();
    assert_eq!(http("GET", &format!("{ours}?token=from-the-browser"), "", "").status, 200);
    let ended = terminal.end().exits(0);
    assert!(ended.text.contains("from-the-browser") && !ended.bytes.contains("half-a-can"), "{}", ended.text);
}

#[test]
fn paste_leaves_the_callback_alone_and_hides_what_is_pasted() {
    let (home, partner) = (Home::new(), Partner::with(REAL));
    let command = home.against(&partner.api.url, &["authorize", "messenger", "--paste", "--no-browser"]);
    let file = home.dir.path().join("token");
    let mut terminal = Terminal::with_result_in(&file, &command);
    terminal.wait_for("Input is hidden");
    terminal.wait_until_hidden();
    terminal.send("https://app.example.com/callback/messenger?token=paste-canary\r");
    let ended = terminal.end().exits(0);
    assert!(!ended.bytes.contains("paste-canary"), "{}", ended.bytes);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "paste-canary\n");
    assert_eq!((partner.callback().as_str(), partner.writes()), (REAL, 0));
}

#[test]
fn ctrl_c_at_paste_is_an_interruption() {
    let (home, partner) = (Home::new(), Partner::with(REAL));
    for _ in 0..4 {
        let command = home.against(&partner.api.url, &["authorize", "messenger", "--paste", "--no-browser"]);
        let mut terminal = Terminal::start(&command);
        terminal.wait_for("Input is hidden");
        terminal.wait_until_hidden();
        terminal.send(CTRL_C);
        let ended = terminal.end().exits(130);
        assert!(ended.text.contains("interrupted"), "{}", ended.text);
    }
    assert_eq!((partner.callback().as_str(), partner.writes()), (REAL, 0));
}

#[test]
fn where_no_browser_can_be_reached_it_is_said_how_to_reach_us() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    for (variable, value, says) in [
        ("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22", "This is an SSH session."),
        ("WSL_DISTRO_NAME", "Debian", "This is WSL"),
        ("container", "podman", "This is a container: a browser outside reaches port"),
    ] {
        let mut command = home.against(&partner.api.url, &["authorize", "messenger"]);
        command.env(variable, value);
        let mut terminal = Terminal::of_size(24, 200, &command);
        terminal.wait_for(says);
        terminal.wait_for("paste");
        let callback = partner.callback();
        let port = callback.split([':', '/']).nth(4).unwrap();
        if variable == "SSH_CONNECTION" {
            terminal.wait_for(&format!("`ssh -L {port}:127.0.0.1:{port} HOST`"));
        }
        assert!(!terminal.text().contains("Your browser opens"), "{}", terminal.text());
        terminal.wait_until_hidden();
        terminal.send(CTRL_C);
        terminal.end().exits(130);
    }
}

// ---- a terminal that is stopped, and a program that is ----

const CTRL_S: &str = "\x13";
const CTRL_Q: &str = "\x11";
const CTRL_Z: &str = "\x1a";

/// A sign-in in a terminal that shows nothing any more.
fn frozen(partner: &Partner, home: &Home, options: &[&str]) -> Terminal {
    let mut terminal = partner.waiting(home, options);
    terminal.send(CTRL_S);
    terminal.wait_until_frozen();
    terminal
}

#[test]
fn in_a_terminal_that_ctrl_s_has_stopped_the_page_answers_and_the_callback_is_put_back() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let mut terminal = frozen(&partner, &home, &[]);
    assert_eq!(http("GET", &format!("{}?token=from-the-browser", partner.callback()), "", "").status, 200);
    wait_for_callback(&partner, LOOPBACK);
    terminal.send(CTRL_Q);
    let ended = terminal.end().exits(0);
    assert!(ended.text.contains("from-the-browser") && ended.text.contains("restored"), "{}", ended.text);
}

#[test]
fn in_a_terminal_that_ctrl_s_has_stopped_time_runs_out_and_signals_end_it() {
    for (signal, options, code) in
        [(Some("TERM"), &[][..], 143), (Some("HUP"), &[], 129), (None, &["--timeout", "2"], 4)]
    {
        let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
        let terminal = frozen(&partner, &home, options);
        if let Some(signal) = signal {
            terminal.signal(signal);
        }
        let begun = Instant::now();
        wait_for_callback(&partner, LOOPBACK);
        // The terminal is let go at the end: mode, cursor and marks are as they were found.
        terminal.end().exits(code);
        assert!(signal.is_none() || begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }
}

#[test]
fn in_a_terminal_that_ctrl_s_has_stopped_a_second_signal_ends_it_at_once() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let terminal = frozen(&partner, &home, &[]);
    partner.hangs.store(true, Ordering::SeqCst);
    let asked = partner.api.asked().len();
    terminal.signal("TERM");
    let begun = Instant::now();
    while partner.api.asked().len() == asked {
        assert!(begun.elapsed() < Duration::from_secs(5), "it doesn't put back: {:?}", partner.api.asked());
    }
    terminal.signal("TERM");
    let begun = Instant::now();
    // Not the 143 that says that all is back.
    terminal.end().exits(6);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

fn wait_for_callback(partner: &Partner, url: &str) {
    until(&format!("the callback is {url}"), || partner.callback() == url);
}

/// A shell with job control in a terminal, with the program as its job. What it asks shows as `asked`.
fn job(shell: &[&str], command: &Command, asked: &str) -> Terminal {
    typed_job(shell, command, "", "", asked)
}

/// The same with something typed before and behind it.
fn typed_job(shell: &[&str], command: &Command, before: &str, behind: &str, asked: &str) -> Terminal {
    let mut interactive = Command::new(shell[0]);
    interactive.args(&shell[1..]).env("PS1", "ready> ").env("HISTFILE", "");
    for (name, value) in command.get_envs() {
        interactive.env(name, value.unwrap_or_default());
    }
    interactive.current_dir(command.get_current_dir().unwrap());
    let mut terminal = Terminal::start(&interactive);
    terminal.wait_for("ready>");
    let arguments: Vec<&str> = command.get_args().map(|argument| argument.to_str().unwrap()).collect();
    let program = command.get_program().display();
    terminal.send(&format!("{before}{program} {}{behind}\r", arguments.join(" ")));
    terminal.wait_for(asked);
    terminal
}

const SHELLS: [&[&str]; 2] = [&["dash", "-i"], &["bash", "--norc", "--noprofile", "--noediting", "-i"]];

#[test]
fn ctrl_z_gives_the_shell_a_terminal_that_works_and_fg_goes_on_where_it_was() {
    // Which child a shell has is asked of /proc.
    let ways = if cfg!(target_os = "linux") { 4 } else { 2 };
    for (shell, by_key) in
        [(SHELLS[0], true), (SHELLS[1], true), (SHELLS[0], false), (SHELLS[1], false)].into_iter().take(ways)
    {
        let (home, partner) = (Home::new(), Partner::with(REAL));
        let pages = (1..=3)
            .map(|n| json!({ "name": format!("Toko {n}"), "channelId": format!("{n:015}"), "picture": "" }));
        let pages: Vec<Value> = pages.collect();
        let api = FakeApi::start(move |asked| match asked.target.split('?').next().unwrap_or_default() {
            "/partner/channel/messenger/account" => {
                Reply::Json(200, json!({ "docs": pages, "hasNextPage": false }).to_string())
            }
            _ => Reply::Json(200, no_channels()),
        });
        let mut picker = home.against(&api.url, &["connect", "messenger", "--dry-run"]);
        picker.env("SOCIALCHAT_TOKEN", "token");
        let question = home.against(&partner.api.url, &["authorize", "messenger", "--no-browser"]);
        let login = ["--api-url", &partner.api.url, "--platform", "socialchat", "login"];
        let hidden = home.command(&login);
        let waiting = home.against(&partner.api.url, &["authorize", "messenger", "--no-browser", "--yes"]);
        for (command, asked, then, code) in [
            (&picker, "3 Pages, that is all", " \r", 0),
            (&question, "Replace it temporarily? [y/N]", "n\r", 130),
            (&hidden, "API key (input hidden):", "canary-key-0123456789\r", 0),
            (&waiting, "c copy link · Esc cancel", ESCAPE, 130),
        ] {
            let mut terminal = job(shell, command, asked);
            terminal.wait_until_hidden();
            if by_key {
                terminal.send(CTRL_Z);
            } else {
                terminal.signal_child("TSTP");
            }
            terminal.wait_until("the shell is back", |screen| screen.trim_end().ends_with("ready>"));
            terminal.send("stty -a; echo shown-$((1 + 1))\r");
            terminal.wait_for("shown-2");
            let screen = terminal.screen();
            for mode in [" icanon", " echo ", "min = 1"] {
                assert!(screen.contains(mode), "{shell:?} {asked}: {mode}\n{screen}");
            }
            assert!(!terminal.hides_cursor() && !terminal.marks_pastes(), "{shell:?} {asked}");
            terminal.send("clear; fg\r");
            terminal
                .wait_until("it asks again", |screen| screen.contains(asked) && !screen.contains("shown-2"));
            terminal.wait_until_hidden();
            terminal.send(then);
            terminal.wait_until("the shell is back", |screen| screen.trim_end().ends_with("ready>"));
            terminal.send("echo code $?\r");
            terminal.wait_for(&format!("code {code} ready>"));
            terminal.send("exit\r");
            let ended = terminal.end();
            assert!(!ended.bytes.contains("canary"), "{}", ended.bytes);
        }
        assert_eq!(partner.callback(), REAL);
    }
}

#[test]
fn what_is_drawn_while_no_key_is_read_hides_the_cursor_from_nobody_else() {
    let home = Home::new();
    let command =
        home.command(&["--sandbox", "connect", "whatsapp", "--name", "Toko", "--phone", "628123456789"]);
    let mut terminal = job(SHELLS[1], &command, "Refreshes automatically");
    assert!(terminal.hides_cursor());
    terminal.send(CTRL_Z);
    terminal.wait_until("the shell is back", |screen| screen.trim_end().ends_with("ready>"));
    assert!(!terminal.hides_cursor());
    terminal.send("clear; fg\r");
    terminal.wait_until("it is drawn again", |screen| {
        screen.matches("Refreshes automatically").count() == 1
            && !screen.contains("Stopped")
            && screen.contains(" left")
    });
    let begun = Instant::now();
    while !terminal.hides_cursor() {
        assert!(begun.elapsed() < Duration::from_secs(5), "the cursor stays: {}", terminal.screen());
    }
    terminal.send(CTRL_C);
    terminal.wait_until("the shell is back", |screen| screen.trim_end().ends_with("ready>"));
    terminal.send("exit\r");
    terminal.end();
}

#[cfg(target_os = "linux")]
#[test]
fn a_shell_that_gets_the_terminal_by_sigstop_still_reads() {
    let (home, partner) = (Home::new(), Partner::with(REAL));
    let question = home.against(&partner.api.url, &["authorize", "messenger", "--no-browser"]);
    let mut terminal = job(SHELLS[0], &question, "Replace it temporarily? [y/N]");
    terminal.wait_until_hidden();
    terminal.signal_child("STOP");
    terminal.wait_until("the shell is back", |screen| screen.trim_end().ends_with("ready>"));
    // Nobody could put the mode back; but what is typed is no end of input.
    terminal.send("stty icanon echo icrnl; echo shown-$((1 + 1))\n");
    terminal.wait_for("shown-2");
    terminal.send("clear; fg\n");
    terminal.wait_until("it asks again", |screen| {
        screen.contains("Replace it temporarily? [y/N]") && !screen.contains("shown-2")
    });
    terminal.send("n\r");
    terminal.wait_until("the shell is back", |screen| screen.trim_end().ends_with("ready>"));
    assert!(terminal.screen().contains("nothing changed"), "{}", terminal.screen());
    terminal.send("exit\r");
    terminal.end();
}

/// How a sign-in that waits for the browser comes into the background.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Behind {
    /// Begun with `&`.
    Begun,
    /// Stopped by Ctrl-Z, and continued by `bg`.
    Sent,
}

/// A sign-in in the background of a shell, in each way, with `stty tostop` and without it.
fn behind(options: &[&str], then: impl Fn(&Partner, Terminal, Behind, bool)) {
    for (shell, way, refused) in [
        (SHELLS[0], Behind::Begun, false),
        (SHELLS[1], Behind::Begun, false),
        (SHELLS[1], Behind::Begun, true),
        (SHELLS[0], Behind::Sent, false),
        (SHELLS[1], Behind::Sent, false),
        (SHELLS[1], Behind::Sent, true),
    ] {
        let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
        let arguments = [&["authorize", "messenger", "--no-browser"], options].concat();
        let command = home.against(&partner.api.url, &arguments);
        let before = if refused { "stty tostop; " } else { "" };
        let terminal = if way == Behind::Begun {
            let terminal = typed_job(shell, &command, before, " &", "ready>");
            until("the callback is borrowed", || partner.callback() != LOOPBACK);
            terminal
        } else {
            let mut terminal = typed_job(shell, &command, before, "", "Waiting for the browser");
            terminal.wait_until_hidden();
            terminal.send(CTRL_Z);
            terminal.wait_until("the shell is back", |screen| screen.trim_end().ends_with("ready>"));
            terminal.send("clear; bg\r");
            terminal.wait_until("it goes on", |screen| screen.contains("[1]") && !screen.contains("Stopped"));
            terminal
        };
        // It has said where to sign in, unless it may not, and waits.
        let authorize = "/partner/channel/messenger/authorize";
        until("it waits for a sign-in", || partner.api.asked().iter().any(|asked| asked.target == authorize));
        then(&partner, terminal, way, refused);
    }
}

/// Ends the shell, in its own terminal mode.
fn leave(mut terminal: Terminal) -> String {
    terminal.send("stty -tostop; exit\r");
    terminal.end().text
}

#[test]
fn in_the_background_the_page_answers_and_the_callback_is_put_back() {
    behind(&[], |partner, mut terminal, way, refused| {
        let ours = partner.callback();
        // What the page says about this is a warning: that it can't be shown holds nobody up.
        for _ in 0..3 {
            assert_ne!(http("GET", &ours, "", "").status, 0, "{way:?} {refused}");
        }
        // The shell's line is the shell's: nothing is drawn there, and no key that is typed there is ours.
        terminal.send("echo shown-$((1 + 1))\r");
        terminal.wait_for("shown-2");
        assert!(!terminal.hides_cursor() && !terminal.marks_pastes(), "{way:?} {refused}");
        assert_eq!(http("GET", &format!("{ours}?token=from-the-browser"), "", "").status, 200);
        wait_for_callback(partner, LOOPBACK);
        if refused {
            // The token waits until it may be shown.
            terminal.send("fg\r");
        } else {
            terminal.send("wait %1; echo code $?\r");
        }
        terminal.wait_for("from-the-browser");
        if !refused {
            terminal.wait_for("code 0");
        }
        leave(terminal);
    });
}

#[test]
fn in_the_background_time_runs_out() {
    behind(&["--timeout", "3"], |partner, mut terminal, way, refused| {
        wait_for_callback(partner, LOOPBACK);
        terminal.send("wait %1; echo code $?\r");
        terminal.wait_for("code 4");
        let text = leave(terminal);
        assert_eq!(text.contains("sign-in timed out"), !refused, "{way:?} {refused}: {text}");
    });
}

#[test]
fn in_the_background_a_signal_ends_it() {
    behind(&[], |partner, mut terminal, _, _| {
        terminal.send("kill %1\r");
        wait_for_callback(partner, LOOPBACK);
        terminal.send("wait %1; echo code $?\r");
        terminal.wait_for("code 143");
        leave(terminal);
    });
}

#[test]
fn in_the_background_the_callback_is_put_back_also_when_the_terminal_has_closed() {
    for shell in SHELLS {
        let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
        let command = home.against(&partner.api.url, &["authorize", "messenger", "--no-browser"]);
        let mut terminal = typed_job(shell, &command, "", " &", "leave unticked lose their access");
        let ours = partner.callback();
        // What it closes upon is something that is written.
        terminal.send("sleep 1; echo shown\r");
        terminal.hang_up();
        // bash ends its jobs then; dash leaves them alone.
        if shell == SHELLS[0] {
            // What the browser is shown by a program that loses its terminal in that moment doesn't matter here.
            let host = ours.split('/').nth(2).unwrap();
            let request = format!("GET {ours}?token=from-the-browser HTTP/1.1\r\nHost: {host}\r\n\r\n");
            let request = request.replacen(&format!("http://{host}"), "", 1);
            let _ = std::net::TcpStream::connect(host)
                .and_then(|mut stream| std::io::Write::write_all(&mut stream, request.as_bytes()));
        }
        wait_for_callback(&partner, LOOPBACK);
    }
}

#[test]
fn from_the_background_fg_brings_it_back_and_what_is_pasted_then_is_its_own() {
    behind(&[], |partner, mut terminal, way, refused| {
        terminal.send("clear; fg\r");
        terminal.wait_for("Waiting for the browser");
        terminal.wait_until_hidden();
        let begun = Instant::now();
        while !terminal.marks_pastes() {
            assert!(begun.elapsed() < Duration::from_secs(5), "{way:?} {refused}: {}", terminal.screen());
        }
        terminal.send("https://app.example.com/?token=right-canary\r");
        wait_for_callback(partner, LOOPBACK);
        terminal.wait_for("right-canary");
        terminal.wait_until("the shell is back", |screen| screen.trim_end().ends_with("ready>"));
        assert!(!terminal.marks_pastes(), "{way:?} {refused}");
        terminal.send("stty -a; echo code $?\r");
        terminal.wait_for("code 0");
        let screen = terminal.screen();
        assert!(screen.contains(" icanon") && screen.contains(" echo "), "{way:?} {refused}: {screen}");
        leave(terminal);
    });
}

#[test]
fn a_question_in_the_background_waits_for_fg() {
    let (home, partner) = (Home::new(), Partner::with(REAL));
    let command = home.against(&partner.api.url, &["authorize", "messenger", "--no-browser"]);
    let mut terminal = typed_job(SHELLS[1], &command, "", " &", "Replace it temporarily? [y/N]");
    terminal.send("echo shown-$((1 + 1))\r");
    terminal.wait_for("shown-2");
    terminal.send("clear; fg\r");
    terminal.wait_until("it asks again", |screen| {
        screen.contains("Replace it temporarily? [y/N]") && !screen.contains("shown-2")
    });
    terminal.wait_until_hidden();
    terminal.send("n\r");
    terminal.wait_until("the shell is back", |screen| screen.trim_end().ends_with("ready>"));
    assert!(terminal.screen().contains("nothing changed"), "{}", terminal.screen());
    leave(terminal);
    assert_eq!((partner.callback().as_str(), partner.writes()), (REAL, 0));
}

#[test]
fn a_picker_in_the_background_is_drawn_by_fg() {
    let home = Home::new();
    let served = Served::start(&home, &[]);
    let command = signed_in(&home, &served, &["connect", "messenger", "--dry-run"]);
    let mut terminal = typed_job(SHELLS[1], &command, "", " &", "ready>");
    until("the Pages are listed", || {
        served.log().iter().any(|line| line.contains("/channel/messenger/account"))
    });
    terminal.send("echo shown-$((1 + 1))\r");
    terminal.wait_for("shown-2");
    assert!(!terminal.screen().contains("Which Pages") && !terminal.hides_cursor(), "{}", terminal.screen());
    terminal.send("clear; fg\r");
    terminal.wait_for("5 Pages, that is all");
    terminal.wait_until_hidden();
    until("it draws", || terminal.hides_cursor() && terminal.marks_pastes());
    terminal.send(" \r");
    terminal.wait_for("1 Page chosen");
    terminal.wait_until("the shell is back", |screen| screen.trim_end().ends_with("ready>"));
    assert!(!terminal.hides_cursor() && !terminal.marks_pastes());
    leave(terminal);
}

#[test]
fn where_nobody_could_continue_it_ctrl_z_does_nothing() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let mut terminal = partner.waiting(&home, &[]);
    terminal.send(CTRL_Z);
    terminal.signal("TSTP");
    assert_eq!(http("GET", &format!("{}?token=from-the-browser", partner.callback()), "", "").status, 200);
    terminal.end().exits(0);
}

// ---- credentials ----

#[test]
fn login_hides_the_key_stores_it_and_whoami_shows_it_masked() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let mut terminal = Terminal::start(&home.command(&["--api-url", &partner.api.url, "login"]));
    // Enter alone means the first.
    terminal.wait_for("Platform [1]");
    terminal.send("\r");
    terminal.wait_for("API key (input hidden):");
    terminal.wait_until_hidden();
    // Typed, corrected, and ended.
    terminal.send("canary-key-0123456789X\x7f\r");
    let ended = terminal.end().exits(0);
    assert!(!ended.bytes.contains("canary"), "{}", ended.bytes);
    assert!(ended.text.contains("logged in to"), "{}", ended.text);
    let asked: Vec<Asked> = partner.api.asked();
    assert!(asked.iter().all(|asked| asked.authorization == "Bearer canary-key-0123456789"), "{asked:?}");

    let terminal = Terminal::start(&home.command(&["whoami"]));
    let ended = terminal.end().exits(0);
    assert!(!ended.bytes.contains("canary-key") && ended.text.contains("6789"), "{}", ended.text);
    assert!(
        ended.text.contains("(from the file)") && ended.text.contains(&partner.api.url),
        "{}",
        ended.text
    );
}

#[test]
fn a_secret_key_is_asked_for_likewise() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let mut terminal =
        Terminal::start(&home.command(&["--api-url", &partner.api.url, "login", "--app-id", "app1"]));
    terminal.wait_for("Secret key (input hidden):");
    terminal.wait_until_hidden();
    terminal.send("canary\r");
    let ended = terminal.end().exits(0);
    assert!(!ended.bytes.contains("canary"), "{}", ended.bytes);
    // base64 of app1_canary
    assert_eq!(partner.api.asked()[0].authorization, "Bearer YXBwMV9jYW5hcnk=");
}

#[test]
fn login_asks_which_platform_with_a_line_on_each_and_takes_its_number_or_name() {
    for (typed, asked) in
        [("1\r", "API key"), ("2\r", "Session"), ("unifiedbeez\r", "Session"), ("4\r", "API token")]
    {
        let home = Home::new();
        let mut terminal = Terminal::start(&home.command(&["login"]));
        terminal.wait_for("Platform [1]");
        for line in ["1  Socialchat", "2  UnifiedBeez", "3  Qontak", "4  10darts"] {
            assert!(terminal.text().contains(line), "{line}");
        }
        terminal.send(typed);
        terminal.wait_for(asked);
        terminal.send(CTRL_C);
        terminal.end().exits(130);
        assert!(home.files().is_empty());
    }
    let home = Home::new();
    let mut terminal = Terminal::start(&home.command(&["login"]));
    terminal.wait_for("Platform [1]");
    terminal.send("fax\r");
    let ended = terminal.end().exits(2);
    assert!(ended.text.contains("\"fax\" is no platform"), "{}", ended.text);
}

#[test]
fn ctrl_c_at_the_hidden_prompt_stores_nothing() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    for _ in 0..4 {
        let login = ["--api-url", &partner.api.url, "--platform", "socialchat", "login"];
        let mut terminal = Terminal::start(&home.command(&login));
        terminal.wait_for("API key (input hidden):");
        terminal.wait_until_hidden();
        terminal.send("canary");
        terminal.send(CTRL_C);
        let ended = terminal.end().exits(130);
        assert!(!ended.bytes.contains("canary"), "{}", ended.bytes);
    }
    assert!(partner.api.asked().is_empty());
    assert!(home.files().values().all(|bytes| !bytes.windows(6).any(|part| part == b"canary")));
}

#[test]
fn without_credentials_a_person_is_offered_to_log_in_and_the_command_goes_on() {
    let (home, partner) = (Home::new(), Partner::with(LOOPBACK));
    let mut terminal = Terminal::start(&home.command(&["--api-url", &partner.api.url, "channels", "list"]));
    terminal.wait_for("There are no credentials for the profile default yet.");
    terminal.wait_for("Platform [1]");
    terminal.send("\r");
    terminal.wait_for("API key (input hidden):");
    terminal.wait_until_hidden();
    terminal.send("canary-key-0123456789\r");
    terminal.end().exits(0);
    // Stored: the next one asks nothing.
    Terminal::start(&home.command(&["--api-url", &partner.api.url, "channels", "list"])).end().exits(0);
}

#[test]
fn whose_credentials_they_will_be_is_asked_unless_one_platform_alone_can_do_it_or_is_named() {
    for (arguments, menu, asked) in [
        (&["channels", "list"][..], Some("2\r"), "Session (input hidden):"),
        (&["connect", "messenger"], Some("4\r"), "API token (input hidden):"),
        (&["callback", "show"], None, "API key (input hidden):"),
        (&["--platform", "10darts", "channels", "list"], None, "API token (input hidden):"),
    ] {
        let home = Home::new();
        let mut terminal = Terminal::start(&home.command(arguments));
        if let Some(typed) = menu {
            terminal.wait_for("Platform [1]");
            terminal.send(typed);
        }
        terminal.wait_for(asked);
        let text = terminal.text();
        assert_eq!(text.matches("There are no credentials").count(), 1, "{text}");
        assert_eq!(text.contains("Platform [1]"), menu.is_some(), "{text}");
        terminal.send(CTRL_C);
        terminal.end().exits(130);
    }
}

#[test]
fn what_is_chosen_there_is_stored_and_the_command_goes_on_at_that_platform() {
    let home = Home::new();
    let served = Served::start(&home, &["--platform", "10darts"]);
    let mut terminal = Terminal::start(&home.command(&["--api-url", &served.api_url, "channels", "list"]));
    terminal.wait_for("Platform [1]");
    terminal.send("4\r");
    terminal.wait_for("API token (input hidden):");
    terminal.wait_until_hidden();
    terminal.send("sandbox-api-token\r");
    let ended = terminal.end().exits(0);
    assert!(ended.text.contains("kopi-senja"), "{}", ended.text);
    let who = home.run(&["--json", "whoami"]).exits(0).json();
    assert_eq!(who["platform"], "10darts");
}

#[test]
fn the_menu_of_platforms_has_a_line_for_each_at_60_columns() {
    let home = Home::new();
    let mut terminal = Terminal::of_size(24, 60, &home.command(&["login"]));
    terminal.wait_for("Platform [1]");
    let lines = terminal.text().lines().filter(|line| !line.trim().is_empty()).count();
    assert_eq!(lines, 5, "{}", terminal.text());
    terminal.send(CTRL_C);
    terminal.end().exits(130);
}

#[test]
fn the_echo_of_ctrl_c_does_not_stand_before_what_is_said() {
    let home = Home::new();
    let mut terminal = Terminal::start(&home.command(&["--sandbox", "channels", "watch"]));
    terminal.wait_for("Watching");
    terminal.send(CTRL_C);
    let ended = terminal.end().exits(130);
    assert!(ended.text.lines().any(|line| line == "interrupted"), "{}", ended.text);
}

// ---- what is written where ----

#[test]
fn nothing_moves_or_is_coloured_in_a_pipe() {
    let home = Home::new();
    let served = Served::start(&home, &["--latency", "400"]);
    let run = Run::of(home.against(&served.api_url, &["channels", "list"])).exits(0);
    for stream in [&run.stdout, &run.stderr] {
        assert!(!stream.contains(['\x1b', '\r']), "{stream:?}");
    }
    assert!(!run.stderr.contains("Listing"), "{}", run.stderr);
    // In a terminal the same shows that it is at work.
    let terminal = Terminal::start(&home.against(&served.api_url, &["channels", "list"]));
    let ended = terminal.end().exits(0);
    assert!(ended.bytes.contains("Listing"), "{}", ended.bytes);
    assert!(!ended.text.contains("Listing"), "progress goes when it is over: {}", ended.text);
}

#[test]
fn no_color_means_none() {
    let home = Home::new();
    let served = Served::start(&home, &["--latency", "350"]);
    let colours = |bytes: &str| {
        let codes = bytes.split("\x1b[").skip(1).filter_map(|rest| rest.split_once('m'));
        codes.filter(|(code, _)| code.bytes().all(|byte| byte.is_ascii_digit() || byte == b';')).count()
    };
    for (variable, coloured) in [(None, true), (Some("NO_COLOR"), false)] {
        let mut command = signed_in(&home, &served, &["connect", "messenger"]);
        if let Some(variable) = variable {
            command.env(variable, "1");
        }
        let mut terminal = Terminal::start(&command);
        terminal.wait_for("5 Pages, that is all");
        terminal.send(" ");
        terminal.wait_for("1 ticked");
        terminal.send(ENTER);
        let ended = terminal.end().exits(0);
        assert_eq!(colours(&ended.bytes) > 0, coloured, "{:?}", ended.bytes);
    }
}

#[test]
fn a_broken_pipe_is_quiet() {
    let home = Home::new();
    home.run(&["sandbox", "reset", "--pages", "1500", "--channels", "1500"]).exits(0);
    let served = Served::start(&home, &[]);
    let program = home.against(&served.api_url, &["channels", "list"]);
    let mut shell = home.against(&served.api_url, &[]);
    let mut piped = Command::new("sh");
    piped.args(["-c", "\"$0\" channels list | head -1"]).arg(program.get_program()).env_clear();
    for (name, value) in shell.env("SOCIALCHAT_COLOR", "").get_envs() {
        piped.env(name, value.unwrap_or_default());
    }
    let run = Run::of(piped).exits(0);
    assert_eq!(run.stdout.lines().count(), 1, "{run:?} {:?}", served.log());
    assert!(!run.stderr.contains("error") && !run.stderr.to_lowercase().contains("pipe"), "{}", run.stderr);
}

// ---- the tests' own terminal ----

#[test]
#[should_panic(expected = "mode was left changed")]
fn a_terminal_without_echo_is_noticed() {
    let mut command = Command::new("sh");
    command.args(["-c", "stty -echo"]).env("PATH", std::env::var_os("PATH").unwrap());
    Terminal::start(&command).end();
}

#[test]
#[should_panic(expected = "cursor was left hidden")]
fn a_hidden_cursor_is_noticed() {
    let mut command = Command::new("sh");
    command.args(["-c", "printf '\\033[?25l'"]).env("PATH", std::env::var_os("PATH").unwrap());
    Terminal::start(&command).end();
}
