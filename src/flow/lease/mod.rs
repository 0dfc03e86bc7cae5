//! Borrows the account-wide callback URL, and puts it back whatever happens.
//!
//! Before the first change a journal is written. A [`Lease`] that goes, for whichever reason (success,
//! an error, a signal, a panic), starts a task that puts the earlier value back; the process waits for
//! that task. What stays behind even so (`kill -9`, a power cut) is found by its journal at the next
//! command: [`put_back_abandoned`].

mod abandoned;
mod borrow;
mod put_back;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use url::Url;

use super::Partner;
use super::settle::look_until;
use crate::borrowed::{Cause, NotRestored, Unproven};
use crate::failure::{Doing, Failure};
use crate::interrupt::Hold;
use crate::platform::socialchat::Reading;
use crate::platform::{ApiError, Reason};
use crate::store::lease::{HeldLease, LeaseRecord};
use crate::types::{Invocation, SignInKind};
use crate::ui::Ui;

pub use abandoned::{Restored, journals, put_back_abandoned, restore};
pub use put_back::Returned;

use put_back::{Now, put_back};

/// After a signal: when to say that putting back takes longer, and when to leave it to the journal.
const SAY_AFTER: Duration = Duration::from_millis(900);
const LEAVE_AFTER: Duration = Duration::from_secs(8);
/// So long after it was sent, a request can still be carried out: clients and gateways wait half of that for an answer.
const MAY_STILL_LAND: Duration = Duration::from_secs(60);

/// A borrowed callback URL. Dropping it puts the earlier one back, in a task of its own.
pub struct Lease(Option<Borrowed>);

/// What is needed to put it back.
struct Borrowed {
    account: Partner,
    ui: Ui,
    held: HeldLease,
    record: LeaseRecord,
    /// The request that sets our URL, while it is under way. It is waited for: carried out after the
    /// earlier value was put back, ours would stay.
    setting: Option<JoinHandle<Result<(), ApiError>>>,
    /// Whether that request may have changed anything.
    touched: bool,
    _hold: Hold,
}

impl Lease {
    /// Sets the callback URL of a kind to `ours`. Asks first where that takes away somebody's real one;
    /// refuses when another run holds it, or when it may not ask.
    pub async fn borrow(account: &Partner, ui: &Ui, kind: SignInKind, ours: &Url) -> Result<Lease> {
        let mut held = borrow::acquire(account, kind)?;
        if let Some(why) = held.unnoticed() {
            ui.warn(&format!("{why}. Sign-ins of this account with another --config-dir can't be noticed"));
        }
        if let Some(record) = held.abandoned() {
            // That was tried before we came here, and failed.
            let (borrowed_at, api_url) = (record.borrowed_at.clone(), record.api_url.clone());
            let cause = Cause::EarlierRun { borrowed_at, api_url };
            return Err(Failure::NotRestored(not_restored(record, cause)).into());
        }
        let (earlier, lock) = borrow::agreed(account, ui, kind).await?;
        let mut record = LeaseRecord::new(
            &account.profile,
            &account.id,
            &account.api_name,
            kind,
            earlier.url,
            ours.as_str(),
        );
        record.readable = earlier.readable;
        record.read_with = earlier.settings.names().map(str::to_owned).collect();
        held.write(&record).context(Doing::NotingBorrowed)?;
        account.interrupt.borrowed().note(not_restored(&record, Cause::RunEnded));
        let mut settings = earlier.settings;
        settings.set(&record.field, ours.as_str());
        let api = account.api.clone();
        let setting = tokio::spawn(async move {
            let _lock = lock;
            api.set_settings(&settings).await
        });
        let mut lease = Lease(Some(Borrowed {
            account: account.clone(),
            ui: ui.clone(),
            held,
            record,
            setting: Some(setting),
            touched: true,
            _hold: account.interrupt.hold(),
        }));
        let Some(borrowed) = &mut lease.0 else { return Ok(lease) };
        match borrowed.set().await {
            Err(error) if error.is_about_the_body() => {
                Err(anyhow::Error::new(error).context(Failure::CallbackRefused { kind }))
            }
            answer => Ok(answer.map(|()| lease)?),
        }
    }

    /// Reads the settings until they show our URL: the proof that a browser will be sent here, and that putting back can
    /// be proven. An API that shows something else after 2 s is an error. One whose settings can't be read is not asked.
    pub async fn seen(&mut self) -> Result<()> {
        let Some(Borrowed { account, held, record, .. }) = &mut self.0 else { return Ok(()) };
        if !record.readable {
            return Ok(());
        }
        let shows_ours = |read: &Result<Reading, _>| match read {
            Ok(Reading::Known(settings)) if Now::of(settings, record) != Now::Ours => {
                record.lags = true;
                false
            }
            _ => true,
        };
        let Reading::Known(settings) = look_until(|| account.api.settings(), shows_ours).await? else {
            anyhow::bail!(Unproven::Unreadable)
        };
        if Now::of(&settings, record) != Now::Ours {
            let now = settings.callback(record.kind).map(str::to_owned);
            return Err(Failure::CallbackNotTaken { kind: record.kind, now }.into());
        }
        record.seen = true;
        held.write(record).context(Doing::NotingSet)
    }

    /// Starts to put the earlier value back. The task says how that went, and gives why it couldn't be.
    pub fn give_back(mut self) -> Option<JoinHandle<Result<Returned, NotRestored>>> {
        self.start()
    }

    fn start(&mut self) -> Option<JoinHandle<Result<Returned, NotRestored>>> {
        self.0.take().map(|borrowed| tokio::spawn(borrowed.give_back()))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.start();
    }
}

impl Borrowed {
    /// What an earlier run borrowed, with its journal.
    fn by_earlier_run(account: &Partner, ui: &Ui, held: HeldLease, record: LeaseRecord) -> Borrowed {
        Borrowed {
            account: account.clone(),
            ui: ui.clone(),
            held,
            record,
            setting: None,
            touched: true,
            _hold: account.interrupt.hold(),
        }
    }

    /// Waits for the request that sets our URL.
    async fn set(&mut self) -> Result<(), ApiError> {
        let Some(setting) = &mut self.setting else { return Ok(()) };
        let answer = setting.await.unwrap_or(Ok(()));
        self.setting = None;
        self.touched = answer.as_ref().map_or_else(|error| error.is_unanswered() || error.unsure, |()| true);
        answer
    }

    /// Puts the earlier value back. After a signal that has an end.
    async fn give_back(mut self) -> Result<Returned, NotRestored> {
        let kind = self.record.kind;
        let (interrupt, ui) = (self.account.interrupt.clone(), self.ui.clone());
        let waits_for = Mutex::new(Cause::NoAnswer);
        let timeout = async {
            interrupt.requested().await;
            sleep(SAY_AFTER).await;
            ui.warn(&format!(
                "still restoring the {kind} callback URL. Ctrl-C leaves it to {}",
                Invocation::new("callback restore")
            ));
            sleep(LEAVE_AFTER).await;
        };
        let work = async {
            // However it ended: what counts is what the API holds now.
            let _ = self.set().await;
            let is_young = self.held.age() < MAY_STILL_LAND;
            let put_back = || {
                put_back(&self.account, &self.record, self.touched, is_young, |lock| {
                    *waits_for.lock().unwrap_or_else(PoisonError::into_inner) = lock;
                })
            };
            // One that was answered with a no may be answered otherwise a moment later.
            let refused = |error: &anyhow::Error| {
                let api = error.downcast_ref::<ApiError>();
                api.is_some_and(|error| matches!(error.reason, Reason::Refused { .. }))
            };
            look_until(put_back, |outcome| !outcome.as_ref().is_err_and(refused)).await
        };
        let outcome = tokio::select! {
            outcome = work => outcome.map_err(|error| Cause::Failed(Arc::new(error))),
            () = timeout => Err(waits_for.lock().unwrap_or_else(PoisonError::into_inner).clone()),
        };
        let by_us = self.record.pid == std::process::id();
        let outcome = match outcome {
            // Of an earlier run that never came so far, this is all there is to know once its request can't be under way.
            Ok(Returned::NeverSeen { now }) if by_us || self.held.age() < MAY_STILL_LAND => {
                Err(not_restored(&self.record, Cause::NeverSeen { now }))
            }
            Ok(returned) => returned.finish(&self.ui, &mut self.held, &self.record).map(|()| returned),
            Err(cause) => Err(not_restored(&self.record, cause)),
        };
        let borrowed = interrupt.borrowed();
        match &outcome {
            // What an earlier run left keeps no other command from its own end.
            Err(left) if by_us || interrupt.is_requested() => borrowed.note(left.clone()),
            _ => borrowed.settle(&not_restored(&self.record, Cause::RunEnded)),
        }
        outcome
    }
}

fn not_restored(record: &LeaseRecord, cause: Cause) -> NotRestored {
    NotRestored {
        kind: record.kind,
        field: record.field.clone(),
        api_url: record.api_url.clone(),
        value: record.earlier.clone(),
        cause: Box::new(cause),
        can_be_tried: true,
    }
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;

    use futures_util::FutureExt as _;

    use super::*;
    use crate::interrupt::Interrupt;
    use crate::platform::socialchat::Socialchat;
    use crate::sandbox::{self, Sandbox};
    use crate::store::{AccountId, Folders, ProfileName};
    use crate::types::PlatformName;
    use crate::ui;

    /// Does something with an account of the sandbox, whose callback of Instagram is somebody's real one.
    fn with_account<F: Future<Output = ()>>(work: impl FnOnce(Partner, Ui) -> F) {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::new(Some(home.path())).unwrap();
        folders.make_state().unwrap();
        let options = sandbox::Options::of(PlatformName::Socialchat, folders.sandbox_file());
        let sandbox = Sandbox::start(options, |_| {}).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let url: Url = sandbox.api_url().parse().unwrap();
            let credential = Sandbox::credentials(PlatformName::Socialchat);
            let account = Partner {
                api: Socialchat::new(url.clone(), &credential, |_| {}),
                id: AccountId::of(&credential, url.as_str()),
                api_name: url.to_string(),
                profile: ProfileName::default(),
                folders,
                interrupt: Interrupt::listen(Default::default(), |_, _| {}, |_| {}).unwrap(),
            };
            let mut settings = known(&account).await;
            settings.set("callbackInstagramUrl", "https://app.example/cb");
            account.api.set_settings(&settings).await.unwrap();
            let ui = Ui::new(ui::Options { quiet: true, yes: true, ..ui::Options::default() });
            work(account, ui).await;
        });
    }

    async fn known(account: &Partner) -> crate::platform::socialchat::Settings {
        match account.api.settings().await.unwrap() {
            Reading::Known(settings) => settings,
            Reading::Unreadable => panic!("unreadable"),
        }
    }

    async fn now(account: &Partner) -> Option<String> {
        known(account).await.callback(SignInKind::Instagram).map(str::to_owned)
    }

    #[test]
    fn a_panic_while_it_is_borrowed_puts_it_back() {
        with_account(|account, ui| async move {
            let nonce = "n".repeat(43);
            let ours: Url = format!("http://127.0.0.1:4000/callback/instagram/{nonce}").parse().unwrap();
            let panicking = async {
                let _lease = Lease::borrow(&account, &ui, SignInKind::Instagram, &ours).await.unwrap();
                assert_eq!(now(&account).await.as_deref(), Some(ours.as_str()));
                panic!("on purpose");
            };
            // As in `main`: the panic is caught, and the process waits for who holds it.
            assert!(AssertUnwindSafe(panicking).catch_unwind().await.is_err());
            account.interrupt.settled().await;
            assert_eq!(now(&account).await.as_deref(), Some("https://app.example/cb"));
            assert!(journals(&account.folders).believed.is_empty());
            assert!(account.interrupt.borrowed().left().is_empty());
        });
    }
}
