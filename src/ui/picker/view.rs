//! The picker's lines, for a terminal of any size.

use std::ops::Range;

use crate::ui::Style;
use crate::ui::style::Line;
use crate::ui::text;

use super::filter::Filter;
use super::state::{More, Row, State};

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
        Frame { title, filter, status, keys, list: (room - beside).max(1) }
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
    if state.explains {
        let help = help(marks).into_iter().take(rows.saturating_sub(1).max(1));
        return help.map(|line| line.clipped(columns.saturating_sub(1))).collect();
    }
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
        lines.push(status(state, marks, columns));
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
    to: &'static str,
}

const UNICODE: Marks = Marks { pointer: "❯ ", caret: "▏", dot: " · ", arrows: "↑↓", to: "–" };
const ASCII: Marks = Marks { pointer: "> ", caret: "_", dot: " - ", arrows: "Up/Down", to: "-" };

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
    let filter = Filter::new(&state.filter);
    let line = |(at, row): (usize, &Row)| {
        let here = at == state.at;
        let (pointer, name) = if here { (marks.pointer, Style::Bold) } else { ("  ", Style::Plain) };
        let (tick, tick_style) = if row.ticked { ("[x] ", Style::Good) } else { ("[ ] ", Style::Plain) };
        let line = Line::default().with(Style::Accent, pointer).with(tick_style, tick);
        let line = searched(line, name, &row.name, widths.name, &filter.found_in_name(&row.name));
        let gap = widths.name.saturating_sub(text::width(&text::fit(&row.name, widths.name))) + GAP;
        let line = line.with(Style::Plain, " ".repeat(gap));
        let id = if here { Style::Plain } else { Style::Dim };
        let line = searched(line, id, &row.id, widths.id, &filter.found_in_id(&row.id));
        if row.mark.is_empty() || widths.mark == 0 {
            return line;
        }
        let gap = widths.id.saturating_sub(text::width(&row.id)) + GAP;
        line.with(Style::Plain, " ".repeat(gap)).with(Style::Accent, text::fit(&row.mark, widths.mark))
    };
    visible.zip(rows).map(line).collect()
}

/// Adds as much of a text as fits, with what is searched for marked in it.
fn searched(line: Line, style: Style, text: &str, cells: usize, found: &[Range<usize>]) -> Line {
    let fitted = text::fit(text, cells);
    let mut same = fitted.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    while !fitted.is_char_boundary(same) {
        same -= 1;
    }
    let isolated = text::isolated(fitted.clone()) != fitted;
    let (opened, closed) = if isolated { ("\u{2068}", "\u{2069}") } else { ("", "") };
    let (mut line, mut at) = (line.with(Style::Plain, opened), 0);
    for found in found {
        let (start, end) = (found.start.min(same), found.end.min(same));
        line = line.with(style, &fitted[at..start]).with(Style::Found, &fitted[start..end]);
        at = end;
    }
    line.with(style, &fitted[at..]).with(Style::Plain, closed)
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

fn status(state: &State, marks: &Marks, columns: usize) -> Line {
    if let Some(notice) = &state.notice {
        return Line::default().with(Style::Warn, format!("  {notice}"));
    }
    let all = text::count(state.rows.len());
    if state.takes_all {
        let so_far = format!("  loading the rest: {all} {} so far{}Esc stops", state.noun.1, marks.dot);
        return Line::default().with(Style::Warn, so_far);
    }
    let ticked = state.ticked().len();
    let style = if ticked == 0 { Style::Plain } else { Style::Good };
    let line = Line::default().with(style, format!("  {} ticked{}", text::count(ticked), marks.dot));
    let (tail_style, tail) = match &state.more {
        _ if state.only_ticked => (Style::Plain, ""),
        More::None if state.filter.is_empty() => (Style::Plain, ", that is all"),
        More::None => (Style::Plain, ""),
        More::Idle => (Style::Plain, ", more to come"),
        More::Loading => (Style::Plain, ", loading more..."),
        More::Failed => (Style::Warn, "; Ctrl-N tries for more"),
        More::Lost => (Style::Warn, "; the rest could not be loaded"),
    };
    let room = columns.saturating_sub(1 + line.width() + text::width(tail));
    let (long, short) = listed(state, marks, &all);
    let listed = if text::width(&long) <= room { long } else { short };
    line.with(Style::Plain, listed).with(tail_style, tail)
}

/// How many there are and which of them are on the screen, in full and in short.
fn listed(state: &State, marks: &Marks, all: &str) -> (String, String) {
    let noun = if state.rows.len() == 1 { state.noun.0 } else { state.noun.1 };
    let (found, visible) = (text::count(state.shown.len()), state.visible());
    let place = format!("{}{}{} of ", text::count(visible.start + 1), marks.to, text::count(visible.end));
    let place = if visible.len() < state.shown.len() { place } else { String::new() };
    let loaded = if matches!(state.more, More::None) { "" } else { " loaded" };
    if state.only_ticked {
        let short = format!("{place}{found} shown, of {all} {noun}");
        return (format!("{short}: only ticked ones"), short);
    }
    match (state.filter.is_empty(), place.is_empty()) {
        (true, _) => {
            let both = format!("{place}{all} {noun}{loaded}");
            (both.clone(), both)
        }
        (false, true) if loaded.is_empty() => {
            (format!("{found} of {all} {noun} match"), format!("{found} match"))
        }
        (false, true) => (format!("{found} of {all} loaded {noun} match"), format!("{found} match")),
        (false, false) => {
            let short = format!("{place}{found} that match");
            (format!("{short}, of {all} {noun}{loaded}"), short)
        }
    }
}

/// As many keys as there is room for, the most needed first.
fn keys(state: &State, marks: &Marks, columns: usize) -> Line {
    let types = !state.filter.is_empty();
    let keys = [
        Some(("Tab", "tick")),
        Some(("Enter", "done")),
        Some(("Esc", if types || state.only_ticked { "back" } else { "cancel" })),
        (!types).then_some(("?", "help")),
        Some(("Ctrl-A", if types { "all that match" } else { "all" })),
        Some(("Ctrl-T", if state.only_ticked { "all again" } else { "only ticked" })),
        state.may_grow().then_some(("Ctrl-N", "more")),
        Some((marks.arrows, "move")),
    ];
    let mut line = Line::default().with(Style::Plain, "  ");
    for (place, (key, does)) in keys.into_iter().flatten().enumerate() {
        let dot = if place == 0 { "" } else { marks.dot };
        let wide = text::width(dot) + text::width(key) + 1 + text::width(does);
        if line.width() + wide >= columns {
            break;
        }
        line = line.with(Style::Plain, dot).with(Style::Bold, key).with(Style::Plain, format!(" {does}"));
    }
    line
}

/// What each key does.
fn help(marks: &Marks) -> Vec<Line> {
    let keys = [
        ("Tab", "tick or untick; Space too without a filter"),
        ("Enter", "take the ticked ones"),
        ("Esc", "undo the filter, then cancel"),
        ("letters", "show names with all these words, or an id"),
        ("Ctrl-A", "tick all that match; the rest is loaded first"),
        ("Ctrl-T", "show only the ticked ones, and all again"),
        ("Ctrl-N", "load more"),
        ("Ctrl-U", "clear the filter"),
        (marks.arrows, "move; PgUp, PgDn, Home and End too"),
    ];
    let title = Line::default().with(Style::Accent, "? ").with(Style::Bold, "Keys");
    let line = |(key, does)| {
        Line::default().with(Style::Bold, format!("  {}", text::pad(key, 9))).with(Style::Plain, does)
    };
    let close = Line::default().with(Style::Plain, "  Any key goes back to the list.");
    std::iter::once(title).chain(keys.into_iter().map(line)).chain([close]).collect()
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
        let seen = |line: &Line| line.paint(Palette { colored: false }).replace(['\u{2068}', '\u{2069}'], "");
        lines.iter().map(|line| seen(line).trim_end().to_owned() + "\n").collect()
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
          Tab tick · Enter done · Esc cancel · ? help · Ctrl-A all
        ");
    }

    #[test]
    fn a_filter_shows_what_matches() {
        let mut state = State::new("Which Pages should be connected?", ("Page", "Pages"), pages(), false);
        "bunga".chars().for_each(|c| _ = state.press(Key::Char(c)));
        let screen = drawn(&mut state, 24, 80);
        // Underlined, without colours as well.
        assert!(screen.contains("Toko \x1b[4mBunga\x1b[0m Melati"), "{screen}");
        insta::assert_snapshot!(screen.replace("\x1b[4m", "").replace("\x1b[0m", ""), @r"
        ? Which Pages should be connected?
          Filter: bunga▏
        ❯ [ ] Toko Bunga Melati  102938475610293
          1 ticked · 1 of 4 Pages match
          Tab tick · Enter done · Esc back · Ctrl-A all that match · Ctrl-T only ticked
        ");
        "x".chars().for_each(|c| _ = state.press(Key::Char(c)));
        insta::assert_snapshot!(drawn(&mut state, 5, 40), @r"
          Filter: bungax▏
            nothing matches
          1 ticked · 0 of 4 Pages match
        ");
    }

    #[test]
    fn where_a_long_list_stands_is_said_in_thousands() {
        let many = (0..5000).map(|at| item(&format!("{}", 100_000_000 + at), &format!("Page {at}"), ""));
        let mut state = State::new("Which?", ("Page", "Pages"), many.collect(), false);
        let said =
            |state: &mut State, columns| drawn(state, 24, columns).lines().rev().nth(1).unwrap().to_owned();
        assert_eq!(said(&mut state, 80), "  0 ticked · 1–19 of 5,000 Pages, that is all");
        state.press(Key::PageDown);
        assert_eq!(said(&mut state, 80), "  0 ticked · 2–20 of 5,000 Pages, that is all");
        "page 1".chars().for_each(|c| _ = state.press(Key::Char(c)));
        [Key::Ctrl('a'), Key::Home].into_iter().for_each(|key| _ = state.press(key));
        assert_eq!(said(&mut state, 80), "  2,084 ticked · 1–19 of 2,084 that match, of 5,000 Pages");
        assert_eq!(said(&mut state, 50), "  2,084 ticked · 1–19 of 2,084 that match");
        state.press(Key::Ctrl('t'));
        assert_eq!(
            said(&mut state, 80),
            "  2,084 ticked · 1–19 of 2,084 shown, of 5,000 Pages: only ticked ones"
        );
        assert_eq!(drawn(&mut state, 60, 80).lines().count(), 59, "all the room is used");
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
            state.press(Key::Ctrl('u'));
            state.press(Key::Char('?'));
            prop_assert!(super::lines(&state, rows, columns, unicode).len() <= rows.max(1));
            if !state.shown.is_empty() {
                prop_assert!(state.visible().contains(&state.at));
            }
        }
    }
}
