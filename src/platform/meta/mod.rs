//! Meta's Graph API, as far as a Page token and the webhook of a Page need it: no platform of ours, but what stands beside
//! one of them.

mod answer;
mod fact;
mod facts;
mod handshake;
mod refusals;
mod review;
mod webhook;

use std::sync::Arc;

use ring::hmac;
use url::Url;

use crate::http::{ApiError, Authorization, Call, Event, Http};
use crate::types::{GraphVersion, Known, MetaMeaning, Request, Secret, SignInKind};

pub use answer::{AppWebhook, Listed, MetaPage, Owner, PageWebhook, TokenInfo};
pub use fact::{Cure, Evidence, Fact, Has, Proof, Title, Told, Verdict};
pub use facts::{Looked, NEEDED, facts, own, permission};
pub use handshake::{Handshake, NotMet};
pub use review::{Item, ItemDetail, ItemTitle, Retired, RetiredDetail, review};
pub use webhook::NEEDED_FIELDS;

type Watch = Arc<dyn Fn(Event<'_>) + Send + Sync>;

/// A client of the Graph API, with a Page's token, an app's credentials, or both.
pub struct Meta {
    http: Http,
    token: Option<Secret>,
    app: Option<App>,
    watch: Watch,
}

/// An app at Meta.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// Digits.
    pub id: String,
    pub secret: Secret,
}

impl App {
    /// The app's own token ("Access Tokens").
    fn token(&self) -> Secret {
        Secret::new(format!("{}|{}", self.id, self.secret.expose()))
    }

    /// What proves that whoever sends that token knows the app's secret ("Secure Requests").
    fn proof_of(&self, token: &Secret) -> Secret {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.expose().as_bytes());
        let tag = hmac::sign(&key, token.expose().as_bytes());
        Secret::new(tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }
}

impl Meta {
    /// A client for the API at `graph_url`, which is without a version. Nothing is connected or read until the first call.
    /// `watch` is told of each request. Tokens go in a header, so that none stands in an address.
    pub fn new(
        mut graph_url: Url,
        version: GraphVersion,
        page_token: Option<Secret>,
        app: Option<App>,
        watch: impl Fn(Event<'_>) + Send + Sync + 'static,
    ) -> Arc<Meta> {
        if let Ok(mut segments) = graph_url.path_segments_mut() {
            segments.pop_if_empty().push(&version.to_string());
        }
        let watch: Watch = Arc::new(watch);
        let told = watch.clone();
        let token = page_token.or_else(|| app.as_ref().map(App::token));
        let mut secrets: Vec<Secret> = app.iter().map(|app| app.secret.clone()).collect();
        let authorization = match &token {
            Some(token) => {
                secrets.push(token.clone());
                Authorization::new("Bearer", token, secrets)
            }
            None => Authorization::none(),
        };
        let http = Http::new(graph_url, authorization, refusals::REFUSALS, move |event| told(event));
        Arc::new(Meta { http, token, app, watch })
    }

    /// The app whose credentials are here.
    pub fn app(&self) -> Option<&App> {
        self.app.as_ref()
    }

    /// With the proof of the token where the app's secret is here: compulsory for apps that demand it, and taken by all.
    fn proven<'a>(&self, call: Call<'a>) -> Call<'a> {
        match (&self.app, &self.token) {
            (Some(app), Some(token)) => call.secret_query("appsecret_proof", &app.proof_of(token)),
            _ => call,
        }
    }

    /// With the app's own token, and its proof.
    fn by_app<'a>(&self, app: &App, call: Call<'a>) -> Call<'a> {
        let token = app.token();
        let call = call.authorized_by(Authorization::new("Bearer", &token, vec![token.clone()]));
        call.secret_query("appsecret_proof", &app.proof_of(&token))
    }

    /// Whose the token is. Only a Page has a category: asked for one, Meta refuses a person (assumed), or leaves it out.
    pub async fn owner(&self) -> Result<Owner, ApiError> {
        let asked = |fields| {
            let call = self.http.get(&["me"], Request::ReadToken).query("fields", fields);
            self.proven(call).read(answer::owner)
        };
        match asked("id,name,category").await {
            Err(error) if error.known().is_some_and(is_parameter) => asked("id,name").await,
            answer => answer,
        }
    }

    /// What the token is and may do, by the app's own token; none without the app's credentials. An invalid token is no
    /// error here: the answer says so.
    pub async fn token_info(&self) -> Result<Option<TokenInfo>, ApiError> {
        let (Some(app), Some(token)) = (&self.app, &self.token) else { return Ok(None) };
        let path = ["debug_token"];
        // The token in a body, where the server takes a POST for the GET that it says it is (assumed).
        let call = self.by_app(app, self.http.post(&path, Request::DebugToken));
        let call = call.form("method", "GET").secret_form("input_token", token);
        let refused = match call.read(answer::token_info).await {
            Ok(info) => return Ok(Some(info)),
            Err(error) => error,
        };
        if !is_form_refused(&refused) {
            return Err(refused);
        }
        let call = self.by_app(app, self.http.get(&path, Request::DebugToken));
        call.secret_query("input_token", token).read(answer::token_info).await.map(Some)
    }

    /// Some of the Pages of the person whose the token is, from the beginning or from behind that cursor.
    pub async fn pages(&self, after: Option<String>) -> Result<Listed<MetaPage>, ApiError> {
        let call = self.http.get(&["me", "accounts"], Request::ListPages(SignInKind::Messenger));
        // Without `access_token`: what isn't asked for can't leak.
        let call = call.query("fields", "id,name,tasks").query("limit", "100");
        from(after, self.proven(call)).read(answer::pages).await
    }
}

fn from<'a>(after: Option<String>, call: Call<'a>) -> Call<'a> {
    match after {
        Some(after) => call.query("after", &after),
        None => call,
    }
}

/// Whether a GET may be answered where a POST was refused so. It has the token in its address: for nothing else.
fn is_form_refused(error: &ApiError) -> bool {
    let is_about_call = match error.known() {
        Some(Known::Meta(code)) => matches!(code.means(), MetaMeaning::Parameter | MetaMeaning::Other),
        Some(_) => false,
        None => true,
    };
    matches!(error.status(), Some(400 | 404 | 405)) && is_about_call
}

/// Whether a parameter was wrong, which isn't the proof.
fn is_parameter(known: Known) -> bool {
    matches!(known, Known::Meta(code) if code.means() == MetaMeaning::Parameter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_the_contracts() {
        let app = App { id: "1".to_owned(), secret: Secret::new("demo-app-secret") };
        assert_eq!(
            app.proof_of(&Secret::new("demo-page-token")).expose(),
            "ca014e1c2f82017b71f98ff4ffd96c868398c4491affc0b4ec8644c870a4ef59"
        );
    }
}
