//! Names and messages from outside: whatever they hold, a terminal gets nothing but text.

use serde_json::{Value, json};

use crate::partner::{Partner, World, channel, page, refusal};
use crate::support::{Home, Reply, Run, Waiting, http};

/// What a partner's customer might call a Page: one of each kind. `src/ui/text.rs` is tested with all of them.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "\u{1b}[2J\u{1b}[Hgone",
        "\u{1b}[12",
        "\u{1b}\u{1b}[31mx",
        "\u{1b}(0x",
        "\u{1b}]0;title\u{1b}\\x",
        "\u{1b}]8;;https://evil.example\u{7}words\u{1b}]8;;\u{7}",
        "\u{1b}]never ended",
        "\u{1b}Pq#0\u{1b}\\x",
        "\u{9d}52;c;x\u{9c}y",
        "a\u{84}\u{8d}\u{9f}b",
        "a\r\nb\nc\td\u{2028}e\u{85}f",
        "a\u{0}\u{7}\u{8}\u{7f}b",
        "\u{202e}gpj.exe",
        "\u{2066}\u{2067}\u{2068}\u{2069}x",
        "\u{200e}\u{200f}\u{61c}x",
        "a\u{200b}b\u{2060}c\u{feff}d\u{ad}e",
        "a\u{e0041}\u{e0100}\u{fe0f}b",
        "x\rerror: paid",
        "error: \u{1b}[1A\u{1b}[2Kconnected",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("\u{1b}]52;c;".repeat(100_000 / 7));
    names.push("長".repeat(33_000));
    names
}

/// Control bytes but newline, of both sets, and what turns or hides text.
#[track_caller]
fn is_harmless(text: &str, what: &str) {
    let hostile = text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}' | '\u{ad}' | '\u{e0000}'..='\u{e0fff}')
    });
    if let Some(c) = hostile {
        let at = text.find(c).unwrap();
        let around: String = text[at..].chars().take(60).collect();
        panic!("{what}: {c:?} in {around:?}");
    }
}

fn worlds() -> (World, Vec<String>) {
    let names = names();
    let mut world = World::new();
    world.pages = names.iter().enumerate().map(|(index, name)| page(&format!("p{index}"), name)).collect();
    let connected = |(index, name): (usize, &String)| {
        let mut channel = channel(&format!("{index:024x}"), "messenger", &format!("c{index}"), name);
        channel["label"] = json!({ "name": name, name: "x" });
        channel["status"] = json!(name);
        channel
    };
    world.channels = names.iter().enumerate().map(connected).collect();
    (world, names)
}

#[test]
fn no_control_byte_of_any_name_reaches_a_stream() {
    let (world, names) = worlds();
    let home = Home::new();
    let partner = Partner::start(world);
    let run = |arguments: &[&str], codes: &[i32]| {
        let mut command = home.against(partner.url(), arguments);
        command.env("SOCIALCHAT_TOKEN", "callback-token-1");
        let run = Run::of(command);
        assert!(codes.contains(&run.code.unwrap()), "{arguments:?} {:?}\n{}", run.code, run.stderr);
        is_harmless(&run.stdout, &format!("stdout of {arguments:?}"));
        is_harmless(&run.stderr, &format!("stderr of {arguments:?}"));
        run
    };
    run(&["channels", "list", "-vvv"], &[0]);
    run(&["pages", "messenger", "-vvv"], &[0]);
    for index in (0..names.len()).step_by(2) {
        run(&["channels", "show", &format!("{index:024x}")], &[0]);
    }
    // The choices are listed in the error.
    run(&["connect", "messenger", "--no-input"], &[2]);
    run(&["connect", "messenger", "--all", "--dry-run"], &[0]);
    run(&["connect", "messenger", "--page", "p3", "--page", "p0"], &[0]);
    run(&["reconnect", "messenger", "--all", "--dry-run"], &[1, 5]);
}

#[test]
fn names_on_the_command_line_are_harmless_in_the_errors_that_quote_them() {
    let home = Home::new();
    let partner = Partner::start(World::new());
    for (index, name) in names().iter().filter(|name| !name.contains('\0') && name.len() < 1000).enumerate() {
        let arguments: [&[&str]; 5] = [
            &["connect", "messenger", "--dry-run", &format!("--page={name}x")],
            &["channels", "show", &format!("{name}y")],
            &["--profile", name, "whoami"],
            &["channels", "list", &format!("--kind={name}")],
            &[name],
        ];
        // Each name in two of them.
        for arguments in [arguments[index % 5], arguments[(index + 2) % 5]] {
            let mut command = home.against(partner.url(), arguments);
            command.env("SOCIALCHAT_TOKEN", "callback-token-1");
            let run = Run::of(command);
            assert!(matches!(run.code, Some(1 | 2)), "{arguments:?} {:?}\n{}", run.code, run.stderr);
            is_harmless(&run.stdout, &format!("stdout of {arguments:?}"));
            is_harmless(&run.stderr, &format!("stderr of {arguments:?}"));
        }
    }
}

#[test]
fn json_keeps_every_name_and_escapes_it() {
    let (world, names) = worlds();
    let home = Home::new();
    let partner = Partner::start(world);
    let list = Run::of(home.against(partner.url(), &["channels", "list", "--json"])).exits(0);
    let mut pages = home.against(partner.url(), &["pages", "messenger", "--json"]);
    pages.env("SOCIALCHAT_TOKEN", "callback-token-1");
    let pages = Run::of(pages).exits(0);
    for (document, field) in [(&list, "channels"), (&pages, "pages")] {
        is_harmless(&document.stdout, field);
        let found = document.json();
        let kept: Vec<&str> =
            found[field].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
        assert_eq!(kept, names);
    }
}

#[test]
fn messages_of_the_api_are_harmless_in_text_and_json() {
    for (index, name) in names().into_iter().enumerate() {
        let words = name.clone();
        let partner = Partner::meddled(World::new(), move |_, _, _| Some(refusal(403, &words)));
        let home = Home::new();
        let both = [&["channels", "list", "-vvv"][..], &["channels", "list", "--json"]];
        for arguments in both.into_iter().take(1 + usize::from(index % 3 == 0)) {
            let run = Run::of(home.against(partner.url(), arguments)).exits(1);
            is_harmless(&run.stderr, "stderr");
            is_harmless(&run.stdout, "stdout");
            if arguments.contains(&"--json") {
                assert_eq!(run.error()["message"], format!("can't list the channels: Maaf: {name}"));
            }
        }
    }
}

#[test]
fn settings_and_refusals_of_others_are_harmless() {
    let evil = "https://app.example/\u{1b}]52;c;eA==\u{7}\u{9b}2J\u{202e}x";
    let home = Home::new();
    let world =
        World::new().with("callbackMessengerUrl", json!(evil)).with("webhookSecondaryUrls", json!([evil, 7]));
    let partner = Partner::start(world.clone());
    let run = Run::of(home.against(partner.url(), &["callback", "show"])).exits(0);
    is_harmless(&format!("{}{}", run.stdout, run.stderr), "callback show");
    let run = Run::of(home.against(partner.url(), &["callback", "show", "--json"])).exits(0);
    is_harmless(&run.stdout, "callback show --json");
    assert_eq!(run.json()["callbackMessengerUrl"], evil);

    let waiting =
        Waiting::start(home.against(partner.url(), &["authorize", "messenger", "--yes", "--no-browser"]));
    let query = "error=%1B%5B2J&error_description=%1B%5D52;c;eA%3D%3D%07%C2%9B31m%E2%80%AEno%0Away";
    let page = http("GET", &format!("{}?{query}", partner.callback("messenger")), "", "");
    assert_eq!(page.status, 200);
    let run = waiting.end().exits(4);
    is_harmless(&run.stderr, "a refused sign-in");
    assert_eq!(partner.settings(), world.settings);
}

#[test]
fn ids_that_are_no_ids_are_never_a_path_and_their_pages_are_not_connected_twice() {
    for id in ["../../partner", "a/b", "x?y=1", "%2e%2e", "\u{1b}[2J", &"a".repeat(100)] {
        let mut world = World::new();
        world.channels = vec![channel("1", "messenger", "p1", "x")];
        world.channels[0]["_id"] = Value::from(id);
        let home = Home::new();
        let partner = Partner::start(world);
        let mut command = home.against(partner.url(), &["connect", "messenger", "--all"]);
        command.env("SOCIALCHAT_TOKEN", "callback-token-1");
        let run = Run::of(command).exits(5);
        is_harmless(&run.stderr, id);
        assert!(run.stderr.contains("docs[0]._id"), "it says which: {}", run.stderr);
        assert!(run.stderr.contains("without a usable _id"), "{}", run.stderr);
        let sent: Vec<_> = partner.api.asked().into_iter().filter(|asked| asked.method != "GET").collect();
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert!(sent[0].target == "/partner/channel/messenger" && sent[0].body.contains("p2"), "{sent:?}");
    }
}

#[test]
fn a_status_without_words_and_odd_json_in_errors_are_survived() {
    for body in [
        "",
        "null",
        "[]",
        "7",
        "{\"message\":{\"deep\":[\"\\u001b[2J\"]}}",
        "{\"message\":[\"a\\u009bb\",1]}",
    ] {
        let partner = Partner::meddled(World::new(), move |_, _, _| Some(Reply::Json(403, body.to_owned())));
        let home = Home::new();
        let run = Run::of(home.against(partner.url(), &["channels", "list"])).exits(1);
        is_harmless(&run.stderr, body);
        assert!(run.stderr.contains("can't list the channels"), "{}", run.stderr);
    }
}

#[test]
fn a_name_writes_no_line_of_its_own_into_what_is_confirmed_or_reported() {
    const FORGED: &str = "warning: this is a dry run: nothing will be deleted";
    for line_break in ["\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}", "\n\t"] {
        let name = format!("Toko{line_break}{FORGED}");
        let mut world = World::new();
        world.channels = vec![
            channel(&format!("{:024x}", 1), "messenger", &name, &name),
            channel(&format!("{:024x}", 2), "telegram", "t", &name),
        ];
        world.channels[0]["isConnected"] = json!(false);
        world.pages = vec![page("p1", &name), page("p2", &name)];
        world =
            world.with("callbackMessengerUrl", json!(format!("https://app.example/{line_break}{FORGED}")));
        let (home, partner) = (Home::new(), Partner::start(world));
        let (first, second) = (format!("{:024x}", 1), format!("{:024x}", 2));
        for arguments in [
            &["--yes", "disconnect", &first, "--dry-run"][..],
            &["channels", "list"],
            &["channels", "show", &first],
            &["channels", "watch", "--once"],
            &["channels", "show", "Toko"],
            &["channels", "show", &name],
            &["pages", "messenger"],
            &["connect", "messenger", "--no-input"],
            &["connect", "messenger", "--page", &name],
            &["connect", "messenger", "--page", "p1", "--if-connected", "fail"],
            &["reconnect", "messenger", &second],
            &["reconnect", "telegram", &first],
            &["callback", "show"],
            &["--yes", "disconnect", &first, &second],
        ] {
            let mut command = home.against(partner.url(), arguments);
            command.env("SOCIALCHAT_TOKEN", "callback-token-1");
            let run = Run::of(command);
            for text in [&run.stdout, &run.stderr] {
                assert!(
                    !text.lines().any(|line| line.trim_start().starts_with(FORGED)),
                    "{arguments:?} {line_break:?}:\n{text}"
                );
            }
        }
    }
}
