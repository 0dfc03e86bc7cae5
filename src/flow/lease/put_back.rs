//! Compares, writes, and reads what was written: "put back" is what the API shows, never what it answered.

use anyhow::Result;
use url::Url;

use super::not_restored;
use crate::borrowed::{Cause, NotRestored, Unproven};
use crate::flow::settle::look_until;
use crate::flow::{Partner, settings};
use crate::loopback;
use crate::platform::socialchat::{Reading, Settings, Socialchat};
use crate::platform::{ApiError, Reason};
use crate::store::lease::{HeldLease, LeaseRecord};
use crate::ui::Ui;

/// What an API holds where our value was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Now {
    Ours,
    Earlier,
    /// The temporary address of another sign-in, which may put ours back in its turn.
    OtherSignIn(String),
    /// Somebody else's value, or none.
    Other(Option<String>),
}

impl Now {
    pub(super) fn of(settings: &Settings, record: &LeaseRecord) -> Now {
        match settings.callback(record.kind) {
            Some(now) if is_ours(now, record) => Now::Ours,
            now if now == record.earlier.as_deref() => Now::Earlier,
            Some(now) if loopback::is_callback_of(record.kind, now) => Now::OtherSignIn(now.to_owned()),
            now => Now::Other(now.map(str::to_owned)),
        }
    }
}

/// Whether a value is ours. An API that writes URLs in its own way keeps the path, and with it the nonce.
fn is_ours(now: &str, record: &LeaseRecord) -> bool {
    let path =
        |url: &str| Url::parse(url).ok().map(|url| url.path().trim_end_matches('/').to_ascii_lowercase());
    now == record.ours || path(now).is_some_and(|now| now.len() > 1 && Some(now) == path(&record.ours))
}

/// What came of putting a value back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returned {
    /// Nothing had been changed, and nothing is.
    Untouched,
    /// Our value had been seen, and the earlier one was read again.
    Proven,
    /// This API can't be read: the earlier value was written, and accepted.
    Unproven,
    /// The earlier value was written and is read; ours was never seen, and so that proves nothing.
    NeverSeen { now: Option<String> },
    /// Somebody else has set another value since, and that one stays.
    ChangedByOthers { now: Option<String> },
    /// Another sign-in's temporary address stands there. It may put ours back, and so the journal stays.
    Chained { now: String },
    /// It was unset before, and the API refuses to unset it.
    CannotBeUnset { answer: String },
    /// The settings couldn't be read when it was borrowed, and no earlier value is known: it is unset.
    EarlierUnknown,
}

impl Returned {
    /// Says what came of it, and removes the journal where nothing in it is needed any more. Gives why the value isn't
    /// back, if it isn't.
    pub(super) fn finish(
        &self,
        ui: &Ui,
        held: &mut HeldLease,
        record: &LeaseRecord,
    ) -> Result<(), NotRestored> {
        let (kind, field) = (record.kind, &record.field);
        let earlier = record.earlier.as_deref();
        let unset = |url: Option<&str>| url.unwrap_or("unset").to_owned();
        // Of a sign-in of this run: where nothing was set before, nobody misses it.
        let is_noise = earlier.is_none() && record.pid == std::process::id();
        let outcome = match self {
            Returned::Untouched => Ok(()),
            Returned::Proven | Returned::Unproven if is_noise => Ok(()),
            Returned::Proven => {
                ui.done(&format!("{} callback URL restored: {}", kind.title(), unset(earlier)));
                Ok(())
            }
            Returned::Unproven => {
                ui.done(&format!(
                    "{} callback URL restored: {} (this API can't show it)",
                    kind.title(),
                    unset(earlier)
                ));
                Ok(())
            }
            Returned::NeverSeen { now } => {
                let now = unset(now.as_deref());
                ui.say(&format!(
                    "The {kind} callback URL is {now}. The API never showed this computer's address."
                ));
                Ok(())
            }
            Returned::ChangedByOthers { now } => {
                ui.warn(&format!(
                    "somebody else has changed {field} to {}. It is kept; before the sign-in it was {}",
                    now.as_deref().unwrap_or("nothing"),
                    unset(earlier)
                ));
                Ok(())
            }
            // The journal holds the only copy of the value.
            Returned::Chained { now } => {
                return Err(not_restored(record, Cause::OtherSignIn { now: now.clone() }));
            }
            Returned::CannotBeUnset { answer } => {
                Err(Cause::CannotBeUnset { answer: answer.clone(), ours: record.ours.clone() })
            }
            Returned::EarlierUnknown => Err(Cause::EarlierUnknown),
        };
        if let Err(error) = held.clear() {
            let error = anyhow::Error::from(error);
            ui.warn(&format!("{error:#}. The next command checks the {kind} callback URL again"));
        }
        outcome.map_err(|cause| NotRestored { can_be_tried: false, ..not_restored(record, cause) })
    }
}

/// Compares, then writes, then reads what was written. `touched` says whether our own write may have been carried out, `is_young`
/// whether it may still be; `waits_for` is told what else is waited for.
pub(super) async fn put_back(
    account: &Partner,
    record: &LeaseRecord,
    touched: bool,
    is_young: bool,
    waits_for: impl Fn(Cause),
) -> Result<Returned> {
    let _lock = settings::lock(account, waits_for).await?;
    let api = &*account.api;
    let settings = match read(api, record).await? {
        // Written blindly it could wipe out what somebody else has set since.
        Reading::Unreadable if record.readable => anyhow::bail!(Unproven::Unreadable),
        Reading::Unreadable => return put_back_unread(api, record).await,
        Reading::Known(settings) => settings,
    };
    // One odd or old answer is no proof that somebody has changed it, nor that our write was not carried out.
    let is_proof = |settings: &Result<Settings>| {
        let of = |settings| matches!(Now::of(settings, record), Now::Ours | Now::OtherSignIn(_));
        settings.as_ref().map_or(true, of)
    };
    let mut first = Some(settings);
    let look = || {
        let first = first.take();
        async {
            match first {
                Some(settings) => Ok(settings),
                None => known(api, record).await,
            }
        }
    };
    let mut settings = look_until(look, is_proof).await?;
    let found = Now::of(&settings, record);
    match found {
        Now::Earlier if !touched => return Ok(Returned::Untouched),
        // An answer that is older than our own write looks like the earlier value as well.
        Now::Ours | Now::Earlier => {}
        Now::OtherSignIn(now) => return Ok(Returned::Chained { now }),
        // What an API makes of our value is nobody else's.
        Now::Other(_) if touched && !record.seen && record.pid == std::process::id() => {}
        Now::Other(now) if !record.seen && is_young => {
            anyhow::bail!(Unproven::NeverSeen { now })
        }
        Now::Other(now) => return Ok(Returned::ChangedByOthers { now }),
    }
    settings.set(&record.field, record.earlier.as_deref().unwrap_or(""));
    let mut written = true;
    let unanswered = match api.set_settings(&settings).await {
        // It may have been done all the same: reading tells.
        Err(error) if error.is_unanswered() || error.unsure => Some(error),
        // What is there already needs no writing; whether it is there, is looked at for a while.
        Err(_) if found == Now::Earlier => {
            written = false;
            None
        }
        Err(error) if record.earlier.is_none() && error.is_about_the_body() => {
            return Ok(Returned::CannotBeUnset { answer: error.reason.to_string() });
        }
        answer => answer.map(|()| None)?,
    };
    // Where our own write was seen at once, the first look is proof.
    let mut seen = record.seen || found == Now::Ours;
    let look = async || anyhow::Ok(Now::of(&known(api, record).await?, record));
    let is_proof = |now: &Result<Now>| {
        seen |= matches!(now, Ok(Now::Ours));
        now.is_err() || matches!(now, Ok(Now::Earlier)) && found == Now::Ours && !record.lags
    };
    let now = look_until(look, is_proof).await?;
    match (now, unanswered) {
        // The earlier value was there before as well: an old answer, now as then.
        (Now::Earlier, Some(error)) if found == Now::Earlier => Err(error.into()),
        (Now::Earlier, _) if !record.readable && record.earlier.is_none() => Ok(Returned::EarlierUnknown),
        (Now::Earlier, _) if seen && written => Ok(Returned::Proven),
        (Now::Earlier, _) => Ok(Returned::NeverSeen { now: record.earlier.clone() }),
        (Now::OtherSignIn(now), _) => Ok(Returned::Chained { now }),
        (Now::Other(now), _) => Ok(Returned::ChangedByOthers { now }),
        (Now::Ours, Some(error)) => Err(error.into()),
        (Now::Ours, None) => anyhow::bail!(Unproven::StillOurs { ours: record.ours.clone() }),
    }
}

/// Where settings can't be read, only the one field is written.
async fn put_back_unread(api: &Socialchat, record: &LeaseRecord) -> Result<Returned> {
    let mut settings = Settings::default();
    settings.set(&record.field, record.earlier.as_deref().unwrap_or(""));
    match api.set_settings(&settings).await {
        Err(error) if record.earlier.is_none() && error.is_about_the_body() => {
            Ok(Returned::CannotBeUnset { answer: error.reason.to_string() })
        }
        answer => Ok(answer.map(|()| Returned::Unproven)?),
    }
}

/// The settings. An answer that isn't the documented one, or lacks what was there when they were borrowed, is asked for
/// again: the value waits for it. One that goes on without the callback URL is none; what else it goes on without, somebody
/// may have unset.
async fn read(api: &Socialchat, record: &LeaseRecord) -> Result<Reading> {
    let is_whole = |reading: &Result<Reading, ApiError>| match reading {
        Err(ApiError { reason: Reason::Unreadable { .. }, .. }) => false,
        Ok(Reading::Known(settings)) => record.read_with.iter().all(|field| settings.has(field)),
        _ => true,
    };
    match look_until(|| api.settings(), is_whole).await? {
        Reading::Known(settings) if record.earlier.is_some() && !settings.has(&record.field) => {
            anyhow::bail!(Unproven::Lacking { field: record.field.clone() })
        }
        reading => Ok(reading),
    }
}

async fn known(api: &Socialchat, record: &LeaseRecord) -> Result<Settings> {
    match read(api, record).await? {
        Reading::Known(settings) => Ok(settings),
        Reading::Unreadable => anyhow::bail!(Unproven::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{AccountId, ProfileName};
    use crate::types::{Credential, Secret, SignInKind};

    #[test]
    fn our_url_is_known_by_its_path_alone() {
        let ours = "http://127.0.0.1:4000/callback/messenger/n";
        let account = AccountId::of(&Credential::ApiKey(Secret::new("key")), "u");
        let record =
            LeaseRecord::new(&ProfileName::default(), &account, "u", SignInKind::Messenger, None, ours);
        for same in [
            ours,
            "http://127.0.0.1:4000/callback/messenger/n/",
            "http://localhost:4000/callback/messenger/n",
            "http://127.0.0.1:4000/Callback/messenger/N",
        ] {
            assert!(is_ours(same, &record), "{same}");
        }
        for other in ["", "x", "http://127.0.0.1:4000/", "/callback/messenger/n"] {
            assert!(!is_ours(other, &record), "{other}");
        }
    }
}
