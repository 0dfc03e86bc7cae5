//! A result in rows for programs: JSON lines, and CSV for spreadsheets.

use serde::Serialize;

use super::{Ui, json, text};

/// A result row by row. Nothing of it is printed before [`Rows::print`]: programs act on what they read, and should not on
/// half a list.
#[derive(Debug, Default)]
pub struct Rows(String);

impl Rows {
    /// Adds a value as one line of JSON.
    pub fn json(&mut self, value: &impl Serialize) -> serde_json::Result<()> {
        self.0.push_str(&json::one_line(value)?);
        self.0.push('\n');
        Ok(())
    }

    /// Adds a row of CSV as RFC 4180 has it, each cell on one line and harmless in a terminal and in a spreadsheet.
    pub fn csv(&mut self, cells: &[&str]) {
        let cells: Vec<String> = cells.iter().map(|cell| csv_cell(&text::clean_whole(cell))).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }

    /// Adds a line, clean.
    pub fn line(&mut self, line: &str) {
        self.0.push_str(&text::clean_whole(line));
        self.0.push('\n');
    }

    /// Prints all of them.
    pub fn print(self, ui: &Ui) {
        ui.write_result(&self.0, true);
    }
}

/// The cell, quoted where it must be. What a spreadsheet would take for a formula gets an apostrophe before it, which
/// makes it text there: a name may come from anybody.
fn csv_cell(cell: &str) -> String {
    // Behind blanks it is one to some of them; full-width signs are to those of East Asia.
    let is_formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let cell = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    match cell.contains([',', '"', '\r', '\n']) || cell.trim() != cell {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::csv_cell;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        for (cell, written) in [
            ("Kopi", "Kopi"),
            ("Kopi, Teh", "\"Kopi, Teh\""),
            ("Kopi \"Senja\"", "\"Kopi \"\"Senja\"\"\""),
            (" Kopi", "\" Kopi\""),
            ("a\nb", "\"a\nb\""),
            ("", ""),
            ("17841407723164802", "17841407723164802"),
        ] {
            assert_eq!(csv_cell(cell), written);
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+62 812", "'+62 812"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "'  =1"),
            ("＝1", "'＝1"),
            (
                "=HYPERLINK(\"http://evil.example\",\"x\")",
                "\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\"",
            ),
            ("a=b", "a=b"),
        ] {
            assert_eq!(csv_cell(cell), written);
        }
    }
}
