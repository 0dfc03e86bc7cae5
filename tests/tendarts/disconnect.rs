//! disconnect: an application goes, and nothing else.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::darts::{Darts, World};
use crate::support::{Home, Reply, Run};

fn shops() -> World {
    World::with(&[(1, "shop", "MESSENGER"), (2, "ios", "APNS"), (3, "toko", "MESSENGER")])
}

#[test]
fn an_application_is_named_before_it_goes_and_looked_for_afterwards() {
    let darts = Darts::start(shops());
    let run = Run::of(darts.command(&Home::new(), &["--yes", "--json", "disconnect", "1"])).exits(0);
    assert_eq!(
        run.json()["results"],
        json!([{ "_id": "1", "name": "shop", "action": "disconnected", "error": null }])
    );
    assert!(run.stderr.contains("1  messenger  shop") && run.stderr.contains("in 10darts"), "{}", run.stderr);
    assert_eq!(darts.changes(), ["DELETE /api/v1/applications/1/"]);
    assert_eq!(darts.requests().last().unwrap(), "GET /api/v1/applications/");
    assert_eq!(darts.world().names(), ["ios", "toko"]);
}

#[test]
fn nothing_goes_without_a_yes_by_its_name_or_in_a_dry_run() {
    let darts = Darts::start(shops());
    let run = Run::of(darts.command(&Home::new(), &["--json", "disconnect", "1"])).exits(2);
    assert_eq!(run.error()["code"], "usage");
    let run = Run::of(darts.command(&Home::new(), &["--yes", "--json", "disconnect", "shop"])).exits(2);
    assert!(run.error()["message"].as_str().unwrap().contains("delete by ID"), "{}", run.stderr);
    let run = Run::of(darts.command(&Home::new(), &["--json", "disconnect", "--dry-run", "1"])).exits(0);
    assert_eq!(run.json()["results"][0]["action"], "would-disconnect");
    assert_eq!(darts.changes(), [""; 0]);
}

#[test]
fn an_application_that_went_meanwhile_is_gone() {
    let darts = Darts::meddled(shops(), |asked, _, world| {
        if asked.method == "DELETE" {
            world.lock().unwrap().applications.clear();
        }
        None
    });
    let run = Run::of(darts.command(&Home::new(), &["--yes", "--json", "disconnect", "1"])).exits(0);
    assert_eq!(run.json()["results"][0]["action"], "disconnected");
    let run = Run::of(darts.command(&Home::new(), &["--yes", "--json", "disconnect", "1"])).exits(1);
    assert_eq!(run.error()["code"], "not-found");
    assert_eq!(darts.changes().len(), 1);
}

#[test]
fn a_deletion_that_lost_its_answer_is_looked_for() {
    let darts = Darts::meddled(shops(), |asked, _, world| {
        (asked.method == "DELETE").then(|| {
            world.lock().unwrap().applications.remove(0);
            Reply::Close
        })
    });
    let run = Run::of(darts.command(&Home::new(), &["--yes", "--json", "disconnect", "1"])).exits(0);
    assert_eq!(run.json()["results"][0]["action"], "disconnected");
    assert_eq!(darts.changes().len(), 1, "it is not sent again");
    let darts = Darts::meddled(shops(), |asked, _, _| (asked.method == "DELETE").then_some(Reply::Close));
    let run = Run::of(darts.command(&Home::new(), &["--yes", "--json", "disconnect", "1"])).exits(1);
    assert_eq!(run.json()["results"][0]["action"], "failed");
    assert_eq!(darts.changes().len(), 1, "nor where it is still there");
}

#[test]
fn an_answer_to_a_deletion_that_is_none_proves_nothing() {
    for is_done in [true, false] {
        let darts = Darts::meddled(shops(), move |asked, _, world| {
            (asked.method == "DELETE").then(|| {
                let mut world = world.lock().unwrap();
                world.applications.retain(|one| !is_done || one["id"] != 1);
                Reply::Json(200, "<html>signed out</html>".to_owned())
            })
        });
        let arguments = ["--yes", "--json", "disconnect", "1"];
        let run = Run::of(darts.command(&Home::new(), &arguments)).exits(if is_done { 0 } else { 1 });
        let action = if is_done { "disconnected" } else { "failed" };
        assert_eq!(run.json()["results"][0]["action"], action);
    }
}

#[test]
fn what_the_list_still_shows_is_not_gone() {
    type Says = fn() -> Reply;
    let replies: [(Says, &str); 2] = [
        (|| Reply::Json(204, String::new()), "is deleted, but"),
        (|| Reply::Json(404, json!({ "detail": "Not found." }).to_string()), "isn't there, but"),
    ];
    for (reply, says) in replies {
        let darts = Darts::meddled(shops(), move |asked, _, _| (asked.method == "DELETE").then(reply));
        let run = Run::of(darts.command(&Home::new(), &["--yes", "--json", "disconnect", "1"])).exits(1);
        let message = run.error()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(says) && message.contains("still shows it"), "{message}");
    }
}

#[test]
fn a_web_page_with_404_is_no_proof_that_it_is_gone() {
    let gone = AtomicBool::new(false);
    let darts = Darts::meddled(shops(), move |asked, _, _| {
        (asked.method == "DELETE").then(|| {
            gone.store(true, Ordering::Relaxed);
            Reply::Json(404, "<html>nginx</html>".to_owned())
        })
    });
    let run = Run::of(darts.command(&Home::new(), &["--yes", "--json", "disconnect", "1"])).exits(1);
    assert!(run.error()["hint"].as_str().unwrap().contains("2018"), "{}", run.stderr);
    assert_eq!(darts.world().applications.len(), 3);
}

#[test]
fn options_of_other_platforms_are_refused_by_name() {
    let darts = Darts::start(shops());
    for (arguments, option) in [
        (&["disconnect", "--timeout", "9", "1"][..], "--timeout"),
        (&["disconnect", "--whole-channel", "1"][..], "--whole-channel"),
        (&["disconnect", "--no-browser", "1"], "--no-browser"),
    ] {
        let run = Run::of(darts.command(&Home::new(), &[&["--yes", "--json"], arguments].concat())).exits(2);
        assert!(run.error()["message"].as_str().unwrap().contains(option), "{}", run.stderr);
    }
    assert!(darts.requests().is_empty());
}
