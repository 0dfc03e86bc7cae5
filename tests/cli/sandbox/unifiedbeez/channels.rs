//! The lists, what takes from them, and the state behind them.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Beez, error};
use crate::support::{Run, Served, http};

#[test]
fn the_lists_leak_the_secrets_that_they_are_known_to_leak() {
    let beez = Beez::new();
    for path in ["/channels/selected", "/auth/facebook/pages", "/auth/instagram/accounts"] {
        let list = beez.get(path).to_string();
        assert!(list.contains("\"pageAccessToken\":\"EAAG-CANARY-"), "{path}: {list}");
    }
    assert!(beez.get("/channels/selected").to_string().contains("\"credentials\":{\"appSecret\":\"CANARY"));
    assert!(!beez.get("/channel-accounts").to_string().contains("CANARY"), "no secrets in it");
}

#[test]
fn both_kinds_have_one_channel_type_and_the_slug_decides() {
    let beez = Beez::new();
    let selected = beez.get("/channels/selected");
    let channels = selected["channels"].as_array().unwrap();
    let types: Vec<_> = channels
        .iter()
        .map(|channel| (&channel["availableChannel"]["name"], &channel["availableChannel"]["channelType"]))
        .map(|(name, kind)| (name.as_str().unwrap(), kind.as_str().unwrap()))
        .collect();
    let expected = [
        ("facebook_messenger", "FACEBOOK_MESSENGER"),
        ("instagram_direct", "FACEBOOK_MESSENGER"),
        ("telegram", "TELEGRAM"),
    ];
    assert_eq!(types, expected);
    assert_eq!(beez.get("/auth/facebook/pages")["pages"][0]["pageName"], "Bengkel Jaya Motor");
    assert_eq!(beez.get("/auth/instagram/accounts")[0]["isActive"], false);
}

#[test]
fn an_account_goes_alone_and_a_channel_with_all_its_pages() {
    let beez = Beez::with(&["--pages", "4", "--channels", "4"]);
    let channel = beez.channel("facebook_messenger").unwrap();
    let ids: Vec<u64> = beez.accounts().into_iter().map(|(_, id, ..)| id).collect();
    assert!(ids.contains(&channel), "one number is both: {channel} in {ids:?}");
    let account = format!("/auth/facebook/account/{channel}");
    let gone = beez.ask("DELETE", &account);
    assert!(gone.status == 200 && gone.body.contains("\"success\":true"), "{}", gone.body);
    assert_eq!(error(&beez.ask("DELETE", &account)), (404, "Account not found".to_owned()));
    assert_eq!(beez.accounts().len(), 3);
    let gone = beez.ask("DELETE", &format!("/auth/facebook/channel/{channel}"));
    assert_eq!((gone.status, gone.body.as_str()), (200, ""));
    assert!(beez.accounts().is_empty() && beez.channel("facebook_messenger").is_none());
    assert_eq!(error(&beez.ask("DELETE", &format!("/auth/facebook/channel/{channel}"))).0, 404);
}

#[test]
fn an_account_of_instagram_has_its_own_address_in_the_newer_guide_alone() {
    let newer = Beez::new();
    let (_, id, ..) = newer.accounts().into_iter().find(|(slug, ..)| slug == "instagram_direct").unwrap();
    assert_eq!(error(&newer.ask("DELETE", &format!("/auth/facebook/account/{id}"))).0, 404);
    let channel = newer.channel("instagram_direct").unwrap();
    assert_eq!(error(&newer.ask("DELETE", &format!("/auth/facebook/channel/{channel}"))).0, 404);
    assert_eq!(newer.ask("DELETE", &format!("/auth/instagram/account/{id}")).status, 204);
    let older = Beez::older();
    assert_eq!(error(&older.ask("DELETE", &format!("/auth/instagram/account/{id}"))).0, 404);
    assert_eq!(older.ask("DELETE", &format!("/auth/facebook/account/{id}")).status, 200);
}

#[test]
fn an_id_that_is_no_number_is_400_whatever_it_is_of() {
    let beez = Beez::new();
    for path in ["facebook/account/x", "facebook/channel/12a", "instagram/account/-1", "facebook/account/1.5"]
    {
        let refused = error(&beez.ask("DELETE", &format!("/auth/{path}")));
        assert_eq!(refused, (400, "Validation failed (numeric string is expected)".to_owned()), "{path}");
    }
}

#[test]
fn an_unselected_channel_is_not_listed_until_it_is_connected_again() {
    let beez = Beez::new();
    let channel = beez.channel("facebook_messenger").unwrap();
    let path = format!("/channels/unselect/{channel}");
    assert_eq!(beez.ask("DELETE", &path).status, 200);
    assert_eq!(beez.channel("facebook_messenger"), None);
    assert_eq!(error(&beez.ask("DELETE", &path)).0, 404);
    let dialog = beez.dialog("/auth/facebook/connect?redirect_path=%2Fcb");
    beez.allow(&dialog, "decision=allow&scope=all");
    assert_eq!(beez.channel("facebook_messenger"), Some(channel));
}

#[test]
fn ten_thousand_accounts_are_listed_page_by_page_and_all_at_once() {
    let beez = Beez::with(&["--channels", "10000", "--disconnected", "1000"]);
    let first = beez.get("/channel-accounts?limit=100");
    assert_eq!((&first["total"], &first["totalPages"]), (&json!(10_000), &json!(100)));
    let last = beez.get("/channel-accounts?limit=100&page=100&accountType=messenger");
    assert_eq!(last["accounts"].as_array().unwrap().len(), 100);
    assert_eq!(beez.get("/channel-accounts?page=101&limit=100")["accounts"], json!([]));
    assert_eq!(beez.get("/channel-accounts?status=REAUTH_REQUIRED")["total"], 1000);
    assert_eq!(beez.get("/channel-accounts")["limit"], 20);
    assert_eq!(beez.accounts().len(), 10_000);
    for query in ["limit=101", "limit=0", "page=0", "page=x", "status=OK", "accountType=fax", "sort=name"] {
        assert_eq!(error(&beez.ask("GET", &format!("/channel-accounts?{query}"))).0, 400, "{query}");
    }
    let begun = Instant::now();
    for page in 1..=50 {
        beez.get(&format!("/channel-accounts?limit=100&page={page}"));
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn a_plan_that_is_full_says_so_where_it_is_asked() {
    let beez = Beez::with(&["--limit", "1"]);
    let all = beez.get("/channels/available/all");
    let social = &all["categories"]["social"];
    assert_eq!(social["limits"], json!({ "current": 1, "max": 1, "unlimited": false, "remaining": 0 }));
    assert_eq!(social["channels"][0]["access"]["allowed"], false);
    let refused = beez.ask("GET", "/auth/facebook/connect?redirect_path=%2Fcb");
    assert_eq!(error(&refused).0, 403);
    assert_eq!(json!(error(&refused).1), social["channels"][0]["access"]["reason"]);
    let free = Beez::new().get("/channels/available/all");
    assert_eq!(free["categories"]["social"]["channels"][1]["access"]["allowed"], true);
    assert_eq!(free["categories"]["social"]["channels"][2]["access"]["blockedBy"], "plan");
}

#[test]
fn the_throttle_is_off_until_it_is_ordered() {
    let beez = Beez::new();
    assert!((0..60).all(|_| beez.ask("GET", "/auth/profile").status == 200));
    let beez = Beez::with(&["--throttle"]);
    let statuses: Vec<u16> = (0..51).map(|_| beez.ask("GET", "/auth/profile").status).collect();
    assert!(statuses[..50].iter().all(|status| *status == 200) && statuses[50] == 429, "{statuses:?}");
    let refused = beez.ask("GET", "/channels/selected");
    assert_eq!(error(&refused), (429, "ThrottlerException: Too Many Requests".to_owned()));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}

#[test]
fn faults_are_worded_as_the_back_end_words_them() {
    let faults = [
        "--fault",
        "GET /api/v1/auth/profile=503*1;retry-after=2",
        "--fault",
        "DELETE /api/v1/auth/facebook/account/*=lost*1",
    ];
    let beez = Beez::with(&faults);
    let refused = beez.ask("GET", "/auth/profile");
    assert_eq!(error(&refused), (503, "Service Unavailable".to_owned()));
    assert_eq!(refused.header("retry-after"), Some("2"));
    let (_, id, ..) = beez.accounts().into_iter().find(|(slug, ..)| slug == "facebook_messenger").unwrap();
    assert_eq!(beez.ask("DELETE", &format!("/auth/facebook/account/{id}")).status, 0, "no answer");
    assert_eq!(error(&beez.ask("DELETE", &format!("/auth/facebook/account/{id}"))).0, 404, "but done");
    let log = beez.served.log();
    assert!(log.iter().any(|line| line.contains(" GET /api/v1/auth/profile 503 ")), "{log:?}");
}

#[test]
fn two_that_are_served_share_their_state_until_it_is_reset() {
    let beez = Beez::new();
    let other = Beez { served: Served::start(&beez.home, &["--platform", "unifiedbeez"]), home: beez.home };
    let one = Beez { served: beez.served, home: crate::support::Home::new() };
    let (_, id, ..) = one.accounts()[0];
    assert_eq!(one.ask("DELETE", &format!("/auth/facebook/account/{id}")).status, 200);
    assert_eq!(other.accounts().len(), 1);
    let run = other.home.run(&["--json", "sandbox", "reset", "--platform", "unifiedbeez"]).exits(0);
    assert_eq!(run.json(), json!({ "reset": true }));
    assert_eq!((one.accounts().len(), other.accounts().len()), (2, 2));
    // Socialchat's is another.
    let socialchat = Run::of(other.home.command(&["--sandbox", "--json", "channels", "list"])).exits(0);
    assert_eq!(socialchat.json()["total"], 3);
}

#[cfg(unix)]
#[test]
fn its_file_is_the_users_own() {
    use std::os::unix::fs::PermissionsExt as _;
    let beez = Beez::new();
    beez.ask("POST", "/auth/logout");
    let path = beez.home.config().join("state/sandbox-unifiedbeez.json");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_two_do_at_once_is_done_once_and_all_of_it() {
    let beez = Beez::with(&["--channels", "40"]);
    let other = Served::start(&beez.home, &["--platform", "unifiedbeez"]);
    let ids: Vec<u64> = beez.accounts().into_iter().map(|(_, id, ..)| id).collect();
    let delete = |api_url: &str| {
        let bearer = "Authorization: Bearer sandbox-session\r\n";
        let statuses = ids.iter().map(|id| format!("{api_url}/auth/facebook/account/{id}"));
        statuses.map(|url| http("DELETE", &url, bearer, "").status).collect::<Vec<_>>()
    };
    let [one, two] = std::thread::scope(|scope| {
        let threads = [&beez.served.api_url, &other.api_url].map(|api_url| scope.spawn(|| delete(api_url)));
        threads.map(|thread| thread.join().unwrap())
    });
    for (one, two) in one.into_iter().zip(two) {
        assert_eq!([one.min(two), one.max(two)], [200, 404]);
    }
    assert!(beez.accounts().is_empty());
}
