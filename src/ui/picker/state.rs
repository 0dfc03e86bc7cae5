//! What the picker knows, and what keys and batches do to it. Nothing here knows of a terminal.

use crate::ui::input::Key;
use crate::ui::text;

use super::Item;

/// Whether the picker stays open after a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Open,
    Closed,
}

/// What is known of further items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum More {
    /// There may be some, and nobody asked for them.
    Idle,
    Loading,
    /// The last attempt failed; another one is made when the person asks.
    Failed,
    None,
    /// Whoever listed them has gone.
    Lost,
}

/// An item as it is shown and searched. Clean.
#[derive(Debug)]
pub(super) struct Row {
    pub id: String,
    pub name: String,
    pub mark: String,
    pub ticked: bool,
    /// Name, name without blanks, and id, in lower case.
    keys: [String; 3],
}

impl Row {
    fn new(item: &Item) -> Row {
        let (id, name) = (text::clean(&item.id), text::clean(&item.name));
        let folded = name.to_lowercase();
        let tight = folded.split_whitespace().collect();
        let keys = [folded, tight, id.to_lowercase()];
        let mark = item.mark.as_deref().map(text::clean).unwrap_or_default();
        Row { id, name, mark, ticked: item.ticked, keys }
    }

    fn matches(&self, filter: &str) -> bool {
        self.keys.iter().any(|key| key.contains(filter))
    }
}

#[derive(Debug)]
pub(super) struct State {
    pub title: String,
    pub noun: (&'static str, &'static str),
    pub rows: Vec<Row>,
    /// Positions in `rows` of those that match the filter, in order.
    pub shown: Vec<usize>,
    pub filter: String,
    /// Which of `shown` the person is at.
    pub at: usize,
    /// Which of `shown` is the first on the screen.
    pub top: usize,
    pub more: More,
    /// What the last key couldn't do.
    pub notice: Option<&'static str>,
    page: usize,
    wanted: bool,
    cancelled: bool,
}

impl State {
    pub fn new(title: &str, noun: (&'static str, &'static str), items: Vec<Item>, more: bool) -> State {
        let mut state = State {
            title: text::clean(title),
            noun,
            rows: Vec::new(),
            shown: Vec::new(),
            filter: String::new(),
            at: 0,
            top: 0,
            more: if more { More::Idle } else { More::None },
            notice: None,
            page: 1,
            wanted: false,
            cancelled: false,
        };
        state.append(&items);
        state
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key) -> Outcome {
        self.notice = None;
        let last = self.shown.len().saturating_sub(1);
        match key {
            Key::Up => self.at = self.at.saturating_sub(1),
            Key::Down => self.at = (self.at + 1).min(last),
            Key::PageUp => self.at = self.at.saturating_sub(self.page),
            Key::PageDown => self.at = (self.at + self.page).min(last),
            Key::Home => self.at = 0,
            Key::End => self.at = last,
            Key::Char(' ') => self.toggle(),
            Key::Ctrl('a') => self.toggle_all(),
            Key::Ctrl('n') => self.ask_for_more(),
            Key::Ctrl('u') => self.set_filter(String::new()),
            Key::Backspace => {
                let mut filter = self.filter.clone();
                filter.pop();
                self.set_filter(filter);
            }
            Key::Char(c) | Key::Pasted(c) if !text::is_hostile(c) => {
                self.set_filter(format!("{}{c}", self.filter));
            }
            Key::Escape if !self.filter.is_empty() => self.set_filter(String::new()),
            Key::Escape | Key::Ctrl('d') => {
                self.cancelled = true;
                return Outcome::Closed;
            }
            Key::Enter => return self.accept(),
            _ => {}
        }
        self.keep_in_sight();
        Outcome::Open
    }

    /// A batch has come. Ticks, filter and place stay.
    pub fn add(&mut self, items: Vec<Item>) {
        self.append(&items);
        self.more = More::Idle;
    }

    /// There is nothing more.
    pub fn end(&mut self) {
        self.more = More::None;
    }

    /// The batch could not be had.
    pub fn fail(&mut self) {
        self.more = More::Failed;
    }

    /// Nothing more will be told.
    pub fn stop(&mut self) {
        self.more = More::Lost;
    }

    /// Whether the person asked, or nears the end of what is loaded: less than a screen is left below.
    pub fn wants_more(&self) -> bool {
        self.more == More::Idle && (self.wanted || self.at + self.page >= self.shown.len())
    }

    /// A batch is on its way.
    pub fn loading(&mut self) {
        self.more = More::Loading;
        self.wanted = false;
    }

    /// Whether events of a feed are to be expected.
    pub fn may_grow(&self) -> bool {
        !matches!(self.more, More::None | More::Lost)
    }

    /// How many items the screen has room for.
    pub fn set_page(&mut self, page: usize) {
        self.page = page.max(1);
        self.keep_in_sight();
    }

    /// Those of `shown` that are on the screen.
    pub fn visible(&self) -> std::ops::Range<usize> {
        self.top..(self.top + self.page).min(self.shown.len())
    }

    /// Positions of the ticked items, whether the filter shows them or not.
    pub fn ticked(&self) -> Vec<usize> {
        (0..self.rows.len()).filter(|&at| self.rows[at].ticked).collect()
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    /// One line for what was chosen, at most `cells` wide.
    pub fn summary(&self, cells: usize) -> String {
        let ticked = self.ticked();
        let names: Vec<_> = ticked.iter().map(|&at| self.rows[at].name.as_str()).collect();
        let noun = if ticked.len() == 1 { self.noun.0 } else { self.noun.1 };
        text::fit(&format!("{} {noun} chosen: {}", ticked.len(), names.join(", ")), cells)
    }

    /// Takes what is ticked, unless that would be a guess or a surprise.
    fn accept(&mut self) -> Outcome {
        let ticked = self.ticked();
        let Some(first) = ticked.first() else {
            // The one under the cursor may not be the one that is meant.
            self.notice = Some("tick at least one with Space first");
            return Outcome::Open;
        };
        if ticked.iter().all(|row| self.shown.binary_search(row).is_ok()) {
            return Outcome::Closed;
        }
        // A blank typed into the filter ticks as well, and what it ticked may have gone from sight since.
        self.set_filter(String::new());
        self.at = *first;
        self.notice = Some("the filter hid some ticked ones; Enter takes all");
        self.keep_in_sight();
        Outcome::Open
    }

    fn append(&mut self, items: &[Item]) {
        let filter = self.filter.to_lowercase();
        for item in items {
            let row = Row::new(item);
            if row.matches(&filter) {
                self.shown.push(self.rows.len());
            }
            self.rows.push(row);
        }
    }

    fn toggle(&mut self) {
        if let Some(&row) = self.shown.get(self.at) {
            self.rows[row].ticked = !self.rows[row].ticked;
        }
    }

    /// Ticks all that are shown; if they are already, unticks them.
    fn toggle_all(&mut self) {
        let tick = !self.shown.iter().all(|&row| self.rows[row].ticked);
        for &row in &self.shown {
            self.rows[row].ticked = tick;
        }
    }

    /// By hand: wherever the person is, and also after a failure.
    fn ask_for_more(&mut self) {
        if matches!(self.more, More::Idle | More::Failed) {
            self.more = More::Idle;
            self.wanted = true;
        }
    }

    /// Filters anew, and stays at the same item as long as it is shown.
    fn set_filter(&mut self, filter: String) {
        let current = self.shown.get(self.at).copied();
        self.filter = filter;
        let needle = self.filter.to_lowercase();
        self.shown = (0..self.rows.len()).filter(|&row| self.rows[row].matches(&needle)).collect();
        self.at = current.and_then(|row| self.shown.iter().position(|&shown| shown == row)).unwrap_or(0);
    }

    /// Scrolls as little as needed, and leaves no empty lines at the end.
    fn keep_in_sight(&mut self) {
        let lowest = (self.at + 1).saturating_sub(self.page);
        let last = self.shown.len().saturating_sub(self.page);
        self.top = self.top.max(lowest).min(self.at).min(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: usize, name: &str) -> Item {
        Item { id: id.to_string(), name: name.to_owned(), ..Item::default() }
    }

    fn numbered(count: usize) -> Vec<Item> {
        (0..count).map(|at| item(1000 + at, &format!("Page {at}"))).collect()
    }

    fn state(items: Vec<Item>, more: bool) -> State {
        let mut state = State::new("Which?", ("Page", "Pages"), items, more);
        state.set_page(10);
        state
    }

    fn press(state: &mut State, keys: &[Key]) -> Outcome {
        keys.iter().map(|key| state.press(*key)).last().unwrap()
    }

    fn type_in(state: &mut State, text: &str) {
        text.chars().for_each(|c| assert_eq!(state.press(Key::Char(c)), Outcome::Open));
    }

    #[test]
    fn space_ticks_and_enter_takes_in_listed_order() {
        let mut state = state(numbered(5), false);
        let closed = press(&mut state, &[Key::End, Key::Char(' '), Key::Home, Key::Char(' '), Key::Enter]);
        assert_eq!((closed, state.ticked()), (Outcome::Closed, vec![0, 4]));
        assert_eq!(state.summary(80), "2 Pages chosen: Page 0, Page 4");
    }

    #[test]
    fn enter_guesses_nothing() {
        let mut state = state(numbered(5), false);
        assert_eq!(state.press(Key::Enter), Outcome::Open);
        assert!(state.notice.is_some());
        state.press(Key::Down);
        assert!(state.notice.is_none());
    }

    #[test]
    fn what_the_filter_hides_is_shown_before_it_is_taken() {
        let mut state = state(numbered(30), false);
        type_in(&mut state, "page 7");
        assert_eq!(state.filter, "page7");
        press(&mut state, &[Key::Char(' '), Key::Enter]);
        assert_eq!((state.filter.as_str(), state.at, state.ticked()), ("", 0, vec![0, 7]));
        assert_eq!(state.press(Key::Enter), Outcome::Closed);
    }

    #[test]
    fn escape_clears_the_filter_and_then_cancels() {
        let mut state = state(numbered(5), false);
        type_in(&mut state, "3");
        assert_eq!(state.press(Key::Escape), Outcome::Open);
        assert_eq!((state.filter.as_str(), state.shown.len(), state.is_cancelled()), ("", 5, false));
        assert_eq!(state.press(Key::Escape), Outcome::Closed);
        assert!(state.is_cancelled());
    }

    #[test]
    fn the_filter_finds_names_and_ids_in_any_case() {
        let mut state =
            state(vec![item(77, "Toko BUNGA Melati"), item(88, "Kopi"), item(99, "متجر الزهور")], false);
        for (filter, found) in [("bunga", 0), ("tokobunga", 0), ("8", 1), ("KOPI", 1), ("الزهور", 2)] {
            type_in(&mut state, filter);
            assert_eq!(state.shown, [found], "{filter}");
            state.press(Key::Ctrl('u'));
        }
        "Toko Bunga".chars().for_each(|c| _ = state.press(Key::Pasted(c)));
        assert_eq!(state.shown, [0]);
        press(&mut state, &[Key::Backspace; 20]);
        assert_eq!(state.shown, [0, 1, 2]);
    }

    #[test]
    fn ticks_survive_the_filter_and_equal_names_stay_apart() {
        let mut state = state(vec![item(1, "Same"), item(2, "Other"), item(3, "Same")], false);
        type_in(&mut state, "same");
        press(&mut state, &[Key::Down, Key::Char(' '), Key::Escape]);
        assert_eq!((state.ticked(), state.shown[state.at]), (vec![2], 2));
    }

    #[test]
    fn all_means_all_that_are_shown() {
        let mut state = state(numbered(12), false);
        type_in(&mut state, "page1");
        press(&mut state, &[Key::Ctrl('a'), Key::Escape]);
        assert_eq!(state.ticked(), [1, 10, 11]);
        press(&mut state, &[Key::Ctrl('a')]);
        assert_eq!(state.ticked().len(), 12);
        press(&mut state, &[Key::Ctrl('a')]);
        assert!(state.ticked().is_empty());
    }

    #[test]
    fn batches_come_when_the_end_is_near_and_move_nothing() {
        let mut state = state(numbered(25), true);
        assert!(!state.wants_more());
        press(&mut state, &[Key::Down, Key::Char(' '), Key::PageDown, Key::PageDown]);
        assert!(state.wants_more());
        state.loading();
        assert!(!state.wants_more());
        let place = (state.at, state.top);
        state.add(numbered(25));
        assert_eq!((state.at, state.top, state.ticked(), state.shown.len()), (place.0, place.1, vec![1], 50));
        assert!(!state.wants_more());
    }

    #[test]
    fn a_filter_with_few_matches_asks_for_more_until_the_end() {
        let mut state = state(numbered(25), true);
        type_in(&mut state, "nowhere");
        for _ in 0..3 {
            assert!(state.wants_more());
            state.loading();
            state.add(numbered(25));
        }
        state.add(vec![item(5, "Nowhere")]);
        assert_eq!(state.shown, [100]);
        state.end();
        assert!(!state.wants_more() && !state.may_grow());
    }

    #[test]
    fn more_can_be_asked_for_from_anywhere() {
        let mut state = state(numbered(25), true);
        state.press(Key::Ctrl('n'));
        assert!(state.wants_more());
        state.loading();
        state.add(numbered(25));
        assert!(!state.wants_more());
    }

    #[test]
    fn a_failed_batch_is_asked_for_again_by_hand_only() {
        let mut state = state(numbered(3), true);
        state.loading();
        state.fail();
        assert!(!state.wants_more());
        state.press(Key::Ctrl('n'));
        assert!(state.wants_more());
    }

    #[test]
    fn the_list_scrolls_as_little_as_needed() {
        let mut state = state(numbered(30), false);
        let mut seen = Vec::new();
        for key in [Key::Down, Key::PageDown, Key::Up, Key::End, Key::PageUp, Key::PageUp, Key::Home] {
            state.press(key);
            seen.push((state.at, state.top));
        }
        assert_eq!(seen, [(1, 0), (11, 2), (10, 2), (29, 20), (19, 19), (9, 9), (0, 0)]);
        state.press(Key::End);
        state.set_page(40);
        assert_eq!(state.visible(), 0..30);
    }
}
