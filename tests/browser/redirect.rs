//! UnifiedBeez' consent in the sandbox, as a person gives it: back to our listener at localhost, and out of the address bar.

use serde_json::{Value, json};

use crate::chromium::Chromium;
use crate::desktop::{opened, with_browser};
use crate::support::{Home, Served, Waiting, until};

/// The program on a desktop, waiting for a sign-in, and the browser at the dialog that it was sent to.
fn at_the_dialog(chromium: &mut Chromium, generation: &str, kind: &str) -> (Waiting, String, Home, Served) {
    let home = Home::new();
    let served = Served::start(&home, &["--platform", "unifiedbeez", "--generation", generation]);
    let mut command = home.command(&["--json", "connect", kind]);
    command.env("SOCIALCHAT_API_URL", &served.api_url);
    command.env("SOCIALCHAT_PLATFORM", "unifiedbeez").env("UNIFIEDBEEZ_SESSION", "sandbox-session");
    let waiting = Waiting::start(with_browser(&home, command));
    let go = opened(&home);
    assert!(go.starts_with("http://localhost:") && go.contains("/go/"), "{go}");
    assert_ne!(go, waiting.authorize_url);
    chromium.go(&go);
    chromium.wait_for_title("Sandbox sign-in");
    (waiting, go, home, served)
}

fn press(chromium: &mut Chromium, button: &str) {
    chromium.value(&format!("setTimeout(() => document.querySelector('[value={button}]').click())"));
}

/// Nothing of the way back is left in the page, in the address bar or in the tab's history, and the session was nowhere.
fn assert_clean(chromium: &mut Chromium, go: &str) {
    let origin = &go[..go.find("/go/").unwrap()];
    until("the address bar is clean", || chromium.text("location.href") == format!("{origin}/"));
    let page = chromium.text("document.documentElement.outerHTML");
    assert!(!page.contains("/cb/") && !page.contains("_connected"), "{page}");
    let history = chromium.call("Page.getNavigationHistory", json!({}));
    for entry in history["entries"].as_array().unwrap() {
        let url = entry["url"].as_str().unwrap();
        assert!(!url.contains("/cb/") && !url.contains("_connected") && !url.contains("#_=_"), "{history}");
    }
    let requests = chromium.events("Network.requestWillBeSent");
    let urls: Vec<&str> = requests.iter().map(|event| event["request"]["url"].as_str().unwrap()).collect();
    let is_ours = |url: &&str| url.starts_with("http://localhost:") || url.starts_with("http://127.0.0.1:");
    assert!(urls.iter().all(is_ours), "{urls:?}");
    assert_eq!(urls.iter().filter(|url| url.contains("/cb/")).count(), 1, "{urls:?}");
    assert!(
        requests.iter().all(|event| !event.to_string().contains("sandbox-session")),
        "the session stays with us"
    );
}

#[test]
fn what_a_person_ticks_is_connected_and_the_address_bar_is_clean() {
    for (generation, kind) in [
        ("guide-2", "messenger"),
        ("guide-2", "instagram"),
        ("guide-1", "messenger"),
        ("guide-1", "instagram"),
    ] {
        let Some(mut chromium) = Chromium::start() else { return };
        let (waiting, go, _home, _served) = at_the_dialog(&mut chromium, generation, kind);
        chromium.value("document.querySelector('[name=scope][value=some]').click()");
        // All but the first.
        chromium.value("document.querySelectorAll('[name=page]')[0].click()");
        let ticked = "Array.from(document.querySelectorAll('[name=page]:checked'), box => box.value)";
        let ticked = chromium.value(ticked).as_array().unwrap().clone();
        press(&mut chromium, "allow");
        chromium.wait_for_title("Sign-in finished · socialchat-cli");
        assert_clean(&mut chromium, &go);
        let done = waiting.end().exits(0);
        let document = done.json();
        let mut connected: Vec<Value> =
            document["results"].as_array().unwrap().iter().map(|row| row["channelId"].clone()).collect();
        let mut ticked = ticked;
        connected.sort_by_key(Value::to_string);
        ticked.sort_by_key(Value::to_string);
        assert_eq!(connected, ticked, "{generation} {kind}");
    }
}

#[test]
fn a_person_who_says_no_is_told_so_here_and_there() {
    let Some(mut chromium) = Chromium::start() else { return };
    let (waiting, go, _home, _served) = at_the_dialog(&mut chromium, "guide-2", "messenger");
    press(&mut chromium, "deny");
    chromium.wait_for_title("Sign-in not completed · socialchat-cli");
    assert_eq!(chromium.text("document.querySelector('blockquote').textContent"), "Permissions error");
    assert_clean(&mut chromium, &go);
    let refused = waiting.end().exits(4);
    assert_eq!(refused.error()["message"], "sign-in refused: Permissions error");
}
