//! How much there is in an account, cheaply.

use crate::platform::{ApiError, Platform};
use crate::types::ChannelFilter;

/// How many channels there are, as far as one request tells.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    pub total: Option<usize>,
    /// None where there are more than fit into one page.
    pub disconnected: Option<usize>,
}

/// Asks once: whether the credentials are accepted, and how much there is.
pub async fn counts(api: &Platform) -> Result<Counts, ApiError> {
    let first = api.channels(&ChannelFilter::default(), None).await?;
    let is_all = first.next.is_none();
    let disconnected = first.channels.iter().filter(|channel| channel.is_disconnected()).count();
    let told = first.total.and_then(|total| usize::try_from(total).ok());
    Ok(Counts {
        total: if is_all { Some(first.channels.len()) } else { told },
        disconnected: is_all.then_some(disconnected),
    })
}
