//! What takes the place of what a platform doesn't have: how it is done there, and who has it.

use std::fmt::{Formatter, Result};

use super::{list, type_};
use crate::platform::{Ability, Unsupported};
use crate::types::{ChannelKind, PlatformName};

pub fn instead(
    what: &Unsupported,
    kinds: &[ChannelKind],
    can: &[PlatformName],
    f: &mut Formatter<'_>,
) -> Result {
    let platform = what.platform.title();
    match what.ability {
        Ability::Connect => write!(f, "{platform} connects {}", list(kinds))?,
        Ability::Reconnect => write!(f, "{platform} reconnects {}", list(kinds))?,
        Ability::AllKinds => write!(f, "run {}", type_("reconnect messenger --disconnected"))?,
        Ability::Disconnect => write!(f, "delete it in {platform} itself")?,
        Ability::ChangePlan => write!(f, "chats with a plan are Socialchat's alone")?,
        Ability::Callback => {
            write!(f, "{platform} needs none: {} signs in without", type_("connect messenger"))?
        }
        Ability::Authorize | Ability::ListPages => covered(what.platform, f)?,
        Ability::RawCalls => {
            write!(
                f,
                "call {platform}'s API with curl; {} and {} are for every platform",
                type_("channels list"),
                type_("channels show ID")
            )?;
        }
    }
    if !can.is_empty() && !matches!(what.ability, Ability::ChangePlan | Ability::AllKinds) {
        write!(f, "; {} can: see {}", list(can.iter().map(|can| can.title())), type_("platforms"))?;
    }
    Ok(())
}

/// Where it is seen what a sign-in covers.
fn covered(platform: PlatformName, f: &mut Formatter<'_>) -> Result {
    let connect = type_("connect messenger");
    match platform {
        PlatformName::Socialchat => write!(f, "{} lists it", type_("pages messenger")),
        PlatformName::UnifiedBeez => write!(f, "{connect} opens the sign-in, where the Pages are chosen"),
        PlatformName::Qontak => write!(f, "{connect} opens Qontak's page, where the Pages are chosen"),
        PlatformName::Tendarts => {
            write!(f, "{connect} takes the token of one Page; {} says what it is for", type_("meta check"))
        }
    }
}
