//! `--kind`, which knows a word more than the API does.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::types::ChannelKind;

/// A kind of channel, or `whatsapp` for both of WhatsApp's.
#[derive(Clone, Debug)]
pub enum KindWord {
    One(ChannelKind),
    Whatsapp,
}

impl KindWord {
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
}

impl ValueEnum for KindWord {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: &[KindWord] = &[
            KindWord::One(ChannelKind::Messenger),
            KindWord::One(ChannelKind::Instagram),
            KindWord::One(ChannelKind::Telegram),
            KindWord::Whatsapp,
            KindWord::One(ChannelKind::WhatsappUnofficial),
            KindWord::One(ChannelKind::WhatsappOfficial),
            KindWord::One(ChannelKind::Webchat),
            KindWord::One(ChannelKind::Linkchat),
        ];
        ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            KindWord::One(kind) => kind.to_possible_value(),
            KindWord::Whatsapp => Some(PossibleValue::new("whatsapp").alias("wa")),
        }
    }
}
