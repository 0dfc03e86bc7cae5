//! Start-up beside the smallest program there is, and the size of the file.

use std::time::{Duration, Instant};

use super::measure::{Home, PROGRAM, Spread};
use super::table::{Goal, Table};

const RUNS: usize = 400;

/// `--version` and `--help` beside `true`, taking turns: what disturbs one disturbs all.
pub fn measure(table: &mut Table) {
    let home = Home::new();
    let the_true = if std::path::Path::new("/bin/true").exists() { "/bin/true" } else { "true" };
    let time = |program: &str, arguments: &[&str]| {
        let mut command = home.any(program, arguments);
        let begun = Instant::now();
        // What is printed goes nowhere: a file would be measured with it.
        assert!(command.status().is_ok_and(|status| status.success()), "{command:?} failed");
        begun.elapsed()
    };
    let (mut nothing, mut version, mut help) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let times: [Duration; 3] =
            [time(the_true, &[]), time(PROGRAM, &["--version"]), time(PROGRAM, &["--help"])];
        // The first brings the files into memory.
        if run > 0 {
            nothing.push(times[0]);
            version.push(times[1]);
            help.push(times[2]);
        }
    }
    let nothing = Spread::of_times(nothing);
    table.time("start-up: `--version`", &Spread::of_times(version), "`true`", &nothing, Goal::Ratio(2.0));
    table.time("start-up: `--help`", &Spread::of_times(help), "`true`", &nothing, Goal::Ratio(2.0));

    let bytes = std::fs::metadata(PROGRAM).map_or(0, |metadata| metadata.len());
    #[expect(clippy::cast_precision_loss, reason = "no program is that large")]
    let megabytes = bytes as f64 / 1e6;
    table.number("size of the program", megabytes, "MB", "", Goal::Most(5.0, "MB"));
}
