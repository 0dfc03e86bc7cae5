//! A half of a webhook is set, and then believed as it is read back: the answer to the call proves little.

use anyhow::{Error, Result};

use crate::failure::{Failure, MetaHalf, MetaTrouble};
use crate::flow::settle::seen;
use crate::platform::{ApiError, Known};
use crate::types::MetaMeaning;

/// Takes the answer to the call that set it, and looks whether it is set.
pub async fn believe<T, F>(
    half: MetaHalf,
    answer: Result<(), ApiError>,
    look: impl FnMut() -> F,
    is_set: impl Fn(&T) -> bool,
) -> Result<()>
where
    F: Future<Output = Result<T>>,
{
    let lost = match answer {
        Err(error) if !may_be_done(&error) => return Err(error.into()),
        answer => answer.err(),
    };
    let unsure = || Failure::Meta(MetaTrouble::Unsure(half));
    match (seen(look, |found| is_set(found).then_some(())).await, lost) {
        (Ok(Some(())), _) => Ok(()),
        // It isn't there: what the call came to is why.
        (Ok(None), Some(error)) => Err(error.into()),
        (Ok(None), None) => Err(Failure::Meta(MetaTrouble::NotShown(half)).into()),
        (Err(_), Some(error)) => Err(Error::new(error).context(unsure())),
        (Err(looked), None) => Err(looked.context(unsure())),
    }
}

/// Whether the call may have been carried out although it failed: no answer came, or Meta had a trouble of its own.
fn may_be_done(error: &ApiError) -> bool {
    let is_passing = matches!(error.known(), Some(Known::Meta(code)) if code.means() == MetaMeaning::Passing);
    error.is_unanswered() || is_passing
}
