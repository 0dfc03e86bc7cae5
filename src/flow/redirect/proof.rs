//! What a sign-in has changed, by the lists before and after it: they are believed, not the address that it came back to.

use crate::types::{Channel, SignInKind};

/// The accounts of one kind, as two lists differ.
#[derive(Debug, Default)]
pub struct Compared {
    /// Not listed before, and connected as far as it is told.
    pub new: Vec<Channel>,
    /// Disconnected before, and connected now.
    pub back: Vec<Channel>,
    /// Connected before and now, and changed in between.
    pub fresh: Vec<Channel>,
    /// Not listed before, and disconnected.
    pub dead: Vec<Channel>,
    /// Connected before, and not any more.
    pub lost: Vec<Channel>,
}

impl Compared {
    pub fn of(kind: SignInKind, before: &[Channel], after: &[Channel]) -> Compared {
        let mut compared = Compared::default();
        for now in after.iter().filter(|channel| channel.kind == kind) {
            let list = match same(now, before) {
                None if now.is_disconnected() => &mut compared.dead,
                None => &mut compared.new,
                Some(was) if was.is_disconnected() && now.is_connected == Some(true) => &mut compared.back,
                Some(was) if !now.is_disconnected() && has_changed(was, now) == Some(true) => {
                    &mut compared.fresh
                }
                Some(_) => continue,
            };
            list.push(now.clone());
        }
        let was_connected =
            before.iter().filter(|channel| channel.kind == kind && channel.is_connected == Some(true));
        let is_gone = |was: &&Channel| same(was, after).is_none_or(Channel::is_disconnected);
        compared.lost = was_connected.filter(is_gone).cloned().collect();
        compared
    }

    /// Whether a sign-in shows, and nothing else that may have happened meanwhile: a new account, or one newly connected.
    pub fn is_proof(&self) -> bool {
        !self.new.is_empty() || !self.back.is_empty()
    }
}

/// The same account in another list: by its id, or under a new id the same Page.
pub fn same<'a>(account: &Channel, list: &'a [Channel]) -> Option<&'a Channel> {
    let of_kind = || list.iter().filter(|other| other.kind == account.kind);
    let is_page = |other: &&Channel| account.channel_id.is_some() && other.channel_id == account.channel_id;
    of_kind().find(|other| other.id == account.id).or_else(|| of_kind().find(is_page))
}

/// Whether it was given something: another id, or another time. None where no time is told that would show it.
pub fn has_changed(was: &Channel, now: &Channel) -> Option<bool> {
    let differs = |name: &str| was.text(name).zip(now.text(name)).map(|(was, now)| was != now);
    match (differs("updatedAt"), differs("createdAt")) {
        _ if was.id != now.id => Some(true),
        (_, Some(true)) => Some(true),
        (updated, _) => updated,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::types::{ChannelKind, PlatformName};

    fn account(id: &str, page: &str, is_connected: Option<bool>, at: &str) -> Channel {
        let more = Map::from_iter([("updatedAt".to_owned(), json!(at))]);
        let page = Some(page.to_owned());
        let (platform, kind) = (PlatformName::UnifiedBeez, ChannelKind::Messenger);
        Channel::elsewhere(
            platform,
            id.parse().unwrap(),
            kind,
            page.clone().unwrap(),
            page,
            is_connected,
            more,
        )
    }

    fn ids(channels: &[Channel]) -> Vec<&str> {
        channels.iter().map(|channel| channel.id.as_str()).collect()
    }

    #[test]
    fn each_difference_has_its_name() {
        let before = [
            account("1", "a", Some(false), "x"),
            account("2", "b", Some(true), "x"),
            account("3", "c", Some(true), "x"),
            account("4", "d", Some(true), "x"),
            account("5", "e", Some(true), "x"),
            account("6", "f", None, "x"),
            account("9", "i", Some(false), "x"),
        ];
        let after = [
            account("1", "a", Some(true), "y"),
            account("2", "b", Some(true), "y"),
            account("3", "c", Some(true), "x"),
            account("4", "d", Some(false), "y"),
            account("6", "f", None, "x"),
            account("7", "g", None, "y"),
            account("8", "h", Some(false), "y"),
            account("10", "i", Some(true), "y"),
        ];
        let compared = Compared::of(SignInKind::Messenger, &before, &after);
        assert_eq!(ids(&compared.new), ["7"]);
        assert_eq!(ids(&compared.back), ["1", "10"]);
        assert_eq!(ids(&compared.fresh), ["2"]);
        assert_eq!(ids(&compared.dead), ["8"]);
        assert_eq!(ids(&compared.lost), ["4", "5"]);
        assert!(compared.is_proof());
        let other = Compared::of(SignInKind::Instagram, &before, &after);
        assert!(!other.is_proof() && other.lost.is_empty());
    }

    #[test]
    fn what_only_changed_is_no_proof() {
        let (before, after) = ([account("1", "a", Some(true), "x")], [account("1", "a", Some(true), "y")]);
        let compared = Compared::of(SignInKind::Messenger, &before, &after);
        assert!(!compared.is_proof() && ids(&compared.fresh) == ["1"]);
    }
}
