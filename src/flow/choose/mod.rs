//! Options or picker -> the Pages or channels meant.

mod channels;
mod pages;

use anyhow::{Context as _, Result};

use crate::failure::{Cancelled, Doing, Failure, Question};
use crate::interrupt::Signal;
use crate::ui::{Ask, PickError};

pub use channels::{
    ChannelChoice, channel_named, channels_meant, channels_named, is_channel_id_of, tell_which,
};
pub use pages::{PageChoice, listed, pages_meant};

/// What was chosen; `nobody` says what was to be asked where no picker could be shown.
fn picked(chosen: Result<Vec<usize>, PickError>, nobody: impl FnOnce() -> Question) -> Result<Vec<usize>> {
    match chosen {
        Ok(chosen) => Ok(chosen),
        Err(PickError::Cancelled) => Err(Failure::Cancelled(Cancelled::NothingChosen).into()),
        Err(PickError::Interrupted) => Err(Failure::Interrupted(Signal::Interrupt).into()),
        Err(PickError::Unasked) => Err(Failure::NoInput(nobody()).into()),
        Err(PickError::Io(error)) => Err(error).context(Doing::Asking),
    }
}

/// The answer to a question, or why there is none.
pub fn answered<T>(answer: Result<T, Ask>, question: Question) -> Result<T> {
    match answer {
        Ok(answer) => Ok(answer),
        Err(Ask::Unasked) => Err(Failure::NoInput(question).into()),
        Err(Ask::Interrupted) => Err(Failure::Interrupted(Signal::Interrupt).into()),
        Err(Ask::Closed) => Err(Failure::Cancelled(Cancelled::Unanswered).into()),
        Err(Ask::Io(error)) => Err(error).context(Doing::Asking),
    }
}
