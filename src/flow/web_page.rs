//! Connecting and disconnecting on the platform's own page: no call does it, so a person does, and it is noticed here.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, sleep};

use super::AtQontak;
use super::choose::{ChannelChoice, channels_meant, channels_named};
use super::listing::{Kept, channels};
use super::outcome::{Action, Done};
use crate::failure::{Failure, Qontak, Usage};
use crate::platform::qontak::targets;
use crate::platform::{ApiError, Known, Platform};
use crate::types::{Channel, ChannelDbId, ChannelFilter, ChannelKind, Invocation};
use crate::ui::{Ui, browser, text};

/// So often it is looked what has become of it, and so soon for the first time: the platform asks for no more.
const LOOK_EVERY: Duration = Duration::from_secs(10);
const FIRST_LOOK: Duration = Duration::from_secs(5);

/// What a person does on the page.
#[derive(Clone, Debug)]
pub enum Act {
    /// By what the platform calls that kind.
    Connect(&'static str),
    Reconnect(ChannelDbId),
    Disconnect(ChannelDbId),
}

/// Does it in a person's place, and says whether it could be done. It may block.
pub type Person = Arc<dyn Fn(Act) -> Result<bool> + Send + Sync>;

/// Who goes to the page.
#[derive(Clone)]
pub enum Visitor {
    /// Whoever sits before the system's browser.
    Browser,
    /// Whoever reads the address.
    Somebody,
    /// The sandbox.
    Sandbox(Person),
}

/// The page, and how long somebody may take there.
pub struct Page<'a> {
    pub account: &'a AtQontak,
    pub ui: &'a Ui,
    pub visitor: Visitor,
    pub time_limit: Duration,
}

impl Page<'_> {
    /// Waits for channels of that kind that weren't there before, or were inactive.
    pub async fn connect(&self, kind: &ChannelKind) -> Result<Vec<Done>> {
        let target = targets(kind).last().copied().unwrap_or_default();
        let before = self.of_kind(kind).await?;
        let before: HashMap<_, _> =
            before.into_iter().map(|channel| (channel.id, channel.is_connected)).collect();
        self.visit(vec![Act::Connect(target)], Some(kind)).await?;
        let connected = |now: Vec<Channel>| {
            let done = now.into_iter().filter_map(|channel| {
                let action = match before.get(&channel.id) {
                    None if !channel.is_disconnected() => Action::Connected,
                    Some(Some(false)) if channel.is_connected == Some(true) => Action::Reconnected,
                    _ => return None,
                };
                Some(Done::of(channel, Ok(action)))
            });
            let done: Vec<Done> = done.collect();
            (!done.is_empty()).then_some(done)
        };
        match self.wait(async || Ok(connected(self.of_kind(kind).await?))).await? {
            Some(done) => Ok(done),
            None => Err(self.missed(Qontak::NotConnected { kind: kind.clone(), seconds: self.seconds() })),
        }
    }

    /// Waits until each of these, of one kind, is active again, itself or another of its name in its place. One that is
    /// active from the begin is skipped: nothing would show that it was done.
    pub async fn reconnect(&self, kind: &ChannelKind, chosen: Vec<Channel>) -> Result<Vec<Done>> {
        let (mut done, mut pending): (Vec<Done>, Vec<Channel>) = (Vec::new(), Vec::new());
        for channel in chosen {
            match channel.is_connected {
                Some(true) => done.push(self.skipped(channel, "is active")),
                _ => pending.push(channel),
            }
        }
        if pending.is_empty() {
            return Ok(done);
        }
        let before: HashMap<_, _> =
            self.of_kind(kind).await?.into_iter().map(|channel| (channel.id.clone(), channel)).collect();
        let acts: Vec<Act> = pending.iter().map(|channel| Act::Reconnect(channel.id.clone())).collect();
        self.visit(acts, None).await?;
        let mut left = pending.clone();
        let look = async || {
            let now = self.of_kind(kind).await?;
            left.retain(|channel| match now.iter().find(|now| is_reconnected(channel, now, &before)) {
                Some(now) => {
                    done.push(Done::of(now.clone(), Ok(Action::Reconnected)));
                    false
                }
                None => true,
            });
            Ok(left.is_empty().then_some(()))
        };
        self.wait(look).await?;
        done.extend(left.into_iter().map(|channel| {
            let missed = Qontak::NotReconnected { kind: kind.clone(), seconds: self.seconds() };
            Done::of(channel, Err(self.missed(missed)))
        }));
        Ok(done)
    }

    /// Waits until each of these is gone, and says in which way. One that is inactive from the begin is skipped: whether
    /// the page removes a record or leaves it inactive, no document says.
    pub async fn disconnect(&self, chosen: Vec<Channel>) -> Result<Vec<Done>> {
        let (mut done, mut pending): (Vec<Done>, Vec<(Channel, bool)>) = (Vec::new(), Vec::new());
        for channel in chosen {
            match channel.is_connected {
                Some(false) => done.push(self.skipped(channel, "is inactive already")),
                _ => {
                    let is_readable = self.account.api.read(&channel.id).await?.is_some();
                    pending.push((channel, is_readable));
                }
            }
        }
        if pending.is_empty() {
            return Ok(done);
        }
        let acts: Vec<Act> = pending.iter().map(|(channel, _)| Act::Disconnect(channel.id.clone())).collect();
        self.visit(acts, None).await?;
        let look = async || {
            for (channel, is_readable) in std::mem::take(&mut pending) {
                match self.way_gone(&channel, is_readable).await {
                    Ok(Some(way)) => {
                        self.ui.say(&format!("{} ({}) {way}.", text::name(&channel.name), channel.id));
                        done.push(Done::of(channel, Ok(Action::Disconnected)));
                    }
                    Ok(None) => pending.push((channel, is_readable)),
                    Err(error) => {
                        pending.push((channel, is_readable));
                        return Err(error);
                    }
                }
            }
            Ok(pending.is_empty().then_some(()))
        };
        self.wait(look).await?;
        done.extend(pending.into_iter().map(|(channel, _)| {
            let missed = Qontak::NotDisconnected { seconds: self.seconds() };
            Done::of(channel, Err(self.missed(missed)))
        }));
        Ok(done)
    }

    /// In which way a channel is gone; none while it is there. Gone from the list is not enough where it can still be read.
    async fn way_gone(&self, channel: &Channel, is_readable: bool) -> Result<Option<&'static str>> {
        Ok(match self.account.api.channel(&channel.id).await? {
            Some(now) if now.is_disconnected() => Some("is inactive now"),
            Some(_) => None,
            None if is_readable => Some("is gone: it is no longer listed, and asking for it answers 404"),
            None => Some("is gone: it is no longer listed"),
        })
    }

    /// Says where it is done and who may, and opens it; or has the sandbox do it.
    async fn visit(&self, acts: Vec<Act>, connected: Option<&ChannelKind>) -> Result<()> {
        if let Visitor::Sandbox(person) = &self.visitor {
            self.ui.say("The sandbox does it on its page by itself.");
            let person = person.clone();
            let each = move || acts.into_iter().map(|act| person(act)).collect::<Result<Vec<bool>>>();
            if tokio::task::spawn_blocking(each).await??.contains(&false) {
                let reset = Invocation::new("--platform qontak sandbox reset");
                self.ui.warn(&format!("the sandbox has nothing left to do that with; {reset} begins anew"));
            }
            return Ok(());
        }
        let url = self.account.api.web_page();
        self.ui.say("Do it on Qontak's page:");
        self.ui.link(url.as_str());
        if let Some(kind) = connected {
            self.tell_steps(kind);
        }
        self.ui.say(
            "Only an admin of the Qontak account can integrate, say the guide and the help centre. Another help page, on \
             what supervisors may do, lets them add Facebook accounts: where the page refuses you, ask an admin.",
        );
        if matches!(self.visitor, Visitor::Browser) {
            // It holds no secret, and is the vendor's own.
            match browser::open(url.as_str()).await {
                Ok(()) => self.ui.note("Your browser opens now. If it doesn't, open the address yourself."),
                Err(error) => self.ui.warn(&format!("{error}. Open the address yourself")),
            }
        }
        Ok(())
    }

    fn tell_steps(&self, kind: &ChannelKind) {
        let steps: &[&str] = match kind {
            ChannelKind::Messenger => &[
                "Choose Facebook Messenger, then \"Connect with Facebook\" (newer: add an account).",
                "Sign in to Facebook as an admin of the Page, and allow the pop-up.",
            ],
            ChannelKind::Instagram => &[
                "Choose Instagram, then connect (newer: add an account).",
                "Sign in to Facebook as an admin of the Page that the Instagram account is linked to; allow the pop-up.",
            ],
            ChannelKind::Telegram => &[
                "In Telegram, open a chat with @BotFather.",
                "New bot: send /newbot. Existing bot: send /mybots, then API Token.",
                "Copy the token. It looks like 7012345678:AAH…",
                "On Qontak's page choose Telegram, and paste the token there: nobody needs it here.",
            ],
            ChannelKind::WhatsappOfficial | ChannelKind::WhatsappUnofficial => &[
                "Choose WhatsApp, and follow the page. Qontak connects numbers of the WhatsApp Business Platform alone.",
            ],
            _ => &["Choose web chat, and follow the page."],
        };
        for (place, step) in steps.iter().enumerate() {
            self.ui.say(&format!("  {}. {step}", place + 1));
        }
    }

    /// Looks again and again until there is something to see; none when the time is over. A look that fails is no end, unless
    /// the credentials are refused.
    async fn wait<T>(&self, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<Option<T>> {
        if matches!(self.visitor, Visitor::Sandbox(_)) {
            // It is done by now, and nobody's server is asked.
            return look().await;
        }
        let progress = self.ui.spinner("Waiting for the page");
        let mut last = Instant::now();
        let end = last + self.time_limit;
        let mut next = last + FIRST_LOOK;
        loop {
            // Where no other look fits in before the end, the last one is then.
            if next + FIRST_LOOK > end {
                next = end;
            }
            while Instant::now() < next {
                let left = end.saturating_duration_since(Instant::now()).as_secs();
                progress.set_text(&format!("Waiting for the page · {}:{:02} left", left / 60, left % 60));
                sleep(next.saturating_duration_since(Instant::now()).min(Duration::from_secs(1))).await;
            }
            if next < last + FIRST_LOOK {
                return Ok(None);
            }
            match look().await {
                Ok(Some(seen)) => return Ok(Some(seen)),
                Ok(None) => {}
                Err(error) if is_final(&error) => return Err(error),
                Err(error) => self.ui.warn(&format!("{error:#}. Looking again")),
            }
            last = Instant::now();
            if last >= end {
                return Ok(None);
            }
            next = last + LOOK_EVERY;
        }
    }

    fn skipped(&self, channel: Channel, why: &str) -> Done {
        let page = self.account.api.web_page();
        self.ui.say(&format!(
            "{} ({}) {why}, so there is nothing to wait for. To change it all the same: {page}",
            text::name(&channel.name),
            channel.id
        ));
        Done::of(channel, Ok(Action::Skipped))
    }

    /// How long was waited. For the sandbox nobody waits.
    fn seconds(&self) -> u64 {
        if matches!(self.visitor, Visitor::Sandbox(_)) { 0 } else { self.time_limit.as_secs() }
    }

    fn missed(&self, what: Qontak) -> anyhow::Error {
        Failure::Qontak(what).into()
    }

    async fn of_kind(&self, kind: &ChannelKind) -> Result<Vec<Channel>> {
        of_kind(&Platform::Qontak(self.account.api.clone()), kind).await
    }
}

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
            let mut found = of_kind(&platform, kind).await?;
            found.retain(|channel| matches!(choice, ChannelChoice::All) || channel.is_disconnected());
            Ok(found)
        }
    }
}

/// All channels of a kind, as they are now.
async fn of_kind(platform: &Platform, kind: &ChannelKind) -> Result<Vec<Channel>> {
    let filter = ChannelFilter { search: None, kinds: vec![kind.clone()] };
    let (mut found, mut kept) = (Vec::new(), Kept::default());
    channels(platform, &filter, |batch| {
        batch.iter().try_for_each(|channel| kept.whole(channel))?;
        found.extend(batch);
        Ok(true)
    })
    .await?;
    Ok(found)
}

/// Whether `now` is that channel, active again: itself, or a new one of its name. Where the API tells no state, any change of
/// its record counts.
fn is_reconnected(channel: &Channel, now: &Channel, before: &HashMap<ChannelDbId, Channel>) -> bool {
    if now.id == channel.id {
        let has_changed = || before.get(&now.id).is_some_and(|before| before.rest != now.rest);
        return match now.is_connected {
            Some(is) => is,
            None => channel.is_connected.is_none() && has_changed(),
        };
    }
    !before.contains_key(&now.id) && now.name == channel.name && !now.is_disconnected()
}

/// Whether looking again would show the same.
fn is_final(error: &anyhow::Error) -> bool {
    match error.downcast_ref::<ApiError>() {
        Some(error) => matches!(error.known(), Some(Known::BadCredentials | Known::ClockOff { .. })),
        None => true,
    }
}
