//! Canaries: keys and tokens are planted, and looked for wherever they have no business.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use serde_json::json;

use crate::browser::{browser_starts, with_browser};
use crate::partner::{Partner, World, channel, page};
use crate::support::{Home, Reply, Run, Waiting, http, until};

const API_KEY: &str = "canary/API+key=one~0123456789";
const SECRET_KEY: &str = "canary/SECRET+key=two~0123456789";
const TOKEN: &str = "canary/CALLBACK+token=three~0123456789";
const BOT_TOKEN: &str = "7012345678:CANARY-bot_token-0123456789abcdefgh";
/// With characters that one rule of percent-encoding encodes and another doesn't, and that HTML and JSON escape.
const ODD_TOKEN: &str = "canary/ODD+token=five~!'()*&<>\"\\_0123456789-abcdefghijklmnop";
const ACCESS: &str = "canary/ACCESS+token=four~0123456789";

/// The secret as it is, percent-encoded, and in base64 at each of the three places it can begin at.
fn forms(secret: &str) -> Vec<String> {
    let percent = |keep: &[u8]| -> String {
        let one = |byte: u8| match byte.is_ascii_alphanumeric() || keep.contains(&byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        };
        secret.bytes().map(one).collect()
    };
    let mut forms =
        vec![secret.to_owned(), percent(b"-_.~"), percent(b"-_.*"), percent(b"-_.~/"), percent(b"-_.~/+=")];
    for engine in [STANDARD, URL_SAFE] {
        for before in 0..3 {
            let encoded = engine.encode([&b"___"[..before], secret.as_bytes()].concat());
            forms.push(encoded[4..encoded.len() - 4].to_owned());
        }
    }
    forms
}

/// How an API, a proxy or a gateway may write a secret that it quotes.
fn writings(secret: &str) -> Vec<String> {
    let percent = |text: &str, keep: &str, upper: bool| -> String {
        let one = |byte: u8| match byte.is_ascii_alphanumeric() || keep.as_bytes().contains(&byte) {
            true => char::from(byte).to_string(),
            false if upper => format!("%{byte:02X}"),
            false => format!("%{byte:02x}"),
        };
        text.bytes().map(one).collect()
    };
    let mut found = vec![secret.to_owned()];
    // Of forms, of encodeURIComponent, of RFC 3986, and of everything.
    for keep in ["*-._", "-_.!~*'()", "-._~", ""] {
        for upper in [false, true] {
            let once = percent(secret, keep, upper);
            found.push(percent(&once, keep, upper));
            found.push(once);
        }
    }
    for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
        for around in [("", ""), ("{\"token\":\"", "\"}"), ("id_", "-"), ("a", "")] {
            let encoded = engine.encode(format!("{}{secret}{}", around.0, around.1));
            found.push(percent(&encoded, "-_", true));
            found.push(encoded);
        }
    }
    let hex = |upper: bool| -> String {
        let one = |byte: u8| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
        secret.bytes().map(one).collect()
    };
    found.extend([hex(false), hex(true)]);
    let entities = |write: &dyn Fn(char) -> String| -> String {
        let one = |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { write(c) };
        secret.chars().map(one).collect()
    };
    let named = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&apos;".to_owned(),
        other => other.to_string(),
    };
    found.push(entities(&named));
    found.push(entities(&named).replace('&', "&amp;"));
    found.push(entities(&|c| format!("&#{};", u32::from(c))));
    found.push(entities(&|c| format!("&#x{:x};", u32::from(c))));
    found.push(entities(&|c| format!("&#x{:02X};", u32::from(c))));
    found.push(entities(&|c| format!("\\u{:04x}", u32::from(c))));
    let quoted = json!(secret).to_string();
    found.push(quoted[1..quoted.len() - 1].to_owned());
    found.push(quoted[1..quoted.len() - 1].replace('/', "\\/"));
    let cut: Vec<String> =
        found.iter().filter(|text| text.len() > 44).map(|text| text[..40].to_owned()).collect();
    found.extend(cut);
    found
}

#[test]
fn a_secret_is_taken_out_of_an_error_in_whatever_writing_it_is_quoted() {
    const APP_ID: &str = "app-7f3";
    let pair = format!("{APP_ID}_{SECRET_KEY}");
    let bearer = STANDARD.encode(&pair);
    let key = |key: &str| vec![("SOCIALCHAT_API_KEY", key.to_owned())];
    let app = ("SOCIALCHAT_APP_ID", APP_ID.to_owned());
    for (environment, secrets) in [
        (key(API_KEY), vec![API_KEY]),
        // What is base64 of a pair can be the API key, too.
        (key(&bearer), vec![&bearer, SECRET_KEY, &pair]),
        (key(bearer.trim_end_matches('=')), vec![SECRET_KEY, &pair]),
        (vec![app, ("SOCIALCHAT_SECRET_KEY", SECRET_KEY.to_owned())], vec![&bearer, SECRET_KEY, &pair]),
    ] {
        let quoted: Vec<String> =
            secrets.iter().chain(&[ODD_TOKEN]).flat_map(|secret| writings(secret)).collect();
        for quoted in quoted.chunks(24) {
            let answer = quoted.to_vec();
            // The token was in an earlier request than the one that quotes it.
            let partner = Partner::meddled(world(), move |asked, _, _| {
                let message: String = answer.iter().map(|text| format!("[{text}] ")).collect();
                let body = json!({ "statusCode": 403, "message": message, "originalMessage": format!("no: {message}") });
                asked.target.contains("/channel?").then(|| Reply::Json(403, body.to_string()))
            });
            for format in ["--json", "-vvv"] {
                let home = Home::new();
                let mut command = home.command(&["connect", "messenger", "--all", format]);
                command.env("SOCIALCHAT_API_URL", partner.url()).env("SOCIALCHAT_TOKEN", ODD_TOKEN);
                command.envs(environment.iter().map(|(name, value)| (name, value)));
                let run = Run::of(command).exits(1);
                assert!(run.stderr.contains("[[secret]]"), "{}", run.stderr);
                for text in quoted {
                    let escaped = json!(text).to_string();
                    for text in [text, &escaped[1..escaped.len() - 1]] {
                        let shown = run.stderr.contains(text) || run.stdout.contains(text);
                        assert!(!shown, "{text} in:\n{}", run.stderr);
                    }
                }
                assert!(!run.stderr.to_lowercase().contains("canary"), "{}", run.stderr);
                files_are_clean(&home);
            }
        }
    }
}

#[track_caller]
fn is_clean(text: &str, of: &str) {
    for secret in [API_KEY, SECRET_KEY, TOKEN, BOT_TOKEN, ACCESS] {
        for form in forms(secret) {
            assert!(!text.contains(&form), "{secret} as {form} in {of}:\n{text}");
        }
    }
}

/// Every file below the home but the one that is there for it.
#[track_caller]
fn files_are_clean(home: &Home) {
    for (path, bytes) in home.files() {
        if !path.ends_with("credentials.json") {
            is_clean(&String::from_utf8_lossy(&bytes), &path.display().to_string());
        }
    }
}

fn world() -> World {
    let mut one = channel(&format!("{:024x}", 77), "messenger", "p1", "Toko Bunga");
    one["token"] = json!({ "accessToken": ACCESS });
    one["additionalData"] =
        json!({ "hashId": "h", "pageToken": ACCESS, "deep": [{ "accessToken": ACCESS }] });
    World {
        pages: vec![page("p1", "Toko Bunga"), page("p2", "Toko Roti")],
        channels: vec![one],
        ..World::new()
    }
}

fn percent(token: &str) -> String {
    forms(token)[1].clone()
}

#[derive(Clone, Copy, Debug)]
enum Login {
    Key,
    Pair,
}

fn with_credentials(
    home: &Home,
    partner: &Partner,
    login: Login,
    arguments: &[&str],
) -> std::process::Command {
    let mut command = home.command(arguments);
    command.env("SOCIALCHAT_API_URL", partner.url());
    match login {
        Login::Key => command.env("SOCIALCHAT_API_KEY", API_KEY),
        Login::Pair => command.env("SOCIALCHAT_APP_ID", "APPID").env("SOCIALCHAT_SECRET_KEY", SECRET_KEY),
    };
    command
}

#[test]
fn no_secret_reaches_a_stream_a_page_a_child_process_or_a_file() {
    for login in [Login::Key, Login::Pair] {
        for json in [false, true] {
            let (home, partner) = (Home::new(), Partner::start(world()));
            let more: &[&str] = if json { &["-vvv", "--json"] } else { &["-vvv", "--color", "always"] };
            for (arguments, code) in [
                (&["whoami"][..], 0),
                (&["channels", "list"], 0),
                (&["channels", "show", &format!("{:024x}", 77)], 0),
                (&["callback", "show"], 0),
                (&["pages", "messenger"], 0),
                (&["connect", "messenger", "--all"], 0),
                (&["reconnect", "messenger", "--all"], 0),
                (&["connect", "messenger", "--page", "nobody"], 1),
                (&["api", "GET", "/partner/channel?page=1&limit=20"], 0),
                (&["api", "GET", "/partner/channel?page=1&limit=20", "--paginate"], 0),
                (&["profile", "list"], 0),
            ] {
                let mut command = with_credentials(&home, &partner, login, &[arguments, more].concat());
                command.env("SOCIALCHAT_TOKEN", TOKEN);
                let run = Run::of(command).exits(code);
                is_clean(&run.stdout, &format!("stdout of {arguments:?}"));
                is_clean(&run.stderr, &format!("stderr of {arguments:?}"));
            }
            // A sign-in in the browser, with everything the browser is given.
            let arguments = [&["connect", "messenger", "--all", "--yes"], more].concat();
            let waiting =
                Waiting::start(with_browser(&home, with_credentials(&home, &partner, login, &arguments)));
            until("the browser was started", || !browser_starts(&home).is_empty());
            let browser = browser_starts(&home).remove(0);
            is_clean(&browser, "the browser's arguments and environment");
            assert!(!browser.contains("SOCIALCHAT_"), "{browser}");
            assert!(browser.contains("HOME="), "the environment was recorded: {browser}");
            let callback = partner.callback("messenger");
            let page = http("GET", &format!("{callback}?token={}", percent(TOKEN)), "", "");
            assert_eq!(page.status, 200);
            is_clean(&format!("{}{}", page.head, page.body), "the page");
            let run = waiting.end().exits(0);
            is_clean(&run.stdout, "stdout of a sign-in");
            is_clean(&run.stderr, "stderr of a sign-in");
            files_are_clean(&home);
            assert!(
                partner.api.asked().iter().any(|asked| asked.body.contains(TOKEN)),
                "the token arrived as it was"
            );
        }
    }
}

#[test]
fn stored_credentials_are_in_their_file_alone_and_gone_after_logout() {
    let (home, partner) = (Home::new(), Partner::start(world()));
    let logins: [(&[&str], &str); 2] = [
        (&["login", "--api-key-stdin"], API_KEY),
        (&["login", "--app-id", "APPID", "--secret-key-stdin"], SECRET_KEY),
    ];
    for (arguments, secret) in logins {
        let url = ["--api-url", partner.url(), "-vvv"];
        let run = home.run_with(&[&url[..], arguments].concat(), secret).exits(0);
        is_clean(&format!("{}{}", run.stdout, run.stderr), "login");
        let run = home.run(&["whoami", "--json", "-vvv"]).exits(0);
        is_clean(&format!("{}{}", run.stdout, run.stderr), "whoami");
        files_are_clean(&home);
        assert!(home.files().iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(secret)));
        home.run(&["logout"]).exits(0);
        for (path, bytes) in home.files() {
            is_clean(&String::from_utf8_lossy(&bytes), &path.display().to_string());
        }
    }
}

#[test]
fn an_api_that_quotes_what_it_was_asked_puts_no_secret_on_the_screen() {
    for login in [Login::Key, Login::Pair] {
        for status in [400, 401, 403, 500] {
            let partner = Partner::meddled(world(), move |asked, _, _| {
                let quoted = format!("denied: {} {} {}", asked.authorization, asked.target, asked.body);
                let body = json!({ "statusCode": status, "message": quoted, "originalMessage": format!("en: {quoted}") });
                let is_it = asked.method == "POST" || asked.target.contains("/account?") || status == 401;
                is_it.then(|| Reply::Json(status, body.to_string()))
            });
            let home = Home::new();
            for arguments in [
                &["pages", "messenger", "-vvv"][..],
                &["pages", "messenger", "--json"],
                &["connect", "messenger", "--all"],
                &["reconnect", "messenger", "--all", "--json"],
            ] {
                let mut command = with_credentials(&home, &partner, login, arguments);
                command.env("SOCIALCHAT_TOKEN", TOKEN);
                let run = Run::of(command);
                assert!(run.stderr.contains("denied"), "{arguments:?}: {}", run.stderr);
                is_clean(&run.stderr, &format!("stderr of {arguments:?}"));
                is_clean(&run.stdout, &format!("stdout of {arguments:?}"));
            }
        }
    }
}

#[test]
fn what_is_wrong_with_a_secret_is_said_without_it() {
    let (home, partner) = (Home::new(), Partner::start(world()));
    for (arguments, input) in [
        (&["login", "--api-key-stdin"][..], format!("{API_KEY}\n{API_KEY}")),
        (&["login", "--api-key-stdin"], format!("{API_KEY}\u{7f}{SECRET_KEY}")),
        (&["pages", "messenger", "--token-stdin"], format!("{TOKEN} {TOKEN}")),
        (
            &["pages", "messenger", "--paste", "--no-browser"],
            format!("https://x.example/?code={}", percent(TOKEN)),
        ),
        (
            &["pages", "messenger", "--paste", "--no-browser"],
            format!("https://x.example/?token={TOKEN}&token={TOKEN}"),
        ),
    ] {
        let url = ["--api-url", partner.url(), "-vvv"];
        let mut command = home.command(&[&url[..], arguments].concat());
        let file = home.dir.path().join("input");
        std::fs::write(&file, &input).unwrap();
        if !arguments.contains(&"login") {
            command.env("SOCIALCHAT_API_KEY", API_KEY);
        }
        let run = Run::of({
            command.stdin(std::fs::File::open(&file).unwrap());
            command
        });
        std::fs::remove_file(&file).unwrap();
        assert_ne!(run.code, Some(0), "{arguments:?} {input:?}");
        is_clean(&format!("{}{}", run.stdout, run.stderr), &format!("{arguments:?}"));
        files_are_clean(&home);
    }
}

#[test]
fn a_pasted_token_is_used_as_it_is_and_shown_nowhere() {
    let (home, partner) = (Home::new(), Partner::start(world()));
    for pasted in [format!("https://app.example/cb?token={}", percent(TOKEN)), TOKEN.to_owned()] {
        let mut command = with_credentials(
            &home,
            &partner,
            Login::Key,
            &["pages", "messenger", "--paste", "--no-browser", "-vvv"],
        );
        let file = home.dir.path().join("input");
        std::fs::write(&file, pasted + "\n").unwrap();
        command.stdin(std::fs::File::open(&file).unwrap());
        let run = Run::of(command).exits(0);
        std::fs::remove_file(&file).unwrap();
        is_clean(&format!("{}{}", run.stdout, run.stderr), "a pasted address");
        let last = partner.api.asked().into_iter().rfind(|asked| asked.target.contains("/account?")).unwrap();
        let sent = last.target.split("token=").nth(1).unwrap().replace('~', "%7E");
        assert_eq!(sent, percent(TOKEN).replace('~', "%7E"));
    }
    assert_eq!(partner.count("PUT /partner"), 0);
}

#[test]
fn authorize_prints_the_token_on_stdout_and_nowhere_else() {
    let (home, partner) = (Home::new(), Partner::start(world()));
    let arguments = ["authorize", "messenger", "--yes", "--no-browser", "-vvv"];
    let waiting = Waiting::start(with_credentials(&home, &partner, Login::Key, &arguments));
    http("GET", &format!("{}?token={}", partner.callback("messenger"), percent(TOKEN)), "", "");
    let run = waiting.end().exits(0);
    assert_eq!(run.stdout, format!("{TOKEN}\n"));
    is_clean(&run.stderr, "stderr of authorize");
    files_are_clean(&home);
}

#[test]
fn a_bot_token_is_in_no_output_and_no_file_even_where_the_api_quotes_it() {
    for quoting in [false, true] {
        let partner = Partner::meddled(world(), move |asked, _, _| {
            if asked.method != "POST" || !asked.target.contains("/telegram") {
                return None;
            }
            if !quoting {
                return Some(Reply::Json(201, json!({ "_id": format!("{:024x}", 5) }).to_string()));
            }
            let body = json!({ "statusCode": 403, "message": asked.body, "originalMessage": asked.body });
            Some(Reply::Json(403, body.to_string()))
        });
        let home = Home::new();
        let file = home.dir.path().join("input");
        for format in ["--json", "-vvv"] {
            let arguments = [format, "connect", "telegram", "--bot-token-stdin"];
            let mut command = with_credentials(&home, &partner, Login::Key, &arguments);
            std::fs::write(&file, BOT_TOKEN).unwrap();
            command.stdin(std::fs::File::open(&file).unwrap());
            let run = Run::of(command).exits(if quoting { 1 } else { 0 });
            std::fs::remove_file(&file).unwrap();
            let sent = partner.api.asked().iter().any(|asked| asked.body.contains(BOT_TOKEN));
            assert!(sent, "it was not even used: {}", run.stderr);
            is_clean(&run.stdout, "stdout");
            is_clean(&run.stderr, "stderr");
            files_are_clean(&home);
        }
    }
}

/// A channel with every field that the documentation names, and all that may be secret among others.
fn channel_with_secrets(is_connected: bool) -> (serde_json::Value, serde_json::Value) {
    let documented = json!({
        "_id": format!("{:024x}", 77),
        "name": "Toko Bunga",
        "channelId": "p1",
        "channelType": "whatsapp-unofficial",
        "isConnected": is_connected,
        "isTimeout": false,
        "picture": "https://cdn.example/p.jpg?w=1&oh=2",
        "status": "free",
        "label": { "name": "Toko", "phone": "081234567890" },
        "createdBy": { "_id": "65b37833afe781e84afa0001", "email": "partner@example.com" },
        "additionalData": {
            "assistantId": "a1", "shortId": "s1", "hashId": "h1", "websiteUrl": "https://toko.example/?ref=1#top",
            "isActivePreChat": true, "welcomeMessage": "Hi {name}", "virtualMachineId": "vm1", "isBusiness": false,
        },
        "disconnectedAt": "2026-07-01T00:00:00.000Z",
        "createdAt": "2026-07-01T00:00:00.000Z",
        "updatedAt": "2026-07-01T00:00:00.000Z",
    });
    let mut sent = documented.clone();
    for name in [
        "api_key",
        "accessKey",
        "authorization",
        "bearer",
        "auth",
        "auth.key",
        "pwd",
        "passwd",
        "pass",
        "privateKey",
        "cookie",
        "session",
        "sessionId",
        "sid",
        "jwt",
        "pin",
        "otp",
        "signature",
        "client_secret",
        "refresh-token",
        "qrcode",
    ] {
        sent[name] = json!(ACCESS);
        sent["additionalData"][name] = json!({ "value": [ACCESS] });
        sent["createdBy"][name] = json!(null);
    }
    sent["token"] = json!({ "accessToken": ACCESS });
    sent["picture"] = json!(format!("https://u:canary@cdn.example/p.jpg?w=1&access_token={TOKEN}&oh=2"));
    sent["additionalData"]["qrcode"] = json!("2@canary/CODE,0123456789");
    sent["raw"] = json!(json!({ "deep": [{ "bearer": ACCESS }] }).to_string());
    (sent, documented)
}

#[test]
fn channels_are_shown_with_everything_but_their_secrets() {
    let (home, mut world) = (Home::new(), World::new());
    let (sent, mut documented) = channel_with_secrets(false);
    documented["platform"] = json!("socialchat");
    world.channels = vec![sent];
    world.pages[0]["picture"] = json!(format!("https://cdn.example/p.jpg?access_token={TOKEN}&w=1"));
    let partner = Partner::start(world);
    let (id, seen) = (format!("{:024x}", 77), home.dir.path().join("seen"));
    let exec = format!("cat >> {}; env >> {0}", seen.display());
    for (arguments, code, pointer) in [
        (&["channels", "list", "--json"][..], 0, Some("/channels/0")),
        (&["channels", "show", &id, "--json"], 0, Some("")),
        (&["channels", "list", "--color", "always"], 0, None),
        (&["channels", "show", &id, "-vvv"], 0, None),
        (&["channels", "watch", "--once", "--json"], 5, None),
        (&["channels", "watch", "--once", "--exec", &exec], 5, None),
        (&["disconnect", &id, "--dry-run"], 0, None),
        (&["pages", "messenger", "--json"], 0, None),
    ] {
        let mut command = with_credentials(&home, &partner, Login::Key, arguments);
        command.env("SOCIALCHAT_TOKEN", TOKEN);
        let run = Run::of(command).exits(code);
        for text in [&run.stdout, &run.stderr] {
            is_clean(text, &format!("{arguments:?}"));
            assert!(!text.contains("canary"), "{arguments:?}: {text}");
        }
        if let Some(pointer) = pointer {
            assert_eq!(run.json().pointer(pointer), Some(&documented), "{arguments:?}");
        }
    }
    let seen = std::fs::read_to_string(seen).unwrap();
    is_clean(&seen, "what a command of --exec is given");
    assert!(seen.contains("Toko Bunga") && seen.contains("HOME=") && !seen.contains("canary"), "{seen}");
}

#[test]
fn a_token_that_was_typed_for_a_name_is_not_shown_where_the_api_quotes_it() {
    let partner = Partner::meddled(world(), |asked, _, _| {
        let body = json!({ "statusCode": 400, "message": format!("bad query: {}", asked.target) });
        Some(Reply::Json(400, body.to_string()))
    });
    let home = Home::new();
    for arguments in
        [&["channels", "show", TOKEN][..], &["reconnect", "messenger", TOKEN], &["disconnect", TOKEN]]
    {
        let run = Run::of(with_credentials(&home, &partner, Login::Key, arguments)).exits(1);
        assert!(run.stderr.contains("bad query"), "{}", run.stderr);
        is_clean(&run.stderr, &format!("{arguments:?}"));
    }
}

/// The API refuses one kind of request, and quotes there every secret that it has been sent, in every writing.
fn quoting(refused: &'static str) -> Partner {
    let mut world = world();
    world.channels.push(channel(&format!("{:024x}", 78), "telegram", "b1", "Bot"));
    let sent = std::sync::Mutex::new(Vec::<String>::new());
    Partner::meddled(world, move |asked, _, _| {
        let mut sent = sent.lock().unwrap();
        let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let query = asked.target.split("token=").nth(1).map(|_| ODD_TOKEN);
        let bearer = asked.authorization.strip_prefix("Bearer ");
        for secret in [body["token"].as_str(), query, bearer].into_iter().flatten() {
            if !sent.iter().any(|known| known == secret) {
                sent.push(secret.to_owned());
            }
        }
        if bearer == Some(&STANDARD.encode(format!("APPID_{SECRET_KEY}"))) {
            sent.push(SECRET_KEY.to_owned());
        }
        let path = asked.target.split('?').next().unwrap_or_default();
        if !format!("{} {path}", asked.method).starts_with(refused) {
            return None;
        }
        let quoted: String =
            sent.iter().flat_map(|secret| writings(secret)).map(|text| format!("<{text}> ")).collect();
        let body = json!({ "statusCode": 403, "message": [quoted.clone(), "x"], "originalMessage": quoted });
        Some(Reply::Json(403, body.to_string()))
    })
}

#[test]
fn no_command_shows_or_keeps_what_an_api_quotes_at_any_step() {
    let (id, bot) = (format!("{:024x}", 77), format!("{:024x}", 78));
    let mut quoted = 0;
    for refused in [
        "GET /partner/channel/messenger/authorize",
        "GET /partner/channel/messenger/account",
        "GET /partner/channel",
        "GET /partner",
        "PUT /partner",
        "POST /partner/channel/",
        "DELETE /partner/channel/",
    ] {
        for (index, arguments) in [
            &["whoami"][..],
            &["login", "--api-key-stdin"],
            &["login", "--app-id", "APPID", "--secret-key-stdin"],
            &["channels", "list"],
            &["channels", "show", &id],
            &["channels", "watch", "--once"],
            &["callback", "show"],
            &["callback", "set", "--messenger", "https://app.example/new"],
            &["callback", "restore"],
            &["pages", "messenger"],
            &["connect", "messenger", "--all"],
            &["reconnect", "messenger", &id],
            &["reconnect", "messenger", "--all"],
            &["connect", "telegram", "--bot-token-stdin"],
            &["reconnect", "telegram", &bot, "--bot-token-stdin"],
            &[
                "connect",
                "whatsapp",
                "--name",
                "x",
                "--phone",
                "081234567890",
                "--qr-file",
                "x.png",
                "--timeout",
                "1",
            ],
            &["connect", "webchat", "--name", "x", "--website-url", "https://toko.example"],
            &["connect", "linkchat", "--name", "x"],
            &["--yes", "disconnect", &id, &bot],
            // The token is not used where somebody signs in; nobody does here.
            &["--yes", "authorize", "instagram", "--no-browser", "--timeout", "1"],
        ]
        .into_iter()
        .enumerate()
        {
            let (home, partner) = (Home::new(), quoting(refused));
            let login = if index % 2 == 0 { Login::Key } else { Login::Pair };
            let format = if index % 3 == 0 { "-vvv" } else { "--json" };
            let mut command = with_credentials(&home, &partner, login, &[arguments, &[format]].concat());
            if !arguments.contains(&"authorize") {
                command.env("SOCIALCHAT_TOKEN", ODD_TOKEN);
            }
            let input = home.dir.path().join("input");
            let typed = match arguments[0] {
                "login" if arguments.contains(&"--app-id") => SECRET_KEY,
                "login" => API_KEY,
                _ => BOT_TOKEN,
            };
            std::fs::write(&input, typed).unwrap();
            let run = Run::of({
                command.stdin(std::fs::File::open(&input).unwrap());
                command
            });
            std::fs::remove_file(&input).unwrap();
            assert!(run.code.is_some_and(|code| code < 6), "{refused} {arguments:?}: {run:?}");
            let said = format!("{}{}", run.stdout, run.stderr);
            quoted += usize::from(said.contains("<[secret]>"));
            for secret in [API_KEY, SECRET_KEY, ODD_TOKEN, BOT_TOKEN, ACCESS] {
                for text in writings(secret) {
                    let escaped = json!(text).to_string();
                    let shown = said.contains(&text) || said.contains(&escaped[1..escaped.len() - 1]);
                    assert!(!shown, "{refused} {arguments:?}: {text} in {said}");
                }
            }
            is_clean(&said, &format!("{refused} {arguments:?}"));
            files_are_clean(&home);
        }
    }
    assert!(quoted > 40, "it was quoted in {quoted} runs only");
}
