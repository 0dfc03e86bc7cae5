//! What the listings show, and how they go on.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Qontak, application, json};

#[test]
fn a_fresh_one_has_every_documented_kind_and_one_that_nobody_knows() {
    let qontak = Qontak::new();
    let all = qontak.all();
    let kinds: HashSet<&str> = all.iter().map(|own| own["target_channel"].as_str().unwrap()).collect();
    // As the contract lists them.
    let documented = "fb ig wa wa_cloud telegram line twitter email web_chat livechat_dot_com ig_comment app_chat \
                      qontak tokopedia_chat shopee meta_conversion meta_ad_account google_my_bussiness";
    let documented: HashSet<&str> = documented.split_whitespace().collect();
    assert_eq!(kinds.difference(&documented).count(), 1, "{kinds:?}");
    assert_eq!(documented.difference(&kinds).count(), 0, "{kinds:?}");
    let states: HashSet<String> = all.iter().map(|own| own["is_active"].to_string()).collect();
    assert_eq!(states, ["true", "false", "null"].map(str::to_owned).into());
    let without = all.iter().filter(|own| own.get("is_active").is_none()).count();
    assert!(without > 1, "missing, and not null");
    let messenger: Vec<&Value> = all.iter().filter(|own| own["target_channel"] == "fb").collect();
    assert!(
        messenger.iter().any(|own| own["settings"].is_null()),
        "the settings of Messenger aren't documented"
    );
    assert!(messenger.iter().any(|own| own["settings"]["page_name"].is_string()));
    // The older generation says of none whether it is active.
    let older = Qontak::older().all();
    assert!(older.iter().all(|own| own.get("is_active").is_none()) && older.len() == all.len());
}

#[test]
fn the_documented_secrets_leak_and_are_named_so() {
    let qontak = Qontak::new();
    let all = qontak.all();
    let leaked = |pointer: &str| all.iter().filter(|own| leaks(own, pointer)).count();
    assert_eq!(leaked("/webhook"), all.len());
    assert_eq!(leaked("/settings/pin"), 2, "of WhatsApp's two");
    assert_eq!(leaked("/settings/authorization"), all.len() - 1, "one has no settings");
    let id = all[0]["id"].as_str().unwrap();
    let one = json(&qontak.get(&format!("/integrations/{id}")));
    assert!(leaks(&one, "/data/webhook") && leaks(&one, "/data/settings/authorization"), "{one}");
}

fn leaks(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_str).is_some_and(|text| text.contains("CANARY"))
}

#[test]
fn offset_counts_pages_and_total_says_how_many_there_are() {
    let qontak = Qontak::new();
    let all = qontak.all();
    let mut seen = Vec::new();
    for offset in 1.. {
        let page = json(&qontak.get(&format!("/integrations?limit=9&offset={offset}")));
        let pagination = &page["meta"]["pagination"];
        assert_eq!(
            (&page["status"], &pagination["offset"], &pagination["limit"], &pagination["total"]),
            (&json!("success"), &json!(offset), &json!(9), &json!(all.len()))
        );
        let data = page["data"].as_array().unwrap();
        seen.extend(data.iter().cloned());
        if data.len() < 9 {
            assert!(pagination["cursor"]["next"].is_null());
            break;
        }
    }
    assert_eq!(seen, all);
}

#[test]
fn what_is_asked_for_is_what_is_found() {
    let qontak = Qontak::new();
    let total = |query: &str| {
        let answer = qontak.get(&format!("/integrations?{query}"));
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        json(&answer)["meta"]["pagination"]["total"].clone()
    };
    assert_eq!(total("target_channel=fb&limit=20&offset=1"), 4);
    assert_eq!(total("query=hologram"), 1);
    assert_eq!(total("target_channel=telegram&all=true"), 1);
    let ascending = json(&qontak.get("/integrations?order_by=created_at&order_direction=asc&all=true"));
    let mut descending = qontak.all();
    descending.reverse();
    assert_eq!(ascending["data"], Value::Array(descending));
    for (query, name) in [
        ("target_channel=messenger", "target_channel"),
        ("limit=0", "limit"),
        ("offset=0", "offset"),
        ("cursor=x", "cursor"),
        ("cursor_direction=up", "cursor_direction"),
        ("all=1", "all"),
        ("order_by=name", "order_by"),
        ("order_direction=up", "order_direction"),
        ("page=1", "page"),
    ] {
        let refused = qontak.get(&format!("/integrations?{query}"));
        assert_eq!(application(&refused), (422, format!("{name} is invalid")));
    }
}

#[test]
fn an_id_that_nothing_has_is_not_found() {
    for qontak in [Qontak::new(), Qontak::older()] {
        for id in ["3b241101-e2bb-4255-8caf-4136c566a962", "1", "%2e%2e"] {
            assert_eq!(application(&qontak.get(&format!("/integrations/{id}"))).0, 404, "{id}");
        }
        assert_eq!(application(&qontak.get("/rooms")).0, 404);
    }
}

#[test]
fn ten_thousand_are_listed() {
    let qontak = Qontak::with(&["--channels", "10000", "--disconnected", "3"]);
    for offset in 1..=20 {
        let page = qontak.get(&format!("/integrations?target_channel=fb&limit=100&offset={offset}"));
        assert_eq!(json(&page)["data"].as_array().unwrap().len(), 100);
    }
    let last = json(&qontak.get("/integrations?limit=100&offset=100"));
    let inactive = last["data"].as_array().unwrap().iter().filter(|own| own["is_active"] == false).count();
    assert_eq!((&last["meta"]["pagination"]["total"], inactive), (&json!(10_000), 3));
}
