//! The channels that the page is about.

use anyhow::Result;

use crate::failure::{Failure, Usage};
use crate::flow::AtQontak;
use crate::flow::choose::{ChannelChoice, channels_meant, channels_named};
use crate::flow::listing::{Kept, channels};
use crate::platform::Platform;
use crate::types::{Channel, ChannelFilter, ChannelKind};
use crate::ui::Ui;

/// Which channels of a kind are meant. No page is needed to find them.
pub async fn channels_on_page(
    account: &AtQontak,
    ui: &Ui,
    kind: &ChannelKind,
    choice: &ChannelChoice,
) -> Result<Vec<Channel>> {
    let platform = Platform::Qontak(account.api.clone());
    match (kind.sign_in(), choice) {
        (Some(kind), choice) => channels_meant(&platform, ui, kind, choice).await,
        (None, ChannelChoice::Named(wanted)) => {
            let found: Result<Vec<Channel>> = channels_named(&platform, wanted).await?.into_iter().collect();
            let found = found?;
            match found.iter().find(|channel| channel.kind != *kind) {
                Some(other) => Err(Failure::Usage(Usage::OtherKind { channel: other.into() }).into()),
                None => Ok(found),
            }
        }
        (None, choice) => {
            let mut found = of_kinds(&platform, vec![kind.clone()]).await?;
            found.retain(|channel| matches!(choice, ChannelChoice::All) || channel.is_disconnected());
            Ok(found)
        }
    }
}

/// All channels of these kinds, as they are now.
pub(super) async fn of_kinds(platform: &Platform, kinds: Vec<ChannelKind>) -> Result<Vec<Channel>> {
    let filter = ChannelFilter { search: None, kinds };
    let (mut found, mut kept) = (Vec::new(), Kept::default());
    channels(platform, &filter, |batch| {
        batch.iter().try_for_each(|channel| kept.whole(channel))?;
        found.extend(batch);
        Ok(true)
    })
    .await?;
    Ok(found)
}
