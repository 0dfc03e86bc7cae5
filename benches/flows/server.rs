//! A Partner API that does next to nothing but answer exactly so much later, and notes when.
//!
//! A thread for each connection and not an event loop: a sleeping thread wakes within some 60 µs, a timer wheel of
//! milliseconds would add up to one to each request. Connecting costs nothing; over a real network it costs a round
//! trip, and TLS another, once for each connection.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Pages a batch, as the API gives them.
pub const BATCH: usize = 25;
/// What the program asks for of the channels at a time.
pub const CHANNELS_A_PAGE: usize = 100;

/// What there is to be listed.
#[derive(Clone, Copy)]
pub struct Estate {
    /// Pages that the token covers.
    pub pages: usize,
    /// Of these, the first so many are connected.
    pub channels: usize,
}

/// A request that was answered.
#[derive(Clone)]
pub struct Hit {
    pub method: String,
    /// Without its query.
    pub path: String,
    pub arrived: Instant,
    pub answered: Instant,
}

impl Hit {
    /// Whether it connects a Page.
    pub fn is_connect(&self) -> bool {
        self.method == "POST" && self.path == "/partner/channel/messenger"
    }

    /// Whether it reconnects a channel.
    pub fn is_reconnect(&self) -> bool {
        self.method == "POST" && self.path.starts_with("/partner/channel/messenger/")
    }
}

/// The server. Its threads end with the process.
pub struct Server {
    /// What the program takes as `--api-url`.
    pub url: String,
    state: Arc<Mutex<State>>,
}

struct State {
    origin: String,
    latency: Duration,
    estate: Estate,
    /// Pages that were connected since.
    connected: BTreeSet<usize>,
    settings: String,
    hits: Vec<Hit>,
}

impl Server {
    /// Serves this estate on a free port, each answer so much later than its request.
    pub fn start(estate: Estate, latency: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of this machine");
        let origin = format!("http://{}", listener.local_addr().expect("its address"));
        let state = Arc::new(Mutex::new(State {
            origin: origin.clone(),
            latency,
            estate,
            connected: BTreeSet::new(),
            settings: String::from(r#"{"callbackMessengerUrl":null}"#),
            hits: Vec::new(),
        }));
        let shared = state.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                let thread = thread::Builder::new().stack_size(128 << 10);
                thread.spawn(move || serve(&stream, &shared)).expect("a thread");
            }
        });
        Server { url: format!("{origin}/partner"), state }
    }

    /// What was asked since the last call.
    pub fn take_hits(&self) -> Vec<Hit> {
        std::mem::take(&mut lock(&self.state).hits)
    }

    /// The API's address of that platform.
    pub fn url_of(&self, path: &str) -> String {
        format!("{}{path}", lock(&self.state).origin)
    }

    /// Where it sends people to sign in.
    pub fn dialog(&self) -> String {
        format!("{}/dialog", lock(&self.state).origin)
    }

    /// The callback that was set.
    pub fn callback(&self) -> String {
        let settings: serde_json::Value =
            serde_json::from_str(&lock(&self.state).settings).expect("settings that were put");
        settings["callbackMessengerUrl"].as_str().expect("a callback").to_owned()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(stream: &TcpStream, state: &Mutex<State>) {
    let _ = stream.set_nodelay(true);
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    while let Some(request) = Request::read(&mut reader) {
        let arrived = Instant::now();
        let (answer, latency) = {
            let mut state = lock(state);
            (state.answer(&request), state.latency)
        };
        thread::sleep(latency.saturating_sub(arrived.elapsed()));
        let hit = Hit { method: request.method, path: request.path, arrived, answered: Instant::now() };
        // Noted first: whoever has got the answer finds the note.
        lock(state).hits.push(hit);
        if writer.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

struct Request {
    method: String,
    path: String,
    query: String,
    body: Vec<u8>,
}

impl Request {
    /// None when the connection is at its end.
    fn read(reader: &mut impl BufRead) -> Option<Self> {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let mut words = line.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let mut length = 0;
        loop {
            line.clear();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        Some(Request { method, path: path.to_owned(), query: query.to_owned(), body })
    }

    fn number(&self, name: &str) -> Option<usize> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name)?.1.parse().ok()
    }
}

impl State {
    /// The whole answer in one piece.
    fn answer(&mut self, request: &Request) -> String {
        let below: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).collect();
        let body = match (request.method.as_str(), below.as_slice()) {
            ("GET", ["partner"]) => self.settings.clone(),
            ("PUT", ["partner"]) => {
                self.settings = String::from_utf8_lossy(&request.body).into_owned();
                String::new()
            }
            ("GET", ["partner", "channel"]) => {
                self.channels(request.number("page").unwrap_or(1), request.number("limit").unwrap_or(20))
            }
            ("GET", ["partner", "channel", _, "authorize"]) => {
                format!("{{\"url\":\"{}/dialog\"}}", self.origin)
            }
            ("GET", ["partner", "channel", _, "account"]) => {
                self.pages(request.number("nextOffset").unwrap_or(0))
            }
            ("POST", ["partner", "channel", "messenger"]) => {
                let body = String::from_utf8_lossy(&request.body);
                self.connected.extend((0..self.estate.pages).find(|place| body.contains(&page_id(*place))));
                String::new()
            }
            ("POST", ["partner", "channel", "messenger", _]) => String::new(),
            ("GET", ["api", "v1", "channels", "selected"]) => self.selected(),
            ("GET", ["qontak", "chat", "v1", "integrations"]) => self
                .integrations(request.number("offset").unwrap_or(1), request.number("limit").unwrap_or(20)),
            ("GET", ["api", "v1", "applications"]) => self.applications(request.number("page").unwrap_or(1)),
            _ => return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
        };
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:";
        format!("{head} {length}\r\n\r\n{body}")
    }

    fn pages(&self, from: usize) -> String {
        let to = (from + BATCH).min(self.estate.pages);
        let docs: Vec<String> = (from..to)
            .map(|place| {
                let (name, id, picture) = (name(place), page_id(place), picture(place));
                format!(r#"{{"name":"{name}","channelId":"{id}","picture":"{picture}"}}"#)
            })
            .collect();
        let next = if to < self.estate.pages { format!("\"{to}\"") } else { "null".to_owned() };
        let more = to < self.estate.pages;
        format!(r#"{{"docs":[{}],"hasNextPage":{more},"nextOffset":{next}}}"#, docs.join(","))
    }

    /// UnifiedBeez: everything in one answer.
    fn selected(&self) -> String {
        let accounts: Vec<String> = (0..self.estate.channels)
            .map(|place| {
                let (name, page, secret) = (name(place), page_id(place), "EAABsbCS1iHgBO".repeat(12));
                format!(
                    r#"{{"id":{place},"connectedChannelId":12,"pageId":"{page}","pageName":"{name}","accountType":"FACEBOOK_PAGE","instagramAccountId":null,"isActive":true,"verificationStatus":"VERIFIED","pageAccessToken":"{secret}","createdAt":"2026-06-01T01:00:00.000Z"}}"#
                )
            })
            .collect();
        format!(
            r#"{{"channels":[{{"id":12,"availableChannelId":1,"channelName":"Messenger","isActive":true,"isConnected":true,"credentials":null,"availableChannel":{{"id":1,"name":"facebook_messenger","channelType":"FACEBOOK_MESSENGER"}},"facebookAccounts":[{}]}}]}}"#,
            accounts.join(",")
        )
    }

    /// Qontak: by pages that are counted from 1.
    fn integrations(&self, page: usize, limit: usize) -> String {
        let total = self.estate.channels;
        let data: Vec<String> = (0..total)
            .skip((page - 1) * limit)
            .take(limit)
            .map(|place| {
                let name = name(place);
                format!(
                    r#"{{"id":"3b241101-e2bb-4255-8caf-{place:012x}","target_channel":"fb","webhook":"{place:032x}","settings":{{"account_name":"{name}","authorization":"{place:064x}"}},"organization_id":"3b241101-e2bb-4255-8caf-4136c566a962","created_at":"2025-05-01T02:03:04.000Z","is_active":true}}"#
                )
            })
            .collect();
        format!(
            r#"{{"status":"success","data":[{}],"meta":{{"pagination":{{"cursor":{{"next":null,"prev":null}},"offset":{page},"limit":{limit},"total":{total}}}}}}}"#,
            data.join(",")
        )
    }

    /// 10darts: by addresses of the next page.
    fn applications(&self, page: usize) -> String {
        let total = self.estate.channels;
        let results: Vec<String> = (0..total)
            .skip((page - 1) * CHANNELS_A_PAGE)
            .take(CHANNELS_A_PAGE)
            .map(|place| {
                let name = name(place);
                format!(
                    r#"{{"id":{place},"name":"{name}","platform":"MESSENGER","platform_principal":null,"platform_credential":"{place:064x}","platform_application_arn":null}}"#
                )
            })
            .collect();
        let next = match page * CHANNELS_A_PAGE < total {
            true => format!(r#""{}/api/v1/applications/?page={}""#, self.origin, page + 1),
            false => "null".to_owned(),
        };
        format!(r#"{{"count":{total},"next":{next},"previous":null,"results":[{}]}}"#, results.join(","))
    }

    fn channels(&self, page: usize, limit: usize) -> String {
        let first = (0..self.estate.channels).chain(self.connected.iter().copied());
        let docs: Vec<String> = first.skip((page - 1) * limit).take(limit).map(channel).collect();
        let total = self.estate.channels + self.connected.len();
        let pages = total.div_ceil(limit).max(1);
        let more = page < pages;
        format!(
            r#"{{"docs":[{}],"totalDocs":{total},"limit":{limit},"totalPages":{pages},"page":{page},"hasNextPage":{more}}}"#,
            docs.join(",")
        )
    }
}

/// The platform's id of the Page at a place.
pub fn page_id(place: usize) -> String {
    format!("1048729{place:08}")
}

/// The `_id` of its channel.
pub fn channel_db_id(place: usize) -> String {
    format!("65b37833afe781e8{place:08x}")
}

fn name(place: usize) -> String {
    format!("Toko Bunga Melati, cabang {place}")
}

/// As long as those of the platform are.
fn picture(place: usize) -> String {
    let signature = "AfBk3Yx0wJ9vQ2nT".repeat(5);
    format!("https://scontent.example/v/t39.30808-1/{place}_n.jpg?stp=cp0_dst-jpg_p50x50&oh=00_{signature}")
}

/// A channel with everything that the documentation lists.
fn channel(place: usize) -> String {
    let (id, name, page, picture) = (channel_db_id(place), name(place), page_id(place), picture(place));
    let connected = !place.is_multiple_of(10);
    let secret = "EAABsbCS1iHgBO".repeat(12);
    format!(
        r#"{{"_id":"{id}","name":"{name}","channelId":"{page}","channelType":"messenger","isConnected":{connected},"isTimeout":false,"picture":"{picture}","status":"premium","label":{{"name":"Cabang {place}","phone":"081234567890"}},"createdBy":{{"_id":"65b37833afe781e84afa001f","email":"owner@example.com"}},"additionalData":{{"assistantId":null,"shortId":"s{place}","hashId":"h{place}","virtualMachineId":null}},"token":{{"accessToken":"{secret}"}},"createdAt":"2026-06-01T01:00:00.000Z","updatedAt":"2026-11-20T08:00:00.000Z"}}"#
    )
}
