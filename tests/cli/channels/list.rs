//! channels list.

use std::sync::atomic::{AtomicUsize, Ordering};
#[cfg_attr(not(unix), allow(unused_imports, reason = "some tests are for Unix"))]
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::estate::{Estate, YEARS};
use crate::fake::{CANARY, channel};
use crate::partner::{listing, parameter};
use crate::support::{FakeApi, Home, Reply, Run};

#[test]
fn ten_thousand_channels_come_in_order_with_pages_fetched_ahead() {
    let (under_way, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    let channels: Vec<Value> = (0..10_000).map(|number| channel(number, true)).collect();
    let api = FakeApi::start(move |asked| {
        seen.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        // Later pages are answered sooner: their order must not depend on that.
        let page: u64 = parameter(asked, "page").unwrap().parse().unwrap();
        thread::sleep(Duration::from_millis(5 + 10 * (4 - page % 4)));
        let reply = listing(asked, &channels);
        under_way.fetch_sub(1, Ordering::SeqCst);
        reply
    });
    let home = Home::new();
    let run = Run::of(home.against(&api.url, &["--json", "channels", "list"])).exits(0);
    let document = run.json();
    assert_eq!(document["total"], 10_000);
    let names = document["channels"].as_array().unwrap().iter().map(|channel| channel["name"].clone());
    assert!(names.enumerate().all(|(place, name)| name == format!("Toko {place}")), "out of order");
    assert_eq!(api.asked().len(), 100, "each page once");
    let most = most.load(Ordering::SeqCst);
    assert!((4..=8).contains(&most), "{most} pages at the same time");
    assert!(api.connections() <= 8, "{} connections for 100 pages", api.connections());
    assert!(!run.stdout.contains(CANARY));
}

#[cfg(target_os = "linux")]
#[test]
fn json_streams_in_flat_memory() {
    use std::io::Read as _;
    use std::process::Stdio;
    let peak_of = |count: usize| {
        let (release, held) = mpsc::channel::<()>();
        let held = std::sync::Mutex::new(held);
        let channels: Vec<Value> = (0..count).map(|number| channel(number, true)).collect();
        let last = (count / 100).to_string();
        let api = FakeApi::start(move |asked| {
            if parameter(asked, "page").as_deref() == Some(&last) {
                let _ = held.lock().unwrap().recv();
            }
            listing(asked, &channels)
        });
        let home = Home::new();
        let mut command = home.against(&api.url, &["--json", "channels", "list"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        // The others are written while the last page has not come, but for what fills no buffer.
        let before_last = format!("Toko {}\"", count - 500);
        let (mut written, mut buffer) = (String::new(), [0; 65536]);
        while !written.contains(&before_last) {
            let read = stdout.read(&mut buffer).unwrap();
            assert!(read > 0, "it ended");
            written.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.unwrap_or_else(|| panic!("{status}"));
        let peak: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
        release.send(()).unwrap();
        stdout.read_to_string(&mut written).unwrap();
        assert!(child.wait().unwrap().success());
        let document: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(document["total"], count);
        peak
    };
    let (small, large) = (peak_of(1_000), peak_of(10_000));
    assert!(large < small + 2_000, "{small} kB for 1,000 channels, {large} kB for 10,000");
    assert!(large < 40_000, "{large} kB, in a build without optimisation");
}

#[cfg(unix)]
#[test]
fn the_table_fits_the_terminal_and_a_line_counts() {
    use crate::tty::Terminal;
    let mut long = channel(2, false);
    long["name"] = serde_json::json!("Toko Bunga yang namanya panjang sekali ".repeat(5));
    let channels = vec![channel(0, true), channel(1, false), long];
    let api = FakeApi::start(move |asked| listing(asked, &channels));
    for columns in [60, 80, 120] {
        let home = Home::new();
        let terminal = Terminal::of_size(24, columns, &home.against(&api.url, &["channels", "list"]));
        let terminal = terminal.end().exits(0);
        let text = terminal.text;
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        let hidden = usize::from(columns < 120);
        assert_eq!(lines.len(), 5 + hidden, "a heading, three rows, a count, none of them wrapped:\n{text}");
        assert!(lines[0].starts_with("KIND") && lines[2].contains("disconnected"), "{text}");
        assert_eq!(lines[2].contains(&crate::fake::id(1)), columns > 60, "{text}");
        assert!(lines[4 + hidden].contains("3 channels, 2 disconnected"), "{text}");
        if columns == 120 {
            assert!(lines[0].contains("CHANNEL ID") && lines[0].contains("SINCE"), "{text}");
        }
    }
}

#[test]
fn filters_hold_in_both_generations() {
    for year in YEARS {
        let estate = Estate::small(year, &[]);
        let names = |arguments: &[&str]| -> Vec<String> {
            let run = estate.run(&[&["--json", "channels", "list"], arguments].concat()).exits(0);
            let document = run.json();
            let channels = document["channels"].as_array().unwrap();
            assert_eq!(document["total"], if arguments.contains(&"--limit") { 3 } else { channels.len() });
            channels.iter().map(|channel| channel["name"].as_str().unwrap().to_owned()).collect()
        };
        let all = names(&[]);
        assert_eq!(all.len(), 3, "{all:?}");
        let of = |kind: &str| names(&["--kind", kind]);
        let by_kind: Vec<String> =
            ["messenger", "instagram", "telegram", "webchat", "linkchat", "whatsapp-unofficial"]
                .into_iter()
                .flat_map(of)
                .collect();
        assert_eq!(by_kind.len(), 3, "{year}: each has one kind: {by_kind:?}");
        assert_eq!(names(&["--kind", "telegram", "--kind", "webchat"]).len(), 2, "{year}");
        assert_eq!(names(&["--disconnected"]).len(), 1, "{year}");
        assert_eq!(names(&["--connected"]).len(), 2, "{year}");
        assert_eq!(names(&["--limit", "2"]), all[..2], "{year}");
        assert_eq!(names(&["--search", &all[0][1..5]])[0], all[0], "{year}");
        assert!(names(&["--search", "nothing is called so"]).is_empty(), "{year}");
    }
}

#[test]
fn wrong_filters_are_refused() {
    let home = Home::new();
    for arguments in
        [&["--connected", "--disconnected"][..], &["--kind", ""], &["--limit", "0"], &["--limit", "many"]]
    {
        home.run(&[&["--sandbox", "channels", "list"], arguments].concat()).exits(2);
    }
}

/// Programs act on what they read: of a list that breaks off they get nothing.
#[test]
fn of_a_list_that_breaks_off_nothing_is_printed_that_could_be_taken_for_the_whole() {
    let api = FakeApi::start(|asked| {
        match asked.target.contains("page=1&") {
        true => Reply::Json(
            200,
            json!({ "docs": [{ "_id": "65b37833afe781e84afa0001", "name": "Toko", "channelType": "messenger" }],
                    "totalPages": 2, "hasNextPage": true })
            .to_string(),
        ),
        false => Reply::Json(403, json!({ "statusCode": 403, "message": "rusak" }).to_string()),
    }
    });
    let home = Home::new();
    for format in ["table", "json", "jsonl", "csv", "id"] {
        for sort in [&[][..], &["--sort", "name"]] {
            let arguments = [&["channels", "list", "--format", format], sort].concat();
            let run = Run::of(home.against(&api.url, &arguments)).exits(1);
            match (format, sort) {
                // The one that is printed as it comes, in flat memory. What has no end is no document.
                ("json", []) => {
                    assert!(serde_json::from_str::<Value>(&run.stdout).is_err(), "{}", run.stdout)
                }
                _ => assert_eq!(run.stdout, "", "{arguments:?}"),
            }
        }
    }
}
