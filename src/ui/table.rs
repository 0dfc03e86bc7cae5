//! Tables on standard output: aligned, without borders, cut to the terminal's width. In a pipe nothing is
//! cut, so that `grep` finds what there is.

use console::Term;

use super::style::Line;
use super::{Style, Ui, text};

const GAP: usize = 2;
/// A flexible column isn't made narrower than this while another way is left.
const FLEXIBLE_MIN: usize = 12;
/// Bytes of a long table that go to the terminal in one write.
const WRITTEN_AT_ONCE: usize = 16 << 10;

/// A column: its heading, and how it gives way on a narrow terminal.
#[derive(Clone, Debug)]
pub struct Column {
    heading: &'static str,
    flexible: bool,
    spare: bool,
}

impl Column {
    /// Keeps its width: ids, states.
    pub fn new(heading: &'static str) -> Column {
        Column { heading, flexible: false, spare: false }
    }

    /// Is cut first: names, messages.
    pub fn flexible(self) -> Column {
        Column { flexible: true, ..self }
    }

    /// Is left out where there is no room; the last of them first.
    pub fn spare(self) -> Column {
        Column { spare: true, ..self }
    }
}

/// What stands in a table: plain text, and a style with a meaning.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub fn new(text: &str) -> Cell {
        Cell::styled(Style::Plain, text)
    }

    pub fn styled(style: Style, text: &str) -> Cell {
        Cell { text: text::clean(text), style }
    }
}

impl<T: AsRef<str>> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell::new(text.as_ref())
    }
}

/// Columns and rows. A row that is too short is filled up, one that is too long is cut.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Table {
        Table { columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let mut row: Vec<Cell> = cells.into_iter().collect();
        row.resize_with(self.columns.len(), Cell::default);
        self.rows.push(row);
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Heading and rows, no wider than `limit` if there is one. One at a time: laid out, a line takes several times
    /// the memory of its text.
    fn lines(&self, limit: Option<usize>) -> impl Iterator<Item = Line> {
        let widths = self.widths(limit);
        let headings = self.columns.iter().map(|column| (Style::Dim, column.heading)).collect::<Vec<_>>();
        let rows = self.rows.iter().map(|row| row.iter().map(|c| (c.style, c.text.as_str())).collect());
        std::iter::once(headings).chain(rows).map(move |cells| {
            let line = self.line(&cells, &widths);
            match limit {
                Some(limit) => line.clipped(limit),
                None => line,
            }
        })
    }

    fn line(&self, cells: &[(Style, &str)], widths: &[Option<usize>]) -> Line {
        let shown: Vec<_> = (0..cells.len()).filter_map(|at| Some((at, widths[at]?))).collect();
        let mut line = Line::default();
        for (place, &(at, cells_wide)) in shown.iter().enumerate() {
            let (style, text) = cells[at];
            let text = text::fit(text, cells_wide);
            let fill = " ".repeat(cells_wide.saturating_sub(text::width(&text)));
            let last = place + 1 == shown.len();
            line = line.with(style, text);
            if !last {
                line = line.with(Style::Plain, fill + &" ".repeat(GAP));
            }
        }
        line
    }

    /// The width of each column; none for those that are left out.
    fn widths(&self, limit: Option<usize>) -> Vec<Option<usize>> {
        let mut widths: Vec<Option<usize>> = (0..self.columns.len())
            .map(|at| {
                let cells = self.rows.iter().map(|row| text::width(&row[at].text));
                Some(cells.chain([text::width(self.columns[at].heading)]).max().unwrap_or(0))
            })
            .collect();
        let Some(limit) = limit else { return widths };
        self.shrink_flexible(&mut widths, limit, FLEXIBLE_MIN);
        while total(&widths) > limit {
            let spare = (0..widths.len()).rev().find(|&at| widths[at].is_some() && self.columns[at].spare);
            let Some(at) = spare else { break };
            widths[at] = None;
        }
        // What a column that has gone leaves over goes back to those that were cut for its sake.
        let left = limit.saturating_sub(total(&widths));
        self.widen_flexible(&mut widths, left);
        self.shrink_flexible(&mut widths, limit, 1);
        widths
    }

    /// Takes cells from the widest flexible column, as long as that is needed and possible.
    fn shrink_flexible(&self, widths: &mut [Option<usize>], limit: usize, least: usize) {
        while total(widths) > limit {
            let flexible = (0..widths.len()).filter(|&at| self.columns[at].flexible);
            let Some(width) = flexible
                .filter_map(|at| widths[at].map(|width| (width, at)))
                .filter(|(width, _)| *width > least)
                .max()
                .and_then(|(_, at)| widths[at].as_mut())
            else {
                break;
            };
            *width -= 1;
        }
    }

    fn widen_flexible(&self, widths: &mut [Option<usize>], mut left: usize) {
        for at in (0..widths.len()).filter(|&at| self.columns[at].flexible) {
            let Some(width) = widths[at].as_mut() else { continue };
            let wanted = self.rows.iter().map(|row| text::width(&row[at].text)).max().unwrap_or(0);
            let more = wanted.saturating_sub(*width).min(left);
            *width += more;
            left -= more;
        }
    }
}

fn total(widths: &[Option<usize>]) -> usize {
    let shown = widths.iter().flatten();
    shown.clone().sum::<usize>() + GAP * shown.count().saturating_sub(1)
}

impl Ui {
    /// Prints a table as the result.
    pub fn table(&self, table: &Table) {
        let limit = self.stdout_is_terminal().then(|| {
            let columns = Term::stdout().size_checked().map_or(80, |(_, columns)| columns);
            usize::from(columns)
        });
        let mut written = String::new();
        for line in table.lines(limit) {
            written += line.paint(self.stdout_palette()).trim_end();
            written.push('\n');
            if written.len() >= WRITTEN_AT_ONCE {
                self.write_result(&written, false);
                written.clear();
            }
        }
        self.write_result(&written, true);
    }

    /// Prints what is known of one thing: labels at the left, values in full.
    pub fn fields(&self, fields: &[(&str, Cell)]) {
        let palette = self.stdout_palette();
        let labels: Vec<String> = fields.iter().map(|(label, _)| text::clean(label)).collect();
        let wide = labels.iter().map(|label| text::width(label)).max().unwrap_or(0);
        let mut lines = String::new();
        for (label, (_, cell)) in labels.iter().zip(fields) {
            let label = palette.paint(Style::Dim, &text::pad(label, wide));
            lines += &format!("{label}  {}\n", palette.paint(cell.style, &cell.text));
        }
        self.write_result(&lines, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::style::Palette;
    use proptest::prelude::*;

    const PLAIN: Palette = Palette { colored: false };

    fn channels() -> Table {
        let mut table = Table::new([
            Column::new("KIND"),
            Column::new("NAME").flexible(),
            Column::new("STATE"),
            Column::new("CHANNEL ID"),
            Column::new("SINCE").spare(),
        ]);
        for (name, state) in [
            ("Toko Bunga Melati", "connected"),
            ("متجر الزهور", "connected"),
            ("花屋さんの長い長い名前でとてもとても長い", "disconnected"),
            ("🌸🌸 Bunga & Co 🌸🌸", "connected"),
            (&*"x".repeat(200), "connected"),
        ] {
            table.row(["messenger", name, state, "102938475610293", "2026-11-20"].map(Cell::from));
        }
        table
    }

    fn painted(table: &Table, limit: Option<usize>) -> Vec<String> {
        table.lines(limit).map(|line| line.paint(PLAIN)).collect()
    }

    #[test]
    fn sixty_columns_hold_ids_whole_and_names_cut() {
        let lines = painted(&channels(), Some(60));
        insta::assert_snapshot!(lines.join("\n"), @r"
        KIND       NAME                STATE         CHANNEL ID
        messenger  Toko Bunga Melati   connected     102938475610293
        messenger  متجر الزهور         connected     102938475610293
        messenger  花屋さんの長い長…   disconnected  102938475610293
        messenger  🌸🌸 Bunga & Co …   connected     102938475610293
        messenger  xxxxxxxxxxxxxxxxx…  connected     102938475610293
        ");
    }

    #[test]
    fn columns_stay_aligned_whatever_the_script() {
        for line in painted(&channels(), Some(90)).iter().skip(1) {
            let id = line.find("102938475610293").expect("ids are never cut");
            assert_eq!(text::width(&line[..id]), 63, "{line}");
        }
    }

    #[test]
    fn nothing_is_cut_in_a_pipe() {
        assert!(painted(&channels(), None)[5].contains(&"x".repeat(200)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_line_is_wider_than_the_terminal(
            rows in prop::collection::vec(prop::collection::vec(any::<String>(), 5), 0..8),
            limit in 0usize..120,
        ) {
            let mut table = channels();
            rows.iter().for_each(|row| table.row(row.iter().map(Cell::from)));
            for line in painted(&table, Some(limit)) {
                prop_assert!(text::width(&line) <= limit, "{line}");
            }
        }
    }
}
