//! What is borrowed, for the commands that show an account, and for those that find a callback URL left behind.

use anyhow::Result;

use crate::context::Context;
use crate::failure::Failure;
use crate::finding::Finding;
use crate::flow::{self, Account};
use crate::store::lease::{self, Journal, LeaseRecord};
use crate::store::same_api;
use crate::types::SignInKind;

/// What is borrowed just now, since when and by whom, what the value was, and how it is put back. Of this profile, and of
/// this account where its credentials are known.
pub fn borrowed<P>(context: &Context, account: Option<&Account<P>>) -> Vec<Finding> {
    let journals = flow::journals(&context.folders).believed.into_iter();
    let ours = journals.filter(|Journal { record, .. }| {
        record.profile == context.profile || account.is_some_and(|account| account.id == record.account)
    });
    let found = ours.map(|Journal { record, living, path }| {
        let here = match account {
            Some(account) => account.id == record.account,
            None => context.api_name().is_ok_and(|api| same_api(&api) == same_api(&record.api_url)),
        };
        match (living, here) {
            (true, here) => Finding::Borrowed { record, here },
            (false, true) => Finding::Abandoned { record },
            (false, false) if is_of_another_account(&record, account) => {
                Finding::AbandonedByAnother { record }
            }
            (false, false) => Finding::AbandonedElsewhere { record, journal: path },
        }
    });
    found.chain(doubtful(context)).collect()
}

/// Refuses to set a callback URL that a living sign-in of this account has borrowed: set over its temporary address, it would
/// leave that one without an answer. `sets` says whether the one of that kind is set.
pub fn refuse_while_borrowed<P>(
    context: &Context,
    account: &Account<P>,
    sets: impl Fn(SignInKind) -> bool,
) -> Result<()> {
    let is_hit = |left: &Journal| left.living && left.record.account == account.id && sets(left.record.kind);
    match flow::journals(&context.folders).believed.into_iter().find(is_hit) {
        Some(Journal { record, .. }) => {
            let (pid, since) = (Some(record.pid), Some(record.borrowed_at));
            Err(Failure::HeldBy { kind: record.kind, pid, since }.into())
        }
        None => Ok(()),
    }
}

/// What this profile left behind at this API with other credentials: nothing puts that back but those.
pub fn left_alone<P>(context: &Context, account: &Account<P>) -> Vec<Finding> {
    let journals = flow::journals(&context.folders).believed.into_iter();
    let left = journals.filter(|Journal { record, living, .. }| {
        let other = account.id != record.account && is_of_another_account(record, Some(account));
        record.profile == context.profile && !living && other
    });
    left.map(|journal| Finding::AbandonedByAnother { record: journal.record })
        .chain(doubtful(context))
        .collect()
}

fn is_of_another_account<P>(record: &LeaseRecord, account: Option<&Account<P>>) -> bool {
    account.is_some_and(|account| same_api(&account.api_name) == same_api(&record.api_url))
}

/// The files that lie where journals belong and can't be believed. What they say is not shown: somebody else may have
/// written it.
fn doubtful(context: &Context) -> impl Iterator<Item = Finding> {
    let remarks = lease::folder_remarks(&context.folders).into_iter().map(Finding::File);
    let doubtful = flow::journals(&context.folders).doubtful.into_iter();
    remarks.chain(doubtful.map(|(path, why)| Finding::Doubtful { path, why }))
}
