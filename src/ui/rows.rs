//! A result in rows for programs: JSON lines, and CSV for spreadsheets.

use serde::Serialize;

use super::{Ui, json, text};

impl Ui {
    /// Prints a value as one line of JSON.
    pub fn json_line(&self, value: &impl Serialize) -> serde_json::Result<()> {
        self.write_result(&(json::one_line(value)? + "\n"), false);
        Ok(())
    }

    /// Prints a row of CSV as RFC 4180 has it, each cell on one line and harmless in a terminal and in a spreadsheet.
    pub fn csv_row(&self, cells: &[&str]) {
        self.write_result(&csv_line(cells), false);
    }

    /// Prints a line of a list, clean.
    pub fn row(&self, text: &str) {
        self.write_result(&(text::clean_whole(text) + "\n"), false);
    }

    /// Writes what is still kept of such rows.
    pub fn end_rows(&self) {
        self.write_result("", true);
    }
}

/// Such a row, for a file.
pub fn csv_line(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| csv_cell(&text::clean_whole(cell))).collect();
    cells.join(",") + "\r\n"
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
