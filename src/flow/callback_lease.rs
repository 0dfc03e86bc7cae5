//! Borrows the account-wide callback URL, and puts it back whatever happens.
//!
//! Before the first change a journal is written. A [`Lease`] that goes, for whichever reason (success,
//! an error, a signal, a panic), starts a task that puts the earlier value back; the process waits for
//! that task. What stays behind even so (`kill -9`, a power cut) is found by its journal at the next
//! command: [`put_back_abandoned`].

use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use url::Url;

use super::Account;
use super::failure::{Failure, answered};
use super::settings;
use crate::api::{Api, ApiError, Reading, Settings};
use crate::interrupt::Hold;
use crate::loopback;
use crate::store::Config;
use crate::store::lease::{self, HeldLease, Journal, LeaseError, LeaseRecord, SettingsLock};
use crate::types::{Kind, is_loopback};
use crate::ui::Ui;

/// After a signal: when to say that putting back takes longer, and when to leave it to the journal.
const SAY_AFTER: Duration = Duration::from_millis(900);
const LEAVE_AFTER: Duration = Duration::from_secs(8);

const UNREADABLE_NOW: &str = "the settings could be read before, and now the API knows no such call";

/// A borrowed callback URL. Dropping it puts the earlier one back, in a task of its own.
pub struct Lease(Option<Borrowed>);

/// What is needed to put it back.
struct Borrowed {
    account: Account,
    ui: Ui,
    held: HeldLease,
    record: LeaseRecord,
    /// The request that sets our URL, while it is under way. It is waited for: carried out after the
    /// earlier value was put back, ours would stay.
    setting: Option<JoinHandle<Result<(), ApiError>>>,
    _hold: Hold,
}

impl Lease {
    /// Sets the callback URL of a kind to `ours`. Asks first where that takes away somebody's real one;
    /// refuses when another run of this profile holds it, or when it may not ask.
    pub async fn borrow(account: &Account, ui: &Ui, kind: Kind, ours: &Url) -> Result<Lease> {
        let mut held = acquire(account, kind)?;
        if let Some(record) = held.abandoned() {
            // That was tried before we came here, and failed.
            let cause = format!(
                "what an interrupted run ({}) borrowed on {} has not been put back yet, and so it is not borrowed again",
                record.borrowed_at, record.api_url
            );
            return Err(Failure::NotReturned { kind, cause }.into());
        }
        let (earlier, lock) = agreed(account, ui, kind).await?;
        let field = Settings::callback_field(kind);
        let mut record =
            LeaseRecord::new(&account.profile, &account.api_name, kind, field, earlier.url, ours.as_str());
        record.readable = earlier.readable;
        held.write(&record).context("could not note what is borrowed, and so nothing was changed")?;
        let mut settings = earlier.settings;
        settings.set(field, ours.as_str());
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
            _hold: account.interrupt.hold(),
        }));
        match lease.set().await {
            Err(error) if error.is_about_the_body() => {
                Err(anyhow::Error::new(error).context(Failure::CallbackRefused { kind }))
            }
            answer => Ok(answer.map(|()| lease)?),
        }
    }

    /// Starts to put the earlier value back. The task says how that went, and fails where it couldn't.
    pub fn give_back(mut self) -> Option<JoinHandle<Result<(), Failure>>> {
        self.start()
    }

    fn start(&mut self) -> Option<JoinHandle<Result<(), Failure>>> {
        self.0.take().map(|borrowed| tokio::spawn(borrowed.give_back()))
    }

    /// Waits for the request that sets our URL.
    async fn set(&mut self) -> Result<(), ApiError> {
        let Some(borrowed) = &mut self.0 else { return Ok(()) };
        borrowed.set().await
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.start();
    }
}

impl Borrowed {
    async fn set(&mut self) -> Result<(), ApiError> {
        let Some(setting) = &mut self.setting else { return Ok(()) };
        let answer = setting.await;
        self.setting = None;
        answer.unwrap_or(Ok(()))
    }

    async fn give_back(mut self) -> Result<(), Failure> {
        let kind = self.record.kind;
        let interrupt = self.account.interrupt.clone();
        let ui = self.ui.clone();
        let patience = async {
            interrupt.requested().await;
            sleep(SAY_AFTER).await;
            ui.warn(&format!(
                "still putting the {kind} callback URL back. Ctrl-C leaves it to `socialchat-cli callback restore`"
            ));
            sleep(LEAVE_AFTER).await;
        };
        let work = async {
            // However it ended: what counts is what the API holds now.
            let _ = self.set().await;
            put_back(&self.account, &self.record).await
        };
        let outcome = tokio::select! {
            outcome = work => outcome.map_err(|error| format!("{error:#}")),
            () = patience => Err("the API did not answer in time".to_owned()),
        };
        let outcome = outcome.and_then(|returned| {
            returned.say(&self.ui, &self.record);
            self.held.clear().map_err(|error| format!("the journal can't be removed: {error}"))
        });
        outcome.map_err(|cause| {
            let failure = Failure::NotReturned { kind, cause };
            self.ui.warn(&format!("{failure}. `socialchat-cli callback restore` puts it back"));
            failure
        })
    }
}

/// Puts back what earlier runs of this profile left behind on this API, and says so. A living run's is left
/// alone. Gives how many were put back. Where one can't be, the others are all the same.
pub async fn put_back_abandoned(account: &Account, ui: &Ui) -> Result<usize> {
    let (mut count, mut failed) = (0, None);
    for Journal { record, living, .. } in lease::list(&account.folders, &account.profile)? {
        if living || record.api_url != account.api_name {
            continue;
        }
        match put_back_one(account, ui, record.kind).await {
            Ok(true) => count += 1,
            Ok(false) => {}
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(count), Err)
}

/// Puts back what was left of a kind; false if somebody else does so or has done so.
async fn put_back_one(account: &Account, ui: &Ui, kind: Kind) -> Result<bool> {
    let mut held = match lease::acquire(&account.folders, &account.profile, kind, &account.api_name) {
        // Another run is just putting it back.
        Err(LeaseError::Held { .. }) => return Ok(false),
        held => held?,
    };
    let Some(record) = held.abandoned().filter(|record| record.api_url == account.api_name).cloned() else {
        return Ok(false);
    };
    ui.warn(&format!(
        "an earlier run ({}) did not put the {kind} callback URL back: doing it now",
        record.borrowed_at
    ));
    let _hold = account.interrupt.hold();
    let returned = put_back(account, &record).await.map_err(|error| {
        let cause = format!("{error:#}");
        error.context(Failure::NotReturned { kind, cause })
    })?;
    returned.say(ui, &record);
    held.clear()?;
    Ok(true)
}

/// How a value was put back.
enum Returned {
    /// It was read back as it was before.
    Proven,
    /// This API can't be read: it was written, and accepted.
    Unproven,
    /// Somebody else has set another value since, and that one stays.
    ChangedBySomebody { now: Option<String> },
    /// It was unset before, and the API refuses to unset it.
    CannotBeUnset { answer: String },
}

impl Returned {
    fn say(&self, ui: &Ui, record: &LeaseRecord) {
        let (kind, field) = (record.kind, &record.field);
        let earlier =
            record.earlier.as_deref().map_or("unset, as before".to_owned(), |url| format!("{url} again"));
        match self {
            Returned::Proven => ui.done(&format!("the {kind} callback URL is {earlier}")),
            Returned::Unproven => {
                ui.done(&format!("the {kind} callback URL was set: {earlier} (this API doesn't let it be read)"));
            }
            Returned::ChangedBySomebody { now } => ui.warn(&format!(
                "somebody else has changed {field} meanwhile, to {}: that is left as it is",
                now.as_deref().unwrap_or("nothing")
            )),
            Returned::CannotBeUnset { answer } => ui.warn(&format!(
                "{field} was unset before, and the API refuses to unset it ({answer}): it remains {}. Nobody listens \
                 there now; set a real one with `socialchat-cli callback set --{kind} URL`",
                record.ours
            )),
        }
    }
}

/// Compares, then writes, then reads what was written.
async fn put_back(account: &Account, record: &LeaseRecord) -> Result<Returned> {
    let _lock = settings::lock(account).await?;
    let (api, kind) = (&*account.api, record.kind);
    let (mut settings, readable) = match api.settings().await? {
        // Written blindly it could wipe out what somebody else has set since.
        Reading::Unreadable if record.readable => anyhow::bail!(UNREADABLE_NOW),
        Reading::Unreadable => (Settings::default(), false),
        Reading::Known(settings) => {
            let now = settings.callback(kind);
            if now == record.earlier.as_deref() {
                return Ok(Returned::Proven);
            }
            if !now.is_some_and(|now| is_ours(now, record)) {
                return Ok(Returned::ChangedBySomebody { now: now.map(str::to_owned) });
            }
            (settings, true)
        }
    };
    settings.set(&record.field, record.earlier.as_deref().unwrap_or(""));
    let unanswered = match api.set_settings(&settings).await {
        Err(error) if record.earlier.is_none() && error.is_about_the_body() => {
            return Ok(Returned::CannotBeUnset { answer: error.reason.to_string() });
        }
        // It may have been done all the same: reading tells.
        Err(error) if readable && error.is_unanswered() => Some(error),
        answer => answer.map(|()| None)?,
    };
    if !readable {
        return Ok(Returned::Unproven);
    }
    let Some(settings) = read(api).await? else { anyhow::bail!(UNREADABLE_NOW) };
    let now = settings.callback(kind);
    if let Some(error) = unanswered
        && now.is_some_and(|now| is_ours(now, record))
    {
        return Err(error.into());
    }
    match now {
        now if now == record.earlier.as_deref() => Ok(Returned::Proven),
        Some(now) if is_ours(now, record) && record.earlier.is_none() => {
            Ok(Returned::CannotBeUnset { answer: "it answers well, and changes nothing".to_owned() })
        }
        Some(now) if is_ours(now, record) => anyhow::bail!("the API answers well, but still holds {now}"),
        now => Ok(Returned::ChangedBySomebody { now: now.map(str::to_owned) }),
    }
}

/// Whether the API holds our value. One that writes URLs in its own way keeps the path, and with it the nonce.
fn is_ours(now: &str, record: &LeaseRecord) -> bool {
    let path = |url: &str| Url::parse(url).ok().map(|url| url.path().trim_end_matches('/').to_owned());
    now == record.ours || path(now).is_some_and(|now| now.len() > 1 && Some(now) == path(&record.ours))
}

/// What was there before us.
struct Earlier {
    /// All settings, or none where they can't be read.
    settings: Settings,
    /// The callback URL to go back to.
    url: Option<String>,
    /// Whether the API itself said so.
    readable: bool,
}

/// Reads what there is and makes sure that it may be replaced. While somebody thinks about the question
/// nothing is locked, and so it is read again after the answer.
async fn agreed(account: &Account, ui: &Ui, kind: Kind) -> Result<(Earlier, SettingsLock)> {
    let mut agreed_to: Option<Option<String>> = None;
    loop {
        let lock = settings::lock(account).await?;
        let earlier = earlier(account, kind).await?;
        let Some(question) = question(&earlier, kind) else { return Ok((earlier, lock)) };
        if agreed_to.as_ref() == Some(&earlier.url) {
            return Ok((earlier, lock));
        }
        drop(lock);
        ui.warn(&question);
        let agreed = ui.confirm("Borrow it?", true).await;
        let what = format!("the {kind} callback URL would have to be borrowed, and nobody may be asked");
        if !answered(agreed, &what, "--yes agrees, --paste leaves it alone, --token-stdin needs no sign-in")?
        {
            let message = "the callback URL is left alone: nothing was changed (--paste signs in without it)";
            return Err(Failure::Cancelled(message.to_owned()).into());
        }
        agreed_to = Some(earlier.url);
    }
}

async fn earlier(account: &Account, kind: Kind) -> Result<Earlier> {
    if let Some(settings) = read(&account.api).await? {
        let url = settings.callback(kind).map(str::to_owned);
        return Ok(Earlier { settings, url, readable: true });
    }
    let profile = Config::load(&account.folders)?.profile(&account.profile);
    let url = profile.last_callback(kind).filter(|url| !url.is_empty()).map(str::to_owned);
    Ok(Earlier { settings: Settings::default(), url, readable: false })
}

/// What a person should know before the value is replaced; none where nobody loses anything.
fn question(earlier: &Earlier, kind: Kind) -> Option<String> {
    let meanwhile = "Until the sign-in ends, it reaches this computer instead; then it is put back.";
    match &earlier.url {
        None if earlier.readable => None,
        None => Some(format!(
            "this API doesn't let the {kind} callback URL be read, and this profile hasn't set one (`callback set` \
             does): after the sign-in it will be unset, whatever it is now."
        )),
        Some(url) if loopback::is_lease_url(url) => Some(format!(
            "the {kind} callback URL is {url}: another computer's sign-in that is under way, or was cut off. If you \
             go on, that one gets no answer any more; afterwards the same value is put back."
        )),
        Some(url) if Url::parse(url).is_ok_and(|url| is_loopback(&url)) => None,
        Some(url) if earlier.readable => Some(format!("the {kind} callback URL is {url}. {meanwhile}")),
        Some(url) => Some(format!(
            "this API doesn't let the {kind} callback URL be read; this profile last set {url}. {meanwhile}"
        )),
    }
}

async fn read(api: &Api) -> Result<Option<Settings>, ApiError> {
    match api.settings().await? {
        Reading::Known(settings) => Ok(Some(settings)),
        Reading::Unreadable => Ok(None),
    }
}

fn acquire(account: &Account, kind: Kind) -> Result<HeldLease> {
    match lease::acquire(&account.folders, &account.profile, kind, &account.api_name) {
        Err(LeaseError::Held { holder, .. }) => {
            Err(Failure::HeldBy { kind, holder: holder.to_string() }.into())
        }
        held => Ok(held?),
    }
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;

    use futures_util::FutureExt as _;

    use super::*;
    use crate::interrupt::Interrupt;
    use crate::sandbox::{self, Generation, Sandbox};
    use crate::store::{Folders, ProfileName};
    use crate::ui;

    /// Does something with an account of the sandbox, whose callback of Instagram is somebody's real one.
    fn with_account<F: Future<Output = ()>>(work: impl FnOnce(Account, Ui) -> F) {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::new(Some(home.path())).unwrap();
        folders.make_state().unwrap();
        let sandbox = Sandbox::start(sandbox::Options::new(folders.sandbox_file()), |_| {}).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let url: Url = sandbox.api_url().parse().unwrap();
            let account = Account {
                api: Api::new(url.clone(), &Sandbox::credentials(Generation::V2026), |_| {}),
                api_name: url.to_string(),
                profile: ProfileName::default(),
                folders,
                interrupt: Interrupt::listen(|_, _| {}, |_| {}).unwrap(),
            };
            let Reading::Known(mut settings) = account.api.settings().await.unwrap() else {
                panic!("unreadable")
            };
            settings.set("callbackInstagramUrl", "https://app.example/cb");
            account.api.set_settings(&settings).await.unwrap();
            let ui = Ui::new(ui::Options { quiet: true, yes: true, ..ui::Options::default() });
            work(account, ui).await;
        });
    }

    async fn now(account: &Account) -> Option<String> {
        read(&account.api).await.unwrap().unwrap().callback(Kind::Instagram).map(str::to_owned)
    }

    #[test]
    fn a_panic_while_it_is_borrowed_puts_it_back() {
        with_account(|account, ui| async move {
            let ours: Url = "http://127.0.0.1:4000/callback/instagram/nonce".parse().unwrap();
            let panicking = async {
                let _lease = Lease::borrow(&account, &ui, Kind::Instagram, &ours).await.unwrap();
                assert_eq!(now(&account).await.as_deref(), Some(ours.as_str()));
                panic!("on purpose");
            };
            // As in `main`: the panic is caught, and the process waits for who holds it.
            assert!(AssertUnwindSafe(panicking).catch_unwind().await.is_err());
            account.interrupt.settled().await;
            assert_eq!(now(&account).await.as_deref(), Some("https://app.example/cb"));
            assert!(lease::list(&account.folders, &account.profile).unwrap().is_empty());
        });
    }

    #[test]
    fn our_url_is_known_by_its_path_alone() {
        let ours = "http://127.0.0.1:4000/callback/messenger/n";
        let record = LeaseRecord::new(&ProfileName::default(), "u", Kind::Messenger, "f", None, ours);
        for same in [
            ours,
            "http://127.0.0.1:4000/callback/messenger/n/",
            "http://localhost:4000/callback/messenger/n",
        ] {
            assert!(is_ours(same, &record), "{same}");
        }
        for other in [
            "",
            "x",
            "http://127.0.0.1:4000/",
            "http://127.0.0.1:4000/callback/messenger/N",
            "/callback/messenger/n",
        ] {
            assert!(!is_ours(other, &record), "{other}");
        }
    }
}
