//! How much there is in an account, cheaply.

use super::listing::CHANNELS_A_PAGE;
use crate::platform::ApiError;
use crate::platform::socialchat::Socialchat;
use crate::types::ChannelFilter;

/// How many channels there are, as far as one request tells.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    pub total: Option<usize>,
    /// None where there are more than fit into one page.
    pub disconnected: Option<usize>,
}

/// Asks once: whether the credentials are accepted, and how much there is.
pub async fn counts(api: &Socialchat) -> Result<Counts, ApiError> {
    let first = api.channels(1, CHANNELS_A_PAGE, &ChannelFilter::default()).await?;
    let is_all = !first.has_more(1);
    let disconnected = first.channels.iter().filter(|channel| channel.is_disconnected()).count();
    let told = first.total.and_then(|total| usize::try_from(total).ok());
    Ok(Counts {
        total: if is_all { Some(first.channels.len()) } else { told },
        disconnected: is_all.then_some(disconnected),
    })
}
