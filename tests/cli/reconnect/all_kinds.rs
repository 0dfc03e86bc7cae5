//! reconnect --all-kinds --disconnected: everything that is disconnected, in one go.

use serde_json::{Value, json};

use crate::partner::{Partner, TOKEN, World, channel};
use crate::support::{Home, Reply, Run, Waiting, until};
use crate::tty::{ESCAPE, Terminal};

const ALL: [&str; 3] = ["reconnect", "--all-kinds", "--disconnected"];
const IDS: [&str; 5] = [
    "65b37833afe781e84afa0001",
    "65b37833afe781e84afa0002",
    "65b37833afe781e84afa0003",
    "65b37833afe781e84afa0004",
    "65b37833afe781e84afa0005",
];
const BOT_TOKEN: &str = "7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawZ";

/// A channel of each kind that is disconnected, and one of Instagram that isn't.
fn estate() -> World {
    let mut world = World::new();
    let of = |id: usize, kind: &str, channel_id: &str, name: &str, connected: bool| {
        let mut made = channel(IDS[id], kind, channel_id, name);
        made["isConnected"] = json!(connected);
        made
    };
    world.channels = vec![
        of(0, "whatsapp-unofficial", "081234567890", "Toko WA", false),
        of(1, "telegram", "7012345678", "Toko Bot", false),
        of(2, "messenger", "p1", "Toko Bunga", false),
        of(3, "instagram", "i1", "toko.bunga", true),
        of(4, "webchat", "w1", "Situs", false),
    ];
    world
}

fn actions(document: &Value) -> Vec<(String, String)> {
    let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
    let rows = document["results"].as_array().unwrap().iter();
    rows.map(|row| (text(row, "_id"), text(row, "action"))).collect()
}

/// The world, where a number that is there already keeps its channel.
fn keeping_numbers() -> Partner {
    Partner::meddled(estate(), |asked, _, world| {
        if asked.method != "POST" || !asked.target.ends_with("/channel/whatsapp-unofficial") {
            return None;
        }
        let mut world = world.lock().unwrap();
        let phone: Value = serde_json::from_str(&asked.body).unwrap();
        let found = world.channels.iter_mut().find(|channel| channel["channelId"] == phone["phone"]).unwrap();
        found["isConnected"] = json!(true);
        Some(Reply::Json(201, json!({ "_id": found["_id"] }).to_string()))
    })
}

#[test]
fn on_a_terminal_each_platform_comes_in_turn_and_one_document_tells_all() {
    let (home, partner) = (Home::new(), keeping_numbers());
    let arguments = [&["--json", "--yes"][..], &ALL, &["--no-browser"]].concat();
    let file = home.dir.path().join("result");
    let mut terminal = Terminal::with_result_in(&file, &home.against(partner.url(), &arguments));
    terminal.wait_for("Sign in to Messenger here:");
    terminal.wait_for("Esc cancel");
    assert_eq!(partner.bring("messenger", TOKEN), 200);
    terminal.wait_for("Telegram 1 of 1: Toko Bot");
    terminal.wait_for("Bot token");
    terminal.wait_until_hidden();
    terminal.send(&format!("{BOT_TOKEN}\r"));
    let ended = terminal.end();
    assert!(ended.text.contains("WhatsApp 1 of 1: Toko WA"), "{}", ended.text);
    // Said as soon as it is so: who presses Ctrl-C afterwards knows it.
    for done in ["✓ Messenger: reconnected", "✓ Toko Bot: reconnected", "✓ Toko WA: reconnected"] {
        assert!(ended.text.contains(done), "{}", ended.text);
    }
    assert!(!ended.text.contains("Sign in to Instagram"), "nothing is disconnected there: {}", ended.text);
    // The webchat has no token that could expire.
    assert_eq!(ended.code, 5, "{}", ended.text);
    let document: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let done = |id: usize, action: &str| (IDS[id].to_owned(), action.to_owned());
    let expected =
        [done(2, "reconnected"), done(1, "reconnected"), done(0, "reconnected"), done(4, "failed")];
    assert_eq!(actions(&document), expected, "{document}");
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn a_sign_in_that_is_cancelled_keeps_nothing_else_from_being_done() {
    let (home, partner) = (Home::new(), keeping_numbers());
    let arguments = [&["--json", "--yes"][..], &ALL, &["--no-browser"]].concat();
    let file = home.dir.path().join("result");
    let mut terminal = Terminal::with_result_in(&file, &home.against(partner.url(), &arguments));
    terminal.wait_for("Esc cancel");
    terminal.wait_until_hidden();
    terminal.send(ESCAPE);
    terminal.wait_for("Bot token");
    terminal.wait_until_hidden();
    terminal.send(&format!("{BOT_TOKEN}\r"));
    terminal.end().exits(5);
    let document: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let messenger = &document["results"][0];
    assert_eq!(messenger["_id"], IDS[2]);
    assert!(
        messenger["error"]["hint"].as_str().unwrap().contains("reconnect messenger --disconnected"),
        "{document}"
    );
    assert_eq!(actions(&document)[1..3].iter().filter(|(_, action)| action == "reconnected").count(), 2);
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn where_nobody_can_be_asked_nothing_is_begun_and_the_command_for_each_is_named() {
    let (home, partner) = (Home::new(), Partner::start(estate()));
    let run = Run::of(home.against(partner.url(), &[&["--json"][..], &ALL].concat())).exits(1);
    let document = run.json();
    let hint = |id: usize| {
        let row = document["results"].as_array().unwrap().iter().find(|row| row["_id"] == IDS[id]).unwrap();
        row["error"]["hint"].as_str().unwrap_or_default().to_owned()
    };
    for (id, command) in [
        (2, "reconnect messenger --disconnected".to_owned()),
        (1, format!("reconnect telegram {}", IDS[1])),
        (0, "connect whatsapp --phone 081234567890".to_owned()),
    ] {
        assert!(hint(id).contains(&command), "{document}");
    }
    assert!(partner.api.asked().iter().all(|asked| asked.method == "GET"), "{:?}", partner.api.asked());
    assert_eq!(partner.count("GET /partner/channel/messenger/authorize"), 0);
}

#[test]
fn where_nobody_can_be_asked_but_a_sign_in_can_be_made_that_is_made() {
    let home = Home::new();
    let run = home.run(&[&["--sandbox", "--yes", "--json"][..], &ALL].concat()).exits(0);
    let actions = actions(&run.json());
    assert!(!actions.is_empty() && actions.iter().all(|(_, action)| action == "reconnected"), "{actions:?}");
    let run = home.run(&[&["--sandbox", "--yes"][..], &ALL].concat()).exits(0);
    assert!(run.stderr.contains("No channel is disconnected."), "{}", run.stderr);
}

#[test]
fn a_dry_run_sends_nothing_and_signs_nobody_in() {
    let (home, partner) = (Home::new(), Partner::start(estate()));
    let run = Run::of(home.against(partner.url(), &[&ALL[..], &["--dry-run"]].concat())).exits(5);
    assert_eq!(run.stdout.matches("would reconnect").count(), 3, "{}", run.stdout);
    assert!(partner.api.asked().iter().all(|asked| asked.target.starts_with("/partner/channel?")));
}

#[test]
fn all_kinds_and_disconnected_belong_together() {
    let home = Home::new();
    for (arguments, lacks) in
        [(["reconnect", "--all-kinds"], "--disconnected"), (["reconnect", "--disconnected"], "--all-kinds")]
    {
        let run = home.run(&arguments).exits(2);
        assert!(run.stderr.contains(lacks), "{}", run.stderr);
    }
    home.run(&["reconnect", "--all-kinds", "--disconnected", "messenger"]).exits(2);
}

#[test]
fn after_a_signal_everything_is_told_and_nothing_further_begins() {
    use rustix::process::{Pid, Signal, kill_process};
    let mut world = estate();
    world.channels[3]["isConnected"] = json!(false);
    let partner = Partner::meddled(world, |asked, _, _| {
        let is_reconnect = asked.method == "POST" && asked.target.contains("/channel/messenger/");
        is_reconnect.then_some(Reply::Hang)
    });
    let home = Home::new();
    let arguments = [&["--json", "--yes"][..], &ALL, &["--no-browser"]].concat();
    let waiting = Waiting::start(home.against(partner.url(), &arguments));
    assert_eq!(partner.bring("messenger", TOKEN), 200);
    let path = format!("POST /partner/channel/messenger/{}", IDS[2]);
    until("the reconnect is under way", || partner.count(&path) == 1);
    kill_process(Pid::from_child(&waiting.child), Signal::INT).unwrap();
    let run = waiting.end().exits(130);
    let told = actions(&run.json());
    let not_started = |id: usize| (IDS[id].to_owned(), "not-started".to_owned());
    assert!(told.contains(&(IDS[2].to_owned(), "failed".to_owned())), "{told:?}");
    for id in [0, 1, 3, 4] {
        assert!(told.contains(&not_started(id)), "{id}: {told:?}");
    }
    assert_eq!(partner.count("GET /partner/channel/instagram/authorize"), 0);
    assert_eq!(partner.settings(), World::new().settings);
}
