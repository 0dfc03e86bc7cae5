//! Why a Page's application at 10darts came to nothing.

use crate::types::{Candidate, ChannelDbId};

/// Ends a command.
#[derive(Debug)]
pub enum PageToken {
    /// `--name` has a character that 10darts' form doesn't take, or none.
    Name { typed: String },
    /// There is an application of that name.
    Exists { name: String, id: ChannelDbId },
    /// Likewise, and an earlier reconnect of that old one may have left it.
    /// With the newer and the older one of the two.
    Left { name: String, id: ChannelDbId, newer: ChannelDbId, older: ChannelDbId },
    /// What should be replaced or reconnected is no Messenger channel, but of that platform.
    OfOther { name: String, platform: String },
    /// One Page token can't be for several applications. With some of those that may be meant.
    WhichOne { among: Vec<Candidate> },
    /// There is none to reconnect.
    Nothing,
    /// No answer came, and the list doesn't show the application. Stands before what the API said, if anything.
    Lost { name: String },
    /// The API answered well, maybe with its ID, and the list doesn't show it.
    NotListed { name: String, id: Option<ChannelDbId> },
    /// The API says that it is deleted, or that it isn't there at all, and the list shows it.
    StillListed { id: ChannelDbId, is_missing: bool },
    /// Meta says that the Page's subscription is taken away, and lists it.
    StillSubscribed,
}
