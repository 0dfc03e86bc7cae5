//! One Page, from the token to the channel; and how much is asked of the API for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::measure::{Home, Measured, Spread, highest_peak};
use super::server::{Estate, Hit, Server, channel_db_id, page_id};
use super::table::{Goal, Table};

/// Latency in milliseconds, how often, and whether a goal was set for it.
const LATENCIES: [(u64, usize, bool); 3] = [(0, 21, false), (50, 9, false), (200, 7, true)];
const ESTATE: Estate = Estate { pages: 3, channels: 0 };
const PLACE: usize = 1;

/// Requests, times and memory.
pub fn measure(table: &mut Table) {
    let mut runs = Vec::new();
    let mut with_token = 0;
    let mut times = Vec::new();
    for (latency, count, has_goal) in LATENCIES {
        let latency = Duration::from_millis(latency);
        let (mut connected, mut printed) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let (run, hits) = with_a_token(latency);
            let answered = hits.iter().find(|hit| hit.is_connect()).expect("a connect").answered;
            connected.push(answered - run.begun);
            printed.push(run.took);
            with_token = hits.len();
            runs.push(run);
        }
        times.push((latency, Spread::of_times(connected), Spread::of_times(printed), has_goal));
    }
    for (what, count) in [
        ("API requests of one connect, from a token", with_token),
        ("the same, signing in with `--paste`", by_paste()),
        ("the same, with the callback borrowed, put back and proven", by_browser()),
    ] {
        table.number(what, count as f64, "", "", Goal::Most(7.0, ""));
    }
    for (latency, connected, printed, has_goal) in times {
        let ms = latency.as_millis();
        let goal = if has_goal { Goal::Ratio(1.1) } else { Goal::None };
        let needed = |round_trips: u32| Spread::exactly(latency * round_trips);
        let what = format!("token → connected, at {ms} ms");
        table.time(&what, &connected, "2 round trips", &needed(2), goal);
        let what = format!("token → `_id` printed, at {ms} ms");
        table.time(&what, &printed, "3 round trips", &needed(3), Goal::None);
    }
    table.peak("peak memory of connect", highest_peak(&runs), 16.0);
    table.note(
        "\"Connected\" is the moment at which the API has answered the connect; the clock starts with the program. \
         That answer is empty, so the `_id` takes one listing more.",
    );
}

/// Connects the second of three Pages with a token that is there already.
fn with_a_token(latency: Duration) -> (Measured, Vec<Hit>) {
    let (server, home) = (Server::start(ESTATE, latency), Home::new());
    let run = home.measure(&mut command(&home, &server));
    assert_eq!(home.lines_with(&channel_db_id(PLACE)), 1, "its `_id` is printed");
    (run, server.take_hits())
}

/// Likewise, the token pasted: so many requests.
fn by_paste() -> usize {
    let (server, home) = (Server::start(ESTATE, Duration::ZERO), Home::new());
    let mut command = command(&home, &server);
    let mut child = command
        .env_remove("SOCIALCHAT_TOKEN")
        .arg("--paste")
        .stdin(Stdio::piped())
        .spawn()
        .expect("it starts");
    writeln!(child.stdin.take().expect("a pipe"), "pasted-callback-token").expect("it reads");
    assert!(child.wait().expect("it ends").success());
    server.take_hits().len()
}

/// Likewise, with somebody who opens the callback as the browser would be sent to it.
fn by_browser() -> usize {
    let (server, home) = (Server::start(ESTATE, Duration::ZERO), Home::new());
    let mut command = command(&home, &server);
    command.env_remove("SOCIALCHAT_TOKEN").arg("--no-browser").stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut said = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
    said.find(|line| line.contains(&server.dialog())).expect("the authorize URL");
    let callback = server.callback();
    let rest = callback.strip_prefix("http://").expect("a loopback callback");
    let (host, path) = rest.split_once('/').expect("with a path");
    let mut browser = TcpStream::connect(host).expect("the program listens");
    write!(
        browser,
        "GET /{path}?token=brought-callback-token HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .expect("it reads");
    let _ = browser.read_to_end(&mut Vec::new());
    said.for_each(drop);
    assert!(child.wait().expect("it ends").success());
    server.take_hits().len()
}

fn command(home: &Home, server: &Server) -> Command {
    home.program(&server.url, &["--json", "connect", "messenger", "--page", &page_id(PLACE)])
}
