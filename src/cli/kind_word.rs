//! `--kind`, which knows a word more than the API does, and takes any kind that a list may print.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error, ValueEnum};

use crate::types::ChannelKind;
use crate::types::near::nearest;

/// No kind has a longer name.
const LONGEST: usize = 40;

/// A kind of channel, or `whatsapp` for both of WhatsApp's.
#[derive(Clone, Debug)]
pub enum KindWord {
    One(ChannelKind),
    Whatsapp,
}

impl KindWord {
    const KNOWN: [KindWord; 8] = [
        KindWord::One(ChannelKind::Messenger),
        KindWord::One(ChannelKind::Instagram),
        KindWord::One(ChannelKind::Telegram),
        KindWord::Whatsapp,
        KindWord::One(ChannelKind::WhatsappUnofficial),
        KindWord::One(ChannelKind::WhatsappOfficial),
        KindWord::One(ChannelKind::Webchat),
        KindWord::One(ChannelKind::Linkchat),
    ];

    /// The kinds that these words mean.
    pub fn kinds(words: &[KindWord]) -> Vec<ChannelKind> {
        let kinds = words.iter().flat_map(|word| match word {
            KindWord::One(kind) => vec![kind.clone()],
            KindWord::Whatsapp => vec![ChannelKind::WhatsappUnofficial, ChannelKind::WhatsappOfficial],
        });
        let mut meant = Vec::new();
        for kind in kinds {
            if !meant.contains(&kind) {
                meant.push(kind);
            }
        }
        meant
    }

    /// The known kind that may have been meant by a word for none.
    pub fn near(words: &[KindWord]) -> Option<String> {
        let known =
            KindWord::KNOWN.iter().filter_map(KindWord::value).map(|value| value.get_name().to_owned());
        let known: Vec<String> = known.collect();
        words.iter().find_map(|word| match word {
            KindWord::One(ChannelKind::Other(typed)) => {
                let nearest = nearest(typed, 1, known.iter().map(|name| [name.as_str()]));
                nearest.first().map(|&at| known[at].clone())
            }
            _ => None,
        })
    }

    fn value(&self) -> Option<PossibleValue> {
        match self {
            KindWord::One(kind) => kind.to_possible_value(),
            KindWord::Whatsapp => Some(PossibleValue::new("whatsapp").alias("wa")),
        }
    }
}

/// Reads [`KindWord`]; shows and completes those that are known.
#[derive(Clone)]
pub struct KindParser;

impl TypedValueParser for KindParser {
    type Value = KindWord;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, typed: &OsStr) -> Result<KindWord, Error> {
        let text = typed.to_string_lossy();
        let is_it = |word: &&KindWord| word.value().is_some_and(|value| value.matches(&text, false));
        if let Some(known) = KindWord::KNOWN.iter().find(is_it) {
            return Ok(known.clone());
        }
        let is_one = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
        if !text.is_empty() && text.len() <= LONGEST && text.chars().all(is_one) {
            return Ok(KindWord::One(ChannelKind::named(&text)));
        }
        let mut error = Error::new(ErrorKind::InvalidValue).with_cmd(command);
        if let Some(arg) = arg {
            error.insert(ContextKind::InvalidArg, ContextValue::String(arg.to_string()));
        }
        error.insert(ContextKind::InvalidValue, ContextValue::String(text.into_owned()));
        Err(error)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(KindWord::KNOWN.iter().filter_map(KindWord::value)))
    }
}
