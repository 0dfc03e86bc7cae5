//! `cargo bench`: one Markdown table of figures, each beside what it is compared with, all measured in one run.
//!
//! Nothing is asked of the network: the API is a server in this process that answers after a latency that is set
//! ([`server`]). `curl`, `jq` and `xargs` are compared with where they are installed. It takes less than 3 minutes.

#[path = "flows/comparisons.rs"]
mod comparisons;
#[path = "flows/connect.rs"]
mod connect;
#[path = "flows/listing.rs"]
mod listing;
#[path = "flows/measure.rs"]
mod measure;
#[path = "flows/platforms.rs"]
mod platforms;
#[path = "flows/reconnect.rs"]
mod reconnect;
#[path = "flows/server.rs"]
mod server;
#[path = "flows/start_up.rs"]
mod start_up;
#[path = "flows/table.rs"]
mod table;

use std::time::Instant;

use table::Table;

/// A part of the table: what is said while it is measured, and what measures it.
type Part = (&'static str, fn(&mut Table));

const PARTS: [Part; 5] = [
    ("start-up and size", start_up::measure),
    ("connecting one Page", connect::measure),
    ("listing 10,000", listing::measure),
    ("reconnecting 1,000", reconnect::measure),
    // Last: what this process itself has grown to would be counted as a child's peak.
    ("other platforms", platforms::measure),
];

fn main() {
    // `cargo test --all-targets` runs this too, without `--bench`: times are no tests.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    // `cargo bench -- connect` measures the parts with that word in their names.
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let begun = Instant::now();
    let mut table = Table::default();
    for (name, measure) in PARTS {
        if wanted.as_ref().is_none_or(|wanted| name.contains(wanted.as_str())) {
            eprintln!("measuring: {name}");
            measure(&mut table);
        }
    }
    table.print(begun.elapsed());
}
