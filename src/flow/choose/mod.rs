//! Options or picker -> the Pages or channels meant.

mod channels;
mod pages;

use anyhow::Result;

use super::failure::Failure;
use crate::interrupt::Signal;
use crate::types::Kind;
use crate::ui::PickError;

pub use channels::{ChannelChoice, channel_named, channels_meant};
pub use pages::{PageChoice, pages_meant};

fn picked(chosen: Result<Vec<usize>, PickError>, kind: Kind) -> Result<Vec<usize>> {
    match chosen {
        Ok(chosen) => Ok(chosen),
        Err(PickError::Cancelled) => {
            Err(Failure::Cancelled("nothing was chosen, and nothing changed".to_owned()).into())
        }
        Err(PickError::Interrupted) => Err(Failure::Interrupted(Signal::Interrupt).into()),
        Err(PickError::Unasked) => {
            let question =
                format!("which {}s are meant has to be asked, and nobody can be asked here", kind.noun());
            Err(Failure::NoInput { question, options: "--all or --page ID".to_owned() }.into())
        }
        Err(error) => Err(error.into()),
    }
}
