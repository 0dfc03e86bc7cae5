//! What earlier runs left behind: found by its journal, and put back with the credentials of its account alone.

use std::sync::Arc;

use super::put_back::{Now, Returned};
use super::{Borrowed, not_restored};
use crate::borrowed::{Cause, NotRestored};
use crate::flow::Partner;
use crate::loopback;
use crate::platform::socialchat::Reading;
use crate::store::lease::{self, Doubt, Journal, Journals, LeaseError, LeaseRecord};
use crate::store::{Folders, same_api};
use crate::ui::Ui;

/// What came of one that was left behind.
#[derive(Debug)]
pub struct Restored {
    pub record: LeaseRecord,
    pub outcome: Result<Returned, NotRestored>,
}

/// All journals that are to be believed, and the files beside them that aren't.
pub fn journals(folders: &Folders) -> Journals {
    let mut journals = lease::list(folders);
    let (believed, strange) = std::mem::take(&mut journals.believed)
        .into_iter()
        .partition(|journal: &Journal| loopback::is_callback_of(journal.record.kind, &journal.record.ours));
    journals.believed = believed;
    let strange = strange.into_iter().map(|journal: Journal| (journal.path, Doubt::NoAddressOfOurs));
    journals.doubtful.extend(strange);
    journals
}

/// Puts back what earlier runs left behind of this account, and says so. A living run's is left alone, and so is another
/// account's. Where one can't be put back, the others are all the same.
pub async fn put_back_abandoned(account: &Partner, ui: &Ui) -> Vec<Restored> {
    let mut restored = Vec::new();
    for Journal { record, living, .. } in journals(&account.folders).believed {
        if !living && record.account == account.id {
            restored.extend(put_back_one(account, ui, record).await);
        }
    }
    restored
}

/// Likewise; and what was borrowed at this API with other credentials, where the API shows that it is the same account's:
/// nobody else's settings hold our address.
pub async fn restore(account: &Partner, ui: &Ui) -> Vec<Restored> {
    let mut restored = put_back_abandoned(account, ui).await;
    let others = journals(&account.folders).believed.into_iter().filter(|journal| {
        let here = same_api(&journal.record.api_url) == same_api(&account.api_name);
        here && !journal.living && journal.record.account != account.id
    });
    let mut settings = None;
    for Journal { record, .. } in others {
        if settings.is_none() {
            settings = account.api.settings().await.ok();
        }
        let Some(Reading::Known(settings)) = &settings else { break };
        if Now::of(settings, &record) == Now::Ours {
            restored.extend(put_back_one(account, ui, record).await);
        }
    }
    restored
}

/// Puts one back; none if somebody else does so or has done so.
async fn put_back_one(account: &Partner, ui: &Ui, listed: LeaseRecord) -> Option<Restored> {
    let kind = listed.kind;
    let held = match lease::acquire(&account.folders, &listed.account, kind) {
        // Another run is just putting it back.
        Err(LeaseError::Held { .. }) => return None,
        Ok(held) => held,
        Err(error) => {
            let outcome = Err(not_restored(&listed, Cause::Failed(Arc::new(error.into()))));
            return Some(Restored { record: listed, outcome });
        }
    };
    let record = held.abandoned().filter(|record| record.ours == listed.ours).cloned()?;
    ui.warn(&format!(
        "an earlier run ({}) did not restore the {kind} callback URL; restoring it now",
        record.borrowed_at
    ));
    account.interrupt.borrowed().note(not_restored(&record, Cause::RunEnded));
    // A task of its own: a signal doesn't cut it off in the middle.
    let putting_back = tokio::spawn(Borrowed::by_earlier_run(account, ui, held, record.clone()).give_back());
    let outcome = putting_back
        .await
        .unwrap_or_else(|error| Err(not_restored(&record, Cause::Failed(Arc::new(error.into())))));
    Some(Restored { record, outcome })
}
