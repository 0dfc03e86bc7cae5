//! The real program with a real Chromium: from the address that the program opens, through the consent page, to the page
//! that ends the sign-in.
#![cfg(target_os = "linux")]

#[path = "support/chromium.rs"]
mod chromium;
#[path = "support/browser.rs"]
mod desktop;
#[path = "browser/qontak.rs"]
mod qontak;
mod support;
#[path = "browser/unifiedbeez.rs"]
mod unifiedbeez;

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use chromium::Chromium;
use desktop::{opened, with_browser};
use support::{FakeApi, Home, Reply, Served, Waiting, http};

const SUCCESS: &str = "You’re signed in · socialchat-cli";
const REFUSAL: &str = "Sign-in not completed · socialchat-cli";

/// The program on a desktop whose browser only writes down what it is told to open.
fn on_a_desktop(home: &Home, served: &Served, arguments: &[&str]) -> Command {
    with_browser(home, home.against(&served.api_url, arguments))
}

/// `http://127.0.0.1:PORT`
fn origin_of(url: &str) -> &str {
    &url[..url.match_indices('/').nth(2).map_or(url.len(), |(at, _)| at)]
}

/// The addresses of all requests that the tab has made.
fn requested(chromium: &mut Chromium) -> Vec<String> {
    let events = chromium.events("Network.requestWillBeSent");
    events.iter().map(|event| event["request"]["url"].as_str().unwrap().to_owned()).collect()
}

/// What was answered to the requests with this mark in their address, whether or not the page was let see it: what
/// stands behind the mark, and the status.
fn statuses(chromium: &mut Chromium, mark: &str) -> Vec<(String, u64)> {
    let requests = chromium.events("Network.requestWillBeSent");
    let answers = chromium.events("Network.responseReceivedExtraInfo");
    let status_of = |request: &Value| {
        let answer = answers.iter().find(|answer| answer["requestId"] == request["requestId"])?;
        let (_, behind) = request["request"]["url"].as_str()?.split_once(mark)?;
        Some((behind.to_owned(), answer["statusCode"].as_u64()?))
    };
    requests.iter().filter_map(status_of).collect()
}

/// The callback with its token or error, as the browser was sent to it.
fn callback_of(chromium: &mut Chromium, parameter: &str) -> (String, String) {
    let all = requested(chromium);
    let url =
        all.iter().find(|url| url.contains("/callback/")).unwrap_or_else(|| panic!("no callback: {all:?}"));
    let (path, query) = url.split_once('?').unwrap();
    let value = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{parameter}="))).unwrap();
    (path.to_owned(), value.to_owned())
}

/// Asserts what holds for every page that ends a sign-in: nothing of the address that led there is left in the page, in
/// the address bar or in the tab's history, and nothing from outside is in it.
fn assert_clean(chromium: &mut Chromium, go: &str, secret: &str) {
    let origin = origin_of(go).to_owned();
    let nonces: Vec<String> = requested(chromium)
        .iter()
        .filter(|url| url.starts_with(&origin))
        .filter_map(|url| url.split('?').next()?.rsplit('/').next().map(str::to_owned))
        .filter(|nonce| nonce.len() > 20)
        .collect();
    assert!(nonces.len() >= 2, "go and callback: {nonces:?}");

    assert_eq!(chromium.text("location.href"), format!("{origin}/"));
    let page = chromium.text("document.documentElement.outerHTML");
    assert!(!page.contains(secret), "{page}");
    assert!(nonces.iter().all(|nonce| !page.contains(nonce)), "{page}");
    assert_eq!(chromium.text("document.referrer"), "");

    let history = chromium.call("Page.getNavigationHistory", json!({}));
    let entries = history["entries"].as_array().unwrap();
    for entry in entries {
        let url = entry["url"].as_str().unwrap();
        assert!(!url.contains(secret) && !url.contains("/callback/"), "{history}");
    }
    assert_eq!(entries.last().unwrap()["url"], json!(format!("{origin}/")));

    // Nothing but this machine was ever asked, and of our own pages nothing but the pages.
    let requests = requested(chromium);
    assert!(requests.iter().all(|url| url.starts_with("http://127.0.0.1:")), "{requests:?}");
    let ours: Vec<&String> = requests.iter().filter(|url| url.starts_with(&origin)).collect();
    assert!(ours.iter().all(|url| url.contains("/go/") || url.contains("/callback/")), "{ours:?}");

    let answers = chromium.events("Network.responseReceived");
    let answer = answers.iter().rfind(|event| event["type"] == "Document").unwrap();
    let headers = &answer["response"]["headers"];
    let header = |name: &str| {
        let found = headers.as_object().unwrap().iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found
            .and_then(|(_, value)| value.as_str())
            .unwrap_or_else(|| panic!("no {name}: {headers}"))
            .to_owned()
    };
    assert!(header("content-security-policy").starts_with("default-src 'none'; "), "{headers}");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "no-referrer");

    // The policy is not only there, it holds.
    let refused = "new Promise(done => { \
        document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective)); \
        document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:1/x' })); \
        setTimeout(() => done('nothing was refused'), 5000); })";
    assert_eq!(chromium.text(refused), "img-src");
}

/// Light and dark are two grounds, each with a readable ink.
fn assert_light_and_dark(chromium: &mut Chromium) {
    let mut looks = |scheme: &str| {
        let feature = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        chromium.call("Emulation.setEmulatedMedia", feature);
        let brightness = |chromium: &mut Chromium, property: &str| {
            let colour =
                chromium.text(&format!("getComputedStyle(document.querySelector('main')).{property}"));
            let numbers: Vec<f64> = colour
                .split(|c: char| !c.is_ascii_digit() && c != '.')
                .filter_map(|number| number.parse().ok())
                .collect();
            assert!(numbers.len() >= 3, "{colour}");
            numbers[..3].iter().sum::<f64>() / 3.0
        };
        (brightness(chromium, "backgroundColor"), brightness(chromium, "color"))
    };
    let (light_ground, light_ink) = looks("light");
    assert!(light_ground > 200.0 && light_ink < 80.0, "{light_ground} {light_ink}");
    let (dark_ground, dark_ink) = looks("dark");
    assert!(dark_ground < 60.0 && dark_ink > 180.0, "{dark_ground} {dark_ink}");
}

#[test]
fn a_person_ticks_pages_in_the_browser_and_exactly_those_are_connected() {
    let Some(mut chromium) = Chromium::start() else { return };
    let home = Home::new();
    let served = Served::start(&home, &[]);
    let waiting = Waiting::start(on_a_desktop(&home, &served, &["--json", "connect", "messenger", "--all"]));
    let go = opened(&home);
    assert!(go.starts_with("http://127.0.0.1:") && go.contains("/go/"), "{go}");
    assert_ne!(go, waiting.authorize_url);
    assert!(!go.contains(served.api_url.trim_end_matches("/partner")), "{go}");

    chromium.go(&go);
    chromium.wait_for_title("Sandbox sign-in");
    let ids = "Array.from(document.querySelectorAll('[name=page]:checked'), box => box.value)";
    assert_eq!(chromium.value(ids).as_array().unwrap().len(), 5);
    chromium.value("document.querySelector('[name=scope][value=some]').click()");
    chromium.value("document.querySelectorAll('[name=page]')[1].click()");
    let ticked = chromium.value(ids);
    assert_eq!(ticked.as_array().unwrap().len(), 4);
    chromium.value("setTimeout(() => document.querySelector('[value=allow]').click())");
    chromium.wait_for_title(SUCCESS);

    let run = waiting.end().exits(0);
    let mut connected: Vec<Value> =
        run.json()["results"].as_array().unwrap().iter().map(|row| row["channelId"].clone()).collect();
    let mut ticked = ticked.as_array().unwrap().clone();
    connected.sort_by_key(Value::to_string);
    ticked.sort_by_key(Value::to_string);
    assert_eq!(connected, ticked);
    assert!(
        run.json()["results"].as_array().unwrap().iter().all(|row| row["action"] == "connected"),
        "{run:?}"
    );

    assert_eq!(chromium.text("document.querySelector('h1').textContent"), "You’re signed in");
    let (callback, token) = callback_of(&mut chromium, "token");
    assert!(token.len() > 20, "{token}");
    assert_clean(&mut chromium, &go, &token);
    assert_light_and_dark(&mut chromium);
    assert!(!run.stderr.contains(&token) && !run.stdout.contains(&token));

    // Its door is closed: going there again signs nobody in, with whatever token.
    let again = chromium.go(&format!("{callback}?token=again"));
    assert_eq!(again["errorText"], "net::ERR_CONNECTION_REFUSED", "{again}");
}

#[test]
fn a_refusal_in_the_browser_ends_with_exit_4_and_what_was_said() {
    let Some(mut chromium) = Chromium::start() else { return };
    let home = Home::new();
    let served = Served::start(&home, &[]);
    let waiting = Waiting::start(on_a_desktop(&home, &served, &["--json", "connect", "messenger", "--all"]));
    let go = opened(&home);
    chromium.go(&go);
    chromium.wait_for_title("Sandbox sign-in");
    chromium.value("setTimeout(() => document.querySelector('[value=deny]').click())");
    chromium.wait_for_title(REFUSAL);

    let said = "The person did not agree in the sandbox";
    assert_eq!(chromium.text("document.querySelector('blockquote').textContent"), said);
    let (_, error) = callback_of(&mut chromium, "error");
    assert_eq!(error, "access_denied");
    assert_clean(&mut chromium, &go, &error);
    assert_light_and_dark(&mut chromium);

    let run = waiting.end().exits(4);
    assert_eq!(run.error()["code"], "not-authorized-by-person");
    assert!(run.error()["message"].as_str().unwrap().contains(said), "{run:?}");
    let (_, channels) = served.api("GET", "/partner/channel?page=1&limit=100&channelTypes=messenger", "");
    assert!(!channels.contains("104872913558201"), "nothing was connected: {channels}");
}

#[test]
fn what_a_foreign_page_fetches_frames_posts_or_prefetches_ends_no_sign_in() {
    let Some(mut chromium) = Chromium::start() else { return };
    let home = Home::new();
    let served = Served::start(&home, &[]);
    let arguments = ["authorize", "messenger", "--no-browser", "--yes"];
    let waiting = Waiting::start(home.against(&served.api_url, &arguments));
    // The worst case: the page knows the nonce.
    let (_, settings) = served.api("GET", "/partner", "");
    let settings: Value = serde_json::from_str(&settings).unwrap();
    let callback = settings["callbackMessengerUrl"].as_str().unwrap().to_owned();
    let stolen = format!("{callback}?token=planted");
    let page = format!(
        "<!doctype html><title>foreign</title><link rel=prefetch href='{stolen}&by=prefetch'>\
         <img src='{stolen}&by=img'><script src='{stolen}&by=script'></script>\
         <iframe src='{stolen}&by=iframe'></iframe><iframe name=posted></iframe>\
         <form method=post target=posted action='{stolen}&by=post'></form>\
         <script>document.forms[0].submit();\
         const seen = ['cors', 'no-cors'].map(mode => fetch('{stolen}&by=' + mode, {{ mode }}).catch(() => 0));\
         navigator.sendBeacon('{stolen}&by=beacon');\
         Promise.all(seen).then(() => document.title = 'fetched')</script>"
    );
    let foreign = FakeApi::start(move |_| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n";
        Reply::Raw(format!("{head}{page}").into_bytes())
    });
    chromium.go(&foreign.url);
    chromium.wait_for_title("fetched");

    // All of them came to the door and were turned away there.
    let ways = ["prefetch", "img", "script", "iframe", "post", "cors", "no-cors", "beacon"];
    let begun = Instant::now();
    loop {
        let turned_away = statuses(&mut chromium, "&by=");
        assert!(turned_away.iter().all(|(_, status)| [403, 405].contains(status)), "{turned_away:?}");
        let came = |way: &&str| turned_away.iter().any(|(by, _)| by == *way);
        if ways.iter().all(came) {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "not all came to the door: {turned_away:?}");
        std::thread::sleep(Duration::from_millis(20));
    }

    // And it still waits, for the one who is meant.
    assert_eq!(http("GET", &format!("{callback}?token=meant"), "", "").status, 200);
    let run = waiting.end().exits(0);
    assert_eq!(run.stdout, "meant\n");
}

#[test]
fn who_loads_the_last_page_again_while_the_command_works_sees_what_is_going_on() {
    let Some(mut chromium) = Chromium::start() else { return };
    let home = Home::new();
    let served = Served::start(&home, &["--fault", "GET /partner/channel/messenger/account=slow:6000"]);
    let waiting = Waiting::start(on_a_desktop(&home, &served, &["--json", "connect", "messenger", "--all"]));
    chromium.go(&opened(&home));
    chromium.wait_for_title("Sandbox sign-in");
    chromium.value("setTimeout(() => document.querySelector('[value=allow]').click())");
    chromium.wait_for_title(SUCCESS);
    let next = "Return to the terminal to see what is connected. Nothing is connected yet.";
    assert_eq!(chromium.text("document.querySelector('p').textContent"), next);
    chromium.call("Page.reload", json!({}));
    chromium.wait_for_title("This sign-in has expired · socialchat-cli");
    let (callback, _) = callback_of(&mut chromium, "token");
    chromium.go(&format!("{callback}?token=again"));
    chromium.wait_for_title("This sign-in has expired · socialchat-cli");
    waiting.end().exits(0);
}

#[test]
fn the_buttons_cover_no_page_and_the_list_shows_that_it_goes_on() {
    let Some(mut chromium) = Chromium::start() else { return };
    let home = Home::new();
    let served = Served::start(&home, &["--pages", "30"]);
    let waiting = Waiting::start(on_a_desktop(&home, &served, &["--json", "connect", "messenger", "--all"]));
    for (width, height) in [(1280, 800), (390, 844), (1280, 1000)] {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        chromium.call("Emulation.setDeviceMetricsOverride", size);
        chromium.go(&waiting.authorize_url);
        chromium.wait_for_title("Sandbox sign-in");
        let number = |chromium: &mut Chromium, of: &str| chromium.value(of).as_f64().unwrap();
        let list = number(&mut chromium, "document.querySelector('ul').getBoundingClientRect().bottom");
        let bar = number(&mut chromium, "document.querySelector('.buttons').getBoundingClientRect().top");
        assert!(list <= bar, "{width} x {height}: the list ends at {list}, the buttons begin at {bar}");
        let hidden = "(list => list.scrollHeight - list.clientHeight)(document.querySelector('ul'))";
        assert!(number(&mut chromium, hidden) > 1000.0);
        // The last row that shows is cut in its middle.
        let cut = "(bottom => Array.from(document.querySelectorAll('li')).some(row => \
                   row.getBoundingClientRect().top < bottom - 4 && row.getBoundingClientRect().bottom > bottom + 4))\
                   (document.querySelector('ul').getBoundingClientRect().bottom)";
        assert_eq!(chromium.value(cut), json!(true), "{width} x {height}");
    }
    chromium.value("setTimeout(() => document.querySelector('[value=deny]').click())");
    chromium.wait_for_title(REFUSAL);
    waiting.end().exits(4);
}
