//! What is said on standard error. Every text is cleaned here; callers pass it as it came. All but an error is one line,
//! however many a name in it has.

use std::io::IsTerminal as _;

use serde::Serialize;

use super::screen::paragraph;
use super::style::Palette;
use super::{Style, Ui, json, text};
use crate::types::text::one_line;

impl Ui {
    /// Says what is going on. Not with `--quiet`.
    pub fn say(&self, text: &str) {
        self.unless_quiet(Style::Plain, text);
    }

    /// Says something that can be skipped. Not with `--quiet`.
    pub fn note(&self, text: &str) {
        self.unless_quiet(Style::Dim, text);
    }

    /// Says that something is done. Not with `--quiet`.
    pub fn done(&self, text: &str) {
        if !self.options().quiet {
            let mark = if self.unicode() { "✓" } else { "*" };
            self.labelled(Style::Good, mark, text);
        }
    }

    /// An address, alone on its line, never cut, so that it can be copied. Shown with `--quiet` as well:
    /// without it nothing could go on.
    pub fn link(&self, url: &str) {
        self.screen().print(&format!("\n  {}\n\n", text::clean_whole(url)));
    }

    /// Says what a person should know although things go on: `warning: ...`.
    pub fn warn(&self, text: &str) {
        self.labelled(Style::Warn, "warning:", text);
    }

    /// Rings the terminal's bell. Not with `--quiet`, not off a terminal.
    pub fn bell(&self) {
        if self.screen().terminal && !self.options().quiet {
            self.screen().print("\u{7}");
        }
    }

    /// Begins a new line, behind the `^C` that a Unix terminal shows when no keys are read from it.
    pub fn leave_echo(&self) {
        if cfg!(unix) && std::io::stderr().is_terminal() {
            self.screen().print("\n");
        }
    }

    /// Takes away the `^C` that a Unix terminal shows when no keys are read from it: nothing else stands in that line.
    pub fn erase_echo(&self) {
        if cfg!(unix) && self.screen().terminal {
            self.screen().print("\r\x1b[K");
        }
    }

    /// Says how something is done, with `--verbose`.
    pub fn detail(&self, text: &str) {
        if self.options().verbose > 0 {
            let text = &one_line(text);
            self.screen().print(&paragraph(self.screen().palette, Style::Dim, self.screen().room(), text));
        }
    }

    /// Reports a failure: what failed, in more lines why, and what to type next.
    pub fn error(&self, message: &str, details: &[&str], hint: Option<&str>) {
        self.screen().print(&report(self.screen().palette, self.screen().room(), message, details, hint));
    }

    /// What Rust itself would write to standard error, where it would wait for whoever reads that.
    pub fn report_panic(&self, panic: &std::panic::PanicHookInfo<'_>) {
        let trace = std::backtrace::Backtrace::capture();
        let trace = match trace.status() {
            std::backtrace::BacktraceStatus::Captured => format!("{trace}\n"),
            _ => String::new(),
        };
        self.screen().print(&text::clean_lines(&format!("\n{panic}\n{trace}")));
    }

    /// Reports a failure to a program: one line of JSON.
    pub fn error_json(&self, error: &impl Serialize) {
        // What can't be serialised here is a mistake of ours; an empty report would hide the failure.
        let line = json::one_line(error).unwrap_or_else(|_| r#"{"error":{"code":"internal"}}"#.to_owned());
        self.screen().print(&(line + "\n"));
    }

    fn unless_quiet(&self, style: Style, text: &str) {
        if !self.options().quiet {
            let text = &one_line(text);
            self.screen().print(&paragraph(self.screen().palette, style, self.screen().room(), text));
        }
    }

    fn labelled(&self, style: Style, label: &str, text: &str) {
        let text = &one_line(text);
        self.screen().print(&with_label(self.screen().palette, style, label, self.screen().room(), text));
    }
}

fn report(palette: Palette, room: usize, message: &str, details: &[&str], hint: Option<&str>) -> String {
    let inner = room.saturating_sub(2);
    let mut report = with_label(palette, Style::Bad, "error:", room, message);
    for detail in details {
        report += &indented(&paragraph(palette, Style::Plain, inner, detail));
    }
    if let Some(hint) = hint {
        report += &indented(&with_label(palette, Style::Accent, "try:", inner, &one_line(hint)));
    }
    report
}

/// The text behind a styled label; its further lines are indented as far.
fn with_label(palette: Palette, style: Style, label: &str, room: usize, text: &str) -> String {
    let beside = text::width(label) + 1;
    let text = paragraph(palette, Style::Plain, room.saturating_sub(beside), text);
    let indent = format!("\n{}", " ".repeat(beside));
    format!("{} {}\n", palette.paint(style, label), text.trim_end_matches('\n').replace('\n', &indent))
}

fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("  {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_why_and_what_next() {
        let details = ["invalid token callback", "(#100) No \u{1b}[31mpermission\u{9b}2J\nsecond\u{202e}"];
        let report = |colored| {
            report(Palette { colored }, usize::MAX, "could not list\u{7}", &details, Some("log in"))
        };
        insta::assert_snapshot!(report(false), @r"
        error: could not list
          invalid token callback
          (#100) No permission
          second
          try: log in
        ");
        assert_eq!(report(true).matches('\u{1b}').count(), 4);
    }

    #[test]
    fn further_lines_stand_below_the_first() {
        let warning =
            with_label(Palette { colored: false }, Style::Warn, "warning:", usize::MAX, "one\r\ntwo\n");
        assert_eq!(warning, "warning: one\n         two\n");
    }
}
