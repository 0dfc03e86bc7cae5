//! The client: where the API is, and the session that it is shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use super::refusals::REFUSALS;
use crate::http::{ApiError, Authorization, Call, Event, Http, Unread};
use crate::platform::Identity;
use crate::types::{Credential, Request, Secret, as_text};

/// The back end's own throttle, as it is set unless somebody changed it.
const MOST: (usize, Duration) = (50, Duration::from_secs(60));

/// A client of one account.
pub struct UnifiedBeez {
    pub(super) http: Http,
    pub(super) base: Url,
    session: Secret,
    /// The name of the cookie that the session was pasted with.
    pub(super) cookie: Option<String>,
    /// As what the session is shown: one of these.
    shown: AtomicU8,
}

const AS_BEARER: u8 = 0;
/// The API took the cookie where it had refused the bearer.
const AS_COOKIE: u8 = 1;
/// It refused both: names are not tried at random, and this one not again.
const AS_NEITHER: u8 = 2;

impl UnifiedBeez {
    /// A client for the API at `base`, which ends in `/api/v1`. Nothing is connected or read until the first call. `watch`
    /// is told of each request.
    pub fn new(
        base: Url,
        credential: &Credential,
        watch: impl Fn(Event<'_>) + Send + Sync + 'static,
    ) -> Arc<Self> {
        let (session, cookie) = match credential {
            Credential::Session { session, cookie, .. } => (session.clone(), cookie.clone()),
            // Another platform's, which never come here.
            other => (other.identity(), None),
        };
        let authorization = Authorization::new("Bearer", &session, writings(&session));
        let http = Http::new(base.clone(), authorization, REFUSALS, watch).at_most(MOST.0, MOST.1);
        let shown = AtomicU8::new(AS_BEARER);
        Arc::new(UnifiedBeez { http, base, session, cookie, shown })
    }

    /// Sends a call with the session as `Authorization: Bearer`. Where that is answered by 401, it is sent once more with the
    /// same value as the cookie that it was pasted with, if it was; the API has done nothing for the first. What is accepted
    /// is kept to.
    pub(super) async fn shown<'a, T, F>(
        &'a self,
        call: impl Fn() -> Call<'a>,
        send: impl Fn(Call<'a>) -> F,
    ) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, ApiError>>,
    {
        let Some(name) = &self.cookie else { return send(call()).await };
        if self.shown.load(Ordering::Relaxed) == AS_COOKIE {
            return send(call().authorized_by(self.as_cookie(name))).await;
        }
        let first = send(call()).await;
        if !is_unauthorized(&first) || self.shown.load(Ordering::Relaxed) == AS_NEITHER {
            return first;
        }
        let second = send(call().authorized_by(self.as_cookie(name))).await;
        let shown = if is_unauthorized(&second) { AS_NEITHER } else { AS_COOKIE };
        self.shown.store(shown, Ordering::Relaxed);
        second
    }

    fn as_cookie(&self, name: &str) -> Authorization {
        let pair = Secret::new(format!("{name}={}", self.session.expose()));
        Authorization::header("cookie", pair, writings(&self.session))
    }

    /// `GET /auth/profile`: the signed-in user, which proves the session; and the guide that the back end keeps to, as far as
    /// a list tells that the newer one alone has.
    pub async fn identity(&self) -> Result<Identity, ApiError> {
        let call = || self.http.get(&["auth", "profile"], Request::ReadProfile);
        let account = self.shown(call, |call| call.read(|fields| user_of(&fields))).await?;
        let generation =
            self.is_older().await.ok().map(|is_older| if is_older { "guide-1" } else { "guide-2" });
        Ok(Identity { generation, account })
    }

    /// A text from outside without the session, in any usual writing.
    pub fn told(&self, text: &str) -> String {
        self.http.without_secrets(text)
    }

    /// `POST /auth/logout`: ends the session.
    pub async fn log_out(&self) -> Result<(), ApiError> {
        let call = || self.http.post(&["auth", "logout"], Request::LogOut);
        self.shown(call, Call::taken).await
    }
}

/// The session as it is, without its percent-escapes, and the id alone where it is signed: `s:ID.SIGNATURE`.
fn writings(session: &Secret) -> Vec<Secret> {
    let query = session.expose().replace('+', "%2B").replace('&', "%26");
    let plain = form_urlencoded::parse(query.as_bytes()).next().map(|(text, _)| Secret::new(text));
    let id_of = |plain: &Secret| Some(Secret::new(plain.expose().strip_prefix("s:")?.split('.').next()?));
    let id = plain.as_ref().and_then(id_of);
    [Some(session.clone()), plain, id].into_iter().flatten().collect()
}

fn is_unauthorized<T>(answer: &Result<T, ApiError>) -> bool {
    answer.as_ref().is_err_and(|error| error.status() == Some(401))
}

/// Who it is. The fields are not documented: a user has an id or an e-mail address, here or below `user` or `data`. None of
/// one in another shape; fails where there is nothing but what errors are made of.
fn user_of(fields: &Map<String, Value>) -> Result<Option<String>, Unread> {
    let below = ["user", "data"].into_iter().filter_map(|name| fields.get(name)?.as_object());
    let told = std::iter::once(fields).chain(below).find_map(|user| {
        let text = |name: &str| as_text(user.get(name)?).filter(|text| !text.trim().is_empty());
        text("email").or_else(|| text("name")).or_else(|| text("id")).or_else(|| text("userId"))
    });
    let of_errors = ["statusCode", "message", "error", "success", "timestamp", "path", "correlationId"];
    let is_filled = |value: &Value| match value {
        Value::Null | Value::Bool(_) => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::String(_) | Value::Number(_) => true,
    };
    let says_more =
        fields.iter().any(|(name, value)| !of_errors.contains(&name.as_str()) && is_filled(value));
    match told.is_some() || says_more && fields.get("success") != Some(&Value::Bool(false)) {
        true => Ok(told),
        false => Err(Unread::Missing { field: "email".to_owned() }),
    }
}
