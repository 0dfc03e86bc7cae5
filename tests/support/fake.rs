//! An estate on a server of the test's own making: it counts, delays and refuses to the request.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Asked, FakeApi, Home, Reply};

/// What no output may hold.
pub const CANARY: &str = "EAAB-canary-access-token";

/// The `_id` of a channel by its number.
pub fn id(number: usize) -> String {
    format!("65b37833afe781e8{number:08x}")
}

/// A Messenger channel.
pub fn channel(number: usize, connected: bool) -> Value {
    json!({
        "_id": id(number),
        "name": format!("Toko {number}"),
        "channelId": page_id(number),
        "channelType": "messenger",
        "isConnected": connected,
        "token": { "accessToken": CANARY },
        "createdAt": "2026-06-01T01:00:00.000Z",
        "updatedAt": "2026-06-01T01:00:00.000Z",
    })
}

pub fn page_id(number: usize) -> String {
    format!("1048729{number:08}")
}

/// One page of the listing of these channels, as the query asks.
pub fn listing(asked: &Asked, channels: &[Value]) -> Reply {
    let number = |name: &str| parameter(asked, name).and_then(|text| text.parse::<usize>().ok()).unwrap();
    let (page, limit) = (number("page"), number("limit"));
    let docs: Vec<&Value> = channels.iter().skip((page - 1) * limit).take(limit).collect();
    let pages = channels.len().div_ceil(limit).max(1);
    let next = (page < pages).then_some(page + 1);
    let document = json!({
        "docs": docs, "totalDocs": channels.len(), "limit": limit, "totalPages": pages, "page": page,
        "hasNextPage": next.is_some(), "nextPage": next,
    });
    Reply::Json(200, document.to_string())
}

pub fn parameter(asked: &Asked, name: &str) -> Option<String> {
    let url = url::Url::parse(&format!("http://host{}", asked.target)).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

pub fn refused(status: u16, original: &str) -> Reply {
    let body = json!({ "statusCode": status, "message": "Maaf", "originalMessage": original });
    Reply::Json(status, body.to_string())
}

/// What a reconnect is asked, and what is known at that moment.
pub struct Post<'a> {
    /// From 1, in the order of arrival.
    pub number: usize,
    /// The channel's number.
    pub channel: usize,
    pub token: &'a str,
}

/// How a reconnect is dealt with.
pub enum Deal {
    /// Carried out.
    Do,
    /// Not carried out, and answered so.
    Answer(Reply),
}

#[derive(Default)]
struct State {
    /// How often each channel was reconnected.
    done: HashMap<usize, usize>,
    /// When each POST arrived, by channel.
    arrivals: Vec<(usize, Instant)>,
    /// The requests under way at each arrival, itself among them.
    crowd: Vec<usize>,
    under_way: usize,
}

/// So many Messenger channels, all loose.
pub struct Fake {
    pub api: FakeApi,
    state: Arc<Mutex<State>>,
}

impl Fake {
    /// The token covers the Pages of the first `covered`. Each POST is dealt with as `deal` says, and takes as long.
    pub fn start(
        count: usize,
        covered: usize,
        deal: impl Fn(&Post<'_>) -> Deal + Send + Sync + 'static,
    ) -> Fake {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let posts = AtomicUsize::new(0);
        let settings = Mutex::new(json!({ "callbackMessengerUrl": null }).to_string());
        let api = FakeApi::start(move |asked| {
            let path = asked.target.split('?').next().unwrap();
            match (asked.method.as_str(), path) {
                ("GET", "/partner/channel") => {
                    let all: Vec<Value> = (0..count).map(|number| now(&shared, number)).collect();
                    listing(asked, &all)
                }
                ("GET", "/partner/channel/messenger/account") => {
                    if parameter(asked, "token").as_deref() == Some("dead") {
                        return refused(403, "invalid token callback");
                    }
                    let docs: Vec<Value> = (0..covered)
                        .map(|number| json!({ "name": format!("Toko {number}"), "channelId": page_id(number) }))
                        .collect();
                    Reply::Json(200, json!({ "docs": docs, "hasNextPage": false }).to_string())
                }
                ("GET", "/partner/channel/messenger/authorize") => Reply::Json(
                    200,
                    json!({ "url": "https://www.facebook.com/dialog/oauth?x=1" }).to_string(),
                ),
                ("GET", "/partner") => Reply::Json(200, settings.lock().unwrap().clone()),
                ("PUT", "/partner") => {
                    settings.lock().unwrap().clone_from(&asked.body);
                    Reply::Json(200, String::new())
                }
                ("GET", path) => {
                    let number = number_of(path);
                    Reply::Json(200, now(&shared, number).to_string())
                }
                ("POST", path) => {
                    let channel = number_of(path);
                    {
                        let mut state = shared.lock().unwrap();
                        state.under_way += 1;
                        state.arrivals.push((channel, Instant::now()));
                        let crowd = state.under_way;
                        state.crowd.push(crowd);
                    }
                    let body: Value = serde_json::from_str(&asked.body).unwrap();
                    let token = body["token"].as_str().unwrap();
                    let number = posts.fetch_add(1, Ordering::SeqCst) + 1;
                    let reply = deal(&Post { number, channel, token });
                    let mut state = shared.lock().unwrap();
                    state.under_way -= 1;
                    match reply {
                        Deal::Do => {
                            *state.done.entry(channel).or_default() += 1;
                            Reply::Json(200, String::new())
                        }
                        Deal::Answer(reply) => reply,
                    }
                }
                _ => refused(404, "not found"),
            }
        });
        Fake { api, state }
    }

    /// The program on it, with this token.
    pub fn command(&self, home: &Home, token: &str, arguments: &[&str]) -> std::process::Command {
        let mut command = home.against(&self.api.url, arguments);
        command.env("SOCIALCHAT_TOKEN", token);
        command
    }

    /// How often each channel was reconnected.
    pub fn done(&self) -> HashMap<usize, usize> {
        self.state.lock().unwrap().done.clone()
    }

    /// The channel and moment of each POST.
    pub fn arrivals(&self) -> Vec<(usize, Instant)> {
        self.state.lock().unwrap().arrivals.clone()
    }

    /// How many were under way at each arrival.
    pub fn crowd(&self) -> Vec<usize> {
        self.state.lock().unwrap().crowd.clone()
    }

    /// Waits until nothing is under way at the server.
    #[cfg_attr(not(unix), allow(dead_code, reason = "some tests are for Unix"))]
    pub fn settle(&self) {
        until("the server has settled", || self.state.lock().unwrap().under_way == 0);
    }
}

fn now(state: &Mutex<State>, number: usize) -> Value {
    let times = state.lock().unwrap().done.get(&number).copied().unwrap_or(0);
    let mut channel = channel(number, times > 0);
    if times > 0 {
        channel["updatedAt"] = json!(format!("2026-11-20T08:00:{times:02}.000Z"));
    }
    channel
}

fn number_of(path: &str) -> usize {
    usize::from_str_radix(&path.rsplit('/').next().unwrap()[16..], 16).unwrap()
}

/// Waits for a condition; fails after 20 s.
#[track_caller]
pub fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(20), "not within 20 s: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
