//! What is listed, batch by batch: `next` is the whole address of the next, or null.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::refusal::Refusal;
use super::world::World;
use crate::sandbox::http::{Answer, Request};
use crate::sandbox::site::Site;

const BATCH: usize = 100;

/// The platforms of touchpoints, in lower case as touchpoints have them.
const PLATFORMS: [&str; 4] = ["android", "ios", "web", "messenger"];
/// Who has been registered: code, token, platform, whether it is disabled, and whose it is.
const DEVICES: [(&str, &str, &str, bool, Option<&str>); 4] = [
    ("IECwPN", "2876543210987654", "messenger", false, Some("/api/v1/personas/k8PqTz/")),
    ("mR4tXa", "2876543210987655", "messenger", true, None),
    ("Zp0WcL", "fcm-0001", "android", false, Some("/api/v1/personas/k8PqTz/")),
    ("q7JdVe", "apns-0001", "ios", false, None),
];

/// `GET /api/v1/applications/`: of every platform, the oldest first.
pub fn applications(world: &World, request: &Request, site: &Site<'_>) -> Result<Answer, Refusal> {
    listed(request, site, world.count(), |first| {
        let ids = world.ids().skip(first).take(BATCH);
        ids.filter_map(|id| Some(world.application(id)?.shown())).collect()
    })
}

/// `GET /api/v1/platforms/`.
pub fn platforms(request: &Request, site: &Site<'_>) -> Result<Answer, Refusal> {
    listed(request, site, PLATFORMS.len(), |_| PLATFORMS.iter().map(|name| json!({ "name": name })).collect())
}

/// `GET /api/v1/devices/`: all, or those of a token or platform.
pub fn devices(request: &Request, site: &Site<'_>) -> Result<Answer, Refusal> {
    let asked = |name, own: &str| request.param(name).is_none_or(|asked| asked == own);
    let found = DEVICES.iter().zip(1..);
    let found: Vec<Value> = found
        .filter(|((_, token, platform, ..), _)| asked("token", token) && asked("platform", platform))
        .map(|((code, token, platform, disabled, persona), id)| {
            json!({
                "id": id,
                "code": code,
                "token": token,
                "platform": platform,
                "disabled": disabled,
                "persona": persona,
            })
        })
        .collect();
    listed(request, site, found.len(), |_| found.clone())
}

fn listed(
    request: &Request,
    site: &Site<'_>,
    count: usize,
    batch: impl FnOnce(usize) -> Vec<Value>,
) -> Result<Answer, Refusal> {
    let pages = count.div_ceil(BATCH).max(1);
    let page = match request.param("page") {
        None => 1,
        Some("last") => pages,
        Some(text) => {
            text.parse().ok().filter(|page| (1..=pages).contains(page)).ok_or_else(Refusal::no_page)?
        }
    };
    let address = |page: usize| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(request.query.iter().filter(|(name, _)| name != "page"));
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{}{mark}{query}", site.origin, request.path)
    };
    let answer = json!({
        "count": count,
        "next": (page < pages).then(|| address(page + 1)),
        "previous": (page > 1).then(|| address(page - 1)),
        "results": batch((page - 1) * BATCH),
    });
    Ok(Answer::json(200, &answer))
}
