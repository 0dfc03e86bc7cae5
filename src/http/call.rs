//! One call: what is asked, how often it is sent, and what of the answer is believed.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;

use super::answer::{Answer, Redirect};
use super::attempt::add_slash;
use super::client::{Authorization, Event, Http, WHOLE_TIMEOUT, locked};
use super::error::{ApiError, Reason, Unread};
use super::retry::{self, Repeat, TRIES};
use crate::types::secret_fields::is_secret_name;
use crate::types::{Request, Secret};

/// What is urgent is sent once more after this: one request that hangs is no API that is gone, and somebody may be waiting
/// who has pressed Ctrl-C.
const HURRIED: Duration = Duration::from_secs(5);
/// A body larger than this is no answer of this API.
const LARGEST_BODY: usize = 16 << 20;
/// Likewise one with more values: a list of ten thousand channels in one piece has fewer.
const MOST_VALUES: usize = 400_000;

/// The name and value of each that an answer sets.
type Cookies = Mutex<Vec<(String, Secret)>>;

/// What is taken of an answer at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The bytes of its body.
    pub bytes: usize,
    /// The values in its JSON: some take fifty times the memory of their text.
    pub values: usize,
}

impl Http {
    /// Starts a call that reads.
    pub fn get(&self, path: &[&str], request: Request) -> Call<'_> {
        self.call(Method::GET, path, request, Repeat::Harmless)
    }

    /// Starts a call that reads where an answer says that a list goes on; none where that is at another scheme, host or port,
    /// or with a user's name, for which the credentials aren't.
    pub fn get_at(&self, url: &Url, request: Request) -> Option<Call<'_>> {
        let is_ours = url.origin() == self.base.origin() && url.username().is_empty();
        let is_ours = is_ours && url.password().is_none();
        is_ours.then(|| Call { url: url.clone(), ..self.get(&[], request) })
    }

    /// Starts a call that writes a state: twice is the same as once.
    pub fn put(&self, path: &[&str], request: Request) -> Call<'_> {
        self.call(Method::PUT, path, request, Repeat::Harmless)
    }

    /// Starts a call that must not happen twice.
    pub fn post(&self, path: &[&str], request: Request) -> Call<'_> {
        self.call(Method::POST, path, request, Repeat::IfNotDone)
    }

    /// Starts a call that changes a part: as often as a POST.
    pub fn patch(&self, path: &[&str], request: Request) -> Call<'_> {
        self.call(Method::PATCH, path, request, Repeat::IfNotDone)
    }

    /// Starts a call that removes.
    pub fn delete(&self, path: &[&str], request: Request) -> Call<'_> {
        self.call(Method::DELETE, path, request, Repeat::IfNotDone)
    }

    fn call(&self, method: Method, path: &[&str], request: Request, repeat: Repeat) -> Call<'_> {
        let mut url = self.base.clone();
        if !path.is_empty()
            && let Ok(mut segments) = url.path_segments_mut()
        {
            segments.pop_if_empty().extend(path);
        }
        let limits = Limits { bytes: LARGEST_BODY, values: MOST_VALUES };
        Call {
            http: self,
            method,
            url,
            body: None,
            form: Vec::new(),
            headers: Vec::new(),
            authorization: None,
            request,
            repeat,
            tries: TRIES,
            urgent: false,
            wants_redirect: false,
            cookies: None,
            wants_text: false,
            patience: WHOLE_TIMEOUT,
            limits,
        }
    }
}

/// One call, on its way to being sent.
pub struct Call<'a> {
    pub(super) http: &'a Http,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Value>,
    pub(super) form: Vec<(String, Secret)>,
    pub(super) headers: Vec<(&'static str, String)>,
    /// Instead of the client's own.
    pub(super) authorization: Option<Authorization>,
    request: Request,
    repeat: Repeat,
    tries: u32,
    urgent: bool,
    pub(super) wants_redirect: bool,
    /// Where the cookies go that the answer sets.
    pub(super) cookies: Option<Arc<Cookies>>,
    pub(super) wants_text: bool,
    patience: Duration,
    pub(super) limits: Limits,
}

impl Call<'_> {
    /// Doesn't wait for the pace of the other requests, and tries again after 500, 408 and 52x as well, and once where no
    /// answer came in time: for what is wrong as long as it hasn't been done.
    pub fn urgent(mut self) -> Self {
        self.urgent = true;
        self
    }

    /// Is sent once, whatever becomes of it.
    pub fn once(mut self) -> Self {
        self.tries = 1;
        self
    }

    /// Ends the path in a slash: for an API whose paths do.
    pub fn slash(mut self) -> Self {
        if !self.url.path().ends_with('/') {
            add_slash(&mut self.url);
        }
        self
    }

    /// Adds a header, its name in lower case, which holds no secret.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Is proven by this instead of by the client's own. Whatever is quoted of its secrets is taken out of errors.
    pub fn authorized_by(mut self, authorization: Authorization) -> Self {
        authorization.secrets.iter().for_each(|secret| self.http.remember(secret));
        self.authorization = Some(authorization);
        self
    }

    /// Adds a field to a form, which is then the body.
    pub fn form(mut self, name: &str, value: &str) -> Self {
        self.form.push((name.to_owned(), Secret::new(value)));
        self
    }

    /// Adds a secret to a form. Whatever is quoted of it is taken out of errors.
    pub fn secret_form(self, name: &str, secret: &Secret) -> Self {
        self.http.remember(secret);
        self.form(name, secret.expose())
    }

    /// Takes less of the answer than usual: what is beyond is an unreadable answer.
    pub fn within(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Waits for the answer for another time than usual.
    pub fn patient_for(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// Adds a secret as a query parameter. Whatever is quoted of it is taken out of errors.
    pub fn secret_query(self, name: &str, secret: &Secret) -> Self {
        self.http.remember(secret);
        self.query(name, secret.expose())
    }

    /// Sets the JSON body.
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Sets a JSON body of somebody else's making. Whatever is quoted of the secrets in it is taken out of errors.
    pub fn foreign_body(self, body: Value) -> Self {
        secrets_in(&body, &mut |secret| self.http.remember(&Secret::new(secret)));
        self.body(body)
    }

    /// Adds a secret to the JSON body, under that name. Whatever is quoted of it is taken out of errors.
    pub fn secret(mut self, name: &str, secret: &Secret) -> Self {
        self.http.remember(secret);
        // Of an object: `body` is given nothing else, and null becomes one.
        self.body.get_or_insert_default()[name] = secret.expose().into();
        self
    }

    /// Sends it and has the answer, which must be a JSON object, read. `read` says what is wrong with it.
    pub async fn read<T>(
        self,
        read: impl FnOnce(Map<String, Value>) -> Result<T, Unread>,
    ) -> Result<T, ApiError> {
        let request = self.request.clone();
        let (status, answer) = self.read_with_status(read).await?;
        let empty = || Reason::Unreadable { status, cause: Unread::Empty };
        answer.ok_or_else(|| ApiError { request, reason: empty(), unsure: false })
    }

    /// Likewise, with the cookies that the answer sets: the name and value of each.
    pub async fn read_with_cookies<T>(
        mut self,
        read: impl FnOnce(Map<String, Value>, &[(String, Secret)]) -> Result<T, Unread>,
    ) -> Result<T, ApiError> {
        let cookies = Arc::default();
        self.cookies = Some(Arc::clone(&cookies));
        self.read(|fields| read(fields, &locked(&cookies))).await
    }

    /// Sends it and has the answer as it is: any JSON, or nothing.
    pub async fn value(self) -> Result<Option<Value>, ApiError> {
        let request = self.request.clone();
        match self.send().await? {
            (_, Answer::Nothing) => Ok(None),
            (_, Answer::Object(fields)) => Ok(Some(Value::Object(fields))),
            (_, Answer::Value(value)) => Ok(Some(value)),
            (_, Answer::Redirect(_)) => Ok(None),
            (status, Answer::Other(cause)) => {
                Err(ApiError { request, reason: Reason::Unreadable { status, cause }, unsure: false })
            }
        }
    }

    /// Sends it and has the answer, any JSON, read: where an array is an answer too.
    pub async fn read_value<T>(self, read: impl FnOnce(Value) -> Result<T, Unread>) -> Result<T, ApiError> {
        let request = self.request.clone();
        let (status, answer) = self.send().await?;
        let answer = match answer {
            Answer::Object(fields) => read(Value::Object(fields)),
            Answer::Value(value) => read(value),
            Answer::Nothing => Err(Unread::Empty),
            Answer::Redirect(_) => Err(Unread::Undocumented),
            Answer::Other(cause) => Err(cause),
        };
        let unreadable = |cause| Reason::Unreadable { status, cause };
        answer.map_err(|cause| ApiError { request, reason: unreadable(cause), unsure: false })
    }

    /// Sends it and gives the answer's text, every character of it, whatever it is.
    pub async fn text(mut self) -> Result<String, ApiError> {
        self.wants_text = true;
        self.read_value(|text| Ok(text.as_str().unwrap_or_default().to_owned())).await
    }

    /// Sends it and gives where the API sends us. It isn't followed. An answer that redirects nowhere is an error.
    pub async fn redirect(mut self) -> Result<Redirect, ApiError> {
        self.wants_redirect = true;
        let request = self.request.clone();
        let (status, cause) = match self.send().await? {
            (_, Answer::Redirect(redirect)) => return Ok(redirect),
            (status, Answer::Nothing) => (status, Unread::Empty),
            (status, Answer::Other(cause)) => (status, cause),
            (status, Answer::Object(_) | Answer::Value(_)) => (status, Unread::Undocumented),
        };
        Err(ApiError { request, reason: Reason::Unreadable { status, cause }, unsure: false })
    }

    /// Likewise, where the answer may be empty as well.
    pub async fn read_or_nothing<T>(
        self,
        read: impl FnOnce(Map<String, Value>) -> Result<T, Unread>,
    ) -> Result<Option<T>, ApiError> {
        Ok(self.read_with_status(read).await?.1)
    }

    async fn read_with_status<T>(
        self,
        read: impl FnOnce(Map<String, Value>) -> Result<T, Unread>,
    ) -> Result<(u16, Option<T>), ApiError> {
        let request = self.request.clone();
        let (status, answer) = self.send().await?;
        let answer = match answer {
            Answer::Nothing => Ok(None),
            Answer::Object(fields) => read(fields).map(Some),
            Answer::Value(_) | Answer::Redirect(_) => Err(Unread::Undocumented),
            Answer::Other(cause) => Err(cause),
        };
        match answer {
            Ok(answer) => Ok((status, answer)),
            Err(cause) => {
                Err(ApiError { request, reason: Reason::Unreadable { status, cause }, unsure: false })
            }
        }
    }

    /// Sends what is read again afterwards: the answer may be empty, and any object does that doesn't say that it failed.
    pub async fn taken(self) -> Result<(), ApiError> {
        self.read_or_nothing(|_| Ok(())).await.map(drop)
    }

    /// The status and body of a successful answer, after as many tries as are right.
    async fn send(self) -> Result<(u16, Answer), ApiError> {
        let (method, mut url) = (self.method.as_str(), self.url.clone());
        if locked(&self.http.slashed).contains(url.path()) {
            add_slash(&mut url);
        }
        let (mut next, mut unsure) = (2, false);
        loop {
            let path = url.path();
            if !self.urgent {
                let tell = |requests, within, delay| {
                    (self.http.watch)(Event::Paced { requests, within, delay });
                };
                self.http.pace.wait(tell).await;
            }
            let begun = Instant::now();
            let failure = match self
                .attempt(&url, if self.urgent && next == 2 { HURRIED } else { self.patience })
                .await
            {
                Ok((status, answer)) => {
                    (self.http.watch)(Event::Answered { method, path, status, took: begun.elapsed() });
                    self.http.pace.succeeded();
                    return Ok((status, answer));
                }
                Err(failure) => failure,
            };
            let took = begun.elapsed();
            match &failure.reason {
                Reason::Refused { status, .. } | Reason::Unreadable { status, .. } => {
                    (self.http.watch)(Event::Answered { method, path, status: *status, took });
                }
                cause => (self.http.watch)(Event::Failed { method, path, cause, took }),
            }
            if failure.wants_slash {
                // The same URL in its other spelling, so the same credentials. It ends in a slash now: only once.
                locked(&self.http.slashed).insert(path.to_owned());
                add_slash(&mut url);
                continue;
            }
            let delay = retry::delay(next, failure.retry_after, retry::jitter());
            let is_slow = failure.timed_out || matches!(failure.reason, Reason::NotHttps { .. });
            let once_more = failure.is_answer_of_nobody() || is_slow && next == 2;
            let may_pass = failure.may_pass(self.repeat) || self.urgent && once_more;
            if !may_pass || next > self.tries {
                // It isn't sent again from here, and what is sent next shall still be slower.
                if failure.asks_to_wait() && next <= self.tries {
                    self.http.pace.slow_down(delay);
                }
                return Err(ApiError { request: self.request, reason: failure.reason, unsure });
            }
            unsure |= failure.reason.proves_nothing();
            let (why, retry, of) = (&failure.reason, next - 1, self.tries - 1);
            (self.http.watch)(Event::Waiting { method, path, why, delay, retry, of });
            if failure.asks_to_wait() {
                self.http.pace.slow_down(delay);
            }
            if self.urgent || !failure.asks_to_wait() {
                tokio::time::sleep(delay).await;
            }
            next += 1;
        }
    }
}

/// Tells each text under a name that says that it is a secret.
fn secrets_in(body: &Value, tell: &mut impl FnMut(&str)) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if is_secret_name(name) => tell(text),
                    _ => secrets_in(value, tell),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| secrets_in(item, tell)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Refusals;

    #[test]
    fn a_list_goes_on_at_the_same_origin_alone() {
        let base = Url::parse("https://10darts.com").unwrap();
        let http = Http::new(base, Authorization::none(), Refusals::PLAIN, |_| {});
        let at = |url: &str| {
            http.get_at(&Url::parse(url).unwrap(), Request::ListChannels).map(|call| call.url.to_string())
        };
        assert_eq!(at("https://10darts.com/a/?page=2").as_deref(), Some("https://10darts.com/a/?page=2"));
        for other in [
            "http://10darts.com/a/?page=2",
            "https://10darts.com:8443/a/?page=2",
            "https://evil.example/a/?page=2",
            "https://u:p@10darts.com/a/?page=2",
            "https://10darts.com.evil.example/a/",
        ] {
            assert_eq!(at(other), None, "{other}");
        }
    }

    #[test]
    fn path_segments_are_pushed_and_queries_escaped() {
        let base = Url::parse("https://api.socialchat.id/partner/").unwrap();
        let authorization = Authorization::new("Bearer", &Secret::new("k"), Vec::new());
        let http = Http::new(base, authorization, Refusals::PLAIN, |_| {});
        assert_eq!(
            http.get(&[], Request::ReadSettings).url.as_str(),
            "https://api.socialchat.id/partner/",
            "as it was given"
        );
        let call = http.get(&["channel", "a/b?c"], Request::ReadSettings).query("token", "a+b/c=&|%");
        assert_eq!(
            call.url.as_str(),
            "https://api.socialchat.id/partner/channel/a%2Fb%3Fc?token=a%2Bb%2Fc%3D%26%7C%25"
        );
    }
}
