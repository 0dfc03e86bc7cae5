//! Lists: what a terminal of 60, 80 and 120 columns shows of them, and what they are printed as for programs.
#![cfg(unix)]

mod support;
#[path = "support/terminal.rs"]
mod tty;

use serde_json::{Value, json};

use support::{Asked, FakeApi, Home, Reply, Run};
use tty::Terminal;

/// A channel as the API documents it.
fn channel(number: usize, name: &str, kind: &str, connected: bool) -> Value {
    json!({
        "_id": format!("{number:024x}"), "name": name, "channelType": kind, "isConnected": connected,
        "channelId": format!("{}", 102_938_475_610_000 + number), "status": "premium",
        "token": { "accessToken": "EAABsecret" },
        "createdAt": format!("2026-01-{:02}T08:00:00.000Z", 1 + number % 28),
        "updatedAt": format!("2026-02-{:02}T08:00:00.000Z", 1 + number % 28),
        "disconnectedAt": if connected { Value::Null } else { json!(format!("2026-03-{:02}T08:00:00.000Z", 28 - number % 28)) },
    })
}

/// An API with these channels, 100 a page; `told` is what its pages say beside `docs` and `hasNextPage`.
fn api_of(channels: Vec<Value>, told: impl Fn(usize) -> Value + Send + Sync + 'static) -> FakeApi {
    FakeApi::start(move |asked: &Asked| {
        let query = asked.target.split_once('?').map_or("", |(_, query)| query);
        let page = query.split('&').find_map(|part| part.strip_prefix("page=")).unwrap_or("1");
        let page: usize = page.parse().unwrap();
        let docs: Vec<&Value> = channels.iter().skip((page - 1) * 100).take(100).collect();
        let mut body = json!({ "docs": docs, "hasNextPage": page * 100 < channels.len() });
        for (name, value) in told(channels.len()).as_object().unwrap() {
            body[name] = value.clone();
        }
        Reply::Json(200, body.to_string())
    })
}

fn shops(count: usize) -> Vec<Value> {
    (0..count)
        .map(|at| channel(at, &format!("Toko Buku Senja Cabang {at:03}"), "messenger", at % 4 != 0))
        .collect()
}

fn counted(channels: usize) -> Value {
    json!({ "totalDocs": channels })
}

#[test]
fn a_family_stays_one_picture_where_the_terminal_can_show_it_and_an_arabic_name_keeps_its_place() {
    let family = "👨\u{200d}👩\u{200d}👧 Keluarga";
    let api = api_of(
        vec![channel(1, family, "messenger", true), channel(2, "متجر الزهور 24", "messenger", true)],
        counted,
    );
    let shown = |name: &str, value: &str| {
        let home = Home::new();
        let mut command = home.against(&api.url, &["channels", "list"]);
        command.env(name, value);
        Terminal::of_size(24, 80, &command).end().exits(0).bytes
    };
    let bytes = shown("TERM_PROGRAM", "WezTerm");
    // Two cells for the three of them: the column is as wide as its widest name, which has 14.
    assert!(bytes.contains(&format!("  {family}     ")), "{bytes}");
    assert!(bytes.contains("  \u{2068}متجر الزهور 24\u{2069}  "), "{bytes}");
    for (name, value) in [("TERM_PROGRAM", "vscode"), ("TERM", "tmux-256color")] {
        let bytes = shown(name, value);
        assert!(bytes.contains("  👨👩👧 Keluarga  ") && !bytes.contains('\u{200d}'), "{bytes}");
    }
}

/// The program's table in a terminal of that width.
fn table(api: &FakeApi, columns: u16, arguments: &[&str]) -> String {
    let home = Home::new();
    let ended = Terminal::of_size(24, columns, &home.against(&api.url, arguments)).end().exits(0);
    assert!(ended.text.lines().all(|line| line.chars().count() <= columns.into()), "{}", ended.text);
    ended.text
}

#[test]
fn names_are_whole_and_what_gives_way_is_said() {
    let api = api_of(shops(4), counted);
    for (columns, headings, hidden) in [
        (60, "KIND NAME STATE", "3 columns hidden: widen the terminal or use --json"),
        (80, "KIND NAME STATE _ID", "2 columns hidden: widen the terminal or use --json"),
        (120, "KIND NAME STATE CHANNEL ID _ID SINCE", ""),
    ] {
        let text = table(&api, columns, &["channels", "list"]);
        let first = text.lines().next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(first, headings, "{text}");
        for at in 0..4 {
            // 26 cells, of which 24 and the mark stay at least.
            assert!(text.contains(&format!("Toko Buku Senja Cabang {at:03}")), "{text}");
        }
        assert_eq!(text.contains("hidden"), !hidden.is_empty(), "{text}");
        assert!(text.contains(hidden), "{text}");
    }
    let home = Home::new();
    let run = Run::of(home.against(&api.url, &["channels", "list"])).exits(0);
    assert!(!run.stderr.contains("hidden") && run.stdout.contains("SINCE"), "a pipe has room: {run:?}");
}

#[test]
fn a_limit_changes_no_total() {
    let home = Home::new();
    let limited = |api: &FakeApi, arguments: &[&str]| {
        let arguments = [&["channels", "list", "--limit", "5"], arguments].concat();
        let json = Run::of(home.against(&api.url, &[&["--json"], &arguments[..]].concat())).exits(0).json();
        let said = Run::of(home.against(&api.url, &arguments)).exits(0).stderr;
        (json["channels"].as_array().unwrap().len(), json["total"].clone(), said)
    };
    let api = api_of(shops(1000), counted);
    let (count, total, said) = limited(&api, &[]);
    assert_eq!((count, total), (5, json!(1000)));
    assert!(said.contains("Showing 5 of 1,000 channels"), "{said}");
    assert_eq!(api.asked().len(), 2, "one page for each of the two was enough");

    // The API doesn't tell how many are disconnected, or counts those too that the filter should leave out.
    for arguments in [&["--disconnected"][..], &["--kind", "messenger"]] {
        let mixed = shops(999).into_iter().chain([channel(999, "Kopi", "telegram", true)]);
        let mut mixed: Vec<Value> = mixed.collect();
        mixed.rotate_right(1);
        let (count, total, said) = limited(&api_of(mixed, counted), arguments);
        assert_eq!((count, total), (5, Value::Null), "{arguments:?}");
        assert!(said.contains("Showing the first 5") && !said.contains(" of "), "{said}");
    }
    let (_, total, said) = limited(&api_of(shops(1000), |_| json!({})), &[]);
    assert!(total.is_null() && said.contains("Showing the first 5"), "{said}");
    // Where the only page holds them all, they are counted.
    let (_, total, said) = limited(&api_of(shops(40), |_| json!({})), &["--disconnected"]);
    assert_eq!(total, 10);
    assert!(said.contains("Showing 5 of 10 channels"), "{said}");
}

#[test]
fn each_format_is_what_it_is_called() {
    let channels = vec![
        channel(1, "Kopi, \"Senja\"", "messenger", true),
        channel(2, "=HYPERLINK(\"http://evil.example\")", "telegram", false),
        channel(3, "+62 812 @toko", "instagram", true),
        channel(4, "-1+1", "webchat", true),
        channel(5, "@SUM(A1)\r\n\u{1b}[31mmerah", "webchat", true),
    ];
    let api = api_of(channels, counted);
    let home = Home::new();
    let run =
        |format: &str| Run::of(home.against(&api.url, &["channels", "list", "--format", format])).exits(0);

    let csv = run("csv").stdout;
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "_id,channelId,channelType,name,isConnected,status,createdAt,updatedAt,disconnectedAt",
            "000000000000000000000001,102938475610001,messenger,\"Kopi, \"\"Senja\"\"\",true,premium,2026-01-02T08:00:00.000Z,2026-02-02T08:00:00.000Z,",
            "000000000000000000000002,102938475610002,telegram,\"'=HYPERLINK(\"\"http://evil.example\"\")\",false,premium,2026-01-03T08:00:00.000Z,2026-02-03T08:00:00.000Z,2026-03-26T08:00:00.000Z",
            "000000000000000000000003,102938475610003,instagram,'+62 812 @toko,true,premium,2026-01-04T08:00:00.000Z,2026-02-04T08:00:00.000Z,",
            "000000000000000000000004,102938475610004,webchat,'-1+1,true,premium,2026-01-05T08:00:00.000Z,2026-02-05T08:00:00.000Z,",
            "000000000000000000000005,102938475610005,webchat,'@SUM(A1) merah,true,premium,2026-01-06T08:00:00.000Z,2026-02-06T08:00:00.000Z,",
            "",
        ]
    );
    let ids: Vec<String> = (1..=5).map(|at| format!("{at:024x}")).collect();
    assert_eq!(run("id").stdout.lines().collect::<Vec<_>>(), ids);
    let lines: Vec<Value> =
        run("jsonl").stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["_id"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    assert_eq!(run("json").stdout, Run::of(home.against(&api.url, &["--json", "channels", "list"])).stdout);
    assert_eq!(run("table").stdout, Run::of(home.against(&api.url, &["channels", "list"])).stdout);
    for format in ["csv", "id", "jsonl", "json", "table"] {
        assert!(!run(format).stdout.contains("EAABsecret"), "{format}");
    }
    Run::of(home.against(&api.url, &["channels", "list", "--format", "xml"])).exits(2);
}

#[test]
fn an_error_is_json_where_the_format_is() {
    let home = Home::new();
    let api = FakeApi::start(|_| Reply::Json(500, json!({ "message": "rusak" }).to_string()));
    let run = Run::of(home.against(&api.url, &["channels", "list", "--format", "json"])).exits(1);
    assert_eq!(run.error()["code"], "api");
    for typed in [&["--format", "json"][..], &["--format=json"]] {
        let wrong = [&["channels", "list", "--limit", "0"], typed].concat();
        assert_eq!(Run::of(home.against(&api.url, &wrong)).exits(2).error()["code"], "usage");
    }
    let run = Run::of(home.against(&api.url, &["channels", "list", "--format", "csv"])).exits(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("error: "), "{run:?}");
}

#[test]
fn a_list_is_sorted_by_what_is_asked_for_and_limited_afterwards() {
    let mut channels = shops(150);
    channels.push(channel(150, "apotek Anggrek", "instagram", false));
    let api = api_of(channels, counted);
    let home = Home::new();
    let first = |sort: &str| {
        let arguments = ["channels", "list", "--sort", sort, "--limit", "2", "--format", "jsonl"];
        let stdout = Run::of(home.against(&api.url, &arguments)).exits(0).stdout;
        let ids = stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["_id"].clone());
        ids.map(|id| usize::from_str_radix(id.as_str().unwrap(), 16).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(first("name"), [150, 0]);
    assert_eq!(first("kind"), [150, 0]);
    assert_eq!(first("state"), [150, 0]);
    assert_eq!(first("id"), [0, 1]);
    // On the second of February; those that would be of the first are disconnected, since March.
    assert_eq!(first("since"), [1, 29]);
}

#[test]
fn pages_have_the_same_formats() {
    let docs = json!([
        { "name": "Zebra", "channelId": "102938475610001", "picture": "" },
        { "name": "=Apotek", "channelId": "102938475610002", "picture": "" },
    ]);
    let api = FakeApi::start(move |asked: &Asked| match asked.target.split('?').next().unwrap_or_default() {
        "/partner/channel/messenger/account" => {
            Reply::Json(200, json!({ "docs": docs, "hasNextPage": false }).to_string())
        }
        _ => {
            let connected = channel(1, "Zebra", "messenger", true);
            Reply::Json(200, json!({ "docs": [connected], "totalDocs": 1, "hasNextPage": false }).to_string())
        }
    });
    let home = Home::new();
    let run = |arguments: &[&str]| {
        let mut command = home.against(&api.url, &[&["pages", "messenger"], arguments].concat());
        command.env("SOCIALCHAT_TOKEN", "token");
        Run::of(command).exits(0).stdout
    };
    assert_eq!(run(&["--format", "id"]), "102938475610001\n102938475610002\n");
    assert_eq!(run(&["--format", "id", "--sort", "name"]), "102938475610002\n102938475610001\n");
    assert_eq!(run(&["--format", "id", "--sort", "state"]), "102938475610002\n102938475610001\n");
    assert_eq!(
        run(&["--format", "csv", "--sort", "id"]),
        "channelId,kind,name,connectedAs\r\n\
         102938475610001,messenger,Zebra,000000000000000000000001\r\n\
         102938475610002,messenger,'=Apotek,\r\n"
    );
    assert_eq!(run(&["--format", "jsonl"]).lines().count(), 2);
    assert_eq!(run(&["--format", "json"]), run(&["--json"]));
}

#[test]
fn what_watch_tells_fits_the_terminal_in_the_order_of_the_list_and_in_local_time() {
    let channels = vec![
        channel(0, "Toko Buku Senja Cabang 000", "messenger", false),
        channel(4, "متجر الزهور", "whatsapp-unofficial", false),
        channel(8, "\u{200b}", "messenger", false),
    ];
    let api = api_of(channels, counted);
    for (columns, words, hidden) in [
        (60, "Toko Buku Senja Cabang 000 disconnected 2026-03-28 15:00", "3 columns hidden"),
        (80, "messenger Toko Buku Senja Cabang 000 disconnected 2026-03-28 15:00", "2 columns hidden"),
        (
            120,
            "messenger Toko Buku Senja Cabang 000 disconnected 102938475610000 000000000000000000000000 2026-03-28 15:00",
            "",
        ),
    ] {
        let home = Home::new();
        let mut command = home.against(&api.url, &["channels", "watch", "--once"]);
        command.env("TZ", "WIB-7");
        let ended = Terminal::of_size(24, columns, &command).end().exits(5);
        let lines: Vec<&str> = ended.text.lines().collect();
        assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>().join(" "), words, "{}", ended.text);
        let others = lines.iter().filter(|line| line.contains("disconnected  "));
        assert_eq!(others.count(), 3, "each is one line: {}", ended.text);
        assert!(lines[2].trim_start_matches("messenger").trim_start().starts_with("- "), "{}", ended.text);
        assert!(
            ended.text.contains(hidden)
                && ended.text.matches("hidden").count() == usize::from(!hidden.is_empty())
        );
        // What isolates the Arabic name takes no cell.
        let cells = |line: &str| line.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).count();
        assert!(lines[..3].iter().all(|line| cells(line) <= columns.into()), "{}", ended.text);
    }
    // A file keeps the API's own time, and everything.
    let home = Home::new();
    let run = Run::of(home.against(&api.url, &["channels", "watch", "--once"])).exits(5);
    let first: Vec<&str> = run.stdout.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(first.last(), Some(&"2026-03-28T08:00:00.000Z"));
    assert!(first.contains(&"102938475610000") && !run.stdout.contains('\u{2068}'), "{}", run.stdout);
}

#[test]
fn what_became_of_each_keeps_its_id_at_60_columns() {
    let docs = shops(2);
    let ids = [0, 1].map(|number| format!("{number:024x}"));
    let api = FakeApi::start(move |asked: &Asked| match asked.method.as_str() {
        "DELETE" => Reply::Json(400, json!({ "message": "it is on holiday" }).to_string()),
        _ => match docs.iter().find(|one| asked.target.ends_with(one["_id"].as_str().unwrap())) {
            Some(one) => Reply::Json(200, one.to_string()),
            None => Reply::Json(200, json!({ "docs": docs, "hasNextPage": false }).to_string()),
        },
    });
    let home = Home::new();
    let command = home.against(&api.url, &["--yes", "disconnect", &ids[0], &ids[1]]);
    let ended = Terminal::of_size(24, 60, &command).end().exits(1);
    let heading = ended
        .text
        .lines()
        .find(|line| line.starts_with("RESULT"))
        .unwrap_or_else(|| panic!("{}", ended.text));
    assert_eq!(heading.split_whitespace().collect::<Vec<_>>(), ["RESULT", "NAME", "_ID"], "{}", ended.text);
    assert!(ended.text.contains("1 column hidden") && ended.text.contains("2 × "), "{}", ended.text);
}

#[test]
fn a_kind_that_the_list_prints_can_be_asked_for_and_a_misspelt_one_is_guessed_where_nothing_matches() {
    let channels = vec![channel(1, "Toko", "line", true), channel(2, "Senja", "messenger", true)];
    let api = api_of(channels, counted);
    let home = Home::new();
    let list = |kind: &str| {
        Run::of(home.against(&api.url, &["--json", "channels", "list", "--kind", kind])).exits(0)
    };
    let found = list("line");
    assert_eq!((&found.json()["channels"][0]["name"], &found.json()["total"]), (&json!("Toko"), &json!(1)));
    assert!(!found.stderr.contains("Did you mean"), "{}", found.stderr);
    assert!(api.asked().iter().all(|asked| !asked.target.contains("line")), "no API need know it");
    let none = list("mesenger");
    assert_eq!(none.json()["total"], 0);
    assert!(none.stderr.contains("Did you mean --kind messenger?"), "{}", none.stderr);
    Run::of(home.against(&api.url, &["channels", "list", "--kind", ""])).exits(2);
    Run::of(home.against(&api.url, &["channels", "list", "--kind", &"x".repeat(41)])).exits(2);
}

#[test]
fn a_few_long_labels_leave_room_for_values_at_60_columns() {
    let mut one = channel(1, "Toko", "messenger", true);
    one["additionalData"] = json!({ "aFieldWithQuiteALongNameOfItsOwn": { "andOneBelowIt": "x" } });
    let api = api_of(vec![one], counted);
    let home = Home::new();
    let ended =
        Terminal::of_size(40, 60, &home.against(&api.url, &["channels", "show", "Toko"])).end().exits(0);
    let name = ended.text.lines().find(|line| line.starts_with("Name")).unwrap();
    assert_eq!(name.find("Toko"), Some(22), "{}", ended.text);
    assert!(ended.text.contains("andOneBelowIt  x"), "{}", ended.text);
}
