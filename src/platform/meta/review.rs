//! What App Review wants, ticked where it can be found out; and what Meta has retired ("App Review", "Submission Guide").

use super::answer::{Owner, TokenInfo};
use super::fact::{Fact, Has, Verdict};
use super::facts::{Looked, NEEDED, RETIRED, facts, permission};

/// One item of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Whether a review is needed at all.
    Needed,
    BusinessVerification,
    Settings,
    PrivacyPolicy,
    DataDeletion,
    Live,
    /// The token has this permission.
    Permission(&'static str),
    RecentCalls,
    Screencast,
    TestAccount,
    DataHandling,
    OnlyUsed,
    PagePublished,
    /// Both halves of it.
    Webhook,
    QuickAnswer,
    PastGates,
    DataUseCheckup,
}

/// What Meta has retired, though guides still ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retired {
    SubscriptionMessaging,
    MessageTags,
    SplitPermissions,
}

pub struct ItemTitle(pub Item);
pub struct ItemDetail(pub Item);
pub struct RetiredDetail(pub Retired);

impl Item {
    /// The name in JSON.
    pub fn id(self) -> String {
        match self {
            Item::Needed => "needed",
            Item::BusinessVerification => "business-verification",
            Item::Settings => "settings",
            Item::PrivacyPolicy => "privacy-policy",
            Item::DataDeletion => "data-deletion",
            Item::Live => "live",
            Item::Permission(name) => return format!("permission.{name}"),
            Item::RecentCalls => "recent-calls",
            Item::Screencast => "screencast",
            Item::TestAccount => "test-account",
            Item::DataHandling => "data-handling",
            Item::OnlyUsed => "only-used",
            Item::PagePublished => "page-published",
            Item::Webhook => "webhook",
            Item::QuickAnswer => "quick-answer",
            Item::PastGates => "past-gates",
            Item::DataUseCheckup => "data-use-checkup",
        }
        .to_owned()
    }
}

impl Retired {
    pub const ALL: [Retired; 3] =
        [Retired::SubscriptionMessaging, Retired::MessageTags, Retired::SplitPermissions];

    /// What it was called.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Retired::SubscriptionMessaging => &RETIRED[..1],
            Retired::MessageTags => &["CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE"],
            Retired::SplitPermissions => &RETIRED[1..],
        }
    }

    /// Whether the token still has it; none where nobody knows, or no token has such a thing.
    pub fn is_held(self, info: Option<&TokenInfo>) -> Option<bool> {
        match self {
            Retired::MessageTags => None,
            Retired::SubscriptionMessaging | Retired::SplitPermissions => {
                let scopes = &info?.scopes;
                Some(self.names().iter().any(|name| scopes.iter().any(|scope| scope == name)))
            }
        }
    }
}

/// The list, each with whether it is done; none where that can't be found out from here.
pub fn review(looked: Option<&Looked>) -> Vec<(Item, Option<bool>)> {
    let info = looked.and_then(|looked| looked.info.answer());
    let page_id = match looked.and_then(|looked| looked.owner.answer()) {
        Some(Owner::Page(page)) => Some(page.id.as_str()),
        _ => None,
    };
    let mut items: Vec<(Item, Option<bool>)> = [
        Item::Needed,
        Item::BusinessVerification,
        Item::Settings,
        Item::PrivacyPolicy,
        Item::DataDeletion,
        Item::Live,
    ]
    .map(|item| (item, None))
    .into();
    items.extend(NEEDED.map(|name| {
        let is_there = match permission(info, name, page_id) {
            Has::Yes => Some(true),
            Has::No | Has::NotForPage(_) => Some(false),
            Has::Unknown => None,
        };
        (Item::Permission(name), is_there)
    }));
    items.extend([
        (Item::RecentCalls, None),
        (Item::Screencast, None),
        (Item::TestAccount, None),
        (Item::DataHandling, None),
        (Item::OnlyUsed, None),
        (Item::PagePublished, None),
        (Item::Webhook, looked.and_then(webhook)),
        (Item::QuickAnswer, None),
        (Item::PastGates, None),
        (Item::DataUseCheckup, None),
    ]);
    items
}

/// Whether both halves are there.
fn webhook(looked: &Looked) -> Option<bool> {
    let halves = facts(looked);
    let halves = halves.iter().filter(|fact| matches!(fact, Fact::AppHalf { .. } | Fact::PageHalf { .. }));
    let verdicts: Vec<Verdict> = halves.map(Fact::verdict).collect();
    match verdicts.contains(&Verdict::Fail) {
        true => Some(false),
        false if verdicts.contains(&Verdict::Unknown) => None,
        false => Some(true),
    }
}
