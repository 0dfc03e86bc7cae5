//! channels list, channels show, whoami: what is read, and how often.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use crate::fake::{
    ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, Offset, Qontak, Total, World, error, id, integration,
};
use crate::support::{Home, Reply, Run};

fn ids(run: &crate::support::Run) -> Vec<String> {
    let ids = run.json()["channels"].as_array().unwrap().clone();
    ids.iter().map(|channel| channel["_id"].as_str().unwrap().to_owned()).collect()
}

fn fb(count: usize) -> Vec<Value> {
    (0..count).map(|number| integration(number, "fb")).collect()
}

#[test]
fn both_generations_are_spoken_and_what_is_signed_is_what_is_sent() {
    let home = Home::new();
    let qontak = Qontak::newer(World::of(fb(3)));
    assert_eq!(
        ids(&qontak.run(&home, &["--json", "channels", "list", "--kind", "messenger"]).exits(0)),
        [id(0), id(1), id(2)]
    );
    assert_eq!(qontak.asked(), ["GET /qontak/chat/v1/integrations?target_channel=fb&limit=100&offset=1"]);
    let who = qontak.run(&home, &["--json", "whoami"]).exits(0).json();
    assert_eq!((&who["platform"], &who["generation"]), (&json!("qontak"), &json!("hmac")));
    assert_eq!(who["channels"], json!({ "total": 3, "disconnected": 0 }));

    let older = Qontak::older(World::of(fb(2)));
    assert_eq!(ids(&older.run(&home, &["--json", "channels", "list"]).exits(0)), [id(0), id(1)]);
    assert_eq!(older.asked(), ["GET /api/open/v1/integrations?limit=100&offset=1"]);
    assert_eq!(older.run(&home, &["--json", "whoami"]).exits(0).json()["generation"], "token");
}

#[test]
fn an_address_without_a_path_gets_the_one_of_its_generation() {
    let home = Home::new();
    for qontak in [Qontak::newer(World::of(fb(1))), Qontak::older(World::of(fb(1)))] {
        let mut command = qontak.command(&home, &["--json", "channels", "list"]);
        command.env("SOCIALCHAT_API_URL", qontak.origin());
        assert_eq!(ids(&crate::support::Run::of(command).exits(0)), [id(0)]);
    }
}

#[test]
fn every_target_channel_is_listed_with_a_kind_or_its_own_name() {
    let home = Home::new();
    let all = [
        ("wa", "whatsapp-official"),
        ("wa_cloud", "whatsapp-official"),
        ("fb", "messenger"),
        ("ig", "instagram"),
        ("ig_comment", "ig_comment"),
        ("telegram", "telegram"),
        ("line", "line"),
        ("twitter", "twitter"),
        ("email", "email"),
        ("web_chat", "webchat"),
        ("livechat_dot_com", "livechat_dot_com"),
        ("app_chat", "app_chat"),
        ("qontak", "qontak"),
        ("tokopedia_chat", "tokopedia_chat"),
        ("shopee", "shopee"),
        ("meta_conversion", "meta_conversion"),
        ("meta_ad_account", "meta_ad_account"),
        ("google_my_bussiness", "google_my_bussiness"),
        ("hologram_chat", "hologram_chat"),
    ];
    let integrations =
        all.iter().enumerate().map(|(number, (target, _))| integration(number, target)).collect();
    let qontak = Qontak::newer(World::of(integrations));
    let listed = qontak.run(&home, &["--json", "-v", "channels", "list"]).exits(0).json();
    for (number, (target, kind)) in all.into_iter().enumerate() {
        let channel = &listed["channels"][number];
        assert_eq!(
            (&channel["_id"], &channel["channelType"]),
            (&json!(id(number)), &json!(kind)),
            "{target}"
        );
        assert_eq!(channel["platform"], "qontak");
        assert_eq!(channel["name"], format!("Toko {number}"));
        assert_eq!(channel["isConnected"], true);
        let additional = &channel["additionalData"];
        assert_eq!(
            (&additional["target_channel"], &additional["settings"]["server_wa_id"]),
            (&json!(target), &json!("wa-1"))
        );
    }
    // The table, CSV and one alone hold no more.
    for arguments in
        [&["channels", "list"][..], &["channels", "list", "--format", "csv"], &["channels", "show", &id(0)]]
    {
        qontak.run(&home, arguments).exits(0);
    }
    let whatsapp = qontak.run(&home, &["--json", "channels", "list", "--kind", "whatsapp"]).exits(0);
    assert_eq!(ids(&whatsapp), [id(0), id(1)]);
    qontak.only_read();
}

#[test]
fn what_is_not_told_is_unknown_and_a_messenger_channel_is_named_by_what_there_is() {
    let home = Home::new();
    let mut integrations = fb(4);
    integrations[0]["settings"] = json!({ "page_name": "The Page" });
    integrations[1]["settings"] = json!(null);
    integrations[2]["is_active"] = json!(false);
    for integration in &mut integrations[..2] {
        integration.as_object_mut().unwrap().remove("is_active");
    }
    let qontak = Qontak::newer(World::of(integrations));
    let listed = qontak.run(&home, &["--json", "channels", "list"]).exits(0).json();
    let of = |number: usize| {
        let channel = &listed["channels"][number];
        (channel["name"].clone(), channel["isConnected"].clone())
    };
    assert_eq!(of(0), (json!("The Page"), Value::Null));
    assert_eq!(of(1), (json!(id(1)), Value::Null));
    assert_eq!((of(2).1, of(3).1), (json!(false), json!(true)));
    let disconnected = qontak.run(&home, &["--json", "channels", "list", "--disconnected"]).exits(0);
    assert_eq!(ids(&disconnected), [id(2)], "unknown is not inactive");
    qontak.run(&home, &["channels", "watch", "--once"]).exits(5);
}

#[test]
fn a_list_is_whole_whatever_offset_limit_and_total_are() {
    let home = Home::new();
    let all: Vec<String> = (0..130).map(id).collect();
    for (offset, cap, pagination) in [
        (Offset::Pages, 1000, Some(Total::Right)),
        (Offset::Pages, 1000, Some(Total::Wrong(7))),
        (Offset::Pages, 1000, Some(Total::Null)),
        (Offset::Pages, 1000, None),
        (Offset::Pages, 20, Some(Total::Right)),
        (Offset::Pages, 20, None),
        (Offset::Records, 1000, Some(Total::Right)),
        (Offset::LeftOut, 1000, Some(Total::Null)),
    ] {
        let world = World { offset, cap, pagination, ..World::of(fb(130)) };
        let qontak = Qontak::newer(world);
        let mut listed = ids(&qontak.run(&home, &["--json", "channels", "list"]).exits(0));
        listed.sort();
        assert_eq!(listed, all, "{offset:?} {cap} {pagination:?}: {:?}", qontak.asked());
    }
}

#[test]
fn no_more_than_ten_requests_start_in_a_second() {
    let home = Home::new();
    let qontak = Qontak::newer(World { cap: 5, ..World::of(fb(130)) });
    assert_eq!(ids(&qontak.run(&home, &["--json", "channels", "list"]).exits(0)).len(), 130);
    let times = qontak.world.lock().unwrap().times.clone();
    assert_eq!(times.len(), 27);
    for (first, eleventh) in times.iter().zip(&times[10..]) {
        // They are timed where they arrive.
        assert!(*eleventh - *first >= Duration::from_millis(900), "{times:?}");
    }
}

#[test]
fn who_waits_for_our_own_pace_is_told_so_once() {
    let home = Home::new();
    let qontak = Qontak::newer(World { cap: 1, ..World::of(fb(110)) });
    let mut command = qontak.command(&home, &["channels", "list"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut said).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(said.contains("The API takes 100 requests in 60 s; the next one waits"), "{said}");
    assert_eq!(qontak.asked().len(), 100);
}

#[test]
fn a_record_that_stands_twice_on_a_page_is_one_channel() {
    let home = Home::new();
    let mut integrations = fb(3);
    integrations.insert(1, integrations[2].clone());
    let qontak = Qontak::newer(World::of(integrations));
    assert_eq!(ids(&qontak.run(&home, &["--json", "channels", "list"]).exits(0)), [id(0), id(2), id(1)]);
}

#[test]
fn of_credentials_of_both_generations_the_address_chooses() {
    let home = Home::new();
    for qontak in [Qontak::newer(World::of(fb(1))), Qontak::older(World::of(fb(1)))] {
        let mut command = qontak.command(&home, &["--json", "channels", "list"]);
        command.env("QONTAK_CLIENT_ID", CLIENT_ID).env("QONTAK_CLIENT_SECRET", CLIENT_SECRET);
        command.env("QONTAK_ACCESS_TOKEN", ACCESS_TOKEN);
        assert_eq!(ids(&Run::of(command).exits(0)), [id(0)], "{:?}", qontak.asked());
    }
}

#[test]
fn a_page_that_comes_twice_is_an_error_and_no_end() {
    let home = Home::new();
    let world = World { offset: Offset::Ignored, ..World::of(fb(130)) };
    let qontak = Qontak::newer(world);
    let error = qontak.run(&home, &["--json", "channels", "list"]).exits(1).error();
    assert_eq!(error["code"], "api");
    assert!(error["message"].as_str().unwrap().contains("the same page came twice"), "{error}");
    assert_eq!(qontak.asked().len(), 2);
}

#[test]
fn a_server_that_ignores_target_channel_is_filtered_here_again() {
    let home = Home::new();
    let integrations: Vec<Value> =
        (0..130).map(|number| integration(number, if number == 120 { "ig" } else { "fb" })).collect();
    let qontak = Qontak::newer(World { ignores_target_channel: true, ..World::of(integrations) });
    let found = qontak.run(&home, &["--json", "channels", "list", "--kind", "instagram"]).exits(0);
    assert_eq!((ids(&found), &found.json()["total"]), (vec![id(120)], &json!(1)));
}

#[test]
fn a_search_is_done_here_and_sends_nothing_that_has_to_be_encoded() {
    let home = Home::new();
    let qontak = Qontak::newer(World::of(fb(12)));
    let found = qontak.run(&home, &["--json", "channels", "list", "--search", "toko 1"]).exits(0);
    assert_eq!(ids(&found), [id(1), id(10), id(11)]);
    qontak.run(&home, &["--json", "channels", "show", "Toko 7"]).exits(0);
}

#[test]
fn one_is_read_by_its_id_and_where_that_is_unknown_from_the_list() {
    let home = Home::new();
    for reads_one in [true, false] {
        let qontak = Qontak::older(World { reads_one, ..World::of(fb(3)) });
        let shown = qontak.run(&home, &["--json", "channels", "show", &id(2).to_uppercase()]).exits(0).json();
        assert_eq!(shown["_id"], id(2), "{reads_one}");
        let missing = qontak.run(&home, &["--json", "channels", "show", &id(9)]).exits(1).error();
        assert_eq!(missing["code"], "not-found");
    }
    let qontak = Qontak::meddled(true, World::of(fb(3)), |asked, _| {
        let other = json!({ "status": "success", "data": integration(1, "fb") });
        asked.target.contains("/integrations/").then(|| Reply::Json(200, other.to_string()))
    });
    let error = qontak.run(&home, &["--json", "channels", "show", &id(2)]).exits(1).error();
    assert!(error["message"].as_str().unwrap().contains("about another channel"), "{error}");
}

#[test]
fn an_answer_that_is_none_is_an_error_and_never_an_empty_list() {
    let home = Home::new();
    for (status, body, says) in [
        (200, "".to_owned(), "it is empty"),
        (200, "<html>maintenance</html>".to_owned(), "web page"),
        (200, "{}".to_owned(), "data is missing"),
        (200, json!({ "data": {} }).to_string(), "data is missing"),
        (200, json!({ "data": [{}, {}] }).to_string(), "data[0].id is missing"),
        (200, error(422, "target_channel is invalid").to_string(), "target_channel is invalid"),
        (422, error(422, "target_channel is invalid").to_string(), "target_channel is invalid"),
        (403, json!({ "message": "no access" }).to_string(), "no access"),
        (302, "".to_owned(), "redirect"),
    ] {
        let answer = body.clone();
        let qontak = Qontak::meddled(true, World::default(), move |_, _| {
            Some(Reply::With(status, "Location: http://127.0.0.1:1/\r\n".to_owned(), answer.clone()))
        });
        let error = qontak.run(&home, &["--json", "channels", "list"]).exits(1).error();
        assert!(error["message"].as_str().unwrap().contains(says), "{body}: {error}");
        assert_eq!(qontak.asked().len(), 1, "{body}");
    }
}

#[test]
fn one_odd_record_hides_no_other_and_names_are_made_harmless() {
    let home = Home::new();
    let mut integrations = fb(3);
    integrations[1]["id"] = json!({ "odd": true });
    integrations[2]["settings"]["account_name"] = json!("Toko \u{1b}[31mred\u{202e}");
    let qontak = Qontak::newer(World::of(integrations));
    let run = qontak.run(&home, &["channels", "list"]).exits(0);
    assert!(run.stderr.contains("data[1].id is not a usable ID"), "{}", run.stderr);
    assert!(
        run.stdout.contains("Toko red") && !run.stdout.contains(['\u{1b}', '\u{202e}']),
        "{}",
        run.stdout
    );
}
