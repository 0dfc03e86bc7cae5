//! A Page at 10darts: an application that is made with the Page's token, proven by the list, and replaced in an order in
//! which the Page is never without one.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::Result;

use super::listing::{Kept, channels};
use super::settle::seen;
use crate::failure::{Change, Failure, PageToken};
use crate::platform::tendarts::{Application, Tendarts};
use crate::platform::{ApiError, Known, Platform, Reason};
use crate::types::{Channel, ChannelDbId, ChannelFilter, ChannelKind, Invocation, Secret};
use crate::ui::{Ui, text};

/// Refuses a name that 10darts' own form doesn't take: ASCII letters, digits, `_`, `-`, `.`.
pub fn application_name(typed: &str) -> Result<String> {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    match !typed.is_empty() && typed.bytes().all(is_fine) {
        true => Ok(typed.to_owned()),
        false => Err(Failure::PageToken(PageToken::Name { typed: typed.to_owned() }).into()),
    }
}

/// The applications that there are, as far as a name may meet them: names are unique among those of every platform.
pub struct Applications(Vec<Channel>);

impl Applications {
    /// Lists them.
    pub async fn list(api: &Arc<Tendarts>, ui: &Ui) -> Result<Self> {
        let _progress = ui.spinner("Listing applications");
        let (mut found, mut kept) = (Vec::new(), Kept::default());
        channels(&Platform::Tendarts(api.clone()), &ChannelFilter::default(), |batch| {
            for channel in batch {
                kept.whole(&channel)?;
                found.push(channel);
            }
            Ok(true)
        })
        .await?;
        Ok(Applications(found))
    }

    /// The one of that name.
    pub fn named(&self, name: &str) -> Option<&Channel> {
        self.0.iter().find(|channel| channel.name == name)
    }

    /// The ids of all.
    pub fn ids(&self) -> HashSet<ChannelDbId> {
        self.0.iter().map(|channel| channel.id.clone()).collect()
    }

    /// A Page's that an earlier reconnect of that name, or to it, may have left: `shop-2` beside `shop`.
    pub fn left_beside(&self, name: &str) -> Option<&Channel> {
        let pair = [name.strip_suffix("-2").map(str::to_owned), Some(format!("{name}-2"))];
        self.of_pages().find(|channel| pair.iter().flatten().any(|name| channel.name == *name))
    }

    /// Those of Pages.
    pub fn of_pages(&self) -> impl Iterator<Item = &Channel> {
        self.0.iter().filter(|channel| channel.kind == ChannelKind::Messenger)
    }

    /// The one of that ID, or of that name where it is no ID.
    pub fn meant(&self, typed: &str) -> Result<&Channel> {
        let by_id = self.0.iter().find(|channel| channel.id.as_str() == typed);
        let missing = || Failure::NoSuchChannel { id: typed.to_owned(), near: Vec::new() };
        Ok(by_id.or_else(|| self.named(typed)).ok_or_else(missing)?)
    }

    /// A name that is free and shows what it stands for: `shop-2` beside `shop`, and `shop` again beside `shop-2`.
    pub fn free_name(&self, name: &str) -> String {
        let back = name.strip_suffix("-2").filter(|back| !back.is_empty()).map(str::to_owned);
        let numbered = (2_u64..).map(|number| format!("{name}-{number}"));
        let mut names = back.into_iter().chain(numbered);
        names.find(|name| self.named(name).is_none()).unwrap_or_default()
    }
}

/// Refuses what is no Page's: nobody's push messages are ended for a Page.
pub fn of_page(channel: &Channel) -> Result<()> {
    match &channel.kind {
        ChannelKind::Messenger => Ok(()),
        other => {
            let (name, platform) = (channel.name.clone(), other.to_string());
            Err(Failure::PageToken(PageToken::OfOther { name, platform }).into())
        }
    }
}

/// Creates an application and finds it in the list, which alone proves it: a Page's, of that name, that is none of the `known`
/// ones. Where the answer was lost it is looked for by its name, and not created again.
pub async fn create_application(
    api: &Tendarts,
    known: &HashSet<ChannelDbId>,
    name: &str,
    page_token: &Secret,
) -> Result<Application> {
    let is_new = |there: &Application| !known.contains(&there.channel.id);
    let (made, lost) = match api.create(name, page_token).await {
        // What is said of one that was there before is not about this one.
        Ok(made) => (made.filter(is_new), None),
        Err(error) if error.is_unanswered() || is_hidden(&error) => (None, Some(error)),
        Err(error) => return Err(error.into()),
    };
    let is_it = |there: &Application| {
        is_new(there)
            && there.name().eq_ignore_ascii_case(name)
            && made.as_ref().is_none_or(|made| there.channel.id == made.channel.id)
    };
    let looked = seen(|| api.find(is_it), Option::clone).await;
    let (name, id) = (name.to_owned(), made.as_ref().map(|made| made.channel.id.clone()));
    match (looked, lost) {
        (Ok(Some(listed)), _) => {
            of_page(&listed.channel)?;
            Ok(with_webhook_of(listed, made))
        }
        (Ok(None), None) => Err(Failure::PageToken(PageToken::NotListed { name, id }).into()),
        // It may be the API's own no.
        (Ok(None), Some(error)) if error.may_be_refusal() || is_hidden(&error) => Err(error.into()),
        (Ok(None), Some(error)) => {
            Err(anyhow::Error::new(error).context(Failure::PageToken(PageToken::Lost { name })))
        }
        (Err(error), None) if id.is_some() => {
            Err(anyhow::Error::new(error).context(Failure::PageToken(PageToken::NotListed { name, id })))
        }
        (Err(_), Some(error)) | (Err(error), None) => {
            Err(anyhow::Error::new(error).context(Failure::Unsettled))
        }
    }
}

/// Whether it is a refusal under a status of success: its text counts, and so does what the list shows.
fn is_hidden(error: &ApiError) -> bool {
    matches!(error.reason, Reason::Refused { status: 200..=299, .. })
}

/// The listed record, with what only the answer to its creation may tell.
fn with_webhook_of(mut listed: Application, made: Option<Application>) -> Application {
    if let Some(made) = made {
        listed.webhook = listed.webhook.or(made.webhook);
        listed.verify_token = listed.verify_token.or(made.verify_token);
    }
    listed
}

/// Deletes an application, and sees that it is gone: whatever the answer, the list tells. It is sent once.
pub async fn delete_application(api: &Tendarts, channel: &Channel) -> Result<()> {
    let id = &channel.id;
    let said = match api.disconnect(id).await {
        Ok(()) => None,
        Err(error)
            if error.is_unanswered() || is_hidden(&error) || error.known() == Some(Known::NotFound) =>
        {
            Some(error)
        }
        Err(error) => return Err(error.into()),
    };
    let is_missing = said.as_ref().is_some_and(|error| error.known() == Some(Known::NotFound));
    match (seen(|| api.channel(id), |there| there.is_none().then_some(())).await, said) {
        (Ok(Some(())), _) => Ok(()),
        (Ok(None), Some(error)) if !is_missing => Err(error.into()),
        (Ok(None), _) => {
            Err(Failure::PageToken(PageToken::StillListed { id: id.clone(), is_missing }).into())
        }
        (Err(error), said) => {
            let unknown = Failure::Unknown { change: Change::Disconnect, id: id.to_string() };
            Err(anyhow::Error::new(said.unwrap_or(error)).context(unknown))
        }
    }
}

/// Gives the Page a new application under the old one's name. Two can't have the same name, so one under another name is
/// created first: it shows that the token is taken, and stays if anything fails after the old one is gone.
pub async fn replace_application(
    api: &Tendarts,
    ui: &Ui,
    there: &Applications,
    old: &Channel,
    spare: &str,
    page_token: &Secret,
) -> Result<Application> {
    let mut known = there.ids();
    let channel = create_application(api, &known, spare, page_token).await?.channel;
    known.insert(channel.id.clone());
    let mut spare = Spare { ui, channel, old, stage: Stage::OldIsThere };
    let name = text::name(&old.name);
    ui.note(&format!("Created {}.", named(&spare.channel)));
    delete_application(api, old).await?;
    spare.stage = Stage::OldIsGone;
    ui.note(&format!("Deleted {}.", named(old)));
    let new = create_application(api, &known, &old.name, page_token).await?;
    spare.stage = Stage::NewIsThere(new.channel.id.clone());
    ui.note(&format!("Created {name} ({}).", new.channel.id));
    match delete_application(api, &spare.channel).await {
        Ok(()) => spare.stage = Stage::Ended,
        Err(error) => ui.warn(&format!("{} could not be deleted: {error:#}", named(&spare.channel))),
    }
    Ok(new)
}

/// `shop (1)`
fn named(channel: &Channel) -> String {
    format!("{} ({})", text::name(&channel.name), channel.id)
}

/// The application under another name. Whatever ends the replacement, a signal too, says what is there.
struct Spare<'a> {
    ui: &'a Ui,
    channel: Channel,
    old: &'a Channel,
    stage: Stage,
}

/// How far a replacement has come.
enum Stage {
    OldIsThere,
    OldIsGone,
    NewIsThere(ChannelDbId),
    Ended,
}

impl Drop for Spare<'_> {
    fn drop(&mut self) {
        let (spare, old) = (named(&self.channel), named(self.old));
        let delete = Invocation::new(format!("disconnect {}", self.channel.id));
        self.ui.warn(&match &self.stage {
            Stage::Ended => return,
            Stage::OldIsThere => {
                format!("application {spare} stays, made with the same Page token; {delete} deletes it")
            }
            Stage::OldIsGone => {
                let connect = Invocation::new(format!("connect messenger --name {}", self.old.name));
                format!(
                    "application {spare} stays, made with the same Page token, and the old {old} is deleted; {connect} creates \
                     it anew, unless {} shows it; then {delete} deletes the other",
                    Invocation::new("channels list")
                )
            }
            Stage::NewIsThere(id) => {
                let name = text::name(&self.old.name);
                format!("application {name} ({id}) is created; {spare} is not needed any more: {delete} deletes it")
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::PlatformName;

    fn applications(names: &[&str]) -> Applications {
        let channel = |(id, name): (usize, &&str)| {
            let (id, name) = (id.to_string().parse().unwrap(), (*name).to_owned());
            let (platform, kind) = (PlatformName::Tendarts, ChannelKind::Messenger);
            Channel::elsewhere(platform, id, kind, name, None, None, serde_json::Map::new())
        };
        Applications(names.iter().enumerate().map(channel).collect())
    }

    #[test]
    fn a_free_name_is_another_one_that_shows_what_it_stands_for() {
        for (names, name, free) in [
            (&["shop"][..], "shop", "shop-2"),
            (&["shop", "shop-2", "shop-3"], "shop", "shop-4"),
            (&["shop-2"], "shop-2", "shop"),
            (&["shop", "shop-2"], "shop-2", "shop-2-2"),
            (&["-2"], "-2", "-2-2"),
        ] {
            assert_eq!(applications(names).free_name(name), free, "{names:?}");
        }
    }

    #[test]
    fn an_id_goes_before_a_name() {
        let there = applications(&["1", "shop"]);
        assert_eq!(there.meant("1").unwrap().name, "shop");
        assert_eq!(there.meant("shop").unwrap().id.as_str(), "1");
        assert!(there.meant("7").is_err());
    }

    #[test]
    fn a_name_has_the_letters_of_the_form() {
        for fine in ["shop", "Shop_1.a-b"] {
            assert!(application_name(fine).is_ok(), "{fine}");
        }
        for odd in ["", "my shop", "toko/1", "tokö", "a\n"] {
            assert!(application_name(odd).is_err(), "{odd}");
        }
    }
}
