//! connect webchat, connect linkchat.

use serde_json::json;

use crate::estate::{Estate, YEARS};

#[test]
fn both_are_connected_with_and_without_questions_first() {
    for year in YEARS {
        let estate = Estate::small(year, &[]);
        for pre_chat in [false, true] {
            let flag: &[&str] = if pre_chat { &["--pre-chat"] } else { &[] };
            let webchat = [
                "--json",
                "connect",
                "webchat",
                "--name",
                " Toko Kopi ",
                "--website-url",
                "https://toko.example.com/",
            ];
            let linkchat = ["--json", "connect", "linkchat", "--name", "Toko Kopi"];
            for (kind, arguments) in [("webchat", &webchat[..]), ("linkchat", &linkchat[..])] {
                let document = estate.run(&[arguments, flag].concat()).exits(0).json();
                let id = document["results"][0]["_id"].as_str().unwrap().to_owned();
                assert_eq!(
                    document,
                    json!({ "kind": kind, "results": [{ "_id": id, "channelId": null, "name": "Toko Kopi",
                        "action": "connected", "error": null }], "summary": { "connected": 1 }, "lost": [],
                        "next": null }),
                    "{year}"
                );
                let shown = estate.run(&["--json", "channels", "show", &id]).exits(0).json();
                assert_eq!(shown["additionalData"]["isActivePreChat"], pre_chat, "{year} {kind}");
                if kind == "webchat" {
                    assert_eq!(shown["additionalData"]["websiteUrl"], "https://toko.example.com/");
                }
            }
        }
    }
}

#[test]
fn a_lost_answer_makes_no_second_channel() {
    for kind in ["webchat", "linkchat"] {
        for fault in ["lost", "reset"] {
            let fault = format!("POST /partner/channel/{kind}={fault}");
            let estate = Estate::small("2026", &["--fault", &fault]);
            let before = estate.channels().len();
            let url = ["--website-url", "https://toko.example.com"];
            let arguments = ["--json", "connect", kind, "--name", "Toko"];
            let url: &[&str] = if kind == "webchat" { &url } else { &[] };
            let run =
                || estate.run(&[&arguments[..], url].concat()).exits(0).json()["results"][0]["_id"].clone();
            let first = run();
            assert_eq!(estate.channels().len(), before + 1, "{fault}");
            assert!(estate.channels().iter().any(|channel| channel["_id"] == first));
            // A further one of the same name is another one.
            let second = run();
            assert_ne!(first, second);
            assert_eq!(estate.channels().len(), before + 2, "{fault}");
        }
    }
}

#[test]
fn wrong_options_are_named_and_nothing_is_sent() {
    let estate = Estate::small("2026", &[]);
    for (arguments, named) in [
        (&["webchat", "--name", "Toko"][..], "--website-url"),
        (&["webchat", "--name", "Toko", "--website-url", "toko"], "--website-url"),
        (&["webchat", "--name", "Toko", "--website-url", "ftp://toko.example.com"], "--website-url"),
        (&["webchat", "--name", "Toko", "--website-url", "https://a:b@toko.example.com"], "--website-url"),
        (&["linkchat"], "--name"),
        (&["linkchat", "--name", "  "], "--name"),
    ] {
        let run = estate.run(&[&["connect"], arguments].concat()).exits(2);
        assert!(run.stderr.contains(named), "{arguments:?}: {}", run.stderr);
    }
    assert!(estate.requests("POST").is_empty());
}
