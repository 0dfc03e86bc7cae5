//! Qontak's page in the sandbox, as a person uses it: the program can only notice what they do there.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::chromium::Chromium;
use crate::support::{Home, Served, http};

/// Waits until the page that is shown has this heading.
#[track_caller]
fn wait_for(chromium: &mut Chromium, heading: &str) {
    let expression = "document.readyState == 'complete' ? document.querySelector('h1')?.textContent : ''";
    let begun = Instant::now();
    loop {
        // Between two pages there is none to ask.
        let params = json!({ "expression": expression, "returnByValue": true });
        let shown = chromium.call("Runtime.evaluate", params)["result"]["value"].clone();
        if shown == json!(heading) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{heading:?} never came; the page is {shown}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Clicks what is labelled so, in the row that has this name where one is given.
fn click(chromium: &mut Chromium, row: &str, label: &str) {
    let expression = format!(
        "(() => {{ const rows = [...document.querySelectorAll('li')].filter(row => row.textContent.includes({row})); \
         const places = {row} ? rows : [document]; \
         const found = places.flatMap(place => [...place.querySelectorAll('a, button, label')]) \
             .filter(one => one.textContent.includes({label})); \
         found[0].click(); return found.length; }})()",
        row = json!(row),
        label = json!(label),
    );
    assert_eq!(chromium.value(&expression), 1, "{label:?} stands once in {row:?}");
}

/// The names of all integrations, the newest first.
fn names(api_url: &str) -> Vec<Value> {
    let headers = "Authorization: Bearer sandbox-access-token\r\n";
    let answer = http("GET", &format!("{api_url}/integrations?all=true"), headers, "");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body["data"].as_array().unwrap().iter().map(|own| own["settings"]["account_name"].clone()).collect()
}

#[test]
fn a_person_connects_a_page_and_disconnects_it_again() {
    let Some(mut chromium) = Chromium::start() else { return };
    let home = Home::new();
    let served = Served::start(&home, &["--platform", "qontak", "--generation", "token"]);
    let before = names(&served.api_url);
    chromium.go(&served.api_url.replace("/api/open/v1", "/integrations"));
    wait_for(&mut chromium, "Integrations");
    click(&mut chromium, "", "Connect with Facebook");
    wait_for(&mut chromium, "Choose a Page");
    click(&mut chromium, "", "Bengkel Jaya Motor");
    click(&mut chromium, "", "Connect");
    wait_for(&mut chromium, "Integrations");
    let mut more = vec![json!("Bengkel Jaya Motor")];
    more.extend(before.iter().cloned());
    assert_eq!(names(&served.api_url), more);

    let warning = "Are you sure? Disconnecting this channel will also delete this channel";
    for (answer, left) in [("Cancel", &more), ("Disconnect", &before)] {
        click(&mut chromium, "Bengkel Jaya Motor", "Disconnect");
        wait_for(&mut chromium, warning);
        click(&mut chromium, "", answer);
        wait_for(&mut chromium, "Integrations");
        assert_eq!(names(&served.api_url), *left, "{answer}");
    }
    assert!(!chromium.text("document.documentElement.outerHTML").contains("CANARY"));
}
