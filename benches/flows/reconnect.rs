//! 1,000 channels reconnected, 16 at a time.

use std::time::Duration;

use super::comparisons::Loop;
use super::measure::{Home, Spread, highest_peak};
use super::server::{Estate, Server, channel_db_id};
use super::table::{Goal, Table};

const COUNT: usize = 1_000;
const AT_ONCE: u32 = 16;
const LATENCY: Duration = Duration::from_millis(50);
const RUNS: usize = 3;
/// So many of them with curl alone, which would take a minute for all.
const SAMPLE: usize = 50;

/// The reconnects beside their ideal and beside curl, and the whole command.
pub fn measure(table: &mut Table) {
    let server = Server::start(Estate { pages: COUNT, channels: COUNT }, LATENCY);
    let home = Home::new();
    let at_once = AT_ONCE.to_string();
    let mut command =
        home.program(&server.url, &["--json", "reconnect", "messenger", "--all", "--concurrency", &at_once]);
    let (mut runs, mut sending) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        runs.push(home.measure(&mut command));
        let sent: Vec<_> = server.take_hits().into_iter().filter(super::server::Hit::is_reconnect).collect();
        assert_eq!(sent.len(), COUNT, "each once");
        let first = sent.iter().map(|hit| hit.arrived).min().expect("a first");
        let last = sent.iter().map(|hit| hit.answered).max().expect("a last");
        sending.push(last - first);
    }
    let (whole, sending) = (Spread::of_times(runs.iter().map(|run| run.took)), Spread::of_times(sending));
    let ideal = LATENCY * u32::try_from(COUNT).expect("a small number") / AT_ONCE;
    table.time(
        "1,000 reconnects at 50 ms, 16 at a time",
        &sending,
        "1,000 ÷ 16 × 50 ms",
        &Spread::exactly(ideal),
        Goal::Ratio(1.15),
    );
    // The token's 40 batches, of which each says where the next begins; the channels' first page, and then the others.
    let listing = LATENCY * (40 + 1 + 2);
    table.time(
        "the whole command, with its listings",
        &whole,
        "the same and 43 round trips",
        &Spread::exactly(ideal + listing),
        Goal::None,
    );
    let ids: Vec<String> = (0..COUNT).map(channel_db_id).collect();
    if let Some(run) = Loop::Reconnect.run(&home, &server.url, &ids[..SAMPLE]) {
        let all = Spread::of_times([run.took]).times((COUNT / SAMPLE) as f64);
        table.time("the whole command", &whole, "a loop of curl (50 done, times 20)", &all, Goal::None);
    }
    if let Some(run) = Loop::ReconnectBy16.run(&home, &server.url, &ids) {
        let all = Spread::of_times([run.took]);
        table.time("the reconnects", &sending, "`xargs -P16` of curl", &all, Goal::None);
    }
    table.peak("peak memory of the whole command", highest_peak(&runs), 24.0);
}
