//! What is named on the command line and is there, or isn't: channels by either id, Pages by their names.

use serde_json::{Value, json};

use crate::estate::Estate;
use crate::fake::id;
use crate::partner::{Partner, World, channel, page};
use crate::support::{Home, Run};

/// Three channels, of which the last two are of the same account.
fn world() -> World {
    let mut world = World::new();
    world.pages.push(page("104872913558201", "Kopi Senja"));
    world.channels = vec![
        channel(&id(1), "messenger", "104872913558201", "Kopi Senja"),
        channel(&id(2), "instagram", "17841407723164802", "Toko Roti"),
        channel(&id(3), "telegram", "17841407723164802", "Toko Roti Bot"),
    ];
    world
}

fn run(home: &Home, partner: &Partner, arguments: &[&str]) -> Run {
    Run::of(home.against(partner.url(), arguments))
}

#[test]
fn a_channel_is_found_by_the_platforms_own_id_too_and_it_is_said_which_one_it_is() {
    let (home, partner) = (Home::new(), Partner::start(world()));
    let said = format!("104872913558201 is the channel ID of {} (Kopi Senja)", id(1));
    let shown = run(&home, &partner, &["--json", "channels", "show", "104872913558201"]).exits(0);
    assert_eq!(shown.json()["_id"], id(1).as_str());
    assert!(shown.stderr.contains(&said), "{}", shown.stderr);
    let shown = run(&home, &partner, &["channels", "show", &id(1)]).exits(0);
    assert_eq!(shown.stderr, "", "its own _id needs no explanation");

    let mut command = home.against(partner.url(), &["--json", "reconnect", "messenger", "104872913558201"]);
    command.env("SOCIALCHAT_TOKEN", "token");
    let done = Run::of(command).exits(0);
    assert_eq!(done.json()["results"][0]["_id"], id(1).as_str());
    assert!(done.stderr.contains(&said), "{}", done.stderr);

    let gone = run(&home, &partner, &["--yes", "disconnect", "104872913558201"]).exits(0);
    assert!(gone.stderr.contains(&said), "{}", gone.stderr);
    assert_eq!(partner.count(&format!("DELETE /partner/channel/messenger/{}", id(1))), 1);
    assert_eq!(partner.world().channels.len(), 2);
}

#[test]
fn a_channel_id_that_several_channels_have_deletes_none_of_them() {
    let (home, partner) = (Home::new(), Partner::start(world()));
    let refused = run(&home, &partner, &["--json", "--yes", "disconnect", "17841407723164802"]).exits(2);
    assert_eq!(refused.error()["code"], "usage");
    let hint = refused.error()["hint"].as_str().unwrap().to_owned();
    assert!(hint.contains(&id(2)) && hint.contains(&id(3)), "{hint}");
    assert_eq!(partner.world().channels.len(), 3);
}

#[test]
fn a_channel_id_is_looked_for_behind_what_a_search_for_it_finds() {
    // A number is the name of its own channel: the search finds that one, and the other one is there all the same.
    let mut world = world();
    world.channels[2]["name"] = json!("17841407723164802");
    let partner = Partner::meddled(world, |asked, _, world| {
        let is_search = asked.target.contains("search=");
        is_search.then(|| crate::partner::listing(asked, &world.lock().unwrap().channels[2..]))
    });
    let home = Home::new();
    run(&home, &partner, &["--yes", "disconnect", "17841407723164802"]).exits(2);
    assert_eq!(partner.world().channels.len(), 3);
}

#[test]
fn what_is_not_there_is_an_error_of_its_own() {
    let (home, partner) = (Home::new(), Partner::start(world()));
    for arguments in [
        &["channels", "show", &id(9)][..],
        &["channels", "show", "123"],
        &["--yes", "disconnect", "123"],
        &["--yes", "disconnect", &id(9)],
        &["reconnect", "messenger", "123"],
        &["connect", "messenger", "--page", "nobody"],
    ] {
        let mut command = home.against(partner.url(), &[&["--json"], arguments].concat());
        command.env("SOCIALCHAT_TOKEN", "token");
        let run = Run::of(command).exits(1);
        assert_eq!(run.error()["code"], "not-found", "{arguments:?}: {}", run.stderr);
        assert!(!run.stderr.contains("already gone"), "{}", run.stderr);
    }
    assert_eq!(partner.world().channels.len(), 3);
}

#[test]
fn a_misspelt_page_gets_the_three_nearest_and_where_all_are_listed() {
    let mut world = World::new();
    world.pages =
        (0..31).map(|number| page(&format!("9{number:02}"), &format!("Kopi Pagi {number}"))).collect();
    world.pages.push(page("104", "Kopi Senja Bandung"));
    world.pages.push(page("105", &"Kopi Sen".repeat(100)));
    let (home, partner) = (Home::new(), Partner::start(world));
    let connect = |name: &str| {
        let mut command = home.against(partner.url(), &["--json", "connect", "messenger", "--page", name]);
        command.env("SOCIALCHAT_TOKEN", "token");
        Run::of(command)
    };
    let error = connect("Kopi Senja Bnadung").exits(1).error();
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.starts_with("--page with one of these: 104 (Kopi Senja Bandung), "), "{hint}");
    assert!(hint.ends_with("`socialchat-cli pages messenger` lists all that a sign-in covers"), "{hint}");
    assert_eq!(hint.matches(" (").count(), 3, "three of them: {hint}");
    assert!(error.to_string().len() < 600, "{error}");
    // In another case it is the same name, where only one has it.
    let results = connect("kopi senja BANDUNG").exits(0).json();
    assert_eq!(results["results"][0]["channelId"], "104");
}

#[test]
fn a_name_that_two_pages_have_in_any_case_is_not_guessed() {
    let mut world = World::new();
    world.pages = vec![page("1", "Kopi Senja"), page("2", "KOPI SENJA"), page("3", "Toko")];
    let (home, partner) = (Home::new(), Partner::start(world));
    let connect = |name: &str| {
        let mut command = home.against(partner.url(), &["--json", "connect", "messenger", "--page", name]);
        command.env("SOCIALCHAT_TOKEN", "token");
        Run::of(command)
    };
    let error = connect("kopi senja").exits(2).error();
    assert_eq!(error["code"], "usage");
    let first: Value = connect("KOPI SENJA").exits(0).json();
    assert_eq!(first["results"][0]["channelId"], "2", "exactly so");
}

#[test]
fn the_apis_own_channel_not_found_has_the_same_code() {
    let estate = Estate::new(
        "2026",
        2,
        2,
        0,
        &["--fault", "POST /partner/channel/messenger/*=403;message=channel not found"],
    );
    let id = estate.id(0);
    let run = estate.run_signed_in(&["--json", "reconnect", "messenger", &id]).exits(1);
    assert_eq!(run.json()["results"][0]["error"]["code"], "not-found", "{}", run.stdout);
}
