//! connect telegram, whatsapp-official, webchat, linkchat; reconnect telegram: what needs no Facebook sign-in.

use anyhow::Result;

use super::missing::{Missing, all_or_asked};
use super::results::show_of;
use super::stdin::from_stdin;
use crate::cli::{
    ConnectLinkchat, ConnectTelegram, ConnectWebchat, ConnectWhatsappOfficial, ReconnectTelegram,
};
use crate::context::Context;
use crate::failure::{Failure, Piped, Question, Usage};
use crate::flow::{self, Action, Done};
use crate::platform::Reconnecting;
use crate::types::{ChannelDbId, ChannelKind, Invocation, Secret, website};

/// The name of a channel that is connected.
pub const NAME: Missing = Missing { option: "--name NAME", label: "Channel name" };
const WEBSITE: Missing = Missing { option: "--website-url URL", label: "Website, such as toko.example.com" };
const WHATSAPP_ID: Missing = Missing { option: "--whatsapp-id ID", label: "WhatsApp id of the number" };
const CHANNEL: Missing = Missing { option: "ID", label: "The channel's _id or name" };

/// Connects a Telegram bot.
pub async fn connect_telegram(context: &Context, args: &ConnectTelegram) -> Result<()> {
    let bot_token = bot_token(context, args.bot_token_stdin).await?;
    if args.dry_run.is_on {
        return would_connect(context, &ChannelKind::Telegram, "", bot_token.expose().split(':').next());
    }
    let account = super::creating(context, &ChannelKind::Telegram).await?;
    let done = flow::connect_telegram(&account.api, &bot_token, args.business).await?;
    show_of(context, Some(&ChannelKind::Telegram), false, vec![done])
}

/// Gives a Telegram channel a fresh token.
pub async fn reconnect_telegram(context: &Context, args: &ReconnectTelegram) -> Result<()> {
    all_or_asked(context, &[(CHANNEL, args.id.is_some())])?;
    let id = CHANNEL.or_ask(context, args.id.as_deref(), |id| Ok(id.to_owned())).await?;
    let account = super::account_unless(args.dry_run.is_on, context).await?;
    let channel = flow::channel_named(&account.api, &id).await?;
    flow::tell_which(&context.ui, &id, &channel);
    let Ok(Reconnecting::BotToken(api)) = account.api.reconnecting(&channel.kind) else {
        return Err(Failure::Usage(Usage::OtherKind { channel: (&channel).into() }).into());
    };
    if args.dry_run.is_on {
        let done = Done::of(channel, Ok(Action::Reconnected));
        return show_of(context, Some(&ChannelKind::Telegram), true, vec![done]);
    }
    let bot_token = bot_token(context, args.bot_token_stdin).await?;
    let done = flow::reconnect_telegram(api, channel, &bot_token).await?;
    show_of(context, Some(&ChannelKind::Telegram), false, vec![done])
}

/// Connects a chat box for a website.
pub async fn connect_webchat(context: &Context, args: &ConnectWebchat) -> Result<()> {
    all_or_asked(context, &[(NAME, args.name.is_some()), (WEBSITE, args.website_url.is_some())])?;
    let name = NAME.or_ask(context, args.name.as_deref(), named).await?;
    let website = match &args.website_url {
        Some(website) => website.clone(),
        None => WEBSITE.or_ask(context, None, |text| Ok(website(text)?)).await?,
    };
    if args.dry_run.is_on {
        return would_connect(context, &ChannelKind::Webchat, &name, None);
    }
    let account = super::creating(context, &ChannelKind::Webchat).await?;
    let done = flow::connect_webchat(&account.api, &name, website.as_str(), args.pre_chat).await?;
    let id = done.id.clone();
    show_of(context, Some(&ChannelKind::Webchat), false, vec![done])?;
    tell_where(context, "The code for your website", id.as_ref());
    Ok(())
}

/// Connects a chat behind a link.
pub async fn connect_linkchat(context: &Context, args: &ConnectLinkchat) -> Result<()> {
    all_or_asked(context, &[(NAME, args.name.is_some())])?;
    let name = NAME.or_ask(context, args.name.as_deref(), named).await?;
    if args.dry_run.is_on {
        return would_connect(context, &ChannelKind::Linkchat, &name, None);
    }
    let account = super::creating(context, &ChannelKind::Linkchat).await?;
    let done = flow::connect_linkchat(&account.api, &name, args.pre_chat).await?;
    let id = done.id.clone();
    show_of(context, Some(&ChannelKind::Linkchat), false, vec![done])?;
    tell_where(context, "The chat's link", id.as_ref());
    Ok(())
}

/// Connects an official WhatsApp number.
pub async fn connect_whatsapp_official(context: &Context, args: &ConnectWhatsappOfficial) -> Result<()> {
    let kind = ChannelKind::WhatsappOfficial;
    context.ui.warn(
        "this was never tried on a live account: Socialchat documents the call, but not where the id and the token come \
         from",
    );
    all_or_asked(context, &[(WHATSAPP_ID, args.whatsapp_id.is_some())])?;
    let id = WHATSAPP_ID.or_ask(context, args.whatsapp_id.as_deref(), whatsapp_id).await?;
    let token = if args.token_stdin {
        from_stdin(&context.ui, Piped::WhatsappToken).await?
    } else {
        flow::answered(context.ui.ask_secret("Token (input hidden)").await, Question::WhatsappToken)?
    };
    if args.dry_run.is_on {
        return would_connect(context, &kind, "", Some(&id));
    }
    let account = super::creating(context, &kind).await?;
    let done = flow::connect_whatsapp_official(&account.api, &id, &token).await?;
    show_of(context, Some(&kind), false, vec![done])
}

fn whatsapp_id(id: &str) -> Result<String> {
    if id.is_empty() || id.contains(char::is_whitespace) {
        return Err(Failure::Usage(Usage::WhatsappId).into());
    }
    Ok(id.to_owned())
}

/// Shows what a command that creates one channel would do. Nothing is sent.
pub fn would_connect(
    context: &Context,
    kind: &ChannelKind,
    name: &str,
    channel_id: Option<&str>,
) -> Result<()> {
    let (name, channel_id) = (name.to_owned(), channel_id.map(str::to_owned));
    let done = Done { id: None, channel_id, name, outcome: Ok(Action::Connected) };
    show_of(context, Some(kind), true, vec![done])
}

pub async fn bot_token(context: &Context, from_pipe: bool) -> Result<Secret> {
    let token = if from_pipe {
        from_stdin(&context.ui, Piped::BotToken).await?
    } else {
        if context.ui.interactive() {
            context.ui.say("The bot's token comes from Telegram:");
            context.ui.say("  1. Open a chat with @BotFather.");
            context.ui.say("  2. New bot: send /newbot. Existing bot: send /mybots, then API Token.");
            context.ui.say("  3. Copy the token. It looks like 7012345678:AAH…");
            context.ui.say("  4. Paste it here.");
        }
        let token = context.ui.ask_secret("Bot token (input hidden)").await;
        flow::answered(token, Question::BotToken)?
    };
    if is_bot_token(token.expose()) {
        return Ok(token);
    }
    Err(Failure::Usage(Usage::BotToken).into())
}

/// `7012345678:AAH` and so on, as Telegram documents it.
fn is_bot_token(text: &str) -> bool {
    let Some((id, key)) = text.split_once(':') else { return false };
    let is_key = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
    (5..=20).contains(&id.len())
        && id.bytes().all(|c| c.is_ascii_digit())
        && (30..=64).contains(&key.len())
        && key.bytes().all(is_key)
}

/// Says where to find what the API is not documented to give. What it does tell of the channel is shown by
/// `channels show`.
fn tell_where(context: &Context, what: &str, id: Option<&ChannelDbId>) {
    if context.ui.json() {
        return;
    }
    let details = id
        .map(|id| format!(" ({} shows what the API tells)", Invocation::new(format!("channels show {id}"))));
    let details = details.unwrap_or_default();
    context.ui.say(&format!(
        "{what} is in Socialchat, in this channel's settings. The API doesn't give it{details}."
    ));
}

/// A channel's name, which is not empty.
pub fn named(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::Usage(Usage::EmptyName).into());
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bot_tokens_are_known_by_their_shape() {
        assert!(is_bot_token("7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_"));
        for bad in
            ["", "7012345678", ":AAH", "70123x5678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "7012345678:short"]
        {
            assert!(!is_bot_token(bad), "{bad}");
        }
    }
}
