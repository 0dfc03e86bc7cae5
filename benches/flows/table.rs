//! The table, as Markdown: it can stand in a README as it is.

use std::fmt::Write as _;
use std::time::Duration;

use super::measure::Spread;

/// Rows, and notes below them.
#[derive(Default)]
pub struct Table {
    rows: Vec<[String; 6]>,
    notes: Vec<&'static str>,
}

/// What may be reached at most.
#[derive(Clone, Copy)]
pub enum Goal {
    /// So many times what it is compared with.
    Ratio(f64),
    /// So much, in the row's own unit.
    Most(f64, &'static str),
    /// None was set.
    None,
}

impl Table {
    /// A time beside what it is compared with: a name, and the same measured or calculated.
    pub fn time(&mut self, what: &str, measured: &Spread, than: &str, compared: &Spread, goal: Goal) {
        // Round trips that take no time are nothing to divide by.
        let ratio = (compared.median > 0.0).then(|| measured.median / compared.median);
        self.row([what, &measured.to_string(), &format!("{than}: {compared}")], ratio, None, goal);
    }

    /// A number beside its goal.
    pub fn number(&mut self, what: &str, measured: f64, unit: &'static str, than: &str, goal: Goal) {
        let shown = shown(measured, unit);
        self.row([what, &shown, than], None, Some(measured), goal);
    }

    /// The largest that it was in memory, where the system tells.
    pub fn peak(&mut self, what: &str, peak_mb: Option<f64>, most_mb: f64) {
        if let Some(peak_mb) = peak_mb {
            self.number(what, peak_mb, "MB", "", Goal::Most(most_mb, "MB"));
        }
    }

    /// A line below the table.
    pub fn note(&mut self, note: &'static str) {
        self.notes.push(note);
    }

    fn row(&mut self, cells: [&str; 3], ratio: Option<f64>, number: Option<f64>, goal: Goal) {
        let (goal, reached) = match goal {
            Goal::Ratio(most) => (format!("≤ {most:.2}"), ratio.map(|ratio| rounded(ratio) <= most)),
            Goal::Most(most, unit) => {
                (format!("≤ {}", shown(most, unit)), number.map(|number| number <= most))
            }
            Goal::None => (String::new(), None),
        };
        let reached = reached.map_or("", |reached| if reached { "yes" } else { "**no**" });
        let [what, measured, than] = cells.map(str::to_owned);
        let ratio = ratio.map_or(String::new(), |ratio| format!("{ratio:.2}"));
        self.rows.push([what, measured, than, ratio, goal, reached.to_owned()]);
    }

    /// Prints everything.
    pub fn print(&self, took: Duration) {
        let mut text = String::from("| figure | socialchat-cli | compared with | ratio | goal | met |\n");
        text += "| --- | --- | --- | ---: | ---: | --- |\n";
        for row in &self.rows {
            let _ = writeln!(text, "| {} |", row.join(" | "));
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (os, cpu) = (std::env::consts::OS, std::env::consts::ARCH);
        let _ = writeln!(
            text,
            "\nMeasured in one run of {} s on {cores} cores ({os}, {cpu}). Medians, in brackets the least and the \
             most; 1 MB is 1,000,000 bytes.",
            took.as_secs()
        );
        for note in &self.notes {
            let _ = writeln!(text, "{note}");
        }
        print!("{text}");
    }
}

/// As it is printed, so that no row says 1.10 and "no".
fn rounded(ratio: f64) -> f64 {
    (ratio * 100.0).round() / 100.0
}

fn shown(number: f64, unit: &str) -> String {
    match unit {
        "MB" if number.fract() != 0.0 => format!("{number:.1} MB"),
        "" => format!("{number}"),
        unit => format!("{number} {unit}"),
    }
}
