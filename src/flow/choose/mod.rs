//! Options or picker -> the Pages or channels meant.

mod channels;
mod pages;

use anyhow::Result;

use crate::failure::Failure;
use crate::interrupt::Signal;
use crate::ui::PickError;

pub use channels::{ChannelChoice, channel_named, channels_meant, channels_named, reconnect_hint};
pub use pages::{PageChoice, listed, pages_meant};

/// What was chosen; `nobody` says what to type where no picker could be shown.
fn picked(
    chosen: Result<Vec<usize>, PickError>,
    nobody: impl FnOnce() -> anyhow::Error,
) -> Result<Vec<usize>> {
    match chosen {
        Ok(chosen) => Ok(chosen),
        Err(PickError::Cancelled) => {
            Err(Failure::Cancelled("nothing was chosen, and nothing changed".to_owned()).into())
        }
        Err(PickError::Interrupted) => Err(Failure::Interrupted(Signal::Interrupt).into()),
        Err(PickError::Unasked) => Err(nobody()),
        Err(error @ PickError::Io(_)) => Err(error.into()),
    }
}
