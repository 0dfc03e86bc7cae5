//! A sign-in: from the connect address to the dialog, back through the callback, and to who asked.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::refusal::{Refusal, only};
use super::world::World;
use crate::sandbox::choice::{self, Question};
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
/// Facebook puts it behind its redirect, and browsers carry it on to wherever that leads.
const FRAGMENT: &str = "#_=_";

/// A sign-in that was begun here.
#[derive(Serialize, Deserialize)]
pub struct SignIn {
    state: String,
    kind: SignInKind,
    /// Where it returns to.
    origin: String,
    redirect_path: String,
    /// What the person allowed, by place, and the code that stands for it.
    allowed: Option<(String, Vec<usize>)>,
}

/// Which accounts a person ticks.
enum Ticked {
    All,
    Ids(HashSet<String>),
}

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
    super::channels::check_limit(turn.world(), site)?;
    let state = token::nonce()?;
    let (origin, redirect_path) = match origin.filter(is_allowed) {
        Some(origin) => (origin.origin().ascii_serialization(), path.to_owned()),
        None => (site.origin.to_owned(), FRONT_END.to_owned()),
    };
    let sign_ins = &mut turn.change().sign_ins;
    if sign_ins.len() >= MAX_SIGN_INS {
        sign_ins.remove(0);
    }
    let dialog = dialog(site, kind, &state)?;
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

fn dialog(site: &Site<'_>, kind: SignInKind, state: &str) -> Result<Url, Refusal> {
    let (folder, scope) = match kind {
        SignInKind::Messenger => ("facebook", "pages_show_list,pages_messaging,pages_manage_metadata"),
        SignInKind::Instagram => ("instagram", "pages_show_list,instagram_basic,instagram_manage_messages"),
    };
    let callback = match (site.options.generation, kind) {
        (Generation::Guide1, _) | (_, SignInKind::Messenger) => "/api/v1/auth/facebook/callback",
        (_, SignInKind::Instagram) => "/api/v1/auth/instagram/callback",
    };
    let address = format!("{}/dialog/{folder}/oauth", site.origin);
    let mut url = Url::parse(&address).map_err(|error| Refusal::of(500, format!("sandbox: {error}")))?;
    url.query_pairs_mut()
        .append_pair("client_id", "1000000000000001")
        .append_pair("redirect_uri", &format!("{}{callback}", site.origin))
        .append_pair("state", state)
        .append_pair("scope", scope);
    Ok(url)
}

/// The dialog: where the person ticks what they allow. Facebook's in its place, not in its look.
pub fn dialog_page(turn: &mut Turn<World>, request: &Request) -> Result<Answer, Refusal> {
    if !request.is_from_here() {
        let text = "This page is only served to the computer that it runs on.";
        return Ok(frame::message(403, "Not from here", text)?);
    }
    let state = request.param("state").unwrap_or_default();
    let sign_in = turn.world().sign_ins.iter().find(|sign_in| sign_in.state == state);
    let (Some(sign_in), Some(callback)) = (sign_in, request.param("redirect_uri")) else {
        let text = "It was begun elsewhere, or is over. Start the sign-in again.";
        return Ok(frame::message(410, "This sign-in has expired", text)?);
    };
    let kind = sign_in.kind;
    if request.method != "POST" {
        let seed = &turn.world().seed;
        let count = seed.count(kind);
        let accounts = (0..count).filter_map(|place| seed.account(kind, place));
        return Ok(choice::page(&Question { kind, through: "UnifiedBeez", count }, accounts)?);
    }
    let form = request.form();
    let is = |name: &str, value: &str| form.iter().any(|(key, given)| key == name && given == value);
    let ticked = match (is("decision", "allow"), is("scope", "all")) {
        (false, _) => None,
        (true, true) => Some(Ticked::All),
        (true, false) => {
            Some(Ticked::Ids(form.into_iter().filter(|(key, _)| key == "page").map(|(_, id)| id).collect()))
        }
    };
    let (callback, state) = (callback.to_owned(), state.to_owned());
    let location = decide(turn, &callback, &state, ticked)?;
    Ok(redirect(303, &format!("{location}{FRAGMENT}")))
}

/// Notes what the person decided, and gives the callback's address with it.
fn decide(
    turn: &mut Turn<World>,
    callback: &str,
    state: &str,
    ticked: Option<Ticked>,
) -> Result<Url, Refusal> {
    let mut url = Url::parse(callback).map_err(|_| Refusal::of(400, "redirect_uri is no URL"))?;
    let code = token::nonce()?;
    let world = turn.change();
    let seed = &world.seed;
    let Some(sign_in) = world.sign_ins.iter_mut().find(|sign_in| sign_in.state == state) else {
        return Err(Refusal::of(410, "This sign-in has expired"));
    };
    match ticked {
        None => {
            url.query_pairs_mut()
                .append_pair("error", "access_denied")
                .append_pair("error_code", "200")
                .append_pair("error_description", "Permissions error")
                .append_pair("error_reason", "user_denied");
        }
        Some(ticked) => {
            let places = 0..seed.count(sign_in.kind);
            let is_ticked = |place: &usize| match &ticked {
                Ticked::All => true,
                Ticked::Ids(ids) => {
                    seed.account(sign_in.kind, *place).is_some_and(|account| ids.contains(&account.id))
                }
            };
            sign_in.allowed = Some((code.clone(), places.filter(is_ticked).collect()));
            url.query_pairs_mut().append_pair("code", &code);
        }
    }
    url.query_pairs_mut().append_pair("state", state);
    Ok(url)
}

/// `GET /auth/facebook/callback` and `GET /auth/instagram/callback`: called by the browser, without a session.
pub fn callback(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Answer {
    let state = request.param("state").unwrap_or_default();
    let at = turn.world().sign_ins.iter().position(|sign_in| sign_in.state == state);
    let Some(at) = at else {
        return redirect(302, &returning(site.origin, FRONT_END, &failed("This sign-in has expired")));
    };
    let sign_in = turn.change().sign_ins.remove(at);
    let result = match (request.param("error_description").or(request.param("error")), sign_in.allowed) {
        (Some(error), _) => failed(error),
        (None, Some((code, places))) if request.param("code") == Some(&code) => {
            connected(turn, site, sign_in.kind, &places)
        }
        (None, _) => failed("Invalid verification code format"),
    };
    redirect(302, &returning(&sign_in.origin, &sign_in.redirect_path, &result))
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

fn redirect(status: u16, to: &str) -> Answer {
    let good = to.bytes().all(|byte| byte.is_ascii_graphic());
    // What can't stand in a header was in a redirect_path, which is decoded once.
    let to = if good { to.to_owned() } else { Url::parse(to).map(String::from).unwrap_or_default() };
    Answer::empty(status)
        .with("Location", to)
        .with("Cache-Control", "no-store")
        .with("Referrer-Policy", "no-referrer")
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
    let url = decide(turn, &param("redirect_uri")?, &param("state")?, Some(Ticked::All)).ok()?;
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
