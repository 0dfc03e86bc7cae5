//! What a token is and can do: what Meta was asked, and the facts that follow from it.

use super::answer::{AppWebhook, Granted, Owner, PageWebhook, TokenInfo};
use super::fact::{Fact, Has, Proof, Told};
use super::webhook::NEEDED_FIELDS;
use crate::http::ApiError;
use crate::types::time::Millis;
use crate::types::{GraphVersion, Known, MetaMeaning};

/// What a Messenger channel needs of a token ("Webhooks for Pages").
pub const NEEDED: [&str; 3] = ["pages_messaging", "pages_manage_metadata", "pages_show_list"];
/// Permissions that are no more, and that old guides still ask for.
pub const RETIRED: [&str; 3] = ["pages_messaging_subscriptions", "manage_pages", "publish_pages"];

const DAY: i64 = 86_400;

/// Everything that Meta was asked.
#[derive(Debug)]
pub struct Looked {
    pub version: GraphVersion,
    pub now: Millis,
    /// Whether the app's secret was there, and so its proof sent.
    pub has_secret: bool,
    /// The app whose credentials are given.
    pub given_app: Option<String>,
    /// The token's own app, as far as anything names it.
    pub app_id: Option<String>,
    pub owner: Told<Owner>,
    pub info: Told<TokenInfo>,
    pub app: Told<Option<AppWebhook>>,
    pub page: Told<Vec<PageWebhook>>,
}

impl Looked {
    /// What Meta refused the token with, or what kept it from answering at all. It is taken out.
    pub fn take_refusal(&mut self) -> Option<ApiError> {
        match std::mem::replace(&mut self.owner, Told::NotAsked) {
            Told::Refused(error) => Some(*error),
            owner => {
                self.owner = owner;
                None
            }
        }
    }
}

/// The app's own among those that a Page has installed. None where nobody knows the app: the only one may be another's.
pub fn own<'a>(installed: &'a [PageWebhook], app_id: Option<&str>) -> Option<&'a PageWebhook> {
    installed.iter().find(|webhook| Some(webhook.app_id.as_str()) == app_id)
}

/// What follows from all that was asked, in the order in which it matters.
pub fn facts(looked: &Looked) -> Vec<Fact<'_>> {
    let info = looked.info.answer();
    let days = |at: i64| (at - i64::try_from(looked.now / 1000).unwrap_or(i64::MAX)).div_euclid(DAY);
    let mut facts = vec![Fact::Owner(&looked.owner), Fact::Valid(&looked.info)];
    let of_token = info.and_then(|info| info.app_id.as_deref());
    if let (Some(of_token), Some(given)) = (of_token, looked.given_app.as_deref())
        && of_token != given
    {
        facts.push(Fact::OtherApp { of_token, given });
    }
    if let (Some(info), Some(Owner::Page(page))) = (info, looked.owner.answer())
        && !info.is_of_page(&page.id)
    {
        facts.push(Fact::NotOfPage {
            kind: info.kind.as_deref(),
            profile_id: info.profile_id.as_deref(),
            page_id: &page.id,
        });
    }
    let expiry = info.and_then(|info| info.expires_at);
    facts.push(Fact::Expiry { at: expiry, days: expiry.map_or(0, days) });
    let access = info.and_then(|info| info.data_access_expires_at);
    facts.push(Fact::DataAccess { at: access, days: access.map_or(0, days) });
    let page_id = match looked.owner.answer() {
        Some(Owner::Page(page)) => Some(page.id.as_str()),
        _ => None,
    };
    facts.extend(NEEDED.map(|name| Fact::Permission { name, has: permission(info, name, page_id) }));
    let scopes = info.map_or(&[][..], |info| &info.scopes);
    let is_there = |name: &&str| scopes.iter().any(|scope| scope == name);
    facts.extend(RETIRED.into_iter().filter(is_there).map(Fact::RetiredPermission));
    let lacks = |fields: Option<&[String]>| lacking(fields.unwrap_or_default());
    let app = looked.app.answer().and_then(Option::as_ref);
    facts.push(Fact::AppHalf { app: &looked.app, lacks: lacks(app.map(|app| &app.fields[..])) });
    let installed = looked.page.answer().map_or(&[][..], |installed| &installed[..]);
    let own = own(installed, looked.app_id.as_deref());
    facts.push(Fact::PageHalf {
        page: &looked.page,
        own,
        is_app_known: looked.app_id.is_some(),
        lacks: lacks(own.map(|own| &own.fields[..])),
    });
    facts.push(Fact::Proof(proof(looked)));
    facts.push(Fact::Version(looked.version, looked.version.life(looked.now)));
    facts
}

/// The needed fields that aren't among these.
fn lacking(fields: &[String]) -> Vec<&'static str> {
    NEEDED_FIELDS.into_iter().filter(|needed| !fields.iter().any(|field| field == needed)).collect()
}

/// Whether a token has a permission, and for that Page: a scope without targets holds for all.
pub fn permission(info: Option<&TokenInfo>, name: &str, page_id: Option<&str>) -> Has {
    let Some(info) = info.filter(|info| info.is_valid) else { return Has::Unknown };
    if !info.scopes.iter().any(|scope| scope == name) {
        return Has::No;
    }
    let granted = info.granular.iter().find(|granted| granted.scope == name);
    match (granted, page_id) {
        (Some(Granted { targets: Some(targets), .. }), Some(page))
            if !targets.iter().any(|id| id == page) =>
        {
            Has::NotForPage(targets.clone())
        }
        _ => Has::Yes,
    }
}

fn proof(looked: &Looked) -> Proof {
    let is_proof = |error: &ApiError| matches!(error.known(), Some(Known::Meta(code)) if code.means() == MetaMeaning::Proof);
    let is_demanded = matches!(&looked.owner, Told::Refused(error) if is_proof(error))
        || matches!(&looked.page, Told::Refused(error) if is_proof(error));
    match (is_demanded, looked.has_secret) {
        (true, _) => Proof::Demanded,
        (false, true) if looked.owner.answer().is_some() => Proof::Taken,
        (false, true) => Proof::Sent,
        (false, false) => Proof::NotAskedFor,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(scopes: &[&str], granular: &[(&str, Option<&[&str]>)]) -> TokenInfo {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let granted = |(scope, targets): &(&str, Option<&[&str]>)| Granted {
            scope: (*scope).to_owned(),
            targets: targets.map(texts),
        };
        TokenInfo {
            is_valid: true,
            error: None,
            app_id: None,
            application: None,
            kind: None,
            profile_id: None,
            expires_at: None,
            data_access_expires_at: None,
            scopes: texts(scopes),
            granular: granular.iter().map(granted).collect(),
        }
    }

    #[test]
    fn a_permission_without_targets_holds_for_every_page() {
        let page = Some("1");
        let of = |info: &TokenInfo| permission(Some(info), "pages_messaging", page);
        assert_eq!(of(&info(&[], &[])), Has::No);
        assert_eq!(of(&info(&["pages_messaging"], &[])), Has::Yes);
        assert_eq!(of(&info(&["pages_messaging"], &[("pages_messaging", None)])), Has::Yes);
        assert_eq!(of(&info(&["pages_messaging"], &[("pages_messaging", Some(&["1", "2"]))])), Has::Yes);
        let others = info(&["pages_messaging"], &[("pages_messaging", Some(&["2"]))]);
        assert_eq!(of(&others), Has::NotForPage(vec!["2".to_owned()]));
        assert_eq!(of(&TokenInfo { is_valid: false, ..others }), Has::Unknown);
        assert_eq!(permission(None, "pages_messaging", page), Has::Unknown);
    }
}
