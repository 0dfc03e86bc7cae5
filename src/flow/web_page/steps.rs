//! What a person does on the page, step by step.

use super::visit::Act;
use crate::platform::qontak::targets;
use crate::types::{Channel, ChannelDbId, ChannelKind};
use crate::ui::text;

/// So many channels are named.
const NAMED: usize = 20;

/// What is done there in one go: a kind is connected, or these are reconnected or disconnected.
pub(super) enum Visit<'a> {
    Connect(&'a ChannelKind),
    Reconnect(&'a ChannelKind, &'a [Channel]),
    Disconnect(&'a [Channel]),
}

impl Visit<'_> {
    pub(super) fn acts(&self) -> Vec<Act> {
        let each = |channels: &[Channel], act: fn(ChannelDbId) -> Act| {
            channels.iter().map(|channel| act(channel.id.clone())).collect()
        };
        match self {
            Visit::Connect(kind) => vec![Act::Connect(targets(kind).last().copied().unwrap_or_default())],
            Visit::Reconnect(_, channels) => each(channels, Act::Reconnect),
            Visit::Disconnect(channels) => each(channels, Act::Disconnect),
        }
    }

    /// What a person does there, step by step.
    pub(super) fn steps(&self) -> Vec<String> {
        let found = |channels: &[Channel]| {
            let names = channels.iter().take(NAMED).map(|channel| {
                format!("{} ({})", text::name(&channel.name), text::name(channel.kind.title()))
            });
            let names = names.collect::<Vec<_>>().join(", ");
            let more = channels.len().saturating_sub(NAMED);
            if more > 0 { format!("Find {names}, and {more} more.") } else { format!("Find {names}.") }
        };
        let connect = |kind| steps(kind).iter().map(|step| (*step).to_owned());
        match self {
            Visit::Connect(kind) => connect(kind).collect(),
            Visit::Reconnect(kind, channels) => {
                let begin = found(channels) + " Reconnect there, or connect again if it has no such button:";
                std::iter::once(begin).chain(connect(kind)).collect()
            }
            Visit::Disconnect(channels) => {
                vec![found(channels), "Press Disconnect, and once more when the page asks.".to_owned()]
            }
        }
    }
}

/// How a channel of that kind is connected there.
fn steps(kind: &ChannelKind) -> &'static [&'static str] {
    match kind {
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
    }
}
