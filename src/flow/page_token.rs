//! A Page at 10darts: an application that is made with the Page's token, proven by the list, and replaced in an order in
//! which the Page is never without one.

use std::sync::Arc;

use anyhow::Result;

use super::disconnect::disconnect_one;
use super::listing::{Kept, channels};
use super::settle::seen;
use crate::failure::{Failure, PageToken};
use crate::platform::Platform;
use crate::platform::tendarts::{Application, Tendarts};
use crate::types::{Channel, ChannelFilter, ChannelKind, Invocation, Secret};
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

/// Creates an application and finds it in the list, which alone proves it. Where the answer was lost it is looked for by its
/// name, and not created again.
pub async fn create_application(api: &Tendarts, name: &str, page_token: &Secret) -> Result<Application> {
    let (made, lost) = match api.create(name, page_token).await {
        Ok(made) => (made, None),
        Err(error) if error.is_unanswered() => (None, Some(error)),
        Err(error) => return Err(error.into()),
    };
    let is_it = |there: &Application| match &made {
        Some(made) => there.channel.id == made.channel.id,
        None => there.name() == name,
    };
    let looked = seen(|| api.find(is_it), Option::clone).await;
    let name = name.to_owned();
    match (looked, lost) {
        (Ok(Some(listed)), _) => Ok(with_webhook_of(listed, made)),
        (Ok(None), None) => Err(Failure::PageToken(PageToken::NotListed { name }).into()),
        // It may be the API's own no.
        (Ok(None), Some(error)) if error.may_be_refusal() => Err(error.into()),
        (Ok(None), Some(error)) => {
            Err(anyhow::Error::new(error).context(Failure::PageToken(PageToken::Lost { name })))
        }
        (Err(_), Some(error)) | (Err(error), None) => {
            Err(anyhow::Error::new(error).context(Failure::Unsettled))
        }
    }
}

/// The listed record, with what only the answer to its creation may tell.
fn with_webhook_of(mut listed: Application, made: Option<Application>) -> Application {
    if let Some(made) = made {
        listed.webhook = listed.webhook.or(made.webhook);
        listed.verify_token = listed.verify_token.or(made.verify_token);
    }
    listed
}

/// Deletes an application, and sees that it is gone.
pub async fn delete_application(api: &Arc<Tendarts>, channel: &Channel) -> Result<()> {
    disconnect_one(&Platform::Tendarts(api.clone()), channel).await
}

/// Gives the Page a new application under the old one's name. Two can't have the same name, so one under another name is
/// created first: it shows that the token is taken, and stays if anything fails after the old one is gone.
pub async fn replace_application(
    api: &Arc<Tendarts>,
    ui: &Ui,
    old: &Channel,
    spare: &str,
    page_token: &Secret,
) -> Result<Application> {
    let spare = create_application(api, spare, page_token).await?.channel;
    let (spare_name, name) = (text::name(&spare.name), text::name(&old.name));
    ui.note(&format!("Created {spare_name} ({}).", spare.id));
    let replaced = async {
        delete_application(api, old).await?;
        ui.note(&format!("Deleted {name} ({}).", old.id));
        create_application(api, &old.name, page_token).await
    };
    let new = match replaced.await {
        Ok(new) => new,
        Err(error) => {
            ui.warn(&format!(
                "application {spare_name} ({}) stays, made with the same Page token; {} deletes it",
                spare.id,
                Invocation::new(format!("disconnect {}", spare.id))
            ));
            return Err(error);
        }
    };
    ui.note(&format!("Created {name} ({}).", new.channel.id));
    if let Err(error) = delete_application(api, &spare).await {
        ui.warn(&format!(
            "application {spare_name} ({}), which is not needed any more, could not be deleted: {error:#}",
            spare.id
        ));
    }
    Ok(new)
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
