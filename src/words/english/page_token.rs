//! What came of a Page's application at 10darts.

use std::fmt::{Formatter, Result};

use super::{list, type_};
use crate::failure::PageToken;
use crate::types::typed;

pub(super) fn page_token(failure: &PageToken, f: &mut Formatter<'_>) -> Result {
    match failure {
        PageToken::Name { typed } if typed.is_empty() => f.write_str("the name can't be empty"),
        PageToken::Name { typed } => write!(
            f,
            "the name {}: 10darts takes ASCII letters, digits, `_`, `-` and `.` alone",
            typed::shown(typed)
        ),
        PageToken::Exists { name, id } | PageToken::Left { name, id, .. } => {
            write!(f, "10darts already has an application {name}, with the ID {id}")
        }
        PageToken::OfOther { name, platform } => {
            write!(f, "application {name} is for {platform:.40}, not for Messenger")
        }
        PageToken::WhichOne { .. } => {
            f.write_str("one Page token is for one application; which one is meant?")
        }
        PageToken::Nothing => f.write_str("there is no Messenger application to reconnect"),
        PageToken::Lost { name } => {
            write!(
                f,
                "the answer was lost, and the list shows no application {name}; it isn't sent again by itself"
            )
        }
        PageToken::NotListed { name, id } => {
            write!(f, "10darts says that application {name} is created")?;
            if let Some(id) = id {
                write!(f, ", with the ID {id}")?;
            }
            f.write_str(", but its list doesn't show it")
        }
        PageToken::StillListed { id, is_missing } => {
            let says = if *is_missing { "isn't there" } else { "is deleted" };
            write!(f, "10darts says that application {id} {says}, but its list still shows it")
        }
        PageToken::StillSubscribed => f.write_str(
            "Meta says that it sends nothing of the Page any more, but still lists the subscription",
        ),
    }
}

/// What helps.
pub(super) fn cure(failure: &PageToken, f: &mut Formatter<'_>) -> Result {
    match failure {
        PageToken::Name { .. } => f.write_str("give a --name like `shop-1`"),
        PageToken::Exists { id, .. } => write!(
            f,
            "give another --name; --if-connected skip leaves it; --replace replaces it; {} gives it a fresh token under \
             another name",
            type_(format!("reconnect messenger {id}"))
        ),
        PageToken::OfOther { .. } => f.write_str("give another --name, or the ID of another application"),
        PageToken::WhichOne { among } if among.is_empty() => f.write_str("give one ID"),
        PageToken::WhichOne { among } => write!(f, "give one of these IDs: {}", list(among)),
        PageToken::Nothing => write!(f, "{} makes one", type_("connect messenger")),
        PageToken::Lost { name } => write!(
            f,
            "look once more: {}; if application {name} isn't there, run the command again",
            type_("channels list")
        ),
        PageToken::Left { newer, older, .. } => write!(
            f,
            "if an earlier reconnect left it, finish that: {} points Meta's webhook at {newer}; then {} deletes the old \
             one. Otherwise give another --name",
            type_("meta subscribe --callback-url URL"),
            type_(format!("disconnect {older}"))
        ),
        PageToken::NotListed { id: Some(id), .. } => {
            write!(
                f,
                "look again in a minute, before you try again: {}",
                type_(format!("channels show {id}"))
            )
        }
        PageToken::NotListed { .. } | PageToken::StillListed { .. } => {
            write!(f, "look again in a minute: {}", type_("channels list"))
        }
        PageToken::StillSubscribed => {
            write!(f, "look again in a minute ({}), then run the command again", type_("meta check"))
        }
    }
}
