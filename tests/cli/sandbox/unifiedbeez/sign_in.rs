//! From the connect address to the dialog, and back.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::{Beez, error};
use crate::support::http;

const BACK: &str = "redirect_path=%2Fcb%2FN&origin=http%3A%2F%2Flocalhost%3A8765";
const ALL: &str = "decision=allow&scope=all";

fn of_kind(beez: &Beez, slug: &str) -> Vec<(String, bool)> {
    let all = beez.accounts().into_iter().filter(|(own, ..)| own == slug);
    all.map(|(_, _, external, is_active)| (external, is_active)).collect()
}

#[test]
fn the_newer_guide_has_an_address_for_each_kind() {
    let beez = Beez::new();
    let dialog = beez.dialog(&format!("/auth/facebook/connect?{BACK}"));
    let origin = beez.served.origin();
    assert!(dialog.starts_with(&format!("{origin}/dialog/facebook/oauth?client_id=")), "{dialog}");
    assert_eq!(beez.allow(&dialog, ALL), "http://localhost:8765/cb/N?facebook_connected=true&type=messenger");
    assert_eq!(of_kind(&beez, "facebook_messenger").len(), 5);
    let dialog = beez.dialog(&format!("/auth/instagram/connect?{BACK}"));
    assert_eq!(beez.allow(&dialog, ALL), "http://localhost:8765/cb/N?instagram_connected=true");
    let accounts = of_kind(&beez, "instagram_direct");
    assert!(accounts.len() == 3 && accounts.iter().all(|(_, is_active)| *is_active), "{accounts:?}");
    let typed = beez.ask("GET", &format!("/auth/facebook/connect?{BACK}&type=messenger"));
    assert_eq!(error(&typed), (400, "property type should not exist".to_owned()));
}

#[test]
fn the_older_guide_has_one_address_and_knows_no_origin() {
    let beez = Beez::older();
    let connect = |kind: &str| {
        let url = beez.url(&format!("/auth/facebook/connect?redirect_path=%2Fcb&type={kind}"));
        let headers = "Authorization: Bearer sandbox-session\r\nOrigin: http://localhost:8765\r\n";
        let answer = http("GET", &url, headers, "");
        assert_eq!(answer.status, 302, "{}", answer.body);
        beez.allow(answer.header("location").unwrap(), ALL)
    };
    assert_eq!(connect("messenger"), "http://localhost:8765/cb?facebook_connected=true&type=messenger");
    assert_eq!(connect("instagram"), "http://localhost:8765/cb?facebook_connected=true&type=instagram");
    let origin = beez.ask("GET", &format!("/auth/facebook/connect?{BACK}&type=messenger"));
    assert_eq!(error(&origin), (400, "property origin should not exist".to_owned()));
    let newer = beez.ask("GET", &format!("/auth/instagram/connect?{BACK}"));
    assert_eq!(error(&newer), (404, "Cannot GET /api/v1/auth/instagram/connect".to_owned()));
    for path in ["/auth/facebook/pages", "/auth/instagram/accounts"] {
        assert_eq!(error(&beez.ask("GET", path)).0, 404, "{path}");
    }
}

#[test]
fn whoever_asked_from_elsewhere_ends_at_the_products_front_end() {
    let beez = Beez::new();
    let ends = |query: &str, headers: &str| {
        let url = beez.url(&format!("/auth/facebook/connect?redirect_path=%2Fcb%3Fx%3D1{query}"));
        let answer = http("GET", &url, &format!("Authorization: Bearer sandbox-session\r\n{headers}"), "");
        assert_eq!(answer.status, 302, "{}", answer.body);
        beez.allow(answer.header("location").unwrap(), ALL)
    };
    let front_end = format!("{}/app?facebook_connected=true&type=messenger", beez.served.origin());
    let at = |origin: &str| format!("{origin}/cb?x=1&facebook_connected=true&type=messenger");
    assert_eq!(ends("", ""), front_end);
    assert_eq!(ends("&origin=https%3A%2F%2Fevil.example", ""), front_end);
    assert_eq!(ends("", "Referer: http://127.0.0.1:1/some/page\r\n"), at("http://127.0.0.1:1"));
    assert_eq!(ends("", "Origin: null\r\nReferer: http://localhost:2/\r\n"), at("http://localhost:2"));
    assert_eq!(
        ends("&origin=https%3A%2F%2Fapp.unifiedbeez.com", "Origin: http://localhost:3\r\n"),
        at("https://app.unifiedbeez.com")
    );
    let page = http("GET", &front_end, "", "");
    assert!(page.status == 200 && page.body.contains("front end"), "{}", page.body);
}

#[test]
fn what_the_person_does_not_tick_loses_its_token() {
    let beez = Beez::new();
    let page = http("GET", &beez.dialog(&format!("/auth/facebook/connect?{BACK}")), "", "");
    assert_eq!(page.body.matches("type=\"checkbox\"").count(), 5);
    assert!(page.body.contains("through UnifiedBeez") && page.body.contains("Toko Roti Mawar 🌹"));
    let some = "decision=allow&scope=some&page=104872913558201&page=999";
    beez.allow(&beez.dialog(&format!("/auth/facebook/connect?{BACK}")), some);
    let expected = [("111407365829164".to_owned(), false), ("104872913558201".to_owned(), true)];
    assert_eq!(of_kind(&beez, "facebook_messenger"), expected);
}

#[test]
fn what_fails_is_told_doubly_encoded_and_changes_nothing() {
    let beez = Beez::with(&["--pages", "3", "--channels", "1", "--foreign", "1"]);
    let before = beez.accounts();
    for (kind, form, says) in [
        ("facebook", "decision=deny&scope=all", "Permissions%2520error"),
        ("facebook", "decision=allow&scope=some", "No%2520page%2520was%2520chosen"),
        ("instagram", "decision=allow&scope=some", "No%2520Instagram%2520business%2520account"),
        ("facebook", "decision=allow&scope=some&page=104872929396447", "already%2520connected"),
    ] {
        let end = beez.allow(&beez.dialog(&format!("/auth/{kind}/connect?{BACK}")), form);
        assert!(end.starts_with("http://localhost:8765/cb/N?error=") && end.contains(says), "{end}");
        assert!(!end.contains("connected=true"), "{end}");
    }
    assert_eq!(beez.accounts(), before);
}

#[test]
fn a_sign_in_is_over_once() {
    let beez = Beez::new();
    let dialog = beez.dialog(&format!("/auth/facebook/connect?{BACK}"));
    let sent = http("POST", &dialog, "Content-Type: application/x-www-form-urlencoded\r\n", ALL);
    let callback = sent.header("location").unwrap().trim_end_matches("#_=_").to_owned();
    assert!(http("GET", &callback, "", "").header("location").unwrap().contains("connected=true"));
    let again = http("GET", &callback, "", "");
    let location = again.header("location").unwrap();
    let elsewhere = format!("{}/app?error=", beez.served.origin());
    assert!(again.status == 302 && location.starts_with(&elsewhere), "{location}");
    assert_eq!(http("GET", &dialog, "", "").status, 410);
    let forged = callback.replace("code=", "code=0");
    assert!(http("GET", &forged, "", "").header("location").unwrap().contains("error="));
}

#[test]
fn a_code_that_nobody_gave_connects_nothing() {
    let beez = Beez::new();
    let dialog = url::Url::parse(&beez.dialog(&format!("/auth/facebook/connect?{BACK}"))).unwrap();
    let state = dialog.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let before = beez.accounts();
    let callback = beez.url(&format!("/auth/facebook/callback?code=guessed&state={state}"));
    let end = http("GET", &callback, "", "");
    assert!(end.header("location").unwrap().contains("/cb/N?error="), "{}", end.head);
    assert_eq!(beez.accounts(), before);
}

#[test]
fn a_way_back_that_is_none_is_refused() {
    let beez = Beez::new();
    for query in [
        "",
        "redirect_path=",
        "redirect_path=cb",
        "redirect_path=%2F%2Fevil.example",
        "redirect_path=%2F%5Cevil.example",
        "redirect_path=%2Fcb&origin=nowhere",
        "redirect_path=%2Fcb&state=x",
    ] {
        assert_eq!(error(&beez.ask("GET", &format!("/auth/facebook/connect?{query}"))).0, 400, "{query}");
    }
    assert_eq!(error(&beez.plain("GET", &format!("/auth/facebook/connect?{BACK}"), "")).0, 401);
    // Line breaks stay where they are.
    let dialog =
        beez.dialog("/auth/facebook/connect?redirect_path=%2Fcb%0d%0aX-Evil:%201&origin=http://localhost:1");
    let end = beez.allow(&dialog, ALL);
    assert!(end.starts_with("http://localhost:1/cb") && end.ends_with("type=messenger"), "{end}");
}

#[test]
fn the_dialog_is_safe_and_only_for_this_machine() {
    let beez = Beez::new();
    let dialog = beez.dialog(&format!("/auth/facebook/connect?{BACK}"));
    let page = http("GET", &dialog, "", "");
    let policy = page.header("Content-Security-Policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'nonce-") && !policy.contains("form-action"));
    assert!(!page.body.contains("<script") && page.body.contains("Nothing here is real"));
    let elsewhere = dialog.replace("redirect_uri=", "redirect_uri=https%3A%2F%2Fevil.example%2F&x=");
    assert_eq!(http("POST", &elsewhere, "", ALL).status, 410, "no link leads elsewhere by way of it");
    let (origin, path) = (beez.served.origin(), dialog.replace(&beez.served.origin(), ""));
    let mut stream = TcpStream::connect(origin.trim_start_matches("http://")).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").unwrap();
    let mut foreign = String::new();
    stream.read_to_string(&mut foreign).unwrap();
    assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
}
