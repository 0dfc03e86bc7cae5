//! Tables on standard output: aligned, without borders, cut to the terminal's width, which is said where a column is left
//! out. In a pipe nothing is cut, so that `grep` finds what there is.

use console::Term;

use super::style::Line;
use super::{Style, Ui, text};

const GAP: usize = 2;
/// A flexible column isn't made narrower than this while another way is left: names that differ at their end stay apart.
const FLEXIBLE_MIN: usize = 24;
/// Bytes of a long table that go to the terminal in one write.
const WRITTEN_AT_ONCE: usize = 16 << 10;

/// A column: its heading, and how it gives way on a narrow terminal.
#[derive(Clone, Debug)]
pub struct Column {
    heading: &'static str,
    flexible: bool,
    gives_way: Option<u8>,
    least: usize,
}

impl Column {
    /// Keeps its width: ids, states.
    pub fn new(heading: &'static str) -> Column {
        Column { heading, flexible: false, gives_way: None, least: 0 }
    }

    /// Is cut where there is no room: names, messages.
    pub fn flexible(self) -> Column {
        Column { flexible: true, ..self }
    }

    /// Is left out where there is no room; the one with the lowest number first.
    pub fn gives_way(self, place: u8) -> Column {
        Column { gives_way: Some(place), ..self }
    }

    /// Is so wide also where nothing in it is: rows that are printed one by one stay aligned.
    pub fn at_least(self, cells: usize) -> Column {
        Column { least: cells, ..self }
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

    /// A name from outside; a dash where nothing of one can be seen.
    pub fn name(name: &str) -> Cell {
        let name = Cell::new(name);
        if name.text.trim().is_empty() { Cell::new("-") } else { name }
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
        let headings = self.columns.iter().map(|column| (Style::Bold, column.heading)).collect::<Vec<_>>();
        let rows = self.rows.iter().map(|row| row.iter().map(|c| (c.style, c.text.as_str())).collect());
        std::iter::once(headings).chain(rows).map(move |cells| {
            let line = self.line(&cells, &widths, limit.is_some());
            match limit {
                Some(limit) => line.clipped(limit),
                None => line,
            }
        })
    }

    fn line(&self, cells: &[(Style, &str)], widths: &[Option<usize>], is_seen: bool) -> Line {
        let shown: Vec<_> = (0..cells.len()).filter_map(|at| Some((at, widths[at]?))).collect();
        let mut line = Line::default();
        for (place, &(at, cells_wide)) in shown.iter().enumerate() {
            let (style, text) = cells[at];
            let text = text::fit(text, cells_wide);
            let fill = " ".repeat(cells_wide.saturating_sub(text::width(&text)));
            let last = place + 1 == shown.len();
            line = line.with(style, if is_seen { text::isolated(text) } else { text });
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
                let column = &self.columns[at];
                Some(cells.chain([text::width(column.heading), column.least]).max().unwrap_or(0))
            })
            .collect();
        let Some(limit) = limit else { return widths };
        let longest = widths.clone();
        for at in (0..widths.len()).filter(|&at| self.columns[at].flexible) {
            widths[at] = widths[at].map(|width| width.min(FLEXIBLE_MIN));
        }
        self.leave_out(&mut widths, limit);
        for at in (0..widths.len()).filter(|&at| self.columns[at].flexible) {
            let left = limit.saturating_sub(total(&widths));
            widths[at] = widths[at].zip(longest[at]).map(|(width, longest)| longest.min(width + left));
        }
        self.shrink_flexible(&mut widths, limit);
        widths
    }

    /// Whether nothing stands in a column. Rows that are printed one by one say nothing about the others.
    fn is_blank(&self, at: usize) -> bool {
        let is_one_of_many = self.columns.iter().any(|column| column.least > 0);
        !is_one_of_many && self.rows.iter().all(|row| matches!(row[at].text.as_str(), "" | "-"))
    }

    /// Leaves out the columns in which nothing stands, then those that give way, until the others fit; then takes back the
    /// last of them for which there is room all the same.
    fn leave_out(&self, widths: &mut [Option<usize>], limit: usize) {
        let gives_way = |&at: &usize| self.columns[at].gives_way.is_some() || self.is_blank(at);
        let mut giving: Vec<usize> = (0..widths.len()).filter(gives_way).collect();
        giving.sort_by_key(|&at| (!self.is_blank(at), self.columns[at].gives_way));
        let mut gone = Vec::new();
        for at in giving {
            if total(widths) <= limit {
                break;
            }
            gone.push((at, widths[at].take()));
        }
        for &(at, width) in gone.iter().rev().skip(1) {
            widths[at] = width;
            if total(widths) > limit {
                widths[at] = None;
                break;
            }
        }
    }

    /// How many columns in which something stands are left out of a terminal of that width.
    fn left_out(&self, limit: usize) -> usize {
        let widths = self.widths(Some(limit));
        (0..widths.len()).filter(|&at| widths[at].is_none() && !self.is_blank(at)).count()
    }

    /// Takes cells from the widest flexible column, as long as that is needed and possible.
    fn shrink_flexible(&self, widths: &mut [Option<usize>], limit: usize) {
        while total(widths) > limit {
            let flexible = (0..widths.len()).filter(|&at| self.columns[at].flexible);
            let Some(width) = flexible
                .filter_map(|at| widths[at].map(|width| (width, at)))
                .filter(|(width, _)| *width > 1)
                .max()
                .and_then(|(_, at)| widths[at].as_mut())
            else {
                break;
            };
            *width -= 1;
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
        let limit = self.table_limit();
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
        self.tell_hidden(limit.map_or(0, |limit| table.left_out(limit)));
    }

    /// Prints the rows of a table, without its headings. Gives how many columns are hidden.
    pub fn table_rows(&self, table: &Table) -> usize {
        let limit = self.table_limit();
        for line in table.lines(limit).skip(1) {
            let line = line.paint(self.stdout_palette());
            self.write_result(&(line.trim_end().to_owned() + "\n"), true);
        }
        limit.map_or(0, |limit| table.left_out(limit))
    }

    /// Says that columns are hidden, if there are.
    pub fn tell_hidden(&self, columns: usize) {
        match columns {
            0 => {}
            1 => self.note("1 column hidden: widen the terminal or use --json"),
            hidden => self.note(&format!("{hidden} columns hidden: widen the terminal or use --json")),
        }
    }

    /// The columns of the terminal that the result goes to.
    pub fn table_limit(&self) -> Option<usize> {
        let columns = || Term::stdout().size_checked().map_or(80, |(_, columns)| columns);
        self.stdout_is_terminal().then(|| usize::from(columns()))
    }

    /// Prints what is known of one thing: labels at the left, values in full.
    pub fn fields(&self, fields: &[(&str, Cell)]) {
        let palette = self.stdout_palette();
        let labels: Vec<String> = fields.iter().map(|(label, _)| text::clean(label)).collect();
        let longest = labels.iter().map(|label| text::width(label)).max().unwrap_or(0);
        // A few long labels would leave no room for any value.
        let wide = self.table_limit().map_or(longest, |limit| longest.min(limit / 3));
        let mut lines = String::new();
        for (label, (_, cell)) in labels.iter().zip(fields) {
            let fill = " ".repeat(wide.saturating_sub(text::width(label)));
            let label = palette.paint(Style::Dim, &(label.clone() + &fill));
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
            Column::new("KIND").gives_way(3),
            Column::new("NAME").flexible(),
            Column::new("STATE"),
            Column::new("CHANNEL ID").gives_way(2),
            Column::new("_ID").gives_way(4),
            Column::new("SINCE").gives_way(1),
        ]);
        for (name, state) in [
            ("Toko Bunga Melati", "connected"),
            ("متجر الزهور", "connected"),
            ("花屋さんの長い長い名前でとてもとても長い", "disconnected"),
            ("🌸🌸 Bunga & Co 🌸🌸", "connected"),
            (&*"x".repeat(200), "connected"),
        ] {
            let id = "6a1cd9cc5a4db00000000001";
            table.row(["messenger", name, state, "102938475610293", id, "2026-11-20"].map(Cell::from));
        }
        table
    }

    fn painted(table: &Table, limit: Option<usize>) -> Vec<String> {
        table.lines(limit).map(|line| line.paint(PLAIN)).collect()
    }

    #[test]
    fn names_keep_24_cells_and_dates_and_ids_give_way_first() {
        let headings = |limit| {
            painted(&channels(), Some(limit))[0]
                .split("  ")
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(headings(120), ["KIND", "NAME", "STATE", "CHANNEL ID", "_ID", "SINCE"]);
        assert_eq!(headings(100), ["KIND", "NAME", "STATE", "CHANNEL ID", "_ID"]);
        assert_eq!(headings(80), ["KIND", "NAME", "STATE", "_ID"]);
        // There is room for the kind where there is none for the id.
        assert_eq!(headings(60), ["KIND", "NAME", "STATE"]);
        assert_eq!(headings(40), ["NAME", "STATE"]);
        assert_eq!([120, 100, 80, 60, 40].map(|limit| channels().left_out(limit)), [0, 1, 2, 3, 4]);
        for limit in 38..200 {
            let lines = painted(&channels(), Some(limit));
            assert!(
                lines[5].contains(&("x".repeat(23) + "…")) || lines[5].contains(&"x".repeat(24)),
                "{limit}"
            );
        }
    }

    #[test]
    fn eighty_columns_read_well() {
        let lines = painted(&channels(), Some(80)).join("\n").replace(['\u{2068}', '\u{2069}'], "");
        insta::assert_snapshot!(lines, @r"
        KIND       NAME                           STATE         _ID
        messenger  Toko Bunga Melati              connected     6a1cd9cc5a4db00000000001
        messenger  متجر الزهور                    connected     6a1cd9cc5a4db00000000001
        messenger  花屋さんの長い長い名前でとて…  disconnected  6a1cd9cc5a4db00000000001
        messenger  🌸🌸 Bunga & Co 🌸🌸           connected     6a1cd9cc5a4db00000000001
        messenger  xxxxxxxxxxxxxxxxxxxxxxxxxxxx…  connected     6a1cd9cc5a4db00000000001
        ");
    }

    #[test]
    fn short_names_leave_room_for_more() {
        let mut table = Table::new([Column::new("NAME").flexible(), Column::new("_ID").gives_way(1)]);
        table.row(["Toko", "6a1cd9cc5a4db00000000001"].map(Cell::from));
        assert_eq!((table.left_out(30), table.left_out(29)), (0, 1));
    }

    #[test]
    fn a_column_in_which_nothing_stands_is_left_out_first_and_not_counted() {
        let mut table = Table::new([
            Column::new("NAME").flexible(),
            Column::new("CHANNEL ID").gives_way(1),
            Column::new("_ID").gives_way(2),
            Column::new("SINCE").gives_way(3),
        ]);
        table.row(["Toko", "102938475610293", "6a1cd9cc5a4db00000000001", "-"].map(Cell::from));
        assert_eq!(painted(&table, Some(50))[0].split_whitespace().last(), Some("_ID"));
        assert_eq!((table.left_out(60), table.left_out(50), table.left_out(40)), (0, 0, 1));
        assert!(painted(&table, Some(120))[0].ends_with("SINCE"), "there is room");
    }

    #[test]
    fn a_name_written_from_the_right_keeps_its_place_on_a_terminal() {
        assert!(painted(&channels(), Some(80))[2].contains("  \u{2068}متجر الزهور\u{2069} "));
        assert!(!painted(&channels(), None)[2].contains('\u{2068}'));
    }

    #[test]
    fn columns_stay_aligned_whatever_the_script() {
        for line in painted(&channels(), Some(120)).iter().skip(1) {
            let id = line.find("102938475610293").expect("ids are never cut");
            assert_eq!(text::width(&line[..id]), 67, "{line}");
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
            rows in prop::collection::vec(prop::collection::vec(any::<String>(), 6), 0..8),
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
