//! channels show.

use crate::estate::{Estate, YEARS};
use crate::fake::{CANARY, channel, id};
use crate::support::{FakeApi, Home, Reply, Run};

#[test]
fn everything_but_secrets_is_shown() {
    let api = FakeApi::start(|_| Reply::Json(200, channel(7, false).to_string()));
    let home = Home::new();
    for json in [false, true] {
        let mut command = home.against(&api.url, &["channels", "show", &id(7)]);
        command.env("SOCIALCHAT_JSON", if json { "1" } else { "" });
        let run = Run::of(command).exits(0);
        for part in ["Toko 7", "messenger", &id(7), "10487290000000", "2026-06-01T01:00:00.000Z"] {
            assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
        }
        assert!(!run.stdout.contains(CANARY) && !run.stdout.contains("accessToken"), "{}", run.stdout);
    }
}

#[test]
fn an_unknown_id_is_no_such_channel_and_a_name_has_near_ones() {
    for year in YEARS {
        let estate = Estate::small(year, &[]);
        let run = estate.run(&["--json", "channels", "show", &id(99)]).exits(1);
        assert!(run.error()["message"].as_str().unwrap().contains("no such channel"), "{}", run.stderr);
        let name = estate.channels()[0]["name"].as_str().unwrap().to_owned();
        let shown = estate.run(&["--json", "channels", "show", &name]).exits(0).json();
        assert_eq!(shown["name"], name.as_str());
        let part: String = name.chars().take(4).collect();
        let run = estate.run(&["--json", "channels", "show", &part]).exits(1);
        let hint = run.error()["hint"].as_str().unwrap().to_owned();
        assert!(hint.contains(&name) && hint.contains(&estate.id(0)), "{hint}");
    }
}
