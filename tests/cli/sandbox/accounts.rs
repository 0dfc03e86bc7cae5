//! Listing accounts; connecting, reconnecting, deleting and listing channels.

use serde_json::json;

use super::bench::{Bench, id};

#[test]
fn accounts_come_in_batches_of_25() {
    for (count, batches) in [(0, 1), (1, 1), (25, 1), (26, 2), (1000, 40)] {
        let bench = Bench::with(&["--pages", &count.to_string()]);
        for kind in ["messenger", "instagram"] {
            let token = bench.token(kind, "scope=all");
            let (all, sizes) = bench.all_accounts(kind, &token);
            assert_eq!((all.len(), sizes.len()), (count, batches));
            assert!(sizes.iter().rev().skip(1).all(|&size| size == 25));
            let ids: std::collections::HashSet<_> = all.iter().map(|doc| doc["channelId"].as_str()).collect();
            assert_eq!(ids.len(), count);
        }
    }
}

#[test]
fn offsets_and_tokens_are_checked() {
    let bench = Bench::with(&["--pages", "60"]);
    let token = bench.token("messenger", "scope=all");
    let first = bench.accounts("messenger", &token, None).json();
    let offset = first["nextOffset"].as_str().unwrap();
    assert_eq!(bench.accounts("messenger", &token, Some("25")).status, 400);
    assert_eq!(bench.accounts("messenger", &token, Some(&offset[1..])).status, 400);
    assert_eq!(bench.accounts("messenger", &token, Some("")).json(), first);
    let invalid = (403, "invalid token callback".to_owned());
    assert_eq!(bench.accounts("messenger", "wrong", None).error(), invalid);
    assert_eq!(bench.accounts("instagram", &token, None).error(), invalid);
    assert_eq!(bench.get("/partner/channel/messenger/account").status, 400);
    let newer = bench.token("messenger", "scope=all");
    assert_eq!(bench.accounts("messenger", &token, None).error(), invalid);
    assert_eq!(bench.accounts("messenger", &newer, Some(offset)).status, 400);
}

#[test]
fn connecting_twice_makes_one_channel() {
    let bench = Bench::new();
    let token = bench.token("messenger", "scope=all");
    let (accounts, _) = bench.all_accounts("messenger", &token);
    assert_eq!(accounts.len(), 5);
    for _ in 0..2 {
        for account in &accounts {
            let reply = bench.post(
                "/partner/channel/messenger",
                json!({ "channelId": account["channelId"], "token": token }),
            );
            assert_eq!((reply.status, reply.body.as_str()), (200, ""));
        }
        assert_eq!(bench.channels().len(), 3 + 5);
    }
    let channel = bench.channel_of("104872913558201");
    assert_eq!((&channel["name"], &channel["isConnected"]), (&json!("Kopi Senja Bandung"), &json!(true)));
    assert_eq!(bench.get(&format!("/partner/channel/{}", id(&channel))).json(), channel);
}

#[test]
fn connects_that_are_not_as_documented_are_refused() {
    let bench = Bench::with(&["--pages", "3", "--foreign", "1"]);
    let token = bench.token("messenger", "scope=all");
    let (accounts, _) = bench.all_accounts("messenger", &token);
    let own = accounts[0]["channelId"].as_str().unwrap();
    let cases = [
        (json!({}), 400, "channelId is required"),
        (json!({ "channelId": own }), 400, "token is required"),
        (json!({ "channelId": "", "token": token }), 400, "channelId should not be empty"),
        (json!({ "channelId": 5, "token": token }), 400, "channelId must be a string"),
        (json!({ "channelId": own, "token": token, "x": 1 }), 400, "x should not exist"),
        (json!([]), 400, "body must be a JSON object"),
        (json!({ "channelId": own, "token": "wrong" }), 403, "invalid token callback"),
        (json!({ "channelId": "77", "token": token }), 403, "invalid token callback"),
        (
            json!({ "channelId": accounts[2]["channelId"], "token": token }),
            403,
            "channel already connected with another account",
        ),
    ];
    for (body, status, original) in cases {
        let refused = bench.post("/partner/channel/messenger", body.clone());
        assert_eq!(refused.error(), (status, original.to_owned()), "{body}");
    }
    assert_eq!(bench.channels().len(), 0);
}

#[test]
fn the_limit_is_a_402() {
    let bench = Bench::with(&["--limit", "4"]);
    let token = bench.token("messenger", "scope=all");
    let connect =
        |page: &str| bench.post("/partner/channel/messenger", json!({ "channelId": page, "token": token }));
    assert_eq!(connect("104872913558201").status, 200);
    assert_eq!(connect("106215480937742").error(), (402, "limit integration reached".to_owned()));
    assert_eq!(connect("104872913558201").status, 200);
}

#[test]
fn a_reconnected_channel_is_connected_again() {
    let bench = Bench::new();
    let dead = bench.channel_of("17841407723164802");
    assert_eq!(dead["isConnected"], false);
    assert!(dead["disconnectedAt"].is_string());
    let path = format!("/partner/channel/instagram/{}", id(&dead));
    let token = bench.token("instagram", "scope=all");
    let reply = bench.post(&path, json!({ "token": token }));
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    let again = bench.channel_of("17841407723164802");
    assert_eq!((&again["isConnected"], &again["disconnectedAt"]), (&json!(true), &json!(null)));
    assert_eq!(again["_id"], dead["_id"]);
    assert!(again["updatedAt"].as_str() > dead["updatedAt"].as_str());

    let not_found = (403, "channel not found".to_owned());
    let other_kind = format!("/partner/channel/messenger/{}", id(&dead));
    let messenger = bench.token("messenger", "scope=all");
    assert_eq!(bench.post(&other_kind, json!({ "token": messenger })).error(), not_found);
    let unknown = "/partner/channel/instagram/000000000000000000000000";
    assert_eq!(bench.post(unknown, json!({ "token": token })).error(), not_found);
    assert_eq!(bench.post(&path, json!({ "token": "x" })).error().1, "invalid token callback");
    let without = bench.token("instagram", "scope=some&page=17841405512938601");
    assert_eq!(bench.post(&path, json!({ "token": without })).error(), (403, "account not same".to_owned()));
}

#[test]
fn a_new_consent_takes_access_from_what_is_not_ticked() {
    let bench = Bench::new();
    let token = bench.token("messenger", "scope=all");
    for page in ["104872913558201", "106215480937742"] {
        bench.post("/partner/channel/messenger", json!({ "channelId": page, "token": token }));
    }
    let token = bench.token("messenger", "scope=some&page=104872913558201&page=unknown");
    assert_eq!(bench.all_accounts("messenger", &token).0.len(), 1);
    assert_eq!(bench.channel_of("104872913558201")["isConnected"], true);
    assert_eq!(bench.channel_of("106215480937742")["isConnected"], false);
    assert_eq!(bench.channel_of("7012345678")["isConnected"], true);
    let nothing = bench.token("messenger", "scope=some");
    assert_eq!(bench.all_accounts("messenger", &nothing).0.len(), 0);
}

#[test]
fn deleting_is_once_and_by_kind() {
    let bench = Bench::new();
    let channels = bench.channels();
    let wrong = format!("/partner/channel/linkchat/{}", id(&channels[0]));
    assert_eq!(bench.delete(&wrong).error(), (403, "channel not found".to_owned()));
    for channel in &channels {
        let path = format!("/partner/channel/{}/{}", channel["channelType"].as_str().unwrap(), id(channel));
        assert_eq!(bench.delete(&path).status, 200);
        assert_eq!(bench.delete(&path).status, 403);
        let gone = bench.get(&format!("/partner/channel/{}", id(channel)));
        assert_eq!((gone.status, gone.body.as_str()), (200, ""));
    }
    assert_eq!(bench.channels().len(), 0);
}

#[test]
fn channels_are_paged_searched_and_filtered() {
    let bench = Bench::with(&["--pages", "60", "--channels", "45", "--disconnected", "5"]);
    let list = |query: &str| bench.get(&format!("/partner/channel?{query}"));
    let second = list("page=2&limit=20").json();
    assert_eq!(second["docs"].as_array().unwrap().len(), 20);
    for (field, value) in [
        ("totalDocs", json!(45)),
        ("limit", json!(20)),
        ("totalPages", json!(3)),
        ("page", json!(2)),
        ("pagingCounter", json!(21)),
        ("hasPrevPage", json!(true)),
        ("hasNextPage", json!(true)),
        ("prevPage", json!(1)),
        ("nextPage", json!(3)),
    ] {
        assert_eq!(second[field], value, "{field}");
    }
    let last = list("page=3&limit=20").json();
    assert_eq!((&last["nextPage"], &last["hasNextPage"]), (&json!(null), &json!(false)));
    assert_eq!(list("page=9&limit=20").json()["docs"], json!([]));
    for wrong in ["", "page=1", "limit=1", "page=0&limit=1", "page=x&limit=1", "page=1&limit=-1"] {
        assert_eq!(list(wrong).status, 400, "{wrong}");
    }
    let dead = bench.channels().iter().filter(|channel| channel["isConnected"] == false).count();
    assert_eq!(dead, 5);
    assert_eq!(list("page=1&limit=5&search=kOpI%20senja").json()["totalDocs"], 3);
    assert_eq!(list("page=1&limit=5&channelTypes=telegram&channelTypes=fax").status, 400);

    let small = Bench::new();
    let total = |query: &str| {
        small.get(&format!("/partner/channel?page=1&limit=9&{query}")).json()["totalDocs"].clone()
    };
    assert_eq!(total("search=TOKO"), 2, "one by its label, one by its name");
    for spelling in [
        "channelTypes=telegram&channelTypes=webchat",
        "channelTypes=telegram,webchat",
        "channelTypes[]=telegram&channelTypes[]=webchat",
        "channelTypes%5B0%5D=telegram&channelTypes%5B1%5D=webchat",
    ] {
        assert_eq!(total(spelling), 2, "{spelling}");
    }
    assert_eq!(total("type=telegram"), 3, "the older name means nothing here");
    let older = Bench::with(&["--generation", "2024"]);
    assert_eq!(older.get("/partner/channel?type=telegram").json()["totalDocs"], 1);
}
