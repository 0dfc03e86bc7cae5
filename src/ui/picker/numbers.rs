//! The picker in plain lines, for screen readers and terminals that redraw nothing: each item has a number, and the
//! numbers are asked for.

use std::collections::BTreeSet;

use super::filter::Filter;
use super::{Feed, FeedEvent, Item, PickError, Picker, state};
use crate::ui::input::Input;
use crate::ui::{Ask, Ui, text};

/// So many are read out before it is asked.
const LISTED_AT_ONCE: usize = 25;
/// So many that were looked for are read out at most.
const FOUND_AT_MOST: usize = 100;
const LONGEST_ANSWER: usize = 1000;

/// What was typed.
#[derive(Debug, PartialEq)]
enum Answer {
    /// Positions, from 0.
    These(BTreeSet<usize>),
    All,
    /// Enter alone.
    Nothing,
    More,
    Find(String),
    Leave,
    /// Why it means nothing.
    Odd(String),
}

impl Ui {
    /// As [`Ui::pick`], by numbers. Nothing that was not read out is chosen without a question.
    pub(super) async fn pick_by_number(&self, picker: Picker) -> Result<Vec<usize>, PickError> {
        let input = Input::open(self.screen())?;
        let mut numbers = Numbers { ui: self, picker, input, told: BTreeSet::new(), next: 0 };
        numbers.begin();
        let chosen = loop {
            if let Some(chosen) = numbers.ask().await? {
                break chosen;
            }
        };
        let names: Vec<String> = chosen.iter().map(|&at| numbers.picker.items[at].shown_name()).collect();
        self.done(&state::summary(numbers.picker.noun, names.iter().map(String::as_str), usize::MAX));
        Ok(chosen)
    }
}

struct Numbers<'a> {
    ui: &'a Ui,
    picker: Picker,
    input: Input,
    /// Those that were read out.
    told: BTreeSet<usize>,
    /// The first that comes next.
    next: usize,
}

impl Numbers<'_> {
    fn begin(&mut self) {
        self.line(&self.picker.title);
        self.tell_next();
        let more = if self.has_more() { ", more" } else { "" };
        self.line(&format!(
            "Type numbers like 1,3-5, or all{more}, find WORD, or none to leave. Then press Enter."
        ));
    }

    /// Asks once. None: it must be asked again.
    async fn ask(&mut self) -> Result<Option<Vec<usize>>, PickError> {
        let ticked: Vec<usize> = self.ticked();
        let prompt = match ticked.len() {
            0 => "Numbers: ".to_owned(),
            1 => "Numbers (Enter alone takes the ticked one): ".to_owned(),
            count => format!("Numbers (Enter alone takes the {} ticked ones): ", text::count(count)),
        };
        let typed = self.ui.typed_line(&mut self.input, &prompt, LONGEST_ANSWER).await?;
        let typed = typed.ok_or(PickError::Cancelled)?;
        match meaning(&typed, self.picker.items.len()) {
            Answer::These(chosen) => return self.agreed(chosen.into_iter().collect()).await,
            Answer::Nothing if !ticked.is_empty() => return self.agreed(ticked).await,
            Answer::Nothing => {
                self.line("Nothing is chosen yet. Type at least one number, or none to leave.")
            }
            Answer::All => {
                if self.load_all().await? {
                    return self.agreed((0..self.picker.items.len()).collect()).await;
                }
            }
            Answer::More if !self.has_more() => self.line("That is all."),
            Answer::More => {
                if self.next == self.picker.items.len() {
                    self.load().await?;
                }
                self.tell_next();
            }
            Answer::Find(words) => {
                if self.load_all().await? {
                    self.find(&words);
                }
            }
            Answer::Leave => return Err(PickError::Cancelled),
            Answer::Odd(why) => self.line(&why),
        }
        Ok(None)
    }

    /// Those that were chosen; asks first where some of them were not read out.
    async fn agreed(&mut self, chosen: Vec<usize>) -> Result<Option<Vec<usize>>, PickError> {
        let unseen = chosen.iter().filter(|at| !self.told.contains(at)).count();
        if unseen == 0 {
            return Ok(Some(chosen));
        }
        let (all, unseen) = (text::count(chosen.len()), text::count(unseen));
        let question = format!("Take {all} {}, {unseen} of them not listed above?", self.picker.noun.1);
        Ok(self.ui.confirm_at(&mut self.input, &question, false).await?.then_some(chosen))
    }

    fn find(&mut self, words: &str) {
        let filter = Filter::new(words);
        let folded = |text: &str| text::clean(text).to_lowercase();
        let matches = |item: &Item| filter.matches(&folded(&item.shown_name()), &folded(&item.id));
        let items = self.picker.items.iter().enumerate();
        let found: Vec<usize> = items.filter(|(_, item)| matches(item)).map(|(at, _)| at).collect();
        found.iter().take(FOUND_AT_MOST).for_each(|&at| self.tell(at));
        let more = match found.len().saturating_sub(FOUND_AT_MOST) {
            0 => String::new(),
            more => format!(", {} of them not listed", text::count(more)),
        };
        let (found, all) = (text::count(found.len()), text::count(self.picker.items.len()));
        self.line(&format!("{found} of {all} {} match{more}.", self.picker.noun.1));
    }

    fn tell_next(&mut self) {
        let end = (self.next + LISTED_AT_ONCE).min(self.picker.items.len());
        (self.next..end).for_each(|at| self.tell(at));
        self.next = end;
        let (shown, all) = (text::count(end), text::count(self.picker.items.len()));
        let noun = if end == 1 { self.picker.noun.0 } else { self.picker.noun.1 };
        self.line(&match (&self.picker.feed, end == self.picker.items.len()) {
            (None, true) => format!("{all} {noun}, that is all."),
            (None, false) => format!("{shown} of {all} {noun} listed."),
            (Some(_), _) => format!("{shown} {noun} listed, more to come."),
        });
    }

    fn tell(&mut self, at: usize) {
        let Some(item) = self.picker.items.get(at) else { return };
        let mark = item.mark.as_ref().map(|mark| format!(", {mark}")).unwrap_or_default();
        let ticked = if item.ticked { ", ticked" } else { "" };
        self.line(&format!("{}. {} ({}){mark}{ticked}", at + 1, item.shown_name(), item.id));
        self.told.insert(at);
    }

    /// Loads all there is, and says so; false where it could not be had.
    async fn load_all(&mut self) -> Result<bool, PickError> {
        if self.picker.feed.is_some() {
            self.line("Loading the rest...");
        }
        while self.picker.feed.is_some() {
            if !self.load().await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Loads a batch; false where it could not be had, which is said.
    async fn load(&mut self) -> Result<bool, PickError> {
        let Some(Feed { events, wanted }) = &mut self.picker.feed else { return Ok(true) };
        // Who has gone tells nothing more.
        let _ = wanted.send(()).await;
        match events.recv().await {
            Some(FeedEvent::Items(items)) => {
                self.picker.items.extend(items);
                Ok(true)
            }
            Some(FeedEvent::End) => {
                self.picker.feed = None;
                Ok(true)
            }
            Some(FeedEvent::Failed(reason)) => {
                self.ui.warn(&format!("no more {} could be listed: {reason}", self.picker.noun.1));
                Ok(false)
            }
            None => {
                self.picker.feed = None;
                self.line("The rest could not be loaded.");
                Ok(false)
            }
        }
    }

    fn has_more(&self) -> bool {
        self.picker.feed.is_some() || self.next < self.picker.items.len()
    }

    fn ticked(&self) -> Vec<usize> {
        let items = self.picker.items.iter().enumerate();
        items.filter(|(_, item)| item.ticked).map(|(at, _)| at).collect()
    }

    fn line(&self, text: &str) {
        self.ui.screen().print(&(text::clean(text) + "\n"));
    }
}

/// What was typed means, where `count` items have numbers.
fn meaning(typed: &str, count: usize) -> Answer {
    let typed = typed.trim();
    let (first, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    match (first.to_lowercase().as_str(), rest.trim()) {
        ("", _) => return Answer::Nothing,
        ("all", "") => return Answer::All,
        ("more", "") => return Answer::More,
        ("none" | "q" | "quit", "") => return Answer::Leave,
        ("find", "") => return Answer::Odd("Type a word behind find: find kopi".to_owned()),
        ("find", words) => return Answer::Find(words.to_owned()),
        _ => {}
    }
    let mut chosen = BTreeSet::new();
    // "3 - 5" is one of them.
    let tight = typed.replace('–', "-").split('-').map(str::trim).collect::<Vec<_>>().join("-");
    for part in tight.split([',', ';', ' ']).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (Ok(from), Ok(to)) = (from.parse::<usize>(), to.parse::<usize>()) else {
            return Answer::Odd(format!(
                "{part:?} is no number. To look for a name, type find and a word of it."
            ));
        };
        if from == 0 || from > to || to > count {
            return Answer::Odd(format!("There is no {part}: the numbers go from 1 to {count}."));
        }
        chosen.extend(from - 1..to);
    }
    match chosen.is_empty() {
        true => Answer::Nothing,
        false => Answer::These(chosen),
    }
}

impl From<Ask> for PickError {
    fn from(error: Ask) -> PickError {
        match error {
            Ask::Unasked => PickError::Unasked,
            Ask::Interrupted => PickError::Interrupted,
            Ask::Closed => PickError::Cancelled,
            Ask::Io(error) => PickError::Io(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ranges_are_read_as_people_write_them() {
        let these = |numbers: &[usize]| Answer::These(numbers.iter().copied().collect());
        for (typed, chosen) in [
            ("1,3-5", &[0, 2, 3, 4][..]),
            (" 5 , 1", &[0, 4]),
            ("3 - 5", &[2, 3, 4]),
            ("1 2 2", &[0, 1]),
            ("4–5;1", &[0, 3, 4]),
        ] {
            assert_eq!(meaning(typed, 5), these(chosen), "{typed}");
        }
        for (typed, answer) in [
            ("", Answer::Nothing),
            (" , ", Answer::Nothing),
            ("ALL", Answer::All),
            ("more", Answer::More),
            ("none", Answer::Leave),
            ("Find toko  buku", Answer::Find("toko  buku".to_owned())),
        ] {
            assert_eq!(meaning(typed, 5), answer, "{typed}");
        }
    }

    #[test]
    fn what_means_nothing_chooses_nothing() {
        for typed in [
            "0",
            "6",
            "1-6",
            "5-3",
            "kopi",
            "1,x",
            "1-",
            "-3",
            "1-2-3",
            "all 3",
            "find",
            "18446744073709551616",
        ] {
            assert!(matches!(meaning(typed, 5), Answer::Odd(_)), "{typed}");
        }
    }
}
