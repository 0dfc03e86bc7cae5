//! The client: where the API and its page are, and how a request is proven.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use url::Url;

use super::integration::targets;
use super::refusals::{NEWER, OLDER};
use super::signature;
use crate::http::{Authorization, Event, Http};
use crate::types::{ChannelKind, Credential, Secret, is_loopback};

/// Where a person connects and disconnects. That it is there is assumed: no document names the exact address.
const PAGE: &str = "https://chat.qontak.com/integrations";
/// The paths of both generations, as their `servers` have them.
const NEWER_PATH: &str = "/qontak/chat/v1";
const OLDER_PATH: &str = "/api/open/v1";

/// A client of one account.
pub struct Qontak {
    pub(super) http: Http,
    /// The root of the same host: there the older generation gives tokens.
    pub(super) root: Http,
    page: Url,
    /// `hmac` or `token`, as `--generation` has them.
    pub(super) generation: Option<&'static str>,
}

impl Qontak {
    /// A client for the API at `base`, of the generation that the credentials are for; a base without a path gets that
    /// generation's. Nothing is connected or read until the first call. `watch` is told of each request.
    pub fn new(
        mut base: Url,
        credential: &Credential,
        watch: impl Fn(Event<'_>) + Send + Sync + 'static,
    ) -> Arc<Self> {
        let (authorization, refusals, path) = match credential {
            Credential::SigningClient { client_id, client_secret } => {
                (signed(client_id.clone(), client_secret.clone()), NEWER, NEWER_PATH)
            }
            Credential::AccessToken(token) => (bearer(token), OLDER, OLDER_PATH),
            Credential::Grant(grant) => (bearer(&grant.access_token), OLDER, OLDER_PATH),
            // Another platform's, which never come here.
            _ => (Authorization::none(), NEWER, NEWER_PATH),
        };
        if base.path() == "/" {
            base.set_path(path);
        }
        let watch = Arc::new(watch);
        let client = |base: Url, authorization: Authorization| {
            let watch = watch.clone();
            // What everybody is allowed; that the listing shares it is assumed.
            Http::new(base, authorization, refusals, move |event| watch(event))
                .at_most(100, Duration::from_secs(60))
                .at_most(10, Duration::from_secs(1))
                .http1()
        };
        Arc::new(Qontak {
            root: client(root_of(&base), Authorization::none()),
            page: page_of(&base),
            http: client(base, authorization),
            generation: credential.generation(),
        })
    }

    /// The page where a person connects and disconnects.
    pub fn web_page(&self) -> &Url {
        &self.page
    }

    /// Whether channels of that kind exist there.
    pub fn has(kind: &ChannelKind) -> bool {
        kind.is_documented() && !targets(kind).is_empty()
    }
}

fn bearer(token: &Secret) -> Authorization {
    Authorization::new("Bearer", token, vec![token.clone()])
}

fn signed(client_id: String, secret: Secret) -> Authorization {
    let secrets = vec![secret.clone()];
    Authorization::signed(
        move |unsigned| signature::headers(&client_id, &secret, SystemTime::now(), unsigned),
        secrets,
    )
}

/// The base without the older generation's path: `/oauth/token` stands at the host's root.
fn root_of(base: &Url) -> Url {
    let mut root = base.clone();
    let path = base.path().trim_end_matches('/');
    root.set_path(path.strip_suffix(OLDER_PATH).unwrap_or_default());
    root
}

/// An API on this computer has a page of its own, the sandbox's; every other one the vendor's.
fn page_of(base: &Url) -> Url {
    match base.join("/integrations") {
        Ok(own) if is_loopback(base) => own,
        // A URL that is known to be one: the base only stands in for what can't be.
        _ => PAGE.parse().unwrap_or_else(|_| base.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_of_the_api_has_its_page_and_its_root() {
        let url = |text: &str| text.parse::<Url>().unwrap();
        for (base, root, page) in [
            ("https://service-chat.qontak.com/api/open/v1", "https://service-chat.qontak.com/", PAGE),
            ("https://api.mekari.com/qontak/chat/v1", "https://api.mekari.com/", PAGE),
            ("https://proxy.example/q/api/open/v1/", "https://proxy.example/q", PAGE),
            ("http://127.0.0.1:7/api/open/v1", "http://127.0.0.1:7/", "http://127.0.0.1:7/integrations"),
        ] {
            assert_eq!((root_of(&url(base)), page_of(&url(base))), (url(root), url(page)), "{base}");
        }
    }
}
