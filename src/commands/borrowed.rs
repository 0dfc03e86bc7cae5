//! What is borrowed: told by the commands that show an account, and by those that find a callback URL left behind.

use crate::context::{Context, SANDBOX};
use crate::flow::{self, Account};
use crate::store::lease::{self, Doubt, Journal, LeaseRecord};
use crate::store::{ProfileName, same_api};

/// Says what is borrowed just now, since when and by whom, what the value was, and how it is put back. Of this profile,
/// and of this account where its credentials are known.
pub fn tell_borrowed(context: &Context, account: Option<&Account>) {
    for Journal { record, living, path } in flow::journals(&context.folders).believed {
        if record.profile != context.profile && account.is_none_or(|account| account.id != record.account) {
            continue;
        }
        let host = record.host.as_deref().unwrap_or("this machine");
        let (kind, api, since, pid) = (record.kind, &record.api_url, &record.borrowed_at, record.pid);
        let by = format!("by process {pid} on {host}");
        let was = was(&record);
        let here = match account {
            Some(account) => account.id == record.account,
            None => context.api_name().is_ok_and(|api| same_api(&api) == same_api(&record.api_url)),
        };
        if !living && !here && is_of_another_account(&record, account) {
            tell_of_another_account(context, &record, &path);
            continue;
        }
        context.ui.warn(&match (living, here) {
            (true, true) => format!("the {kind} callback URL is borrowed since {since} {by}. {was}"),
            (true, false) => format!("the {kind} callback URL of {api} is borrowed since {since} {by}. {was}"),
            (false, true) => format!(
                "the {kind} callback URL of {api} was borrowed {since} {by}, which is gone. {was}: \
                 `socialchat-cli callback restore` puts it back"
            ),
            (false, false) => format!(
                "the {kind} callback URL of {api} was borrowed {since} {by}, which is gone. {was}: `socialchat-cli {} \
                 callback restore` puts it back, with credentials of that API. Should that API be gone for good: \
                 remove {}",
                options_for(&record),
                path.display()
            ),
        });
    }
    tell_doubtful(context);
}

/// Says what this profile left behind at this API with other credentials: nothing puts that back but those.
pub fn tell_left_alone(context: &Context, account: &Account) {
    for Journal { record, living, path } in flow::journals(&context.folders).believed {
        let other = account.id != record.account && is_of_another_account(&record, Some(account));
        if record.profile == context.profile && !living && other {
            tell_of_another_account(context, &record, &path);
        }
    }
    tell_doubtful(context);
}

fn is_of_another_account(record: &LeaseRecord, account: Option<&Account>) -> bool {
    account.is_some_and(|account| same_api(&account.api_name) == same_api(&record.api_url))
}

fn tell_of_another_account(context: &Context, record: &LeaseRecord, path: &std::path::Path) {
    let (kind, since, was) = (record.kind, &record.borrowed_at, was(record));
    context.warn_once(
        path,
        &format!(
            "the {kind} callback URL of another account of this API was borrowed {since} and is not back. {was}: \
             `socialchat-cli callback restore` with the credentials of that account puts it back. These credentials \
             change nothing there"
        ),
    );
}

fn was(record: &LeaseRecord) -> String {
    match &record.earlier {
        Some(url) => format!("Before that it was {url}"),
        None => "Before that it was unset".to_owned(),
    }
}

/// Names the files that lie where journals belong and can't be believed. What they say is not shown: somebody else may
/// have written it.
fn tell_doubtful(context: &Context) {
    for remark in lease::folder_remarks(&context.folders) {
        context.warn_once(&context.folders.leases(), &remark.to_string());
    }
    for (path, why) in flow::journals(&context.folders).doubtful {
        let why = match why {
            Doubt::Unreadable(error) => format!("{:#}", anyhow::Error::from(error)),
            why => format!("{}: {why}", path.display()),
        };
        context.warn_once(
            &path,
            &format!(
                "{why}. It stands where the record of a borrowed callback URL belongs, and nothing in it is believed. \
                 Look whether the callback URLs are right (`socialchat-cli callback show`), set them with \
                 `socialchat-cli callback set`, then remove the file"
            ),
        );
    }
}

/// The options with which a command is about that API and profile.
fn options_for(record: &LeaseRecord) -> String {
    let (api, implied) = match record.api_url.as_str() {
        SANDBOX => ("--sandbox".to_owned(), SANDBOX),
        url => (format!("--api-url {url}"), ProfileName::DEFAULT),
    };
    if record.profile.as_str() == implied { api } else { format!("{api} --profile {}", record.profile) }
}
