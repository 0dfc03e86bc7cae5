//! The webhook of an application: the handshake, and events, which go nowhere.

use url::Url;

use super::refusal::Refusal;
use super::world::{Webhook, World};
use crate::sandbox::graph::Met;
use crate::sandbox::http::{Answer, Request};

/// `/webhooks/messenger/{id}/`. The bare challenge for who knows the verify token, 403 for everybody else.
pub fn answer(world: &World, request: &Request, origin: &str, id: &str) -> Result<Answer, Refusal> {
    let webhook = id.parse().ok().and_then(|id| world.application(id)?.webhook(origin));
    let webhook = webhook.ok_or_else(Refusal::not_found)?;
    match request.method.as_str() {
        "GET" | "HEAD" => Ok(shake(&webhook, |name| request.param(name))),
        "POST" => Ok(Answer::typed(200, "text/plain; charset=utf-8", "EVENT_RECEIVED")),
        method => Err(Refusal::method(method, "GET, POST")),
    }
}

fn shake<'a>(webhook: &Webhook, param: impl Fn(&str) -> Option<&'a str>) -> Answer {
    let digits = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let agrees = param("hub.verify_token") == Some(&*webhook.verify_token);
    match (param("hub.mode"), param("hub.challenge").filter(digits)) {
        (Some("subscribe"), Some(challenge)) if agrees => {
            Answer::typed(200, "text/plain; charset=utf-8", challenge)
        }
        _ => Answer::typed(403, "text/plain; charset=utf-8", "Error, wrong validation token"),
    }
}

/// The same for who asks from within, as Graph does.
pub fn met(answer: impl FnOnce(&Request) -> Answer, asked: &Url) -> Met {
    let target = &asked[url::Position::BeforePath..url::Position::AfterQuery];
    let request = Request::new("GET", target, &hyper::HeaderMap::new(), Vec::new());
    let answer = request.map_or(Answer::empty(400), |request| answer(&request));
    Met { status: answer.status, body: answer.body }
}
