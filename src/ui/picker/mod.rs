//! The picker: a list in which several can be ticked, and which may grow while it is open.

mod state;
mod view;

use std::io;

use tokio::sync::mpsc::{Receiver, Sender};

use super::Ui;
use super::input::{Event, Input};
use super::screen::Region;
use state::{Outcome, State};

/// Something that can be ticked. Names need not be unique: the id always stands beside.
#[derive(Clone, Debug, Default)]
pub struct Item {
    pub id: String,
    pub name: String,
    /// What is worth knowing about it, in a word or two: `connected`.
    pub mark: Option<String>,
    /// Whether it is ticked from the start.
    pub ticked: bool,
}

/// Where further items come from while the picker is open.
pub struct Feed {
    /// Closed without [`FeedEvent::End`] it counts as failed.
    pub events: Receiver<FeedEvent>,
    /// Gets a `()` for each batch that is wanted, never two before the first was answered. Give it room for one.
    pub wanted: Sender<()>,
}

/// What a feed tells.
pub enum FeedEvent {
    /// A batch, to be added at the end.
    Items(Vec<Item>),
    /// There is nothing more.
    End,
    /// The batch could not be had, for this reason. The person may ask again.
    Failed(String),
}

/// What to choose from.
pub struct Picker {
    /// The question.
    pub title: String,
    /// What one and what several of them are called: `("Page", "Pages")`.
    pub noun: (&'static str, &'static str),
    pub items: Vec<Item>,
    /// Where more come from; none when these are all.
    pub feed: Option<Feed>,
}

/// Why nothing was chosen.
#[derive(Debug)]
pub enum PickError {
    /// `--no-input`, or no terminal that could show a list.
    Unasked,
    /// Esc or Ctrl-D.
    Cancelled,
    /// Ctrl-C.
    Interrupted,
    /// The terminal is gone, say.
    Io(io::Error),
}

impl From<io::Error> for PickError {
    fn from(error: io::Error) -> PickError {
        match error.kind() {
            io::ErrorKind::Interrupted => PickError::Interrupted,
            _ => PickError::Io(error),
        }
    }
}

impl Ui {
    /// Whether a list can be shown and somebody can tick in it.
    pub fn shows_pickers(&self) -> bool {
        self.interactive() && self.screen().terminal
    }

    /// Lets the person tick at least one item. Gives the positions of the ticked ones, in the order in which
    /// they were listed and came. Dropping the future clears the list and puts the terminal back.
    pub async fn pick(&self, picker: Picker) -> Result<Vec<usize>, PickError> {
        if !self.shows_pickers() {
            return Err(PickError::Unasked);
        }
        let Picker { title, noun, items, mut feed } = picker;
        let mut state = State::new(&title, noun, items, feed.is_some());
        {
            let region = Region::open(self.screen());
            let mut input = Input::open(self.screen())?;
            while self.step(&region, &mut state, &mut input, feed.as_mut()).await? == Outcome::Open {}
        }
        if state.is_cancelled() {
            return Err(PickError::Cancelled);
        }
        self.done(&state.summary(self.width().saturating_sub(3)));
        Ok(state.ticked())
    }

    /// Asks the feed if more is wanted, draws, and takes one event.
    async fn step(
        &self,
        region: &Region<'_>,
        state: &mut State,
        input: &mut Input,
        feed: Option<&mut Feed>,
    ) -> Result<Outcome, PickError> {
        let (rows, columns) = self.screen().size();
        state.set_page(view::page(rows));
        if let Some(feed) = &feed
            && state.wants_more()
            && feed.wanted.try_send(()).is_ok()
        {
            state.loading();
        }
        region.draw(view::lines(state, rows, columns, self.unicode()));
        tokio::select! {
            event = input.next() => Ok(match event? {
                Event::Key(key) => state.press(key),
                Event::Resized | Event::Continued => Outcome::Open,
            }),
            event = next_of(feed), if state.may_grow() => {
                match event {
                    Some(FeedEvent::Items(items)) => state.add(items),
                    Some(FeedEvent::End) => state.end(),
                    Some(FeedEvent::Failed(reason)) => {
                        state.fail();
                        self.warn(&format!("no more {} could be listed: {reason}", state.noun.1));
                    }
                    None => state.stop(),
                }
                Ok(Outcome::Open)
            }
        }
    }
}

async fn next_of(feed: Option<&mut Feed>) -> Option<FeedEvent> {
    feed?.events.recv().await
}
