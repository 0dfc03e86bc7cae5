//! A Page's token and the two halves of its webhook, at Meta.

mod look;
mod set;
mod steps;
mod subscribe;
mod token;

use anyhow::Result;

use crate::failure::{Endless, Failure};
use crate::platform::ApiError;
use crate::platform::meta::Listed;

pub use crate::platform::meta::{
    App, Cure, Evidence, Fact, Item, ItemDetail, ItemTitle, Looked, Meta, NEEDED_FIELDS, Owner, Retired,
    RetiredDetail, Title, TokenInfo, Verdict, facts, review,
};
pub use look::{Covered, covered, look};
pub use steps::{Steps, print_steps};
pub use subscribe::{Callback, HalfDone, Subscribed, Subscribing, subscribe, unsubscribe_page};
pub use token::{PageToken, check_page_token};

/// So many pages of a list are read; who announces more has no end.
const MOST_PAGES: usize = 1000;

/// A list to its end, which is the absence of more: a page of it can be short, or even empty.
async fn all<T, F>(one: impl Fn(Option<String>) -> F) -> Result<Vec<T>>
where
    F: Future<Output = Result<Listed<T>, ApiError>>,
{
    let (mut found, mut cursors) = (Vec::new(), Vec::new());
    let mut after = None;
    loop {
        let listed = one(after).await?;
        found.extend(listed.entries);
        let Some(next) = listed.after else { return Ok(found) };
        if cursors.contains(&next) {
            return Err(Failure::EndlessPages { cause: Endless::SamePage }.into());
        }
        if cursors.len() == MOST_PAGES {
            return Err(Failure::EndlessPages { cause: Endless::AlwaysMore }.into());
        }
        cursors.push(next.clone());
        after = Some(next);
    }
}
