//! reconnect messenger: a new application with the fresh token, then the old one goes.

use serde_json::json;

use crate::darts::{Darts, World};
use crate::graph::{Graph, VERIFY_TOKEN, hook};
use crate::support::{FakeApi, Home, Reply, Run, until};

/// A webhook that Meta's handshake comes to, and an account whose new applications have it.
fn hooked(world: World) -> (FakeApi, World) {
    let hook = hook();
    let address = format!("{}/hook/", hook.url.trim_end_matches("/partner"));
    let further = json!({ "webhook_url": address, "webhook_token": VERIFY_TOKEN });
    (hook, World { further, ..world })
}

/// Likewise, with the app's credentials as well: the webhook is set.
fn reconnect_by_app(darts: &Darts, graph: &Graph, further: &[&str]) -> Run {
    let home = Home::new();
    Run::of(graph.with_app(darts.command(&home, &[&["--json", "reconnect", "messenger"], further].concat())))
}

fn reconnect(darts: &Darts, graph: &Graph, further: &[&str]) -> Run {
    let home = Home::new();
    Run::of(graph.with_page(darts.command(&home, &[&["--json", "reconnect", "messenger"], further].concat())))
}

fn shop() -> World {
    World::with(&[(1, "shop", "MESSENGER"), (2, "ios", "APNS")])
}

#[test]
fn a_new_application_is_created_and_proven_before_the_old_one_goes() {
    let (_hook, world) = hooked(shop());
    let (darts, graph) = (Darts::start(world), Graph::start());
    let run = reconnect_by_app(&darts, &graph, &["--yes", "1"]).exits(0);
    assert_eq!(run.json()["next"], json!(null));
    assert!(!run.stderr.contains("which is asked first"), "{}", run.stderr);
    let result = &run.json()["results"][0];
    assert_eq!(
        (&result["_id"], &result["name"], &result["action"]),
        (&json!("101"), &json!("shop-2"), &json!("reconnected"))
    );
    assert_eq!(darts.changes(), ["POST /api/v1/applications/", "DELETE /api/v1/applications/1/"]);
    assert_eq!(darts.world().names(), ["ios", "shop-2"]);
    let said = run.stderr.find("a webhook address of its own").unwrap();
    assert!(said < run.stderr.find("deleted the old application").unwrap(), "{}", run.stderr);
    // And back again, since the name is free.
    reconnect_by_app(&darts, &graph, &["--yes", "shop-2"]).exits(0);
    assert_eq!(darts.world().names(), ["ios", "shop"]);
}

#[test]
fn a_yes_deletes_nothing_before_meta_is_told_of_the_new_one() {
    let darts = Darts::start(shop());
    let run = reconnect(&darts, &Graph::start(), &["--yes", "1"]).exits(0);
    assert_eq!(darts.changes(), ["POST /api/v1/applications/"]);
    assert_eq!(run.json()["results"][0]["action"], "reconnected");
    assert_eq!(run.json()["next"], "socialchat-cli meta subscribe --callback-url URL");
    assert!(run.stderr.contains("5. Add Kopi Senja"), "the steps: {}", run.stderr);
    assert!(run.stderr.contains("disconnect 1"), "{}", run.stderr);
}

#[test]
fn what_an_earlier_reconnect_left_is_named_and_no_third_one_is_made() {
    let (darts, graph) = (Darts::start(shop()), Graph::start());
    reconnect(&darts, &graph, &["--yes", "1"]).exits(0);
    for further in [&["--yes", "1"][..], &["--yes", "101"], &["--yes", "1", "--name", "shop-2"]] {
        let run = reconnect(&darts, &graph, further).exits(1);
        let hint = run.error()["hint"].as_str().unwrap().to_owned();
        assert!(hint.contains("meta subscribe") && hint.contains("webhook at 101;"), "{hint}");
        assert!(hint.contains("disconnect 1`"), "never the newer one: {hint}");
    }
    assert_eq!(darts.world().names(), ["shop", "ios", "shop-2"]);
    reconnect(&darts, &graph, &["--yes", "1", "--name", "fresh"]).exits(0);
    assert_eq!(darts.world().names(), ["shop", "ios", "shop-2", "fresh"]);
}

#[test]
fn where_the_old_one_can_not_be_deleted_the_new_one_works_and_the_rest_is_told() {
    let (_hook, world) = hooked(shop());
    let darts = Darts::meddled(world, |asked, _, _| {
        let refused = || Reply::Json(400, json!({ "detail": "not today" }).to_string());
        (asked.method == "DELETE").then(refused)
    });
    let run = reconnect_by_app(&darts, &Graph::start(), &["--yes", "1"]).exits(1);
    assert_eq!(run.json()["results"][0]["_id"], "101");
    assert_eq!(run.json()["next"], "socialchat-cli disconnect 1");
    assert!(run.stderr.contains("application shop-2 (101) works"), "{}", run.stderr);
    assert!(run.error()["message"].as_str().unwrap().contains("not today"), "{}", run.stderr);
}

#[test]
fn a_signal_after_the_creation_leaves_a_result_and_what_is_there() {
    let (_hook, world) = hooked(shop());
    let darts = Darts::start(world);
    let graph = Graph::meddled(|asked| asked.target.contains("/subscriptions").then_some(Reply::Hang));
    let home = Home::new();
    let mut command =
        graph.with_app(darts.command(&home, &["-q", "--yes", "--json", "reconnect", "messenger", "1"]));
    let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = child.spawn().unwrap();
    until("the webhook is looked at", || {
        graph.api.asked().iter().any(|asked| asked.target.contains("/subscriptions"))
    });
    let mut kill = std::process::Command::new("kill");
    kill.args(["-INT", &child.id().to_string()]);
    Run::of(kill);
    let run = Run::from(child.wait_with_output().unwrap()).exits(130);
    assert_eq!(run.json()["results"][0]["_id"], "101");
    assert!(run.stderr.contains("application shop (1) stays"), "{}", run.stderr);
    assert_eq!(run.error()["code"], "interrupted");
}

#[test]
fn the_old_one_stays_where_the_new_one_or_its_webhook_fails() {
    let darts = Darts::meddled(shop(), |asked, _, _| {
        (asked.method == "POST").then(|| Reply::Json(400, json!({ "page_access_token": ["no"] }).to_string()))
    });
    let run = reconnect(&darts, &Graph::start(), &["--yes", "1"]).exits(1);
    assert_eq!(run.json()["results"][0]["action"], "failed");
    assert_eq!(darts.world().names(), ["shop", "ios"]);

    let (graph, hook, home) = (Graph::start(), hook(), Home::new());
    let address = format!("{}/hook/", hook.url.trim_end_matches("/partner"));
    let further = json!({ "webhook_url": address, "webhook_token": "anotherthanthehookexpects" });
    let darts = Darts::start(World { further, ..shop() });
    let command = darts.command(&home, &["--yes", "--json", "reconnect", "messenger", "1"]);
    let run = Run::of(graph.with_app(command)).exits(1);
    assert!(run.stderr.contains("fails Meta's handshake"), "{}", run.stderr);
    assert!(run.stderr.contains("application shop (1) stays"), "{}", run.stderr);
    assert_eq!(run.json()["next"], "socialchat-cli meta subscribe --callback-url URL");
    assert_eq!(darts.world().names(), ["shop", "ios", "shop-2"]);
    assert!(!run.stderr.contains(VERIFY_TOKEN) && !run.stderr.contains("anotherthan"), "{}", run.stderr);
}

#[test]
fn nothing_is_created_where_nobody_can_be_asked_about_the_old_one() {
    let darts = Darts::start(shop());
    let run = reconnect(&darts, &Graph::start(), &["1"]).exits(2);
    assert!(run.error()["hint"].as_str().unwrap().contains("--yes"), "{}", run.stderr);
    let run = reconnect(&darts, &Graph::start(), &["--dry-run", "1"]).exits(0);
    let result = &run.json()["results"][0];
    assert_eq!(
        (&result["_id"], &result["name"], &result["action"]),
        (&json!("1"), &json!("shop"), &json!("would-reconnect"))
    );
    assert!(darts.changes().is_empty());
}

#[test]
fn a_bad_token_stops_before_10darts_is_asked_anything() {
    let (darts, graph, home) = (Darts::start(shop()), Graph::start(), Home::new());
    let command = darts.command(&home, &["--yes", "--json", "reconnect", "messenger", "1"]);
    Run::of(graph.with_token("person", command)).exits(3);
    assert!(darts.requests().is_empty());
}

#[test]
fn one_application_is_meant_and_it_is_a_pages() {
    let (darts, graph) = (
        Darts::start(World::with(&[(1, "a", "MESSENGER"), (2, "b", "MESSENGER"), (3, "c", "WEB")])),
        Graph::start(),
    );
    let run = reconnect(&darts, &graph, &["--yes"]).exits(2);
    let hint = run.error()["hint"].as_str().unwrap().to_owned();
    assert!(hint.contains('1') && hint.contains("(b,") && !hint.contains("(c,"), "{hint}");
    reconnect(&darts, &graph, &["--yes", "1", "2"]).exits(2);
    let run = reconnect(&darts, &graph, &["--yes", "3"]).exits(1);
    assert!(run.stderr.contains("is for WEB, not for Messenger"), "{}", run.stderr);
    let run = reconnect(&darts, &graph, &["--yes", "7"]).exits(1);
    assert_eq!(run.error()["code"], "not-found");
    let run = reconnect(&darts, &graph, &["--yes", "1", "--name", "b"]).exits(1);
    assert!(run.stderr.contains("already has an application b"), "{}", run.stderr);
    let none = Darts::start(World::with(&[(2, "ios", "APNS")]));
    let run = reconnect(&none, &graph, &["--yes"]).exits(1);
    assert!(run.stderr.contains("no Messenger application to reconnect"), "{}", run.stderr);
    assert!(darts.changes().is_empty());
    reconnect(&darts, &graph, &["--yes", "1", "--name", "fresh"]).exits(0);
    assert_eq!(darts.world().names(), ["a", "b", "c", "fresh"]);
}

#[test]
fn an_old_name_that_no_new_one_can_be_made_of_takes_another() {
    let darts = Darts::start(World::with(&[(1, "my shop", "MESSENGER")]));
    let run = reconnect(&darts, &Graph::start(), &["--yes", "1"]).exits(2);
    assert!(run.error()["hint"].as_str().unwrap().contains("--name"), "{}", run.stderr);
    assert!(darts.changes().is_empty());
    reconnect(&darts, &Graph::start(), &["--yes", "1", "--name", "my-shop"]).exits(0);
}

#[test]
fn options_that_mean_nothing_here_are_refused_by_name() {
    let (darts, graph) = (Darts::start(shop()), Graph::start());
    for further in [&["--all"][..], &["--disconnected"], &["--resume"], &["--replace"], &["--no-browser"]] {
        let run = reconnect(&darts, &graph, further).exits(2);
        assert!(run.error()["message"].as_str().unwrap().contains(further[0]), "{further:?}: {}", run.stderr);
    }
    assert!(darts.requests().is_empty());
}
