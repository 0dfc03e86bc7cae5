//! `meta review`: the list, ticked where it can be found out, and what Meta has retired.

use serde_json::{Value, json};

use crate::graph::{Graph, info, refused};
use crate::hook::hook;
use crate::subscribe::set_up;
use crate::support::{Home, Run};

fn done(run: &Run, id: &str) -> Value {
    let document = run.json();
    let item = document["items"].as_array().unwrap().iter().find(|item| item["id"] == id);
    item.unwrap_or_else(|| panic!("{id}: {document}"))["done"].clone()
}

#[test]
fn without_a_token_the_list_is_shown_and_nothing_is_ticked() {
    let home = Home::new();
    let run = home.run(&["--json", "meta", "review"]).exits(0);
    let document = run.json();
    let items = document["items"].as_array().unwrap();
    assert!(items.len() >= 15 && items.iter().all(|item| item["done"].is_null()), "{document}");
    assert_eq!(document["retired"][0]["names"], json!(["pages_messaging_subscriptions"]));
    let shown = home.run(&["meta", "review"]).exits(0).stdout;
    for word in [
        "Record a screencast",
        "privacy policy",
        "data deletion",
        "last 30 days",
        "20 s",
        "Data Use Checkup",
        "business_management",
        "pages_messaging_subscriptions",
        "4 March 2020",
        "CONFIRMED_EVENT_UPDATE",
        "27 April 2026",
        "HUMAN_AGENT",
        "manage_pages",
    ] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
}

#[test]
fn what_can_be_found_out_is_ticked() {
    let (graph, hook) = (Graph::start(), hook());
    let run = graph.run(&["--json", "meta", "review"]).exits(0);
    assert_eq!(
        (done(&run, "permission.pages_messaging"), done(&run, "webhook")),
        (json!(true), json!(false))
    );
    assert_eq!(run.json()["retired"][0]["held"], false);
    set_up(&graph, &hook, &[]).exits(0);
    let run = graph.run(&["--json", "meta", "review"]).exits(0);
    assert_eq!(done(&run, "webhook"), true);
    assert_eq!(done(&run, "screencast"), Value::Null, "nobody can know from here");

    graph.world().info = info(&["pages_show_list", "pages_messaging_subscriptions", "manage_pages"]);
    let run = graph.run(&["--json", "meta", "review"]).exits(0);
    assert_eq!(done(&run, "permission.pages_messaging"), false);
    assert_eq!(run.json()["retired"][0]["held"], true);
    let shown = graph.run(&["meta", "review"]).exits(0).stdout;
    assert!(shown.contains("pages_messaging_subscriptions; the token still has it"), "{shown}");
    assert!(shown.contains("[!] Ask for pages_messaging"), "{shown}");
}

#[test]
fn a_token_that_meta_refuses_is_warned_of_and_the_list_is_shown() {
    let graph = Graph::with(|_, _| Some(refused(190, "no")));
    let run = graph.run(&["--json", "meta", "review"]).exits(0);
    assert!(run.stderr.contains("Meta doesn't accept the token"), "{}", run.stderr);
    assert_eq!(done(&run, "permission.pages_messaging"), Value::Null);
}
