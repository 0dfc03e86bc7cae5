//! What a token is and can do, each fact with a verdict.

use super::answer::{AppWebhook, Granted, Owner, PageWebhook, TokenInfo};
use super::webhook::NEEDED_FIELDS;
use crate::http::ApiError;
use crate::types::time::Millis;
use crate::types::{GraphVersion, Known, MetaMeaning, VersionLife};

/// What a Messenger channel needs of a token ("Webhooks for Pages").
pub const NEEDED: [&str; 3] = ["pages_messaging", "pages_manage_metadata", "pages_show_list"];
/// Permissions that are no more, and that old guides still ask for.
pub const RETIRED: [&str; 3] = ["pages_messaging_subscriptions", "manage_pages", "publish_pages"];

const DAY: i64 = 86_400;
/// An end is warned of from so many days before.
const SOON: i64 = 14;

/// What became of a question to Meta.
#[derive(Debug)]
pub enum Told<T> {
    /// It takes the app's credentials, or a Page's token.
    NotAsked,
    Refused(Box<ApiError>),
    Answered(T),
}

impl<T> Told<T> {
    /// The answer, if one came.
    pub fn answer(&self) -> Option<&T> {
        match self {
            Told::Answered(answer) => Some(answer),
            Told::NotAsked | Told::Refused(_) => None,
        }
    }
}

impl<T> From<Result<T, ApiError>> for Told<T> {
    fn from(answer: Result<T, ApiError>) -> Self {
        match answer {
            Ok(answer) => Told::Answered(answer),
            Err(error) => Told::Refused(Box::new(error)),
        }
    }
}

/// Everything that Meta was asked.
#[derive(Debug)]
pub struct Looked {
    pub version: GraphVersion,
    pub now: Millis,
    /// Whether the app's secret was there, and so its proof sent.
    pub has_secret: bool,
    /// The app, as far as anything names it.
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

/// How a fact is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    Warn,
    Fail,
    Unknown,
}

impl Verdict {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
            Verdict::Unknown => "unknown",
        }
    }
}

/// Whether a token has a permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Has {
    Yes,
    No,
    /// For others than this Page alone.
    NotForPage(Vec<String>),
    Unknown,
}

/// What is known of `appsecret_proof`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It was sent with each request, and nothing was said against it.
    Taken,
    /// It was sent, and Meta refused the token before it came to it.
    Sent,
    /// It couldn't be made, and nobody asked for it.
    NotAskedFor,
    /// It couldn't be made, and the app demands it; or it was wrong.
    Demanded,
}

/// One fact.
#[derive(Debug)]
pub enum Fact<'a> {
    Owner(&'a Told<Owner>),
    Valid(&'a Told<TokenInfo>),
    /// When the token ends, in Unix seconds (0: never), and in how many days.
    Expiry {
        at: Option<i64>,
        days: i64,
    },
    /// When the app may no longer read what the person has allowed. Likewise.
    DataAccess {
        at: Option<i64>,
        days: i64,
    },
    Permission {
        name: &'static str,
        has: Has,
    },
    RetiredPermission(&'static str),
    /// What the app is sent; which of the needed fields it isn't.
    AppHalf {
        app: &'a Told<Option<AppWebhook>>,
        lacks: Vec<&'static str>,
    },
    /// What of the Page the app is sent. Likewise.
    PageHalf {
        page: &'a Told<Vec<PageWebhook>>,
        own: Option<&'a PageWebhook>,
        /// Whether anybody knows which app is the token's own.
        is_app_known: bool,
        lacks: Vec<&'static str>,
    },
    Proof(Proof),
    Version(GraphVersion, VersionLife),
}

/// What a fact is about.
pub struct Title<'a>(pub &'a Fact<'a>);
/// What was found.
pub struct Evidence<'a>(pub &'a Fact<'a>);
/// What helps; nothing where nothing is wrong.
pub struct Cure<'a>(pub &'a Fact<'a>);

/// The app's own among those that a Page has installed: by its id, or the only one.
pub fn own<'a>(installed: &'a [PageWebhook], app_id: Option<&str>) -> Option<&'a PageWebhook> {
    match (app_id, installed) {
        (Some(id), _) => installed.iter().find(|webhook| webhook.app_id == id),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

/// What follows from all that was asked, in the order in which it matters.
pub fn facts(looked: &Looked) -> Vec<Fact<'_>> {
    let info = looked.info.answer();
    let days = |at: i64| (at - i64::try_from(looked.now / 1000).unwrap_or(i64::MAX)).div_euclid(DAY);
    let mut facts = vec![Fact::Owner(&looked.owner), Fact::Valid(&looked.info)];
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

impl Fact<'_> {
    /// The name in JSON.
    pub fn id(&self) -> String {
        match self {
            Fact::Owner(_) => "owner".to_owned(),
            Fact::Valid(_) => "valid".to_owned(),
            Fact::Expiry { .. } => "expiry".to_owned(),
            Fact::DataAccess { .. } => "data-access".to_owned(),
            Fact::Permission { name, .. } | Fact::RetiredPermission(name) => format!("permission.{name}"),
            Fact::AppHalf { .. } => "webhook.app".to_owned(),
            Fact::PageHalf { .. } => "webhook.page".to_owned(),
            Fact::Proof(_) => "appsecret-proof".to_owned(),
            Fact::Version(..) => "graph-version".to_owned(),
        }
    }

    /// How it is to be taken.
    pub fn verdict(&self) -> Verdict {
        match self {
            Fact::Owner(Told::Answered(Owner::Page(_))) => Verdict::Ok,
            Fact::Owner(Told::Answered(Owner::Person { .. }) | Told::Refused(_)) => Verdict::Fail,
            Fact::Owner(Told::NotAsked) => Verdict::Unknown,
            Fact::Valid(Told::Answered(info)) if info.is_valid => Verdict::Ok,
            Fact::Valid(Told::Answered(_) | Told::Refused(_)) => Verdict::Fail,
            Fact::Valid(Told::NotAsked) => Verdict::Unknown,
            Fact::Expiry { at, days } | Fact::DataAccess { at, days } => ends(*at, *days),
            Fact::Permission { has: Has::Yes, .. } => Verdict::Ok,
            Fact::Permission { has: Has::No | Has::NotForPage(_), .. } => Verdict::Fail,
            Fact::Permission { has: Has::Unknown, .. } => Verdict::Unknown,
            Fact::RetiredPermission(_) => Verdict::Warn,
            Fact::AppHalf { app: Told::NotAsked, .. } | Fact::PageHalf { page: Told::NotAsked, .. } => {
                Verdict::Unknown
            }
            Fact::AppHalf { app: Told::Answered(Some(app)), lacks } if app.is_active => half(lacks),
            Fact::AppHalf { .. } => Verdict::Fail,
            Fact::PageHalf { own: Some(_), lacks, .. } => half(lacks),
            Fact::PageHalf { page: Told::Answered(installed), is_app_known: false, .. }
                if !installed.is_empty() =>
            {
                Verdict::Unknown
            }
            Fact::PageHalf { .. } => Verdict::Fail,
            Fact::Proof(Proof::Taken) => Verdict::Ok,
            Fact::Proof(Proof::Sent | Proof::NotAskedFor) => Verdict::Unknown,
            Fact::Proof(Proof::Demanded) => Verdict::Fail,
            Fact::Version(_, VersionLife::Lives) => Verdict::Ok,
            Fact::Version(_, VersionLife::Ends { .. }) => Verdict::Warn,
            Fact::Version(_, VersionLife::Ended { .. }) => Verdict::Fail,
        }
    }
}

fn ends(at: Option<i64>, days: i64) -> Verdict {
    match at {
        None => Verdict::Unknown,
        Some(0) => Verdict::Ok,
        Some(_) if days < 0 => Verdict::Fail,
        Some(_) if days < SOON => Verdict::Warn,
        Some(_) => Verdict::Ok,
    }
}

/// Without its messages a channel is none; the other fields can be done without.
fn half(lacks: &[&str]) -> Verdict {
    match lacks {
        [] => Verdict::Ok,
        lacks if lacks.contains(&"messages") => Verdict::Fail,
        _ => Verdict::Warn,
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

    #[test]
    fn an_end_is_warned_of_and_never_is_none() {
        assert_eq!(
            [ends(None, 0), ends(Some(0), -20_000), ends(Some(1), -1), ends(Some(1), 13), ends(Some(1), 14)],
            [Verdict::Unknown, Verdict::Ok, Verdict::Fail, Verdict::Warn, Verdict::Ok]
        );
    }
}
