//! pages: everything that a sign-in covers, however much it is.

use serde_json::json;

use crate::person::{ROTI, SENJA, names, requests, token, token_of_pages, with_token};
use crate::support::{Home, Run, Served};

#[test]
fn as_json_each_page_says_as_what_it_is_connected() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    Run::of(with_token(&home, &sandbox, &token, &["connect", "messenger", "--page", ROTI])).exits(0);
    let run = Run::of(with_token(&home, &sandbox, &token, &["pages", "messenger", "--json"])).exits(0);
    let document = run.json();
    assert_eq!(names(&document), ["kind", "pages"]);
    assert_eq!(document["kind"], "messenger");
    let pages = document["pages"].as_array().unwrap();
    assert_eq!(pages.len(), 5);
    for page in pages {
        assert_eq!(names(page), ["name", "channelId", "picture", "connectedAs"]);
        assert_eq!(page["connectedAs"].is_string(), page["channelId"] == ROTI, "{page}");
    }
    assert_eq!((&pages[0]["name"], &pages[0]["channelId"]), (&json!("Kopi Senja Bandung"), &json!(SENJA)));
}

#[test]
fn for_people_it_is_a_table_and_a_count() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "instagram");
    let run = Run::of(with_token(&home, &sandbox, &token, &["pages", "instagram"])).exits(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{}", run.stdout);
    assert!(lines[0].starts_with("NAME") && lines[0].contains("CONNECTED AS"), "{}", run.stdout);
    assert!(
        lines[2].contains("Batik Sekar Arum") && lines[2].contains("6a1cd9cc5a4db00000000001"),
        "{}",
        run.stdout
    );
    assert!(run.stderr.contains("3 accounts, 1 connected"), "{}", run.stderr);
    let token = token_of_pages(&sandbox, "messenger", &[SENJA]);
    let run = Run::of(with_token(&home, &sandbox, &token, &["pages", "messenger"])).exits(0);
    assert!(run.stderr.contains("1 Page, 0 connected"), "{}", run.stderr);
}

#[test]
fn only_what_was_ticked_is_covered() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token_of_pages(&sandbox, "messenger", &[SENJA, ROTI]);
    let run = Run::of(with_token(&home, &sandbox, &token, &["pages", "messenger", "--json"])).exits(0);
    let pages = run.json()["pages"].as_array().unwrap().clone();
    assert_eq!(
        pages.iter().map(|page| page["channelId"].as_str().unwrap()).collect::<Vec<_>>(),
        [SENJA, ROTI]
    );
}

#[test]
fn every_page_is_listed_once_whatever_their_number() {
    for count in [0, 1, 25, 26, 1000] {
        let home = Home::new();
        let sandbox = Served::start(&home, &["--pages", &count.to_string()]);
        let token = token(&sandbox, "messenger");
        let run = Run::of(with_token(&home, &sandbox, &token, &["pages", "messenger", "--json"])).exits(0);
        let pages = run.json()["pages"].as_array().unwrap().clone();
        assert_eq!(pages.len(), count);
        let ids: std::collections::HashSet<_> =
            pages.iter().map(|page| page["channelId"].to_string()).collect();
        assert_eq!(ids.len(), count);
        let calls = requests(&sandbox, "GET", "/partner/channel/messenger/account");
        assert_eq!(calls, count.div_ceil(25).max(1), "25 a call, and none more, of {count}");
    }
}

#[test]
fn nothing_covered_is_explained() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--pages", "0"]);
    for (kind, reasons) in
        [("messenger", ["tick", "admin", "portfolio"]), ("instagram", ["tick", "admin", "linked"])]
    {
        let token = token(&sandbox, kind);
        for arguments in [vec!["pages", kind], vec!["--json", "pages", kind]] {
            let run = Run::of(with_token(&home, &sandbox, &token, &arguments)).exits(0);
            for reason in reasons {
                assert!(run.stderr.contains(reason), "{reason}: {}", run.stderr);
            }
            if arguments.len() == 3 {
                assert_eq!(run.json(), json!({ "kind": kind, "pages": [] }));
            }
        }
    }
}
