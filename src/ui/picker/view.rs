//! The picker's lines, for a terminal of any size.

use crate::ui::Style;
use crate::ui::style::Line;
use crate::ui::text;

use super::state::{More, Row, State};

/// The list is not made longer than this, however tall the terminal is.
const PAGE_MAX: usize = 20;
/// What a name keeps before marks and ids are cut. With it, `disconnected` stands whole in 60 columns.
const NAME_MIN: usize = 12;
const ID_MAX: usize = 24;
const GAP: usize = 2;

/// Which lines there is room for besides the list.
struct Frame {
    title: bool,
    filter: bool,
    status: bool,
    keys: bool,
    list: usize,
}

impl Frame {
    fn of(rows: usize) -> Frame {
        // The cursor stands on the line below.
        let room = rows.saturating_sub(1).max(1);
        let (title, filter, status, keys) = (room >= 3, room >= 7, room >= 2, room >= 5);
        let beside = [title, filter, status, keys].into_iter().filter(|there| *there).count();
        Frame { title, filter, status, keys, list: (room - beside).clamp(1, PAGE_MAX) }
    }
}

/// How many items are shown at once.
pub(super) fn page(rows: usize) -> usize {
    Frame::of(rows).list
}

/// The whole picker: at most `rows` lines, none wider than `columns`.
pub(super) fn lines(state: &State, rows: usize, columns: usize, unicode: bool) -> Vec<Line> {
    let frame = Frame::of(rows);
    let marks = if unicode { &UNICODE } else { &ASCII };
    let mut lines = Vec::new();
    if frame.title && (frame.filter || state.filter.is_empty()) {
        let title = Line::default().with(Style::Accent, "? ").with(Style::Bold, state.title.as_str());
        lines.push(title);
    }
    if frame.filter || (frame.title && !state.filter.is_empty()) {
        lines.push(filter(state, marks, columns));
    }
    lines.extend(list(state, marks, columns));
    if frame.status {
        lines.push(status(state, marks));
    }
    if frame.keys {
        lines.push(keys(state, marks, columns));
    }
    // The last column stays free: some terminals wrap as soon as it is filled.
    lines.into_iter().map(|line| line.clipped(columns.saturating_sub(1))).collect()
}

struct Marks {
    pointer: &'static str,
    caret: &'static str,
    dot: &'static str,
    arrows: &'static str,
}

const UNICODE: Marks = Marks { pointer: "❯ ", caret: "▏", dot: " · ", arrows: "↑↓" };
const ASCII: Marks = Marks { pointer: "> ", caret: "_", dot: " - ", arrows: "Up/Down" };

fn filter(state: &State, marks: &Marks, columns: usize) -> Line {
    let line = Line::default().with(Style::Dim, "  Filter: ");
    if state.filter.is_empty() {
        return line.with(Style::Dim, "type a name or id");
    }
    // Of a long one the end is shown: that is where the person types.
    let room = columns.saturating_sub(13);
    let mut shown = state.filter.as_str();
    while text::width(shown) > room {
        let mut chars = shown.chars();
        chars.next();
        shown = chars.as_str();
    }
    line.with(Style::Plain, shown).with(Style::Accent, marks.caret)
}

fn list(state: &State, marks: &Marks, columns: usize) -> Vec<Line> {
    let visible = state.visible();
    if visible.is_empty() {
        let empty = match (&state.more, state.filter.is_empty()) {
            (More::Idle | More::Loading, _) => "    looking for more...",
            (_, true) => "    nothing to choose from",
            (_, false) => "    nothing matches",
        };
        return vec![Line::default().with(Style::Dim, empty)];
    }
    let rows: Vec<&Row> = visible.clone().map(|at| &state.rows[state.shown[at]]).collect();
    let widths = Widths::of(&rows, columns.saturating_sub(1 + text::width(marks.pointer) + 4));
    let line = |(at, row): (usize, &Row)| {
        let here = at == state.at;
        let (pointer, name) = if here { (marks.pointer, Style::Bold) } else { ("  ", Style::Plain) };
        let (tick, tick_style) = if row.ticked { ("[x] ", Style::Good) } else { ("[ ] ", Style::Plain) };
        let line = Line::default()
            .with(Style::Accent, pointer)
            .with(tick_style, tick)
            .with(name, text::pad(&row.name, widths.name))
            .with(Style::Plain, " ".repeat(GAP))
            .with(if here { Style::Plain } else { Style::Dim }, text::fit(&row.id, widths.id));
        if row.mark.is_empty() || widths.mark == 0 {
            return line;
        }
        let gap = widths.id.saturating_sub(text::width(&row.id)) + GAP;
        line.with(Style::Plain, " ".repeat(gap)).with(Style::Accent, text::fit(&row.mark, widths.mark))
    };
    visible.zip(rows).map(line).collect()
}

/// The columns of the list. Names give way first, down to [`NAME_MIN`]; then marks, then names again: the
/// id, which tells equal names apart, last.
struct Widths {
    name: usize,
    id: usize,
    mark: usize,
}

impl Widths {
    fn of(rows: &[&Row], room: usize) -> Widths {
        let widest =
            |part: fn(&Row) -> &str| rows.iter().map(|row| text::width(part(row))).max().unwrap_or(0);
        let id = widest(|row| &row.id).min(ID_MAX);
        let name = widest(|row| &row.name);
        let beside_id = room.saturating_sub(id + GAP);
        let for_mark = beside_id.saturating_sub(name.min(NAME_MIN) + GAP);
        let mark = widest(|row| &row.mark).min(for_mark);
        let taken = if mark == 0 { 0 } else { mark + GAP };
        Widths { name: name.min(beside_id - taken), id, mark }
    }
}

fn status(state: &State, marks: &Marks) -> Line {
    if let Some(notice) = state.notice {
        return Line::default().with(Style::Warn, format!("  {notice}"));
    }
    let ticked = state.ticked().len();
    let (all, found) = (state.rows.len(), state.shown.len());
    let noun = if all == 1 { state.noun.0 } else { state.noun.1 };
    let loaded = match &state.more {
        More::None if state.filter.is_empty() => format!("{all} {noun}, that is all"),
        More::None => format!("{found} of {all} {noun} match"),
        _ if state.filter.is_empty() => format!("{all} {noun} loaded"),
        _ => format!("{found} of {all} loaded {noun} match"),
    };
    let style = if ticked == 0 { Style::Plain } else { Style::Good };
    let line = Line::default()
        .with(style, format!("  {ticked} ticked"))
        .with(Style::Plain, format!("{}{loaded}", marks.dot));
    match &state.more {
        More::None => line,
        More::Idle => line.with(Style::Plain, ", more to come"),
        More::Loading => line.with(Style::Plain, ", loading more..."),
        More::Failed => line.with(Style::Warn, "; Ctrl-N tries for more"),
        More::Lost => line.with(Style::Warn, "; the rest could not be loaded"),
    }
}

/// As many keys as there is room for, the most needed first.
fn keys(state: &State, marks: &Marks, columns: usize) -> Line {
    let move_about = format!("{} move", marks.arrows);
    let more = state.may_grow().then_some("Ctrl-N more");
    let keys = ["Space tick", "Enter done", "Esc cancel", "Ctrl-A all shown"];
    let keys = keys.into_iter().chain(more).chain([move_about.as_str(), "PgUp/PgDn"]);
    let mut line = String::from("  ");
    for (place, key) in keys.enumerate() {
        let dot = if place == 0 { "" } else { marks.dot };
        if text::width(&line) + text::width(dot) + text::width(key) >= columns {
            break;
        }
        line = line + dot + key;
    }
    Line::default().with(Style::Dim, line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::input::Key;
    use crate::ui::picker::Item;
    use crate::ui::style::Palette;
    use proptest::prelude::*;

    fn item(id: &str, name: &str, mark: &str) -> Item {
        Item {
            id: id.to_owned(),
            name: name.to_owned(),
            mark: (!mark.is_empty()).then(|| mark.to_owned()),
            ticked: mark == "disconnected",
        }
    }

    fn drawn(state: &mut State, rows: usize, columns: usize) -> String {
        state.set_page(page(rows));
        let lines = lines(state, rows, columns, true);
        lines.iter().map(|line| line.paint(Palette { colored: false }).trim_end().to_owned() + "\n").collect()
    }

    fn pages() -> Vec<Item> {
        vec![
            item("102938475610293", "Toko Bunga Melati", ""),
            item("102938475610294", "متجر الزهور", "connected"),
            item("102938475610295", "花屋さん 🌸", "disconnected"),
            item("102938475610296", &"Sangat panjang ".repeat(14), "connected"),
        ]
    }

    #[test]
    fn sixty_columns_and_ten_rows_read_well() {
        let mut state = State::new("Which Pages should be connected?", ("Page", "Pages"), pages(), true);
        insta::assert_snapshot!(drawn(&mut state, 10, 60), @r"
        ? Which Pages should be connected?
          Filter: type a name or id
        ❯ [ ] Toko Bunga Melati       102938475610293
          [ ] متجر الزهور             102938475610294  connected
          [x] 花屋さん 🌸             102938475610295  disconnected
          [ ] Sangat panjang Sangat…  102938475610296  connected
          1 ticked · 4 Pages loaded, more to come
          Space tick · Enter done · Esc cancel · Ctrl-A all shown
        ");
    }

    #[test]
    fn a_filter_shows_what_matches() {
        let mut state = State::new("Which Pages should be connected?", ("Page", "Pages"), pages(), false);
        "bunga".chars().for_each(|c| _ = state.press(Key::Char(c)));
        insta::assert_snapshot!(drawn(&mut state, 24, 80), @r"
        ? Which Pages should be connected?
          Filter: bunga▏
        ❯ [ ] Toko Bunga Melati  102938475610293
          1 ticked · 1 of 4 Pages match
          Space tick · Enter done · Esc cancel · Ctrl-A all shown · ↑↓ move · PgUp/PgDn
        ");
        "x".chars().for_each(|c| _ = state.press(Key::Char(c)));
        insta::assert_snapshot!(drawn(&mut state, 5, 40), @r"
          Filter: bungax▏
            nothing matches
          1 ticked · 0 of 4 Pages match
        ");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_size_holds(
            items in prop::collection::vec((any::<String>(), any::<String>(), "[a-z ]{0,30}"), 0..30),
            filter in "[a-z長]{0,60}",
            downs in 0usize..30,
            more in any::<bool>(),
            unicode in any::<bool>(),
            rows in 0usize..40,
            columns in 0usize..120,
        ) {
            let items = items.iter().map(|(id, name, mark)| item(id, name, mark)).collect();
            let mut state = State::new("Which Pages should be connected?", ("Page", "Pages"), items, more);
            for _ in 0..downs {
                state.press(Key::Down);
            }
            filter.chars().for_each(|c| _ = state.press(Key::Char(c)));
            state.set_page(page(rows));
            let lines = lines(&state, rows, columns, unicode);
            prop_assert!(!lines.is_empty() && lines.len() <= rows.max(1));
            for line in &lines {
                prop_assert!(line.width() <= columns, "{line:?}");
            }
            if !state.shown.is_empty() {
                prop_assert!(state.visible().contains(&state.at));
            }
        }
    }
}
