//! Which endpoint a request is for, and whether its credentials are good.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::api::Api;
use super::http::{Answer, Request};
use super::options::{API_KEY, APP_ID, SECRET_KEY};
use super::refusal::{Refusal, Stop};
use super::{consent, create, listing, pages, settings, signin};
use crate::types::{ChannelKind, SignInKind};

/// Answers one request. Never fails: trouble is an answer as well.
pub fn answer(api: &Api, request: &Request) -> Answer {
    route(api, request).unwrap_or_else(|stop| stop.answer())
}

fn route(api: &Api, request: &Request) -> Result<Answer, Stop> {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["partner", below @ ..] => {
            check_credentials(api, request)?;
            partner(api, request, below)
        }
        ["consent", kind, nonce] => match kind_named(kind) {
            Some(kind) => consent::route(api, request, kind, nonce),
            None => Err(no_route(request)),
        },
        ["openapi.yaml"] => {
            only_get(request, || Answer::typed(200, "application/yaml; charset=utf-8", described(api)))
        }
        ["picture", name] => only_get(request, || consent::picture(name)),
        [] => only_get(request, || {
            let text = "socialchat-cli sandbox: the Partner API, as documented, with nothing behind it.\n\
                        API: /partner   description: /openapi.yaml\n";
            Answer::typed(200, "text/plain; charset=utf-8", text)
        }),
        _ => Err(no_route(request)),
    }
}

fn partner(api: &Api, request: &Request, below: &[&str]) -> Result<Answer, Stop> {
    let method = request.method.as_str();
    let (get, post) = (matches!(method, "GET" | "HEAD"), method == "POST");
    let delete = method == "DELETE" && api.is_2026();
    match below {
        [] if get && api.is_2026() => settings::show(api),
        [] if method == "PUT" => settings::put(api, request),
        [] if get => Err(no_route(request)),
        [] => Err(Refusal::method(if api.is_2026() { "GET, PUT" } else { "PUT" }).into()),
        ["channel"] if get => listing::list(api, request),
        ["channel"] => Err(Refusal::method("GET").into()),
        ["channel", kind, "authorize"] if kind_named(kind).is_some() => match kind_named(kind) {
            Some(kind) if get => signin::authorize(api, kind),
            _ => Err(Refusal::method("GET").into()),
        },
        ["channel", kind, "account"] if kind_named(kind).is_some() => match kind_named(kind) {
            Some(kind) if get => signin::accounts(api, request, kind),
            _ => Err(Refusal::method("GET").into()),
        },
        ["channel", name] => match (ChannelKind::documented(name), kind_named(name)) {
            (_, Some(kind)) if post => pages::connect(api, request, kind),
            (Some(ChannelKind::WhatsappOfficial), _) if !api.is_2026() => Err(no_route(request)),
            (Some(kind), _) if post => create::connect(api, request, &kind),
            (Some(_), _) => Err(Refusal::method("POST").into()),
            (None, _) if get => listing::show(api, name),
            (None, _) => Err(Refusal::method("GET").into()),
        },
        ["channel", name, id] => match (ChannelKind::documented(name), kind_named(name)) {
            (_, Some(kind)) if post => pages::reconnect(api, request, kind, id),
            (Some(ChannelKind::Telegram), _) if post => create::reconnect_telegram(api, request, id),
            (Some(kind), _) if delete => pages::disconnect(api, &kind, id),
            (Some(_), _) if method == "DELETE" => Err(no_route(request)),
            (Some(kind), sign_in) => {
                let posts = sign_in.is_some() || kind == ChannelKind::Telegram;
                match (posts, api.is_2026()) {
                    (true, true) => Err(Refusal::method("POST, DELETE").into()),
                    (true, false) => Err(Refusal::method("POST").into()),
                    (false, true) => Err(Refusal::method("DELETE").into()),
                    (false, false) => Err(no_route(request)),
                }
            }
            (None, _) => Err(no_route(request)),
        },
        ["channel", name @ ("webchat" | "linkchat"), id, "status"] if api.is_2026() => {
            match ChannelKind::documented(name) {
                Some(kind) if post => create::change_plan(api, request, &kind, id),
                _ => Err(Refusal::method("POST").into()),
            }
        }
        _ => Err(no_route(request)),
    }
}

/// 2026 takes the API key, and the pair of older apps as well; 2024 takes only the pair.
fn check_credentials(api: &Api, request: &Request) -> Result<(), Refusal> {
    let given = request.authorization.as_deref().and_then(|value| value.split_once(' '));
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, given)| given);
    let pair = STANDARD.encode(format!("{APP_ID}_{SECRET_KEY}"));
    let good = match given {
        Some(given) => given == pair || (api.is_2026() && given == API_KEY),
        None => false,
    };
    match (good, api.is_2026()) {
        (true, _) => Ok(()),
        (false, true) => Err(Refusal::of(401, "invalid app id or secret key")),
        (false, false) => Err(Refusal::of(403, "Unauthorized")),
    }
}

/// The description of this generation, with this server in it. Lines between `#2024` or `#2026` and `#end` are of that
/// generation alone.
fn described(api: &Api) -> String {
    let others = if api.is_2026() { "#2024" } else { "#2026" };
    let mut is_ours = true;
    let mut described = String::new();
    for line in include_str!("openapi.yaml").lines() {
        match line.trim() {
            "#end" => is_ours = true,
            mark @ ("#2024" | "#2026") => is_ours = mark != others,
            _ if is_ours => described += &format!("{}\n", line.replace("{server}", &api.origin)),
            _ => {}
        }
    }
    described
}

fn kind_named(name: &str) -> Option<SignInKind> {
    ChannelKind::named(name).sign_in()
}

fn no_route(request: &Request) -> Stop {
    Refusal::no_route(&request.method, &request.path).into()
}

fn only_get(request: &Request, answer: impl FnOnce() -> Answer) -> Result<Answer, Stop> {
    match request.method.as_str() {
        "GET" | "HEAD" => Ok(answer()),
        _ => Err(Refusal::method("GET").into()),
    }
}
