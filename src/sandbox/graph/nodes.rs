//! Who a token belongs to, and the Pages of a person: what is read.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::call::Call;
use super::refusal::Refusal;
use super::token::{Owner, Token};
use super::world::{APP_ID, APP_SECRET, BUSINESS_ID, World};
use super::{Here, fields};

const USUAL: usize = 25;
const MOST: usize = 100;

/// `GET /me`: the Page of a Page token, else the person.
pub fn me(call: &Call, caller: &Token) -> Result<Value, Refusal> {
    match &caller.owner {
        Owner::Page(page) => fields::page(call, caller, page),
        Owner::Person => fields::person(call),
        Owner::App => {
            let text = "An active access token must be used to query information about the current user.";
            Err(Refusal::new(2500, text))
        }
    }
}

/// `GET /{page}`: for the person, and for the Page itself.
pub fn page(world: &World, call: &Call, caller: &Token, id: &str) -> Result<Value, Refusal> {
    let page = world.page_named(id).ok_or_else(|| Refusal::object(&call.method, id))?;
    match &caller.owner {
        Owner::Page(own) if *own != page => {
            let needs = "This endpoint requires the 'Page Public Metadata Access' feature";
            Err(Refusal::new(10, format!("(#10) {needs}")))
        }
        _ => fields::page(call, caller, &page),
    }
}

/// `GET /me/accounts`: the person's own Pages. One that a portfolio holds leaves its batch the shorter.
pub fn accounts(world: &World, call: &Call, caller: &Token, here: &Here<'_>) -> Result<Value, Refusal> {
    of_the_person(caller, "accounts")?;
    listed(call, here, world.page_count(), |place| {
        let page = world.page(place).filter(|_| !world.is_in_portfolio(place));
        page.map(|page| fields::page(call, caller, &page))
    })
}

/// `GET /me/businesses`: the one portfolio.
pub fn businesses(call: &Call, caller: &Token, here: &Here<'_>) -> Result<Value, Refusal> {
    of_the_person(caller, "businesses")?;
    listed(call, here, 1, |_| Some(Ok(json!({ "id": BUSINESS_ID, "name": "Senja Group" }))))
}

/// `GET /{business}/owned_pages`, and `client_pages`, of which it has none.
pub fn of_portfolio(
    world: &World,
    call: &Call,
    caller: &Token,
    here: &Here<'_>,
    (id, edge): (&str, &str),
) -> Result<Value, Refusal> {
    of_the_person(caller, edge)?;
    if id != BUSINESS_ID {
        return Err(Refusal::object(&call.method, id));
    }
    let places = (0..world.page_count()).filter(|&place| world.is_in_portfolio(place));
    let owned: Vec<_> =
        if edge == "owned_pages" { places.filter_map(|place| world.page(place)).collect() } else { vec![] };
    listed(call, here, owned.len(), |place| Some(fields::page(call, caller, &owned[place])))
}

/// `GET /debug_token`: 200 also for a token that doesn't work. An app may ask, and the person, who is its developer.
pub fn debug(world: &World, call: &Call, caller: &Token) -> Result<Value, Refusal> {
    if matches!(caller.owner, Owner::Page(_)) {
        return Err(Refusal::parameter(
            "You must provide an app access token, or a user access token that is an owner or developer of the app",
        ));
    }
    let data = match Token::given(world, call.required("input_token")?) {
        Some(token) => token.shown(),
        None => json!({
            "error": Refusal::token("Invalid OAuth access token - Cannot parse access token").told(),
            "is_valid": false,
            "scopes": [],
        }),
    };
    Ok(json!({ "data": data }))
}

/// `GET /oauth/access_token`: the app's own token, or a longer one for the person's.
pub fn exchange(world: &World, call: &Call) -> Result<Value, Refusal> {
    if call.required("client_id")? != APP_ID {
        return Err(Refusal::new(
            101,
            "Error validating application. Cannot get application info due to a system error.",
        ));
    }
    if call.required("client_secret")? != APP_SECRET {
        return Err(Refusal::new(1, "Error validating client secret."));
    }
    match call.required("grant_type")? {
        "client_credentials" => {
            Ok(json!({ "access_token": format!("{APP_ID}|{APP_SECRET}"), "token_type": "bearer" }))
        }
        "fb_exchange_token" => {
            let token = Token::working(world, call.required("fb_exchange_token")?)?;
            let (text, seconds) = token
                .exchanged()
                .ok_or_else(|| Refusal::parameter("fb_exchange_token must be a user token"))?;
            Ok(json!({ "access_token": text, "token_type": "bearer", "expires_in": seconds }))
        }
        _ => {
            Err(Refusal::parameter("Param grant_type must be one of {fb_exchange_token, client_credentials}"))
        }
    }
}

fn of_the_person(caller: &Token, edge: &str) -> Result<(), Refusal> {
    let node = match caller.owner {
        Owner::Person => return Ok(()),
        Owner::Page(_) => "Page",
        Owner::App => "Application",
    };
    Err(Refusal::parameter(&format!("Tried accessing nonexisting field ({edge}) on node type ({node})")))
}

/// One batch of `count` places, of which some show nothing. `next` is there while places are left, whatever was shown.
fn listed(
    call: &Call,
    here: &Here<'_>,
    count: usize,
    shown: impl Fn(usize) -> Option<Result<Value, Refusal>>,
) -> Result<Value, Refusal> {
    let limit = match call.param("limit").map(str::parse) {
        None => USUAL,
        Some(Ok(limit @ 1..=MOST)) => limit,
        Some(_) => return Err(Refusal::parameter("Param limit must be an integer between 1 and 100")),
    };
    let first = match call.param("after") {
        None => 0,
        Some(cursor) => {
            let place = place_of(cursor).filter(|place| *place < count);
            place.ok_or_else(|| Refusal::parameter("Invalid cursor in parameter after"))? + 1
        }
    };
    let end = count.min(first + limit);
    let data: Vec<Value> = (first..end).filter_map(shown).collect::<Result<_, _>>()?;
    let mut answer = json!({ "data": data });
    if first < end {
        let after = cursor(end - 1);
        answer["paging"] = json!({ "cursors": { "before": cursor(first), "after": after } });
        if end < count {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("access_token", call.token_text()).append_pair("limit", &limit.to_string());
            if let Some(fields) = call.param("fields") {
                query.append_pair("fields", fields);
            }
            query.append_pair("after", &after);
            answer["paging"]["next"] = json!(format!("{}?{}", here.address(), query.finish()));
        }
    }
    Ok(answer)
}

fn cursor(place: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("at {place}"))
}

fn place_of(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("at ")?.parse().ok()
}
