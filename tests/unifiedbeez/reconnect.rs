//! Consent once more, and the accounts that were meant looked at afterwards.

use serde_json::json;

use crate::backend::{Backend, Clean, Guide, instagram, page};
use crate::support::Reply;

const SUCCESS: &str = "?facebook_connected=true&type=messenger";

fn estate() -> Backend {
    Backend::start(
        Guide::Two,
        &[
            page(11, "1001", "Kopi", false),
            page(14, "1004", "Roti", true),
            instagram(15, "178", "Batik", false),
        ],
    )
}

#[test]
fn those_that_are_meant_are_reconnected_where_the_list_says_so() {
    for (arguments, again, code, actions) in [
        (&["11"][..], &["1001"][..], 0, json!([["11", "reconnected"]])),
        (&["--disconnected"], &["1001"], 0, json!([["11", "reconnected"]])),
        (&["1001", "Roti"], &["1001", "1004"], 0, json!([["11", "reconnected"], ["14", "reconnected"]])),
        (&["--all"], &["1001", "1004"], 0, json!([["11", "reconnected"], ["14", "reconnected"]])),
        (&["--all"], &["1004"], 5, json!([["11", "failed"], ["14", "reconnected"]])),
        // Its time is as before: the address proves nothing.
        (&["--all"], &["1001"], 5, json!([["11", "reconnected"], ["14", "failed"]])),
        (&["14"], &[], 1, json!([["14", "failed"]])),
        (&["11"], &[], 1, json!([["11", "failed"]])),
    ] {
        let backend = estate();
        let waiting = backend.waiting(&[&["--json", "reconnect", "messenger"], arguments].concat());
        for external in again {
            backend.world().consent(page(0, external, "", true));
        }
        backend.come_back(SUCCESS);
        let done = waiting.end().clean().exits(code);
        let document = done.json();
        let rows = document["results"].as_array().unwrap().iter();
        let rows: Vec<_> = rows.map(|row| json!([row["_id"], row["action"]])).collect();
        assert_eq!(json!(rows), actions, "{arguments:?} {again:?}");
        if code != 0 {
            let left = document["results"].as_array().unwrap().iter().find(|row| row["action"] == "failed");
            let next =
                format!("socialchat-cli reconnect messenger {}", left.unwrap()["_id"].as_str().unwrap());
            assert_eq!(document["next"], json!(next));
        }
    }
}

#[test]
fn an_account_that_goes_meanwhile_is_told() {
    let backend = estate();
    let waiting = backend.waiting(&["--json", "reconnect", "messenger", "14"]);
    backend.world().accounts.retain(|account| account.id != 14);
    backend.come_back(SUCCESS);
    let gone = waiting.end().clean().exits(1);
    assert_eq!(gone.json()["results"][0]["error"]["message"], "channel 14 is not listed any more");
    // Its id leads nowhere now.
    assert_eq!(gone.json()["next"], "socialchat-cli connect messenger");
}

#[test]
fn a_refused_sign_in_fails_as_one() {
    let backend = estate();
    let waiting = backend.waiting(&["--json", "reconnect", "messenger", "--all"]);
    backend.come_back("?error=access_denied");
    let refused = waiting.end().clean().exits(4);
    assert!(refused.stdout.is_empty(), "{}", refused.stdout);
}

#[test]
fn nobody_signs_in_where_nothing_is_to_be_done() {
    let backend = Backend::start(Guide::Two, &[page(14, "1004", "Roti", true)]);
    let none = backend.run(&["reconnect", "messenger", "--disconnected", "--no-browser"]).exits(0);
    assert!(none.stderr.contains("No Messenger channel is disconnected."), "{}", none.stderr);
    let backend = estate();
    let planned = backend.run(&["--json", "reconnect", "messenger", "--disconnected", "--dry-run"]).exits(0);
    assert_eq!(planned.json()["results"][0]["action"], "would-reconnect");
    for arguments in [&["99"][..], &["15"], &["12"]] {
        let found = backend.run(&[&["--json", "reconnect", "messenger", "--no-browser"], arguments].concat());
        assert!(matches!(found.code, Some(1 | 2)), "{found:?}");
    }
    assert!(backend.asked().is_empty(), "{:?}", backend.asked());
}

#[test]
fn where_the_list_tells_no_times_what_rests_on_the_way_back_alone_is_said() {
    // Another that was given a new id shows that this back end tells; else nobody knows.
    for (other_is_new, code, action) in [(false, 0, "reconnected"), (true, 5, "failed")] {
        let accounts = [page(14, "1004", "Roti", true), page(16, "1006", "Kue", true)];
        let backend = Backend::meddled(Guide::Two, &accounts, |asked, world| {
            asked.target.ends_with("/channels/selected").then(|| {
                let mut selected = world.selected();
                let accounts = selected["channels"][0]["facebookAccounts"].as_array_mut().unwrap();
                accounts.iter_mut().for_each(|account| account["updatedAt"] = json!(null));
                Reply::Json(200, selected.to_string())
            })
        });
        let waiting = backend.waiting(&["--json", "reconnect", "messenger", "--all"]);
        if other_is_new {
            backend.world().accounts[1].id = 17;
        }
        backend.come_back(SUCCESS);
        let done = waiting.end().clean().exits(code);
        assert_eq!(done.json()["results"][0]["action"], action, "{}", done.stdout);
        let says = "which of them were ticked nobody can tell";
        assert_eq!(done.stderr.contains(says), !other_is_new, "{}", done.stderr);
    }
}
