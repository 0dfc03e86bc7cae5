//! What a sign-in covers, compared with what is connected.

use std::collections::HashSet;

use crate::failure::LostAccess;
use crate::types::{Channel, Page, SignInKind, time};
use crate::ui::{Ui, text};

/// In milliseconds: 15 minutes, about as long as a sign-in and its token live.
const JUST_NOW: time::Millis = 15 * 60 * 1000;

/// How many are named.
const NAMED: usize = 5;

/// Says which connected channels a sign-in doesn't cover, and which of its Pages are new; gives those channels. What was
/// disconnected before has no access to lose.
pub fn compare(ui: &Ui, kind: SignInKind, pages: &[Page], channels: &[Channel]) -> Vec<Channel> {
    let lost = lost_among(pages, channels);
    tell_lost(ui, kind, &lost);
    let known: HashSet<&str> = channels.iter().filter_map(|channel| channel.channel_id.as_deref()).collect();
    let new: Vec<&Page> = pages.iter().filter(|page| !known.contains(page.channel_id.as_str())).collect();
    if !new.is_empty() && !known.is_empty() {
        let names: Vec<_> = new.iter().take(NAMED).map(|page| text::name(&page.name)).collect();
        let more = match new.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {} more", text::count(more)),
        };
        ui.note(&format!("Not connected yet: {}{more}", names.join(", ")));
    }
    lost
}

/// The connected channels that a sign-in with these Pages doesn't cover. The list is mostly read after the sign-in, when the
/// API may know it already: those that were disconnected just now were connected before.
pub fn lost_among(pages: &[Page], channels: &[Channel]) -> Vec<Channel> {
    let covered: HashSet<&str> = pages.iter().map(|page| page.channel_id.as_str()).collect();
    let just_now = time::to_the_millisecond(time::now().saturating_sub(JUST_NOW));
    let was_connected = |channel: &Channel| match channel.is_connected {
        Some(false) => channel.text("disconnectedAt").is_some_and(|at| *at >= *just_now),
        is_connected => is_connected == Some(true),
    };
    let is_lost = |channel: &&Channel| {
        was_connected(channel) && channel.channel_id.as_deref().is_some_and(|id| !covered.contains(id))
    };
    channels.iter().filter(is_lost).cloned().collect()
}

/// Says which connected channels a sign-in doesn't cover.
pub fn tell_lost(ui: &Ui, kind: SignInKind, lost: &[Channel]) {
    if !lost.is_empty() {
        let names = lost.iter().take(NAMED).map(|channel| channel.name.clone()).collect();
        ui.warn(&LostAccess { kind, names, count: lost.len() }.to_string());
    }
}
