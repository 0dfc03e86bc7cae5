//! Lists of channels that never end, with pages as large as they may be: an error, in bounded time and memory.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::answers::peak_memory;
use crate::partner::page;
use crate::support::{Asked, FakeApi, Home, Reply};

/// What a page of a hundred channels is filled with.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Filling {
    /// Ten pages as they should be, and then names of 100 kB.
    LateNames,
    /// Names of 56 kB.
    Names,
    /// Lists of a million numbers in all, which take far more memory than their text.
    Numbers,
    /// As many of them as are let through.
    FewerNumbers,
}

fn number_of(asked: &Asked) -> usize {
    let page = asked.target.split(['?', '&']).find_map(|pair| pair.strip_prefix("page="));
    page.and_then(|page| page.parse().ok()).unwrap()
}

fn fat_page(filling: Filling, number: usize) -> Reply {
    let normal = "x".repeat(20);
    let (name, more) = match filling {
        Filling::LateNames if number <= 10 => (normal, String::new()),
        Filling::LateNames => ("n".repeat(100_000), String::new()),
        Filling::Names => ("n".repeat(56_000), String::new()),
        Filling::Numbers => (normal, format!(r#","new":[{}0]"#, "0,".repeat(10_000))),
        Filling::FewerNumbers => (normal, format!(r#","new":[{}0]"#, "0,".repeat(3_900))),
    };
    let channels: Vec<String> = (0..100)
        .map(|n| {
            let id = format!("{:024x}", number * 100 + n);
            format!(
                r#"{{"_id":"{id}","name":"{name}","channelId":"{id}","channelType":"messenger","isConnected":false{more}}}"#
            )
        })
        .collect();
    let docs = channels.join(",");
    Reply::Json(200, format!(r#"{{"docs":[{docs}],"totalPages":1000000,"hasNextPage":true}}"#))
}

/// An API whose list of channels has no end, and whose token covers one Page.
fn endless(filling: Filling) -> FakeApi {
    FakeApi::start(move |asked| {
        let path = asked.target.split('?').next().unwrap();
        match (asked.method.as_str(), path) {
            ("GET", "/partner/channel") => fat_page(filling, number_of(asked)),
            ("GET", path) if path.ends_with("/account") => {
                let docs = [page("p1", "Toko Bunga")];
                Reply::Json(200, json!({ "docs": docs, "hasNextPage": false }).to_string())
            }
            // A webchat whose answer doesn't tell its _id: the list is looked through for it.
            ("POST", _) => Reply::Json(201, String::new()),
            _ => Reply::Json(404, String::new()),
        }
    })
}

fn command(home: &Home, api: &FakeApi, arguments: &[&str]) -> Command {
    let mut command = home.against(&api.url, arguments);
    command.env("SOCIALCHAT_TOKEN", "t");
    command
}

#[test]
fn a_list_of_channels_with_fat_pages_and_no_end_is_an_error_in_bounded_time_and_memory() {
    let commands: [&[&str]; 10] = [
        &["reconnect", "messenger", "--all"],
        &["reconnect", "messenger", "no such name"],
        &["connect", "messenger", "--all"],
        &["pages", "messenger"],
        &["channels", "list"],
        &["--json", "channels", "list"],
        &["channels", "show", "n"],
        &["channels", "watch", "--once"],
        &["channels", "watch", "--interval", "1s"],
        &["--json", "channels", "watch", "--once"],
    ];
    let runs: Vec<(&[&str], Filling)> = commands
        .into_iter()
        .map(|command| match command[0] {
            // Escaping half a gigabyte takes a program without optimisation a minute.
            "--json" => (command, Filling::FewerNumbers),
            _ => (command, Filling::Names),
        })
        .chain([
            (commands[0], Filling::LateNames),
            (commands[4], Filling::LateNames),
            (commands[4], Filling::Numbers),
            (commands[6], Filling::FewerNumbers),
        ])
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((arguments, filling)) = runs.get(next.fetch_add(1, Ordering::SeqCst)) {
            let (api, home, begun) = (endless(*filling), Home::new(), Instant::now());
            let (run, peak) = peak_memory(command(&home, &api, arguments));
            let stderr: String = run.stderr.chars().take(2000).collect();
            assert_eq!(run.code, Some(1), "{arguments:?} {filling:?}: {stderr}");
            // A name is looked for among those that match.
            let said = ["list the channels", "list all channels", "no such channel"]
                .iter()
                .any(|text| stderr.contains(text));
            assert!(said, "{arguments:?} {filling:?}: {stderr}");
            assert!(peak < 128 << 10, "{arguments:?} {filling:?}: {peak} KiB");
            let took = begun.elapsed();
            assert!(took < Duration::from_secs(90), "{arguments:?} {filling:?}: {took:?}");
        }
    };
    thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(work))));
}
