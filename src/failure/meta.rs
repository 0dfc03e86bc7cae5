//! What is wrong with a Page token or its webhook at Meta.

use crate::platform::meta::Handshake;
use crate::types::MetaCode;

/// Ends a command that speaks with Meta.
#[derive(Debug)]
pub enum Trouble {
    /// The token is a person's. Their name, where Meta tells.
    Person { name: Option<String> },
    /// Meta says of the token that it isn't valid. Why, where it tells.
    Invalid { why: Option<MetaCode> },
    /// The token has run out, at that time.
    Expired { at: String },
    /// The token lacks a permission; for this Page alone where others have it.
    Lacks { permission: &'static str, page: Option<String> },
    /// The token is of another app than the one whose credentials are given.
    OtherApp { of_token: String, given: String },
    /// Meta doesn't accept the app's credentials. Stands before its own answer.
    AppRefused,
    /// Meta doesn't say that the token is of the app whose credentials are given: its callback is another app's then.
    AppNotConfirmed { given: String },
    /// Meta says of a Page's token that it is of something else, or of another Page.
    NotOfPage { kind: Option<String>, profile_id: Option<String>, page_id: String },
    /// The app may no longer read what the person has allowed, since then.
    DataAccess { at: String },
    /// The callback would not pass Meta's own handshake.
    Handshake(Handshake),
    /// An address to set, and no app to set it of.
    NoApp,
    /// Meta has taken a half of the webhook and doesn't show it.
    NotShown(Half),
    /// Nobody could look what became of a half. Stands before the error of the call that set it.
    Unsure(Half),
    /// The sandbox of that platform has no Graph API.
    NoGraph,
    /// The variable for the Graph API's address. Stands before what is wrong with it.
    GraphUrl,
    /// No id of an app.
    AppId,
    /// Some of the facts about a token are bad.
    Bad { count: usize },
}

/// A half of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    App,
    Page,
}
