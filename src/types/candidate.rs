//! What somebody may have meant.

use super::{Channel, ChannelKind, Page};

/// A channel, Page or account that may be meant. Its texts come from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub id: String,
    pub name: String,
    /// A channel's kind.
    pub kind: Option<ChannelKind>,
}

/// Some of those that there are.
#[derive(Clone, Debug)]
pub struct Candidates {
    pub shown: Vec<Candidate>,
    /// How many there are beside those.
    pub more: usize,
}

impl Candidates {
    /// The first few of these.
    pub fn first<'a>(most: usize, pages: impl ExactSizeIterator<Item = &'a Page>) -> Self {
        let more = pages.len().saturating_sub(most);
        Candidates { shown: pages.take(most).map(Candidate::from).collect(), more }
    }
}

impl From<&Channel> for Candidate {
    fn from(channel: &Channel) -> Self {
        let (id, name) = (channel.id.to_string(), channel.name.clone());
        Candidate { id, name, kind: Some(channel.kind.clone()) }
    }
}

impl From<&Page> for Candidate {
    fn from(page: &Page) -> Self {
        Candidate { id: page.channel_id.clone(), name: page.name.clone(), kind: None }
    }
}
