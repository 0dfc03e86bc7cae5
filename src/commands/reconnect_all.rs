//! reconnect --all-kinds: each platform in turn, as far as somebody is there.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::Result;

use super::results::show_of;
use super::sign_in::{sign_in_again, sign_in_of_each};
use super::{create, whatsapp};
use crate::cli;
use crate::context::Context;
use crate::failure::{Failure, signal_of};
use crate::flow::{
    self, Account, Action, ChannelChoice, Closing, Done, Kept, Next, Partner, ReconnectPlan, Reconnecting,
};
use crate::platform::{Ability, Reconnecting as Way};
use crate::types::{Channel, ChannelFilter, ChannelKind, Invocation, SignInKind};
use crate::ui::Ui;

/// How many requests are sent at the same time, as elsewhere where nobody says otherwise.
const AT_ONCE: usize = 4;

/// Reconnects what is disconnected: Messenger and Instagram with a sign-in each, then Telegram, then WhatsApp. What fails
/// keeps nothing else from being done.
pub async fn reconnect(context: &Context, args: &cli::ReconnectAllKinds) -> Result<()> {
    let ui = &context.ui;
    let account = super::account_unless(args.dry_run, context).await?;
    let (partner, results, closings) = (account.partner(Ability::AllKinds)?, Vec::new(), Vec::new());
    let mut run = Run { context, partner, account, args, results, closings };
    let mut channels = disconnected(&run.partner, ui).await?;
    if channels.is_empty() {
        ui.say("No channel is disconnected.");
    }
    let ended = run.all(&mut channels).await;
    if let Err(Some(signal)) = ended.as_ref().map_err(signal_of) {
        // Whatever was not begun by then.
        let told: HashSet<_> = run.results.iter().filter_map(|done| done.id.clone()).collect();
        let left = channels.into_iter().filter(|channel| !told.contains(&channel.id));
        run.results.extend(left.map(|channel| Done::of(channel, Err(Failure::Interrupted(signal).into()))));
    }
    let shown = show_of(context, None, args.dry_run, run.results);
    for closing in run.closings {
        closing.close(ui);
    }
    ended.and(shown)
}

/// What of all is disconnected.
async fn disconnected(partner: &Partner, ui: &Ui) -> Result<Vec<Channel>> {
    let _progress = ui.spinner("Listing channels");
    let (mut found, mut kept) = (Vec::new(), Kept::default());
    flow::channels(&(&partner.api).into(), &ChannelFilter::default(), |batch| {
        for channel in batch.into_iter().filter(Channel::is_disconnected) {
            kept.whole(&channel)?;
            found.push(channel);
        }
        Ok(true)
    })
    .await?;
    Ok(found)
}

fn taken(channels: &mut Vec<Channel>, is_it: impl Fn(&Channel) -> bool) -> Vec<Channel> {
    let (taken, left) = std::mem::take(channels).into_iter().partition(is_it);
    *channels = left;
    taken
}

/// The run, and what came of it so far.
struct Run<'a> {
    context: &'a Context,
    account: Account,
    partner: Partner,
    args: &'a cli::ReconnectAllKinds,
    results: Vec<Done>,
    /// What closes the records of the kinds, once all results are shown.
    closings: Vec<Closing>,
}

impl Run<'_> {
    /// Each kind in turn, until a signal comes. Leaves in `channels` what has not been told of.
    async fn all(&mut self, channels: &mut [Channel]) -> Result<()> {
        let mut left = channels.to_vec();
        for kind in SignInKind::ALL {
            let of_kind = taken(&mut left, |channel| channel.kind == kind);
            if !of_kind.is_empty() {
                self.sign_in(kind, of_kind).await?;
                self.stopped().await?;
            }
        }
        let bots = taken(&mut left, |channel| channel.kind == ChannelKind::Telegram);
        let phones = taken(&mut left, |channel| channel.kind == ChannelKind::WhatsappUnofficial);
        self.each("Telegram", bots, async |run, channel| run.bot(channel).await).await?;
        self.each("WhatsApp", phones, async |run, channel| run.phone(channel).await).await?;
        for channel in left {
            let unsupported = self.account.api.unsupported(&channel.kind, Ability::Reconnect);
            self.results.push(Done::of(channel, Err(unsupported.into())));
        }
        Ok(())
    }

    /// Fails where a signal came meanwhile: nothing further is begun.
    async fn stopped(&self) -> Result<()> {
        let interrupt = &self.context.interrupt;
        if interrupt.is_requested() {
            return Err(Failure::Interrupted(interrupt.requested().await).into());
        }
        Ok(())
    }

    /// One sign-in for all of a kind.
    async fn sign_in(&mut self, kind: SignInKind, channels: Vec<Channel>) -> Result<()> {
        let (context, ui) = (self.context, &self.context.ui);
        if self.args.dry_run {
            self.results
                .extend(channels.into_iter().map(|channel| Done::of(channel, Ok(Action::Reconnected))));
            return Ok(());
        }
        let options = cli::SignIn {
            token_stdin: false,
            paste: false,
            no_browser: self.args.no_browser,
            port: None,
            callback_url: None,
            timeout: self.args.timeout,
        };
        let Ok(first) = sign_in_of_each(context, kind, &options, Next::Reconnect) else {
            let next = Invocation::new(format!("reconnect {kind} --disconnected"));
            self.not_started(channels, |_| next.clone());
            return Ok(());
        };
        let again = match ui.interactive() {
            true => Some(sign_in_again(context, kind, &options, Next::Reconnect)?),
            false => None,
        };
        let plan = ReconnectPlan {
            kind,
            choice: ChannelChoice::Disconnected,
            shard: None,
            resume: false,
            dry_run: false,
            concurrency: AT_ONCE,
        };
        ui.say(&format!("{}: {}", kind.title(), count(channels.len())));
        let mut run = Reconnecting::find(&self.partner, ui, plan).await?;
        let sent = match run.is_empty() {
            true => Ok(()),
            false => run.send(first, again).await,
        };
        let (results, closing) = run.results();
        tell(ui, kind.title(), &results, channels.len());
        self.results.extend(results);
        self.closings.extend(closing);
        match sent {
            Ok(()) => Ok(()),
            Err(error) if signal_of(&error).is_some() => Err(error),
            Err(error) => {
                // That the sign-in failed is said once; the others of the kind were never begun.
                let next = Invocation::new(format!("reconnect {kind} --disconnected"));
                ui.warn(&format!("{error:#}"));
                match error.downcast_ref() {
                    // Its own exit status: nobody signed in.
                    Some(Failure::TimedOut(seconds)) => {
                        let failed = |channel| Done::of(channel, Err(Failure::TimedOut(*seconds).into()));
                        self.results.extend(channels.into_iter().map(failed));
                    }
                    _ => self.not_started(channels, |_| next.clone()),
                }
                Ok(())
            }
        }
    }

    /// One after another of a kind, each with what it takes of its own.
    async fn each(
        &mut self,
        title: &str,
        channels: Vec<Channel>,
        work: impl AsyncFn(&Self, Channel) -> Result<Done>,
    ) -> Result<()> {
        if self.args.dry_run {
            self.results
                .extend(channels.into_iter().map(|channel| Done::of(channel, Ok(Action::Reconnected))));
            return Ok(());
        }
        if !self.context.ui.interactive() {
            self.not_started(channels, command);
            return Ok(());
        }
        let total = channels.len();
        for (index, channel) in channels.into_iter().enumerate() {
            self.context.ui.say(&format!("{title} {} of {total}: {}", index + 1, channel.name));
            let done = match work(self, channel.clone()).await {
                Err(error) if signal_of(&error).is_some() => return Err(error),
                done => done.unwrap_or_else(|error| Done::of(channel, Err(error))),
            };
            tell(&self.context.ui, &done.name, std::slice::from_ref(&done), 1);
            self.results.push(done);
        }
        Ok(())
    }

    async fn bot(&self, channel: Channel) -> Result<Done> {
        match self.account.api.reconnecting(&channel.kind)? {
            Way::BotToken(api) => {
                let bot_token = create::bot_token(self.context, false).await?;
                flow::reconnect_telegram(api, channel, &bot_token).await
            }
            _ => Err(self.account.api.unsupported(&channel.kind, Ability::Reconnect).into()),
        }
    }

    /// A number keeps its channel where the API does so.
    async fn phone(&self, channel: Channel) -> Result<Done> {
        let number = channel.channel_id.as_deref().unwrap_or_default();
        let time_limit = Duration::from_secs(self.args.timeout);
        let mut done = whatsapp::link(self.context, &self.partner, &channel.name, number, time_limit).await?;
        if done.id.as_ref() == Some(&channel.id) {
            done.outcome = done.outcome.map(|_| Action::Reconnected);
        }
        Ok(done)
    }

    fn not_started(&mut self, channels: Vec<Channel>, next: impl Fn(&Channel) -> Invocation) {
        let begun: Vec<_> = self.results.iter().filter_map(|done| done.id.clone()).collect();
        for channel in channels.into_iter().filter(|channel| !begun.contains(&channel.id)) {
            let next = next(&channel);
            self.results.push(Done::of(channel, Err(Failure::NotStarted { next }.into())));
        }
    }
}

/// Says at once what is done: the results come at the very end, and not after Ctrl-C.
fn tell(ui: &Ui, whose: &str, results: &[Done], total: usize) {
    match (results.iter().filter(|done| done.outcome.is_ok()).count(), total) {
        (0, _) => {}
        (1, 1) => ui.done(&format!("{whose}: reconnected")),
        (done, total) => ui.done(&format!("{whose}: {done} of {total} reconnected")),
    }
}

/// The command for one alone.
fn command(channel: &Channel) -> Invocation {
    Invocation::new(match (&channel.kind, &channel.channel_id) {
        (ChannelKind::Telegram, _) => format!("reconnect telegram {}", channel.id),
        (_, Some(number)) if number.bytes().all(|c| c.is_ascii_digit()) => {
            format!("connect whatsapp --phone {number}")
        }
        _ => "connect whatsapp".to_owned(),
    })
}

fn count(channels: usize) -> String {
    match channels {
        1 => "1 channel is disconnected.".to_owned(),
        more => format!("{more} channels are disconnected."),
    }
}
