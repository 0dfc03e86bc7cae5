//! What App Review wants, and what Meta has retired ("App Review", "Submission Guide", "Permissions").

use std::fmt::{Formatter, Result};

use crate::platform::meta::{Item, ItemDetail, ItemTitle, Retired, RetiredDetail};

pub fn item_title(ItemTitle(item): &ItemTitle, f: &mut Formatter<'_>) -> Result {
    f.write_str(match item {
        Item::Needed => "Find out whether you need it",
        Item::BusinessVerification => "Verify the business",
        Item::Settings => "Fill in the app's settings",
        Item::PrivacyPolicy => "Give a privacy policy URL",
        Item::DataDeletion => "Give a data deletion URL",
        Item::Live => "Switch the app to Live",
        Item::Permission(name) => return write!(f, "Ask for {name}"),
        Item::RecentCalls => "Call with each permission",
        Item::Screencast => "Record a screencast",
        Item::TestAccount => "Give the reviewer a sign-in",
        Item::DataHandling => "Answer the data handling questions",
        Item::OnlyUsed => "Leave out what is not used",
        Item::PagePublished => "Publish the Page",
        Item::Webhook => "Set up both halves of the webhook",
        Item::QuickAnswer => "Answer within 20 s",
        Item::PastGates => "Show a way past gates",
        Item::DataUseCheckup => "Afterwards: do the yearly Data Use Checkup",
    })
}

pub fn item_detail(ItemDetail(item): &ItemDetail, f: &mut Formatter<'_>) -> Result {
    f.write_str(match item {
        Item::Needed => {
            "apps that serve Pages of people without a role on the app; with a role (admin, developer, tester) everything \
             works at once"
        }
        Item::BusinessVerification => {
            "advanced access demands it since February 2023; some businesses also need access verification as a \
             technology provider"
        }
        Item::Settings => "icon, category, contact address and app domain: App settings, Basic",
        Item::PrivacyPolicy => "a public page: App settings, Basic",
        Item::DataDeletion => "a page with instructions, or a callback: App settings, Basic",
        Item::Live => "in development mode only people with a role on the app reach the Page",
        Item::Permission("pages_messaging") => "to receive and answer messages",
        Item::Permission("pages_manage_metadata") => "to subscribe the Page to the webhook",
        Item::Permission(_) => {
            "to list Pages; add business_management for Pages of a portfolio, pages_read_engagement for names and pictures"
        }
        Item::RecentCalls => {
            "at least one that succeeds, in the last 30 days; it counts after up to 2 days, then the button works"
        }
        Item::Screencast => "the whole way: sign-in, choice of the Page, a message in, the reply out",
        Item::TestAccount => "one that works from abroad, with step-by-step instructions for each permission",
        Item::DataHandling => "they are part of the submission",
        Item::OnlyUsed => {
            "one permission that the reviewer can't reach fails the whole submission; one that is unused for 90 days must \
             be granted again"
        }
        Item::PagePublished => "the reviewer writes to it",
        Item::Webhook => "only fields that are subscribed in both arrive",
        Item::QuickAnswer => "200 within 20 s; what fails for long is unsubscribed",
        Item::PastGates => "a phrase or an account, where the bot doesn't answer everybody",
        Item::DataUseCheckup => "Meta asks for it in the app's dashboard",
    })
}

pub fn retired_detail(RetiredDetail(retired): &RetiredDetail, f: &mut Formatter<'_>) -> Result {
    f.write_str(match retired {
        Retired::SubscriptionMessaging => {
            "subscription messaging ended on 4 March 2020; guides of 2018 still ask for it. What is left: 24 hours after \
             the customer's last message, 7 days for a person's answer (HUMAN_AGENT, an approval of its own), and \
             approved templates (page_utility_messaging)"
        }
        Retired::MessageTags => "Meta refuses these message tags with error 100 since 27 April 2026",
        Retired::SplitPermissions => "split into pages_manage_metadata and others",
    })
}
