//! 10,000 Pages, and 10,000 channels.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use super::comparisons::Loop;
use super::measure::{Home, Measured, PROGRAM, Spread, highest_peak};
use super::server::{BATCH, CHANNELS_A_PAGE, Estate, Server};
use super::table::{Goal, Table};

const COUNT: usize = 10_000;
const LATENCY: Duration = Duration::from_millis(20);
const RUNS: usize = 3;
/// In the embedded sandbox.
const FEWER: usize = 1_000;

/// Both listings, as JSON and as a table, and one of the embedded sandbox.
pub fn measure(table: &mut Table) {
    pages(table);
    channels(table);
    sandbox(table);
}

fn pages(table: &mut Table) {
    let server = Server::start(Estate { pages: COUNT, channels: 0 }, LATENCY);
    let json = list(&server, &["--json", "pages", "messenger"], RUNS);
    let rows = list(&server, &["pages", "messenger"], 1);
    let (time, needed) = (times(&json), round_trips(COUNT / BATCH));
    table.time("10,000 Pages listed, at 20 ms", &time, "400 round trips", &needed, Goal::Ratio(1.1));
    compare(table, "10,000 Pages listed", &time, &server, Loop::ListPages);
    table.peak("peak memory of that, `--json`", highest_peak(&json), 24.0);
    table.peak("peak memory of that, as a table", highest_peak(&rows), 24.0);
}

fn channels(table: &mut Table) {
    let server = Server::start(Estate { pages: 0, channels: COUNT }, LATENCY);
    let json = list(&server, &["--json", "channels", "list"], RUNS);
    let rows = list(&server, &["channels", "list"], RUNS);
    let (time, pages) = (times(&json), COUNT / CHANNELS_A_PAGE);
    table.time(
        "10,000 channels listed, at 20 ms",
        &time,
        "100 round trips",
        &round_trips(pages),
        Goal::Ratio(1.1),
    );
    let ahead = round_trips(1 + (pages - 1).div_ceil(8));
    table.time("10,000 channels listed", &time, "14 round trips, 8 pages at a time", &ahead, Goal::None);
    compare(table, "10,000 channels listed", &time, &server, Loop::ListChannels);
    table.peak("peak memory of that, `--json`", highest_peak(&json), 24.0);
    table.peak("peak memory of that, as a table", highest_peak(&rows), 24.0);
}

fn list(server: &Server, arguments: &[&str], runs: usize) -> Vec<Measured> {
    let home = Home::new();
    let mut command = home.program(&server.url, arguments);
    let one = |_| {
        let run = home.measure(&mut command);
        assert_eq!(home.lines_with("Toko Bunga"), COUNT, "all are listed");
        run
    };
    (0..runs).map(one).collect()
}

fn compare(table: &mut Table, what: &str, time: &Spread, server: &Server, other: Loop) {
    if let Some(run) = other.run(&Home::new(), &server.url, &[]) {
        table.time(what, time, "a loop of curl and jq", &Spread::of_times([run.took]), Goal::None);
    }
}

/// The same from the sandbox that everybody has.
fn sandbox(table: &mut Table) {
    let home = Home::new();
    let config = home.path("config");
    let (pages, latency) = (FEWER.to_string(), LATENCY.as_millis().to_string());
    sandboxed(&home, &config, &["sandbox", "reset", "--pages", &pages]);
    let token = sandboxed(&home, &config, &["--sandbox", "--yes", "authorize", "messenger"]);
    let mut serve = home.any(PROGRAM, &["sandbox", "serve", "--latency", &latency]);
    let mut served =
        serve.env("SOCIALCHAT_CONFIG_DIR", &config).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(served.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("it says where");
    let url = line.trim().strip_prefix("export SOCIALCHAT_API_URL=").expect("the address of the sandbox");
    let mut command = home.program(url, &["--json", "pages", "messenger"]);
    command.env("SOCIALCHAT_API_KEY", "sandbox-api-key").env("SOCIALCHAT_TOKEN", token.trim());
    let runs: Vec<Measured> = (0..RUNS).map(|_| home.measure(&mut command)).collect();
    let count = home.lines_with("\"channelId\"");
    let _ = served.kill();
    let _ = served.wait();
    assert_eq!(count, FEWER, "all are listed");
    let needed = round_trips(FEWER / BATCH);
    table.time(
        "1,000 Pages of `sandbox serve`, at 20 ms",
        &times(&runs),
        "40 round trips",
        &needed,
        Goal::None,
    );
}

fn sandboxed(home: &Home, config: &Path, arguments: &[&str]) -> String {
    home.measure(home.any(PROGRAM, arguments).env("SOCIALCHAT_CONFIG_DIR", config));
    home.first_line()
}

fn times(runs: &[Measured]) -> Spread {
    Spread::of_times(runs.iter().map(|run| run.took))
}

fn round_trips(count: usize) -> Spread {
    Spread::exactly(LATENCY * u32::try_from(count).expect("a small number"))
}
