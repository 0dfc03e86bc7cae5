//! One account away, or a whole channel: which of the two is never guessed.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::backend::{Backend, Guide, MESSENGER, instagram, page, refusal};
use crate::support::{Home, Reply};
use crate::terminal::Terminal;

fn estate(guide: Guide) -> Backend {
    Backend::start(guide, &accounts())
}

fn accounts() -> [crate::backend::Account; 4] {
    [
        page(11, "1001", "Kopi", true),
        page(12, "1002", "Roti", true),
        page(14, "1004", "Teh", false),
        instagram(15, "178", "Batik", true),
    ]
}

#[test]
fn one_account_goes_by_the_call_for_its_kind() {
    for (guide, id, asked) in [
        (Guide::Two, "11", &["DELETE /auth/facebook/account/11"][..]),
        (Guide::Two, "1001", &["DELETE /auth/facebook/account/11"]),
        (Guide::Two, "15", &["DELETE /auth/instagram/account/15"]),
        (Guide::One, "11", &["DELETE /auth/facebook/account/11"]),
        (
            Guide::One,
            "15",
            &[
                "DELETE /auth/instagram/account/15",
                "GET /auth/instagram/accounts",
                "DELETE /auth/facebook/account/15",
            ],
        ),
    ] {
        let backend = estate(guide);
        let done = backend.run(&["--json", "--yes", "disconnect", id]).exits(0);
        assert_eq!(done.json()["results"][0]["action"], "disconnected", "{guide:?} {id}");
        assert_eq!(backend.asked(), asked, "{guide:?} {id}");
        assert_eq!(backend.world().accounts.len(), 3);
        // Once more: it is gone, and nothing else goes.
        backend.run(&["--yes", "disconnect", id]).exits(1);
        assert_eq!(backend.world().accounts.len(), 3);
        assert_eq!(backend.asked().len(), asked.len());
    }
}

#[test]
fn an_instagram_account_never_takes_a_page_of_the_same_number() {
    let backend =
        Backend::start(Guide::One, &[page(20, "1001", "Kopi", true), instagram(20, "178", "Batik", true)]);
    backend.run(&["--yes", "disconnect", "178"]).exits(1);
    assert_eq!(backend.world().accounts.len(), 2);
    // Gone meanwhile, at a back end of the newer guide: the answer is 404 as well.
    let backend = Backend::meddled(
        Guide::Two,
        &[page(20, "1001", "Kopi", true), instagram(20, "178", "Batik", true)],
        |asked, world| {
            if asked.method == "DELETE" {
                world.accounts.retain(|account| !account.instagram);
            }
            None
        },
    );
    backend.run(&["--yes", "disconnect", "178"]).exits(0);
    assert_eq!(backend.world().accounts.len(), 1, "{:?}", backend.asked());
}

#[test]
fn a_channels_id_is_explained_and_never_taken_for_an_accounts() {
    let backend =
        Backend::start(Guide::Two, &[page(11, "1001", "Kopi", true), page(14, "1004", "Teh", true)]);
    let refused = backend.run(&["--json", "--yes", "disconnect", "12"]).exits(2);
    let error = refused.error();
    assert_eq!(
        error["message"],
        "12 is the ID of the whole messenger channel, not of a Page or account in it"
    );
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("11 (Kopi") && hint.contains("--whole-channel 12"), "{hint}");
    assert!(backend.asked().is_empty());
    // Both: the account is meant, and that is said.
    let backend = estate(Guide::Two);
    let both = backend.run(&["--yes", "disconnect", "12"]).exits(0);
    assert!(
        both.stderr.contains("12 is also the ID of the whole messenger channel, which stays."),
        "{}",
        both.stderr
    );
    assert_eq!(backend.asked(), ["DELETE /auth/facebook/account/12"]);
}

#[test]
fn a_whole_channel_names_every_page_and_asks_for_their_number() {
    let home = Home::new();
    for (typed, code, left) in [("3\r", 0, 1), ("yes\r", 130, 4), ("12\r", 130, 4)] {
        let backend = estate(Guide::Two);
        let command = backend.command(&home, &["disconnect", "--whole-channel", "12"]);
        let mut terminal = Terminal::start(&command);
        terminal.wait_for("Type 3 to delete the channel with all of its Pages");
        for page in ["Kopi", "Roti", "Teh"] {
            assert!(terminal.text().contains(page), "{}", terminal.text());
        }
        assert!(!terminal.text().contains("Batik"), "{}", terminal.text());
        terminal.send(typed);
        let ended = terminal.end();
        assert_eq!(ended.code, code, "{}", ended.text);
        assert_eq!(backend.world().accounts.len(), left, "{typed:?}");
    }
    let backend = estate(Guide::Two);
    let refused = backend.run(&["--json", "disconnect", "--whole-channel", "12"]).exits(2);
    assert!(refused.error()["message"].as_str().unwrap().contains("with 3 Pages"), "{}", refused.stderr);
    assert!(backend.asked().is_empty());
    let planned = backend.run(&["--json", "disconnect", "--whole-channel", "12", "--dry-run"]).exits(0);
    assert_eq!(planned.json()["summary"], json!({ "would-disconnect": 3 }));
    assert!(backend.asked().is_empty());
    let done = backend.run(&["--json", "--yes", "disconnect", "--whole-channel", "12"]).exits(0);
    assert_eq!(done.json()["summary"], json!({ "disconnected": 3 }));
    assert_eq!(backend.asked(), [format!("DELETE /auth/facebook/channel/{MESSENGER}")]);
    backend.run(&["--yes", "disconnect", "--whole-channel", "12"]).exits(1);
    assert_eq!(backend.asked().len(), 1, "twice changes nothing");
}

#[test]
fn what_is_no_whole_messenger_channel_is_explained() {
    let backend = estate(Guide::Two);
    for (id, code, says, hint) in [
        ("13", 2, "no call that deletes the whole instagram channel 13", "disconnect 15"),
        ("11", 1, "is one channel of several", "disconnect 11"),
        ("99", 1, "no whole channel 99", "12 (messenger), 13 (instagram)"),
    ] {
        let refused = backend.run(&["--json", "--yes", "disconnect", "--whole-channel", id]).exits(code);
        let error = refused.error();
        assert!(error["message"].as_str().unwrap().contains(says), "{error}");
        assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
    }
    assert!(backend.asked().is_empty(), "{:?}", backend.asked());
}

#[test]
fn a_delete_whose_answer_was_lost_is_settled_by_the_list() {
    // Carried out, and nobody hears of it; or not, and then it is sent once more.
    for (is_done, whole) in [(true, false), (false, false), (true, true)] {
        let sent = AtomicUsize::new(0);
        let backend = Backend::meddled(Guide::Two, &accounts(), move |asked, world| {
            if asked.method != "DELETE" || sent.fetch_add(1, Ordering::SeqCst) > 0 {
                return None;
            }
            if is_done {
                world.accounts.retain(|account| if whole { account.instagram } else { account.id != 11 });
            }
            Some(Reply::Close)
        });
        let arguments =
            if whole { &["disconnect", "--whole-channel", "12"][..] } else { &["disconnect", "11"] };
        let done = backend.run(&[&["--json", "--yes"], arguments].concat()).exits(0);
        assert_eq!(done.json()["results"][0]["action"], "disconnected");
        assert_eq!(backend.world().accounts.len(), if whole { 1 } else { 3 });
        assert_eq!(backend.asked().len(), if is_done { 1 } else { 2 }, "{:?}", backend.asked());
    }
}

#[test]
fn a_whole_channel_whose_answer_was_lost_is_not_deleted_twice() {
    let backend = Backend::meddled(Guide::Two, &accounts(), |asked, _| {
        (asked.method == "DELETE").then_some(Reply::Close)
    });
    backend.run(&["--yes", "disconnect", "--whole-channel", "12"]).exits(1);
    assert_eq!((backend.asked().len(), backend.world().accounts.len()), (1, 4));
}

#[test]
fn an_account_that_is_gone_already_is_done_and_one_that_stays_is_not() {
    let gone = Backend::meddled(Guide::Two, &accounts(), |asked, world| {
        (asked.method == "DELETE").then(|| {
            world.accounts.retain(|account| account.id != 11);
            refusal(404, "Account not found")
        })
    });
    gone.run(&["--yes", "disconnect", "11"]).exits(0);
    for reply in [
        || Reply::Json(200, String::new()),
        || Reply::Json(200, json!({ "success": true, "message": "ok" }).to_string()),
        || Reply::Json(200, json!({ "success": false, "message": "Not now" }).to_string()),
        || refusal(404, "Account not found"),
        || refusal(403, "Forbidden resource"),
    ] {
        let stays =
            Backend::meddled(Guide::Two, &accounts(), move |asked, _| (asked.method == "DELETE").then(reply));
        let failed = stays.run(&["--json", "--yes", "disconnect", "11"]).exits(1);
        assert_eq!(failed.json()["results"][0]["action"], "failed");
        assert_eq!(stays.asked().len(), 1, "{:?}", stays.asked());
    }
}

#[test]
fn a_page_that_comes_while_somebody_thinks_is_not_deleted_with_the_others() {
    let (backend, home) = (estate(Guide::Two), Home::new());
    let command = backend.command(&home, &["disconnect", "--whole-channel", "12"]);
    let mut terminal = Terminal::start(&command);
    terminal.wait_for("Type 3 to delete the channel with all of its Pages");
    backend.world().consent(page(16, "1006", "Kue", true));
    terminal.send("3\r");
    let ended = terminal.end();
    assert_eq!(ended.code, 1, "{}", ended.text);
    assert!(ended.text.contains("have changed meanwhile"), "{}", ended.text);
    assert!(backend.asked().is_empty() && backend.world().accounts.len() == 5, "{:?}", backend.asked());
}

#[test]
fn where_the_list_contradicts_itself_no_whole_channel_is_deleted() {
    let backend = Backend::meddled(Guide::Two, &accounts(), |asked, world| {
        asked.target.ends_with("/channels/selected").then(|| {
            let mut selected = world.selected();
            selected["channels"][0]["facebookAccounts"][0]["connectedChannelId"] = 99.into();
            Reply::Json(200, selected.to_string())
        })
    });
    for (id, says) in [("12", "the list contradicts itself"), ("99", "no whole channel 99")] {
        let refused = backend.run(&["--json", "--yes", "disconnect", "--whole-channel", id]).exits(1);
        assert!(refused.error()["message"].as_str().unwrap().contains(says), "{}", refused.stderr);
    }
    assert!(backend.asked().is_empty(), "{:?}", backend.asked());
}

#[test]
fn a_session_that_ends_with_the_delete_is_said_as_such() {
    for arguments in [&["disconnect", "11"][..], &["disconnect", "--whole-channel", "12"]] {
        let is_over = AtomicUsize::new(0);
        let backend = Backend::meddled(Guide::Two, &accounts(), move |asked, _| {
            if asked.method == "DELETE" {
                is_over.store(1, Ordering::SeqCst);
                return None;
            }
            (is_over.load(Ordering::SeqCst) == 1).then(|| refusal(401, "Session expired"))
        });
        let unknown = backend.run(&[&["--json", "--yes"], arguments].concat()).exits(3);
        assert!(unknown.stderr.contains("Session expired"), "{}", unknown.stderr);
    }
}
