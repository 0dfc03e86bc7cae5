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
    let table = home.run(&["platforms"]).exits(0).stdout;
    assert!(
        table.lines().any(|line| line.split_whitespace().eq("socialchat webchat create - api".split(' '))),
        "{table}"
    );
    assert!(home.files().is_empty(), "no file is needed to know what a platform can do");
}
