//! A sign-in: to the dialog, back through the callback, and to who asked.

use url::{Host, Url};

use super::catalogue::check_limit;
use super::dialog::{self, FRAGMENT, Ticked};
use super::refusal::{Refusal, only};
use super::world::{SignIn, World};
use crate::sandbox::frame;
use crate::sandbox::http::{Answer, Request};
use crate::sandbox::options::Generation;
use crate::sandbox::site::{Site, Turn};
use crate::sandbox::token;
use crate::types::{SignInKind, time};

/// Sign-ins that are remembered at a time.
const MAX_SIGN_INS: usize = 100;
/// The product's own front end, which all are sent to whose origin is not allowed.
const FRONT_END: &str = "/app";

/// `GET /auth/facebook/connect` and, in the newer guide, `GET /auth/instagram/connect`: to the dialog.
pub fn connect(
    turn: &mut Turn<World>,
    request: &Request,
    site: &Site<'_>,
    is_instagram: bool,
) -> Result<Answer, Refusal> {
    let is_older = site.options.generation == Generation::Guide1;
    // The older guide has no `origin`, the newer one no `type`.
    only(request, if is_older { &["redirect_path", "type"] } else { &["redirect_path", "origin"] })?;
    let kind = match (is_older, request.param("type")) {
        (false, _) if is_instagram => SignInKind::Instagram,
        (false, _) | (true, Some("messenger")) => SignInKind::Messenger,
        (true, Some("instagram")) => SignInKind::Instagram,
        (true, _) => {
            let why = "type must be one of the following values: messenger, instagram";
            return Err(Refusal::invalid(vec![why.to_owned()]));
        }
    };
    let path = request.param("redirect_path").unwrap_or_default();
    if !path.starts_with('/') || path.starts_with("//") || path.contains('\\') {
        return Err(Refusal::invalid(vec!["redirect_path must be a path".to_owned()]));
    }
    let origin = match request.param("origin").map(Url::parse) {
        Some(Err(_)) => return Err(Refusal::invalid(vec!["origin must be a URL address".to_owned()])),
        Some(Ok(origin)) => Some(origin),
        None => {
            let headers = ["origin", "referer"].into_iter().filter_map(|name| request.header(name));
            headers.filter_map(|value| Url::parse(value).ok()).next()
        }
    };
    check_limit(turn.world(), site)?;
    let state = token::nonce()?;
    let (origin, redirect_path) = match origin.filter(is_allowed) {
        Some(origin) => (origin.origin().ascii_serialization(), path.to_owned()),
        None => (site.origin.to_owned(), FRONT_END.to_owned()),
    };
    let sign_ins = &mut turn.change().sign_ins;
    if sign_ins.len() >= MAX_SIGN_INS {
        sign_ins.remove(0);
    }
    let dialog = dialog::address(site, kind, &state)?;
    sign_ins.push(SignIn { state, kind, origin, redirect_path, allowed: None });
    Ok(Answer::empty(302).with("Location", dialog.as_str()).with("Vary", "Origin"))
}

/// The list of the Apple flow, which is assumed to count here too.
fn is_allowed(origin: &Url) -> bool {
    match (origin.scheme(), origin.host()) {
        ("https", Some(Host::Domain(name))) => {
            name == "unifiedbeez.com" || name.ends_with(".unifiedbeez.com") || name == "localhost"
        }
        ("http", Some(Host::Domain(name))) => name == "localhost",
        ("http", Some(Host::Ipv4(ip))) => ip.is_loopback(),
        _ => false,
    }
}

/// `GET /auth/facebook/callback` and `GET /auth/instagram/callback`: called by the browser, without a session.
pub fn callback(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Answer {
    let state = request.param("state").unwrap_or_default();
    let at = turn.world().sign_ins.iter().position(|sign_in| sign_in.state == state);
    let Some(at) = at else {
        return dialog::redirect(
            302,
            &returning(site.origin, FRONT_END, &failed("This sign-in has expired")),
        );
    };
    let sign_in = turn.change().sign_ins.remove(at);
    let result = match (request.param("error_description").or(request.param("error")), sign_in.allowed) {
        (Some(error), _) => failed(error),
        (None, Some((code, places))) if request.param("code") == Some(&code) => {
            connected(turn, site, sign_in.kind, &places)
        }
        (None, _) => failed("Invalid verification code format"),
    };
    dialog::redirect(302, &returning(&sign_in.origin, &sign_in.redirect_path, &result))
}

/// The result of a sign-in that was allowed, as parameters.
fn connected(turn: &mut Turn<World>, site: &Site<'_>, kind: SignInKind, places: &[usize]) -> String {
    if places.is_empty() {
        return failed(match kind {
            SignInKind::Messenger => "No page was chosen",
            SignInKind::Instagram => "No Instagram business account found. Link one to a Facebook page",
        });
    }
    if turn.change().connect(kind, places, time::now()) == 0 {
        return failed("This page is already connected to another workspace");
    }
    match (kind, site.options.generation) {
        (SignInKind::Messenger, _) => "facebook_connected=true&type=messenger".to_owned(),
        (SignInKind::Instagram, Generation::Guide1) => "facebook_connected=true&type=instagram".to_owned(),
        (SignInKind::Instagram, _) => "instagram_connected=true".to_owned(),
    }
}

/// The text is encoded by hand, and then once more as a parameter: both generations' pages decode it twice.
fn failed(text: &str) -> String {
    // As encodeURIComponent does it.
    let once = url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    format!("error={}", url::form_urlencoded::byte_serialize(once.as_bytes()).collect::<String>())
}

fn returning(origin: &str, path: &str, result: &str) -> String {
    let path = path.split('#').next().unwrap_or_default();
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{origin}{path}{joint}{result}")
}

/// The front end, which says what came back to it.
pub fn front_end(request: &Request) -> Result<Answer, Refusal> {
    let text = match request.param("error") {
        Some(_) => "The sign-in failed, and this front end was told why.",
        None => "The sign-in ended here, since the product doesn't send people back to where it began.",
    };
    Ok(frame::message(200, "The product's own front end", text)?)
}

/// Does what a person does who allows everything at the dialog with this address. Gives the address at which their
/// browser ends; `None` where this sandbox has no such dialog.
pub fn allow_all(turn: &mut Turn<World>, dialog: &Url, site: &Site<'_>) -> Option<Url> {
    let param = |name: &str| dialog.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
    let url = dialog::decide(turn, &param("redirect_uri")?, &param("state")?, Some(Ticked::All)).ok()?;
    let target = format!("{}?{}", url.path(), url.query()?);
    let request = Request::new("GET", &target, &hyper::HeaderMap::new(), Vec::new())?;
    let answer = callback(turn, &request, site);
    let (_, location) = answer.headers.iter().find(|(name, _)| *name == "Location")?;
    Url::parse(&format!("{location}{FRAGMENT}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::options::Options;
    use crate::sandbox::state::Seed;
    use crate::types::PlatformName;

    #[test]
    fn an_error_is_encoded_twice() {
        assert_eq!(failed("No page & none"), "error=No%2520page%2520%2526%2520none");
    }

    #[test]
    fn a_result_is_put_behind_the_query_and_before_no_fragment() {
        let back = |path| returning("http://localhost:1", path, "a=b");
        assert_eq!(back("/cb"), "http://localhost:1/cb?a=b");
        assert_eq!(back("/cb?x=1#y"), "http://localhost:1/cb?x=1&a=b");
    }

    #[test]
    fn only_the_product_and_this_machine_are_returned_to() {
        let is = |origin: &str| is_allowed(&Url::parse(origin).unwrap());
        for good in [
            "http://localhost:8765",
            "https://localhost",
            "http://127.0.0.1:1",
            "https://app.unifiedbeez.com",
            "https://unifiedbeez.com",
        ] {
            assert!(is(good), "{good}");
        }
        for bad in [
            "http://app.unifiedbeez.com",
            "https://unifiedbeez.com.example",
            "https://badunifiedbeez.com",
            "http://192.168.1.1",
            "https://a.localhost",
            "ftp://localhost",
        ] {
            assert!(!is(bad), "{bad}");
        }
    }

    #[test]
    fn consent_in_a_persons_place_ends_where_a_browser_would() {
        let options = Options::of(PlatformName::UnifiedBeez, "");
        let site = Site { origin: "http://127.0.0.1:9", options: &options };
        let mut turn = Turn::new(World::new(&Seed::default()));
        let target =
            "/api/v1/auth/facebook/connect?redirect_path=%2Fcb%2FN&origin=http%3A%2F%2Flocalhost%3A1";
        let request = Request::new("GET", target, &hyper::HeaderMap::new(), Vec::new()).unwrap();
        let answer = connect(&mut turn, &request, &site, false).unwrap();
        let dialog = Url::parse(&answer.headers[0].1).unwrap();
        let end = allow_all(&mut turn, &dialog, &site).unwrap();
        assert_eq!(end.as_str(), "http://localhost:1/cb/N?facebook_connected=true&type=messenger#_=_");
        let world = turn.world();
        assert_eq!(world.accounts_of(SignInKind::Messenger).filter(|account| account.is_active).count(), 5);
        assert!(allow_all(&mut turn, &dialog, &site).is_none(), "a sign-in is over once");
    }
}
