//! Which channels are meant: options, or the picker.

use anyhow::{Context as _, Result};

use super::picked;
use crate::api::{Api, ChannelFilter};
use crate::flow::failure::Failure;
use crate::flow::listing::{Kept, channels, channels_of};
use crate::types::{Channel, ChannelDbId, Kind};
use crate::ui::{Item, Picker, Ui};

/// So many ids are read one by one; more are looked for in the list of all.
const READ_SINGLY: usize = 8;

/// Which channels are meant.
pub enum ChannelChoice {
    /// These: `_id`s, or exact names that only one has.
    Named(Vec<String>),
    /// All of the kind.
    All,
    /// Those that have come loose.
    Disconnected,
    /// Ask.
    Ask,
}

/// The channels meant. No sign-in is needed to find them.
pub async fn channels_meant(api: &Api, ui: &Ui, kind: Kind, choice: ChannelChoice) -> Result<Vec<Channel>> {
    let progress = ui.spinner("Listing channels");
    match choice {
        ChannelChoice::All => channels_of(api, kind).await,
        ChannelChoice::Disconnected => {
            let mut found = channels_of(api, kind).await?;
            found.retain(|channel| !channel.is_connected);
            Ok(found)
        }
        ChannelChoice::Named(wanted) => {
            let mut found = by_ids_or_names(api, &wanted).await?;
            if let Some(other) = found.iter().find(|channel| channel.channel_type != kind.as_str()) {
                let (id, is) = (&other.id, &other.channel_type);
                let message = format!("channel {id} ({}) is a {is} channel, not {kind}", other.name);
                let hint = format!("`socialchat-cli reconnect {is} {id}`");
                return Err(Failure::Usage { message, hint }.into());
            }
            let mut seen = std::collections::HashSet::new();
            found.retain(|channel| seen.insert(channel.id.clone()));
            Ok(found)
        }
        ChannelChoice::Ask => {
            let found = channels_of(api, kind).await?;
            drop(progress);
            if found.is_empty() {
                return Ok(found);
            }
            pick_channels(ui, kind, found).await
        }
    }
}

/// The channel with this `_id`, or with this exact name when only one has it.
pub async fn channel_named(api: &Api, text: &str) -> Result<Channel> {
    if ChannelDbId::looks_like(text)
        && let Ok(id) = text.to_ascii_lowercase().parse()
    {
        return match api.channel(&id).await? {
            Some(channel) => Ok(channel),
            None => Err(Failure::NoSuchChannel { id: text.to_owned(), near: Vec::new() }.into()),
        };
    }
    let (mut found, mut kept) = (Vec::new(), Kept::default());
    let filter = ChannelFilter { search: Some(text.to_owned()), types: Vec::new() };
    channels(api, &filter, |batch| {
        batch.iter().try_for_each(|channel| kept.whole(channel))?;
        found.extend(batch);
        Ok(found.len() < 1000)
    })
    .await?;
    let is_it = |channel: &Channel| channel.name == text || channel.channel_id.as_deref() == Some(text);
    let exact = found.iter().filter(|channel| is_it(channel)).count();
    if exact == 1 {
        found.retain(is_it);
        return found.pop().context("the list changed while it was read");
    }
    let near = |channel: &Channel| format!("{} ({}, {})", channel.id, channel.name, channel.channel_type);
    let shown =
        found.iter().filter(|channel| exact == 0 || is_it(channel)).take(5).map(near).collect::<Vec<_>>();
    if exact > 1 {
        let message = format!("{exact} channels are called {text:?}");
        let hint = format!("give the _id: {}", shown.join(", "));
        return Err(Failure::Usage { message, hint }.into());
    }
    Err(Failure::NoSuchChannel { id: text.to_owned(), near: shown }.into())
}

async fn by_ids_or_names(api: &Api, wanted: &[String]) -> Result<Vec<Channel>> {
    if wanted.len() <= READ_SINGLY || !wanted.iter().all(|text| ChannelDbId::looks_like(text)) {
        return futures_util::future::try_join_all(wanted.iter().map(|text| channel_named(api, text))).await;
    }
    let meant: std::collections::HashSet<String> =
        wanted.iter().map(|text| text.to_ascii_lowercase()).collect();
    let (mut found, mut kept) = (std::collections::HashMap::new(), Kept::default());
    channels(api, &ChannelFilter::default(), |batch| {
        for channel in batch.into_iter().filter(|channel| meant.contains(channel.id.as_str())) {
            kept.whole(&channel)?;
            found.insert(channel.id.to_string(), channel);
        }
        Ok(true)
    })
    .await?;
    let missing = |id: &str| Failure::NoSuchChannel { id: id.to_owned(), near: Vec::new() };
    let get = |text: &String| {
        let id = text.to_ascii_lowercase();
        found.get(&id).cloned().ok_or_else(|| missing(text).into())
    };
    wanted.iter().map(get).collect()
}

async fn pick_channels(ui: &Ui, kind: Kind, mut channels: Vec<Channel>) -> Result<Vec<Channel>> {
    // Those that need it stand first.
    channels.sort_by_key(|channel| channel.is_connected);
    let items = channels.iter().map(|channel| Item {
        id: channel.id.to_string(),
        name: channel.name.clone(),
        mark: (!channel.is_connected).then(|| "disconnected".to_owned()),
        ticked: !channel.is_connected,
    });
    let title = format!("Which {} channels should be reconnected?", kind.title());
    let picker = Picker { title, noun: ("channel", "channels"), items: items.collect(), feed: None };
    let nobody = || {
        let question = "which channels are meant has to be asked, and nobody can be asked here".to_owned();
        let options =
            "give their ids, --disconnected or --all (`socialchat-cli channels list` shows them)".to_owned();
        Failure::NoInput { question, options }.into()
    };
    let chosen = picked(ui.pick(picker).await, nobody)?;
    Ok(chosen.into_iter().filter_map(|index| channels.get(index).cloned()).collect())
}
