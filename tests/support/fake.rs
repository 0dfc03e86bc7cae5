//! Many Messenger channels on the [`Partner`]: reconnects are counted, delayed and refused one by one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::{Value, json};

use crate::partner::{Partner, World, parameter, refusal};
use crate::support::{Home, Reply, until};

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

/// So many Messenger channels, all disconnected.
pub struct Fake {
    pub partner: Partner,
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
        let mut world = World::new().with("callbackMessengerUrl", Value::Null);
        world.channels = (0..count).map(|number| channel(number, false)).collect();
        world.pages = (0..covered)
            .map(|number| json!({ "name": format!("Toko {number}"), "channelId": page_id(number) }))
            .collect();
        let partner = Partner::meddled(world, move |asked, _, world| {
            if asked.target.contains("/account?") && parameter(asked, "token").as_deref() == Some("dead") {
                return Some(refusal(403, "invalid token callback"));
            }
            let id = asked
                .target
                .strip_prefix("/partner/channel/messenger/")
                .filter(|_| asked.method == "POST")?;
            let channel = usize::from_str_radix(&id[16..], 16).unwrap();
            let number = {
                let mut state = shared.lock().unwrap();
                state.under_way += 1;
                state.arrivals.push((channel, Instant::now()));
                let crowd = state.under_way;
                state.crowd.push(crowd);
                state.arrivals.len()
            };
            let body: Value = serde_json::from_str(&asked.body).unwrap();
            let dealt = deal(&Post { number, channel, token: body["token"].as_str().unwrap() });
            let mut state = shared.lock().unwrap();
            state.under_way -= 1;
            Some(match dealt {
                Deal::Do => {
                    *state.done.entry(channel).or_default() += 1;
                    world.lock().unwrap().answer(asked)
                }
                Deal::Answer(reply) => reply,
            })
        });
        Fake { partner, state }
    }

    /// The program on it, with this token.
    pub fn command(&self, home: &Home, token: &str, arguments: &[&str]) -> std::process::Command {
        let mut command = home.against(self.partner.url(), arguments);
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
