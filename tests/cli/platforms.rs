//! platforms: what each can do, as the abilities themselves say.

use serde_json::json;

use crate::support::Home;

#[test]
fn each_kind_is_shown_with_its_ways_without_an_account() {
    let home = Home::new();
    let shown = home.run(&["--json", "platforms"]).exits(0).json();
    let socialchat = &shown["platforms"][0];
    assert_eq!(socialchat["name"], "socialchat");
    for (kind, connect, reconnect) in [
        ("messenger", json!("sign-in"), json!("sign-in")),
        ("instagram", json!("sign-in"), json!("sign-in")),
        ("telegram", json!("create"), json!("api")),
        ("whatsapp-unofficial", json!("create"), json!(null)),
        ("whatsapp-official", json!("create"), json!(null)),
        ("webchat", json!("create"), json!(null)),
        ("linkchat", json!("create"), json!(null)),
    ] {
        let ways = json!({ "connect": connect, "reconnect": reconnect, "disconnect": "api" });
        assert_eq!(socialchat["kinds"][kind], ways, "{kind}");
    }
    for (platform, kind, ways) in [
        ("unifiedbeez", "messenger", ["redirect", "redirect", "api"]),
        ("unifiedbeez", "instagram", ["redirect", "redirect", "api"]),
        ("qontak", "messenger", ["web-page", "web-page", "web-page"]),
        ("qontak", "telegram", ["web-page", "web-page", "web-page"]),
        ("10darts", "messenger", ["page-token", "page-token", "api"]),
    ] {
        let named = |shown: &&serde_json::Value| shown["name"] == platform;
        let shown = shown["platforms"].as_array().unwrap().iter().find(named).unwrap();
        let [connect, reconnect, disconnect] = ways;
        let wanted = json!({ "connect": connect, "reconnect": reconnect, "disconnect": disconnect });
        assert_eq!(shown["kinds"][kind], wanted, "{platform} {kind}");
    }
    assert_eq!(shown["platforms"][3]["kinds"]["instagram"]["connect"], json!(null));
    let table = home.run(&["platforms"]).exits(0).stdout;
    assert!(
        table.lines().any(|line| line.split_whitespace().eq("socialchat webchat create - api".split(' '))),
        "{table}"
    );
    let rows = |platform: &str| table.lines().filter(|line| line.starts_with(platform)).count();
    assert_eq!([rows("socialchat"), rows("unifiedbeez"), rows("qontak"), rows("10darts")], [7, 2, 6, 1]);
    assert!(home.files().is_empty(), "no file is needed to know what a platform can do");
}

#[cfg(unix)]
#[test]
fn at_60_columns_every_way_is_seen_and_every_kind_can_be_told() {
    let home = Home::new();
    let text = crate::tty::Terminal::of_size(40, 60, &home.command(&["platforms"])).end().exits(0).text;
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["PLATFORM", "KIND", "CONNECT", "RECONNECT", "DISCONNECT"], "{text}");
    let rows: Vec<_> = rows[1..].iter().filter(|row| row[0] == "socialchat").collect();
    assert!(rows.len() == 7 && rows.iter().all(|row| row.len() == 5 && row[4] == "api"), "{text}");
    let kinds: std::collections::BTreeSet<_> = rows.iter().map(|row| row[1]).collect();
    assert_eq!(kinds.len(), 7, "{text}");
}

#[test]
fn what_takes_its_place_on_this_platform_is_said_with_who_can() {
    let home = Home::new();
    for (arguments, says) in [
        (
            &["--platform", "unifiedbeez", "callback", "show"][..],
            &["UnifiedBeez needs none", "connect messenger", "Socialchat can"][..],
        ),
        (&["--platform", "qontak", "authorize", "messenger"], &["opens Qontak's page", "Socialchat can"]),
        (
            &["--platform", "unifiedbeez", "pages", "messenger"],
            &["where the Pages are chosen", "Socialchat can"],
        ),
        (&["--platform", "10darts", "pages", "messenger"], &["takes the token of one Page", "meta check"]),
        (
            &["--platform", "qontak", "api", "GET", "/partner/channel"],
            &["call Qontak's API with curl", "Socialchat can"],
        ),
        (
            &["--platform", "unifiedbeez", "connect", "telegram"],
            &["UnifiedBeez connects messenger, instagram;", "Socialchat, Qontak can"],
        ),
        (&["--platform", "10darts", "reconnect", "instagram"], &["10darts reconnects messenger;"]),
        (&["--platform", "qontak", "channels", "plan", "x", "free"], &["Socialchat's alone"]),
    ] {
        let error = home.run(&[&["--json"], arguments].concat()).exits(2).error();
        let hint = error["hint"].as_str().unwrap();
        assert!(
            says.iter().all(|part| hint.contains(part)) && !hint.contains("itself"),
            "{arguments:?}: {hint}"
        );
    }
}

#[test]
fn what_a_platform_cannot_do_is_exit_2_with_who_can_before_anything_is_asked_or_sent() {
    let home = Home::new();
    for (arguments, message, can) in [
        (
            ["--platform", "10darts", "connect", "instagram"],
            "10darts has no call to connect instagram",
            "Socialchat",
        ),
        (
            ["--platform", "unifiedbeez", "connect", "telegram"],
            "UnifiedBeez has no call to connect telegram",
            "Qontak",
        ),
        (
            ["--platform", "unifiedbeez", "reconnect", "telegram"],
            "UnifiedBeez has no call to reconnect telegram",
            "Qontak",
        ),
        (
            ["--platform", "qontak", "connect", "linkchat"],
            "Qontak has no call to connect linkchat",
            "Socialchat",
        ),
        (
            ["--platform", "qontak", "callback", "show"],
            "Qontak has no account-wide callback URLs",
            "Socialchat",
        ),
        (["--platform", "10darts", "pages", "messenger"], "10darts has no list", "Socialchat"),
    ] {
        let error = home.run(&[&["--json"], &arguments[..]].concat()).exits(2).error();
        assert_eq!(error["code"], "unsupported", "{error}");
        assert!(error["message"].as_str().unwrap().starts_with(message), "{error}");
        assert!(error["hint"].as_str().unwrap().contains(can), "{error}");
    }
}

#[test]
fn all_kinds_at_once_are_socialchats_and_elsewhere_each_kind_is_named() {
    let arguments = ["--json", "--platform", "unifiedbeez", "reconnect", "--all-kinds", "--disconnected"];
    let error = Home::new().run(&arguments).exits(2).error();
    assert_eq!(error["code"], "unsupported", "{error}");
    assert!(error["hint"].as_str().unwrap().contains("reconnect messenger --disconnected"), "{error}");
}
