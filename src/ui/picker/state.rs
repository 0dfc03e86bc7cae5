//! What the picker knows, and what keys and batches do to it. Nothing here knows of a terminal.

use crate::ui::input::Key;
use crate::ui::text;

use super::Item;
use super::filter::Filter;

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
    /// Name and id in lower case.
    keys: [String; 2],
}

impl Row {
    fn new(item: &Item) -> Row {
        let (id, name) = (text::clean(&item.id), item.shown_name());
        let keys = [name.to_lowercase(), id.to_lowercase()];
        let mark = item.mark.as_deref().map(text::clean).unwrap_or_default();
        Row { id, name, mark, ticked: item.ticked, keys }
    }

    fn matches(&self, filter: &Filter) -> bool {
        let [name, id] = &self.keys;
        filter.matches(name, id)
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
    /// Whether only ticked ones are shown, as they were when that was asked for.
    pub only_ticked: bool,
    /// Whether the keys are explained instead of the list.
    pub explains: bool,
    /// Whether all that match are to be ticked as soon as the rest has come.
    pub takes_all: bool,
    /// Which of `shown` the person is at.
    pub at: usize,
    /// Which of `shown` is the first on the screen.
    pub top: usize,
    pub more: More,
    /// What the last key couldn't do.
    pub notice: Option<String>,
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
            only_ticked: false,
            explains: false,
            takes_all: false,
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
        if std::mem::take(&mut self.explains) {
            return Outcome::Open;
        }
        let last = self.shown.len().saturating_sub(1);
        match key {
            Key::Up => self.at = self.at.saturating_sub(1),
            Key::Down => self.at = (self.at + 1).min(last),
            Key::PageUp => self.at = self.at.saturating_sub(self.page),
            Key::PageDown => self.at = (self.at + self.page).min(last),
            Key::Home => self.at = 0,
            Key::End => self.at = last,
            Key::Ctrl('d') => return self.cancel(),
            // Nothing else changes what "all" meant when it was asked for.
            Key::Escape | Key::Ctrl('a') if self.takes_all => {
                self.take_no_more("stopped: nothing was ticked")
            }
            _ if self.takes_all => {}
            Key::Tab => self.toggle(),
            Key::Char(' ') if self.filter.is_empty() => self.toggle(),
            Key::Char('?') if self.filter.is_empty() => self.explains = true,
            Key::Ctrl('a') => self.take_all(),
            Key::Ctrl('n') => self.ask_for_more(),
            Key::Ctrl('t') => self.show_ticked(),
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
            Key::Escape if self.only_ticked => self.show_ticked(),
            Key::Escape => return self.cancel(),
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
        if std::mem::take(&mut self.takes_all) {
            self.tick_shown(true);
        }
    }

    /// The batch could not be had, for this reason.
    pub fn fail(&mut self, reason: &str) {
        self.more = More::Failed;
        let unticked = if std::mem::take(&mut self.takes_all) { "nothing was ticked: " } else { "" };
        self.notice = Some(text::clean(&format!("{unticked}{reason}; Ctrl-N tries again")));
    }

    /// Nothing more will be told.
    pub fn stop(&mut self) {
        self.more = More::Lost;
        self.take_no_more("the rest could not be loaded: nothing was ticked");
    }

    /// Whether the person asked, or nears the end of what is loaded: less than a screen is left below.
    pub fn wants_more(&self) -> bool {
        let nears_end = !self.only_ticked && self.at + self.page >= self.shown.len();
        self.more == More::Idle && (self.takes_all || self.wanted || nears_end)
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
        summary(self.noun, ticked.iter().map(|&at| self.rows[at].name.as_str()), cells)
    }

    fn cancel(&mut self) -> Outcome {
        self.cancelled = true;
        Outcome::Closed
    }

    /// Takes what is ticked, unless that would be a guess or a surprise.
    fn accept(&mut self) -> Outcome {
        let ticked = self.ticked();
        if ticked.is_empty() {
            // The one under the cursor may not be the one that is meant.
            self.notice = Some("tick at least one with Tab first".to_owned());
            return Outcome::Open;
        }
        let is_hidden = |row: &&usize| self.shown.binary_search(row).is_err();
        let hidden = ticked.iter().filter(is_hidden).count();
        let Some(first) = ticked.iter().find(is_hidden) else { return Outcome::Closed };
        self.at = ticked.binary_search(first).unwrap_or(0);
        (self.only_ticked, self.filter) = (true, String::new());
        self.shown.clone_from(&ticked);
        let (hidden, all) = (text::count(hidden), text::count(ticked.len()));
        self.notice = Some(format!("{hidden} of the ticked ones were not shown; Enter takes all {all}"));
        self.keep_in_sight();
        Outcome::Open
    }

    fn append(&mut self, items: &[Item]) {
        let filter = Filter::new(&self.filter);
        for item in items {
            let row = Row::new(item);
            if row.matches(&filter) && (row.ticked || !self.only_ticked) {
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

    /// Ticks all that match, those as well that are not loaded yet; if all are ticked already, unticks them.
    fn take_all(&mut self) {
        if self.only_ticked || !self.may_grow() {
            let tick = !self.shown.iter().all(|&row| self.rows[row].ticked);
            return self.tick_shown(tick);
        }
        self.takes_all = true;
        self.ask_for_more();
    }

    fn take_no_more(&mut self, why: &str) {
        if std::mem::take(&mut self.takes_all) {
            self.notice = Some(why.to_owned());
        }
    }

    fn tick_shown(&mut self, tick: bool) {
        for &row in &self.shown {
            self.rows[row].ticked = tick;
        }
    }

    /// Only the ticked ones, or all again. One that is unticked meanwhile stays in its place.
    fn show_ticked(&mut self) {
        if !self.only_ticked && self.ticked().is_empty() {
            self.notice = Some("nothing is ticked yet".to_owned());
            return;
        }
        self.only_ticked = !self.only_ticked;
        self.set_filter(self.filter.clone());
    }

    /// By hand: wherever the person is, and also after a failure.
    fn ask_for_more(&mut self) {
        if matches!(self.more, More::Idle | More::Failed) {
            self.more = More::Idle;
            self.wanted = true;
        }
    }

    /// Filters anew, and stays at the same item as long as it is shown.
    fn set_filter(&mut self, typed: String) {
        let current = self.shown.get(self.at).copied();
        let filter = Filter::new(&typed);
        self.filter = typed;
        let is_shown = |row: &Row| row.matches(&filter) && (row.ticked || !self.only_ticked);
        self.shown = (0..self.rows.len()).filter(|&row| is_shown(&self.rows[row])).collect();
        self.at = current.and_then(|row| self.shown.iter().position(|&shown| shown == row)).unwrap_or(0);
    }

    /// Scrolls as little as needed, and leaves no empty lines at the end.
    fn keep_in_sight(&mut self) {
        let lowest = (self.at + 1).saturating_sub(self.page);
        let last = self.shown.len().saturating_sub(self.page);
        self.top = self.top.max(lowest).min(self.at).min(last);
    }
}

/// One line for what was chosen, at most `cells` wide.
pub(super) fn summary<'a>(
    noun: (&str, &str),
    names: impl ExactSizeIterator<Item = &'a str>,
    cells: usize,
) -> String {
    let (count, noun) = (text::count(names.len()), if names.len() == 1 { noun.0 } else { noun.1 });
    text::fit(&format!("{count} {noun} chosen: {}", names.collect::<Vec<_>>().join(", ")), cells)
}
