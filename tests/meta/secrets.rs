//! Canaries: tokens are planted in everything that Meta and a callback answer, and looked for wherever they have no
//! business.

use serde_json::{Value, json};

use crate::graph::{APP, Graph, PAGE, PAGE_TOKEN, SECRET, USER_TOKEN, answer, error, proof_of};
use crate::hook::{VERIFY, address, hook, hook_that, text};
use crate::subscribe::piped;
use crate::support::{Home, Reply, Run};

/// One that is not ours: it looks like a token.
const FOREIGN: &str = "EAACforeign0987654321zyxwvutsrqponmlkjihgfedcba";

/// Nothing of it may be anywhere: streams, files, addresses.
#[track_caller]
fn clean(home: &Home, run: &Run) {
    let secrets = [PAGE_TOKEN, USER_TOKEN, SECRET, VERIFY, FOREIGN, "canary"].map(str::to_owned);
    let proof = proof_of(SECRET, PAGE_TOKEN);
    for secret in secrets.iter().chain([&proof]) {
        for (name, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
            assert!(!text.contains(secret.as_str()), "{secret} in {name}:\n{text}");
        }
        for (path, bytes) in home.files() {
            assert!(
                !String::from_utf8_lossy(&bytes).contains(secret.as_str()),
                "{secret} in {}",
                path.display()
            );
        }
    }
}

const COMMANDS: [&[&str]; 3] = [&["meta", "check"], &["meta", "subscribe"], &["meta", "review"]];
const WAYS: [&[&str]; 2] = [&["-v"], &["-v", "--json"]];

#[test]
fn no_token_of_an_answer_is_shown_or_kept() {
    for token in [PAGE_TOKEN, USER_TOKEN] {
        for command in COMMANDS {
            for way in WAYS {
                let (graph, home) = (Graph::start(), Home::new());
                graph.world().batches = vec![
                    vec![
                        json!({ "id": PAGE, "name": "Shop", "access_token": FOREIGN, "tasks": ["MESSAGING"] }),
                    ],
                    vec![],
                ];
                graph.world().app = Some((
                    format!("https://bot.example.com/hook?access_token={FOREIGN}"),
                    vec!["feed".to_owned()],
                ));
                let mut command = graph.command(&home, &[way, command].concat());
                command.env("META_PAGE_TOKEN", token);
                clean(&home, &Run::of(command));
            }
        }
    }
}

/// The same with a token in every object of it.
fn planted(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(planted);
            for name in ["access_token", "verify_token", "appsecret", "input_token"] {
                fields.insert(name.to_owned(), FOREIGN.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(planted),
        _ => {}
    }
}

#[test]
fn no_token_in_any_object_of_any_answer_is_shown_or_kept() {
    for token in [PAGE_TOKEN, USER_TOKEN] {
        for command in COMMANDS {
            for way in WAYS {
                let graph = Graph::with(|asked, world| match answer(asked, world) {
                    Reply::Json(status, body) => {
                        let mut body = serde_json::from_str(&body).unwrap();
                        planted(&mut body);
                        Some(Reply::Json(status, body.to_string()))
                    }
                    other => Some(other),
                });
                let home = Home::new();
                let mut command = graph.command(&home, &[way, command].concat());
                command.env("META_PAGE_TOKEN", token);
                let run = Run::of(command);
                assert!(run.stdout.len() + run.stderr.len() > 200, "{run:?}");
                clean(&home, &run);
            }
        }
    }
}

#[test]
fn what_a_terminal_acts_on_is_taken_out_of_names() {
    let name = "Evil\u{1b}[31m\u{202e}\u{7}Shop\r\nerror: none";
    let me = serde_json::json!({ "id": PAGE, "name": name, "category": name }).to_string();
    for command in COMMANDS {
        let me = me.clone();
        let graph = Graph::with(move |asked, world| {
            world.info["application"] = name.into();
            asked.target.contains("/me?").then(|| Reply::Json(200, me.clone()))
        });
        graph.world().app = Some((format!("https://bot.example.com/{name}"), vec![name.to_owned()]));
        let run = graph.run(command);
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}', '\r']), "{text:?}");
            assert!(!text.contains("\nerror: none"), "{text}");
        }
    }
}

#[test]
fn no_token_that_an_error_quotes_is_shown() {
    let app_token = format!("{APP}|{SECRET}");
    let quotes = format!(
        "token {PAGE_TOKEN} of {app_token}, verify {VERIFY}, or {FOREIGN}; {}",
        proof_of(SECRET, PAGE_TOKEN)
    );
    for code in [190, 100, 200, 2200, 4242] {
        for part in ["/me?", "debug_token", "/subscriptions", "subscribed_apps"] {
            for way in WAYS {
                let quotes = quotes.clone();
                let graph = Graph::with(move |asked, _| {
                    asked.target.contains(part).then(|| Reply::Json(400, error(code, None, &quotes)))
                });
                let (home, hook) = (Home::new(), hook());
                let address = address(&hook);
                let arguments =
                    [way, &["meta", "subscribe", "--callback-url", &address, "--verify-token-stdin"]]
                        .concat();
                clean(&home, &piped(graph.command(&home, &arguments)));
                clean(&home, &Run::of(graph.command(&home, &[way, &["meta", "check"]].concat())));
            }
        }
    }
}

#[test]
fn nothing_that_a_callback_answers_is_quoted() {
    for status in [200, 302, 403, 500] {
        let graph = Graph::start();
        let (home, hook) = (Home::new(), hook_that(move |_| text(status, &format!("{VERIFY} {FOREIGN}"))));
        let arguments =
            ["-v", "meta", "subscribe", "--callback-url", &address(&hook), "--verify-token-stdin"];
        clean(&home, &piped(graph.command(&home, &arguments)).exits(1));
    }
}
