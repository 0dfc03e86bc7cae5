//! The same against the sandbox: with nobody there, and in a real browser on its page.

use serde_json::{Value, json};

use crate::browser::{opened, with_browser};
use crate::chromium::Chromium;
use crate::page::Waiting;
use crate::support::{Home, Run, Served};

const WARNING: &str = "Are you sure? Disconnecting this channel will also delete this channel";

fn sandbox(home: &Home, arguments: &[&str]) -> Run {
    home.run(&[&["--sandbox", "--platform", "qontak", "--yes", "--json"], arguments].concat())
}

fn rows(run: &Run) -> Vec<(String, String)> {
    let document = run.json();
    let rows = document["results"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.map(|row| (text(&row["_id"]), text(&row["action"]))).collect()
}

#[test]
fn with_yes_the_sandbox_does_it_on_its_page_by_itself() {
    let home = Home::new();
    let count = || sandbox(&home, &["channels", "list"]).exits(0).json()["total"].as_u64().unwrap();
    let before = count();
    for kind in ["messenger", "instagram", "telegram", "whatsapp", "whatsapp-official", "webchat"] {
        let run = sandbox(&home, &["connect", kind]).exits(0);
        assert_eq!(rows(&run).len(), 1, "{kind}: {run:?}");
        assert_eq!(rows(&run)[0].1, "connected", "{kind}");
        assert!(!run.stderr.contains("Your browser"), "{}", run.stderr);
    }
    assert_eq!(count(), before + 6);
    let run = sandbox(&home, &["reconnect", "messenger", "--disconnected"]).exits(0);
    assert_eq!(rows(&run)[0].1, "reconnected");
    assert_eq!(
        sandbox(&home, &["reconnect", "messenger", "--disconnected"]).exits(0).json()["results"],
        json!([])
    );

    let id = rows(&sandbox(&home, &["connect", "messenger", "--all"]).exits(0))[0].0.clone();
    assert_eq!(
        rows(&sandbox(&home, &["disconnect", &id]).exits(0)),
        [(id.clone(), "disconnected".to_owned())]
    );
    assert_eq!(sandbox(&home, &["disconnect", &id]).exits(1).error()["code"], "not-found");
    sandbox(&home, &["whoami"]).exits(0);
}

#[test]
fn when_no_page_is_left_the_sandbox_says_so() {
    let home = Home::new();
    let mut last = None;
    for _ in 0..12 {
        let run = sandbox(&home, &["connect", "messenger"]);
        let is_over = run.code != Some(0);
        last = Some(run);
        if is_over {
            break;
        }
    }
    let run = last.unwrap().exits(4);
    assert!(
        run.stderr.contains("nothing left to do that with") && run.stderr.contains("sandbox reset"),
        "{}",
        run.stderr
    );
}

/// The program on the served sandbox, on a desktop whose browser only writes down what it is told.
fn waiting(home: &Home, served: &Served, arguments: &[&str]) -> Waiting {
    let mut command = home.command(arguments);
    command.env("SOCIALCHAT_PLATFORM", "qontak").env("SOCIALCHAT_API_URL", &served.api_url);
    command.env("QONTAK_CLIENT_ID", "sandbox-client").env("QONTAK_CLIENT_SECRET", "sandbox-client-secret");
    Waiting::until_told(with_browser(home, command), "/integrations")
}

#[test]
fn what_a_person_does_in_a_real_browser_is_noticed() {
    let Some(mut chromium) = Chromium::start() else { return };
    let home = Home::new();
    let served = Served::start(&home, &["--platform", "qontak"]);
    let connecting = waiting(&home, &served, &["--json", "connect", "messenger"]);
    let page = opened(&home);
    chromium.go(&page);
    chromium.wait_for_title("Sandbox integrations");
    let click = |chromium: &mut Chromium, text: &str| {
        let found = format!(
            "Array.from(document.querySelectorAll('a, button')).find(one => one.textContent == '{text}')"
        );
        chromium.value(&format!("setTimeout(() => {found}.click())"));
    };
    let wait = |chromium: &mut Chromium, heading: &str| {
        crate::support::until(heading, || {
            let shown = "document.querySelector('h1') && document.readyState == 'complete' \
                         ? document.querySelector('h1').textContent : ''";
            let params = json!({ "expression": shown, "returnByValue": true });
            chromium.call("Runtime.evaluate", params)["result"]["value"] == json!(heading)
        });
    };
    click(&mut chromium, "Connect with Facebook");
    wait(&mut chromium, "Choose a Page");
    let name = chromium.text(
        "(choice => { choice.click(); return choice.closest('label').querySelector('b').textContent })\
         (document.querySelector('[name=page]:not([disabled])'))",
    );
    click(&mut chromium, "Connect");
    wait(&mut chromium, "Integrations");
    let run = connecting.end(&home).exits(0);
    let row = run.json()["results"][0].clone();
    assert_eq!(row["name"], name, "{run:?}");
    let id = row["_id"].as_str().unwrap().to_owned();

    let disconnecting = waiting(&home, &served, &["--json", "--yes", "disconnect", &id]);
    chromium.go(&page);
    wait(&mut chromium, "Integrations");
    chromium.value(&format!(
        "setTimeout(() => document.querySelector('a[href=\"/integrations/{id}/disconnect\"]').click())"
    ));
    wait(&mut chromium, WARNING);
    click(&mut chromium, "Disconnect");
    wait(&mut chromium, "Integrations");
    let run = disconnecting.end(&home).exits(0);
    assert_eq!(rows(&run), [(id, "disconnected".to_owned())]);
    assert!(run.stderr.contains(WARNING), "what the page asks was said before");
}
