//! Where a sign-in begins: the back end's connect address, which redirects to Facebook's or Instagram's dialog.

use serde_json::{Map, Value};
use url::{Host, Url};

use super::channels::{SLUGS, is_no_such_call};
use super::client::UnifiedBeez;
use crate::http::{ApiError, Call, Reason, Redirect, Unread};
use crate::types::{Known, Request, SignInKind, as_text, is_loopback};

/// The names that the documentation gives the session's own cookie.
pub(super) const SESSION_COOKIES: [&str; 2] = ["session_id", "connect.sid"];

/// A sign-in as it is asked for.
pub struct Wanted<'a> {
    pub kind: SignInKind,
    /// Where the browser returns to: a path.
    pub redirect_path: &'a str,
    /// The base of that; none where the back end's own front end is meant.
    pub origin: Option<&'a Url>,
}

/// How it begins.
#[derive(Debug)]
pub enum Begun {
    /// At this dialog, which is Facebook's or Instagram's.
    Dialog {
        /// `Location` as it came, to be checked like any URL from outside.
        url: String,
        /// The address at the back end that leads there, for a browser that is signed in: it holds no secret.
        own: Url,
        /// The names of cookies that the answer sets beside the session's: the return may be bound to them.
        cookies: Vec<String>,
    },
    /// The back end wants a browser that is signed in there, which opens this address of its own.
    InBrowser { url: Url },
    /// At another host, which nobody is sent to.
    Elsewhere { host: Option<String> },
    /// At Facebook's or Instagram's, but by another scheme or port.
    NotHttps { host: String },
    /// At an address that holds the session.
    HoldsSession,
}

/// What is asked along, which differs between the generations.
#[derive(Clone, Copy)]
struct Asked {
    /// `/auth/instagram/connect`, of the newer guide.
    own_controller: bool,
    /// `type`, of the older guide.
    with_type: bool,
    /// `origin`, of the newer guide; else the header of that name says it.
    with_origin: bool,
}

impl UnifiedBeez {
    /// Asks where the sign-in begins. Which generation the back end is of shows in what it refuses: a path that it doesn't
    /// know, or a parameter; each is tried once the other way.
    pub async fn begin(&self, wanted: &Wanted<'_>) -> Result<Begun, ApiError> {
        let own_controller = wanted.kind == SignInKind::Instagram;
        let mut asked = Asked { own_controller, with_type: false, with_origin: true };
        loop {
            let call = || self.connect_call(wanted, asked);
            let error = match self.shown(call, Call::redirect).await {
                Ok(redirect) => return Ok(self.begun(redirect, wanted, asked)),
                Err(error) => error,
            };
            let in_other_words = match error.status() {
                Some(404) if is_no_such_call(&error) && asked.own_controller => {
                    Some(Asked { own_controller: false, with_type: true, ..asked })
                }
                Some(400) => other_words(asked, message_of(&error), wanted),
                _ => None,
            };
            asked = match in_other_words {
                Some(other) => other,
                None if error.known() == Some(Known::BadCredentials) => {
                    return Ok(Begun::InBrowser { url: self.connect_url(wanted, asked) });
                }
                None => return Err(error),
            };
        }
    }

    fn connect_call<'a>(&'a self, wanted: &Wanted<'_>, asked: Asked) -> Call<'a> {
        let mut call = self.http.get(&path(asked), Request::ConnectAddress(wanted.kind));
        for (name, value) in parameters(wanted, asked) {
            call = call.query(name, &value);
        }
        match wanted.origin {
            Some(origin) if !asked.with_origin => call.header("origin", plain(origin)),
            _ => call,
        }
    }

    /// The address as a browser opens it that is signed in there. It holds no secret.
    fn connect_url(&self, wanted: &Wanted<'_>, asked: Asked) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path(asked));
        }
        url.query_pairs_mut().extend_pairs(parameters(wanted, asked));
        url
    }

    fn begun(&self, redirect: Redirect, wanted: &Wanted<'_>, asked: Asked) -> Begun {
        let target = self.base.join(&redirect.location).ok();
        let is_dialog = target.as_ref().is_some_and(|url| {
            is_metas(url)
                || is_loopback(&self.base) && url.origin() == self.base.origin() && !asks_to_sign_in(url)
        });
        let host = target.as_ref().and_then(|url| Some(url.host_str()?.to_owned()));
        match target {
            _ if self.told(&redirect.location) != redirect.location => Begun::HoldsSession,
            Some(url) if is_dialog => {
                let is_session = |name: &String| {
                    SESSION_COOKIES.contains(&name.as_str()) || self.cookie.as_ref() == Some(name)
                };
                let cookies = redirect.cookies.into_iter().filter(|name| !is_session(name)).collect();
                // As it came: whoever checks it sees what the parser would mend. A relative one is on the API's own host.
                let is_whole = Url::parse(&redirect.location).is_ok();
                let url = if is_whole { redirect.location } else { url.into() };
                Begun::Dialog { url, own: self.connect_url(wanted, asked), cookies }
            }
            Some(url) if asks_to_sign_in(&url) => Begun::InBrowser { url: self.connect_url(wanted, asked) },
            target => match (target.is_some_and(|url| is_on_metas(&url)), host) {
                (true, Some(host)) => Begun::NotHttps { host },
                (_, host) => Begun::Elsewhere { host },
            },
        }
    }

    /// `GET /channels/available/all`: why the plan doesn't allow channels of that kind, in the back end's own words; none
    /// where it does, or doesn't say.
    pub async fn why_not_allowed(&self, kind: SignInKind) -> Result<Option<String>, ApiError> {
        let call = || self.http.get(&["channels", "available", "all"], Request::ReadPlan);
        self.shown(call, |call| call.read(|fields| reason_in(&fields, kind))).await
    }
}

fn message_of(error: &ApiError) -> &str {
    match &error.reason {
        Reason::Refused { message: Some(message), .. } => message,
        _ => "",
    }
}

fn path(asked: Asked) -> [&'static str; 3] {
    ["auth", if asked.own_controller { "instagram" } else { "facebook" }, "connect"]
}

fn parameters(wanted: &Wanted<'_>, asked: Asked) -> Vec<(&'static str, String)> {
    let type_ = asked.with_type.then(|| ("type", wanted.kind.as_str().to_owned()));
    let path = ("redirect_path", wanted.redirect_path.to_owned());
    let origin = wanted.origin.filter(|_| asked.with_origin).map(|origin| ("origin", plain(origin)));
    type_.into_iter().chain([path]).chain(origin).collect()
}

/// `http://localhost:8765`, as browsers write it.
fn plain(origin: &Url) -> String {
    origin.origin().ascii_serialization()
}

/// What to ask instead where this was refused for what it holds; none where all was tried.
fn other_words(asked: Asked, message: &str, wanted: &Wanted<'_>) -> Option<Asked> {
    // As whole words: one is part of many others.
    let says = |name: &str| message.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == name);
    let sends_origin = asked.with_origin && wanted.origin.is_some();
    // The guide that has no `origin` has a `type`.
    if sends_origin && (says("origin") || !says("type")) {
        return Some(Asked { with_origin: false, with_type: asked.with_type || says("type"), ..asked });
    }
    (!asked.with_type && !asked.own_controller).then_some(Asked { with_type: true, ..asked })
}

/// Whether it is https on Facebook or Instagram.
fn is_metas(url: &Url) -> bool {
    url.scheme() == "https" && url.port().is_none() && is_on_metas(url)
}

/// Whether it is there by whichever scheme and port.
fn is_on_metas(url: &Url) -> bool {
    let Some(Host::Domain(host)) = url.host() else { return false };
    let is_of =
        |name: &str| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    ["facebook.com", "instagram.com"].into_iter().any(is_of)
}

/// Whether a page asks for a sign-in, by its path.
fn asks_to_sign_in(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase().replace(['-', '_'], "");
    path.contains("login") || path.contains("signin")
}

/// Looks for the channel in every category.
fn reason_in(fields: &Map<String, Value>, kind: SignInKind) -> Result<Option<String>, Unread> {
    let Some(Value::Object(categories)) = fields.get("categories") else {
        return Err(Unread::Missing { field: "categories".to_owned() });
    };
    let is_it = |channel: &&Value| {
        let name = channel.get("name").and_then(Value::as_str).unwrap_or_default();
        SLUGS.iter().any(|(slug, of)| *slug == name && *of == kind)
    };
    let channels = categories.values().filter_map(|category| category.get("channels")?.as_array()).flatten();
    let access = channels.into_iter().find(is_it).and_then(|channel| channel.get("access"));
    Ok(access
        .filter(|access| access.get("allowed") == Some(&Value::Bool(false)))
        .and_then(|access| as_text(access.get("reason")?).or_else(|| as_text(access.get("blockedBy")?))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_on_metas_own_hosts_is_metas() {
        let is = |url: &str| is_metas(&Url::parse(url).unwrap());
        for good in [
            "https://www.facebook.com/v26.0/dialog/oauth?client_id=1",
            "https://facebook.com/",
            "https://m.facebook.com/x",
            "https://www.instagram.com/oauth/authorize",
        ] {
            assert!(is(good), "{good}");
        }
        for bad in [
            "http://www.facebook.com/",
            "https://facebook.com.example/",
            "https://evilfacebook.com/",
            "https://www.facebook.com:8443/",
            "https://facebook.com@example.com/",
            "https://31.13.72.36/",
            "data:facebook.com",
        ] {
            assert!(!is(bad), "{bad}");
        }
    }

    #[test]
    fn a_refused_parameter_is_left_out_or_added_once() {
        let origin = Url::parse("http://localhost:1").unwrap();
        let wanted = Wanted { kind: SignInKind::Messenger, redirect_path: "/cb/N", origin: Some(&origin) };
        let asked = Asked { own_controller: false, with_type: false, with_origin: true };
        let next = |asked, message| {
            other_words(asked, message, &wanted).map(|asked| (asked.with_type, asked.with_origin))
        };
        assert_eq!(next(asked, "property origin should not exist"), Some((false, false)));
        assert_eq!(next(asked, "type must be one of the following values: messenger"), Some((true, true)));
        assert_eq!(next(asked, "property origin should not exist; type must be one of"), Some((true, false)));
        assert_eq!(next(asked, "Bad Request"), Some((false, false)));
        let without = Asked { with_origin: false, ..asked };
        assert_eq!(next(without, "Bad Request"), Some((true, false)));
        assert_eq!(next(Asked { with_type: true, ..without }, "Bad Request"), None);
    }
}
