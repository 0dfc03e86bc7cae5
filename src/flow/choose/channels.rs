//! Which channels are meant: options, or the picker.

use anyhow::Result;
use futures_util::StreamExt as _;
use futures_util::stream;

use super::picked;
use crate::failure::{Failure, Question, Usage};
use crate::flow::listing::{channels, channels_of};
use crate::platform::Platform;
use crate::types::{Candidate, Channel, ChannelDbId, ChannelFilter, PlatformName, SignInKind};
use crate::ui::{Item, Picker, Ui, text as names};

/// So many are looked for one by one, and so many ids at the same time; more are looked for in the list of all.
const LOOKED_UP_AT_ONCE: usize = 8;
/// How many are named where none or several are meant.
const NAMED: usize = 5;

/// Which channels are meant.
pub enum ChannelChoice {
    /// These: `_id`s, or channel IDs or exact names that only one has.
    Named(Vec<String>),
    /// All of the kind.
    All,
    /// Those that are known to be disconnected.
    Disconnected,
    /// Ask.
    Ask,
}

/// The channels meant. No sign-in is needed to find them.
pub async fn channels_meant(
    api: &Platform,
    ui: &Ui,
    kind: SignInKind,
    choice: &ChannelChoice,
) -> Result<Vec<Channel>> {
    let progress = ui.spinner("Listing channels");
    match choice {
        ChannelChoice::All => channels_of(api, kind).await,
        ChannelChoice::Disconnected => {
            let mut found = channels_of(api, kind).await?;
            found.retain(Channel::is_disconnected);
            Ok(found)
        }
        ChannelChoice::Named(wanted) => {
            let found: Result<Vec<Channel>> = channels_named(api, wanted).await?.into_iter().collect();
            let mut found = found?;
            wanted.iter().zip(&found).for_each(|(text, channel)| tell_which(ui, text, channel));
            if let Some(other) = found.iter().find(|channel| channel.kind != kind) {
                return Err(Failure::Usage(Usage::OtherKind { channel: other.into() }).into());
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

/// Whether the text is the platform's own id of the channel, and not its `_id`.
pub fn is_channel_id_of(text: &str, channel: &Channel) -> bool {
    channel.channel_id.as_deref() == Some(text) && !channel.id.as_str().eq_ignore_ascii_case(text)
}

/// Says which channel it is where one was named by the platform's own id.
pub fn tell_which(ui: &Ui, text: &str, channel: &Channel) {
    if is_channel_id_of(text, channel) {
        ui.note(&format!("{text} is the channel ID of {} ({})", channel.id, names::name(&channel.name)));
    }
}

/// The channel with this `_id`, or with this channel ID or exact name when only one has it.
pub async fn channel_named(api: &Platform, text: &str) -> Result<Channel> {
    if let Some(id) = id_of(text) {
        return match api.channel(&id).await? {
            Some(channel) => Ok(channel),
            None => Err(Failure::NoSuchChannel { id: text.to_owned(), near: Vec::new() }.into()),
        };
    }
    let mut found = Found::new(text);
    let searched = ChannelFilter { search: Some(text.to_owned()), kinds: Vec::new() };
    // A search knows names and labels, and takes some characters for its own: what it doesn't find may be there.
    for filter in [searched, ChannelFilter::default()] {
        channels(api, &filter, |batch| {
            batch.into_iter().for_each(|channel| found.look_at(&channel));
            Ok(true)
        })
        .await?;
        // Others can have the same channel ID, which no search knows.
        let is_sure = |exact: &Channel| found.has_id || !is_channel_id_of(text, exact);
        if found.exact.as_ref().is_some_and(is_sure) {
            break;
        }
    }
    found.only()
}

/// The channels with these `_id`s, channel IDs or exact names, as [`channel_named`] finds each: a result for each, in their order.
pub async fn channels_named(api: &Platform, texts: &[String]) -> Result<Vec<Result<Channel>>> {
    // Qontak's older generation may have no call for one: each would cost the list of all.
    let most = if let Platform::Qontak(_) = api { 1 } else { LOOKED_UP_AT_ONCE };
    if texts.len() <= most {
        // A name is looked for with several requests at a time already.
        let concurrency = if texts.iter().all(|text| id_of(text).is_some()) { LOOKED_UP_AT_ONCE } else { 1 };
        let found = stream::iter(texts).map(|text| channel_named(api, text)).buffered(concurrency);
        return Ok(found.collect().await);
    }
    let mut found: Vec<Found> = texts.iter().map(|text| Found::new(text)).collect();
    channels(api, &ChannelFilter::default(), |batch| {
        for channel in batch {
            found.iter_mut().for_each(|found| found.look_at(&channel));
        }
        Ok(true)
    })
    .await?;
    Ok(found.into_iter().map(Found::only).collect())
}

fn id_of(text: &str) -> Option<ChannelDbId> {
    ChannelDbId::looks_like(text).then(|| text.to_ascii_lowercase().parse().ok()).flatten()
}

/// What was found for one text. Holds no more than it needs of the thousands that are looked at.
struct Found<'a> {
    text: &'a str,
    lower: String,
    id: Option<ChannelDbId>,
    /// Whether the text is the `_id` of the one that was found, on a platform whose `_id`s have no shape of their own.
    has_id: bool,
    /// The first that it is exactly, and how many there are.
    exact: Option<Channel>,
    count: usize,
    /// The first few that it is exactly, and that it could have meant.
    same: Vec<Candidate>,
    near: Vec<Candidate>,
}

impl<'a> Found<'a> {
    fn new(text: &'a str) -> Self {
        Found {
            text,
            lower: text.to_lowercase(),
            id: id_of(text),
            has_id: false,
            exact: None,
            count: 0,
            same: Vec::new(),
            near: Vec::new(),
        }
    }

    fn look_at(&mut self, channel: &Channel) {
        let is_elsewhere = channel.platform != PlatformName::Socialchat;
        if is_elsewhere && channel.id.as_str() == self.text {
            // Others may have it as their name. Where each kind counts its own, two have the same: nobody guesses which.
            let is_another = |exact: &Channel| self.has_id && exact.kind != channel.kind;
            if self.exact.as_ref().is_some_and(is_another) {
                self.count += 1;
            } else {
                (self.has_id, self.exact, self.count) = (true, Some(channel.clone()), 1);
                self.same.clear();
            }
            self.same.push(channel.into());
        }
        if self.has_id {
            return;
        }
        let is_it = match &self.id {
            Some(id) => channel.id.as_str().eq_ignore_ascii_case(id.as_str()),
            None => channel.name == self.text || channel.channel_id.as_deref() == Some(self.text),
        };
        let is_near = || self.id.is_none() && channel.name.to_lowercase().contains(&self.lower);
        let list = match is_it {
            // A list that shifts while it is read shows one twice.
            true if self.exact.as_ref().is_some_and(|exact| exact.id == channel.id) => return,
            true => {
                self.count += 1;
                self.exact.get_or_insert_with(|| channel.clone());
                &mut self.same
            }
            false if self.exact.is_none() && self.near.len() < NAMED && is_near() => &mut self.near,
            false => return,
        };
        let candidate = Candidate::from(channel);
        if list.len() < NAMED && !list.contains(&candidate) {
            list.push(candidate);
        }
    }

    /// The only one; an error that names what else there is where there are none or several.
    fn only(self) -> Result<Channel> {
        match (self.exact, self.count) {
            (Some(channel), 1) => Ok(channel),
            (None, _) => Err(Failure::NoSuchChannel { id: self.text.to_owned(), near: self.near }.into()),
            (Some(_), count) => {
                let (name, channels) = (self.text.to_owned(), self.same);
                Err(Failure::Usage(Usage::SeveralChannels { name, count, channels }).into())
            }
        }
    }
}

async fn pick_channels(ui: &Ui, kind: SignInKind, mut channels: Vec<Channel>) -> Result<Vec<Channel>> {
    // Those that need it stand first.
    channels.sort_by_key(|channel| !channel.is_disconnected());
    let items = channels.iter().map(|channel| Item {
        id: channel.id.to_string(),
        name: channel.name.clone(),
        mark: channel.is_disconnected().then(|| "disconnected".to_owned()),
        ticked: channel.is_disconnected(),
    });
    let title = format!("Which {} channels should be reconnected?", kind.title());
    let picker = Picker { title, noun: ("channel", "channels"), items: items.collect(), feed: None };
    let chosen = picked(ui.pick(picker).await, || Question::Channels)?;
    Ok(chosen.into_iter().filter_map(|index| channels.get(index).cloned()).collect())
}
