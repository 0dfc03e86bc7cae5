//! What all tests share: a home of their own, the sandbox as a process, an API of the test's own making, and a person
//! who uses a browser by hand.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Waits for a condition; fails when it isn't met within 20 s.
#[track_caller]
pub fn until(what: &str, mut is_met: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_met() {
        assert!(begun.elapsed() < Duration::from_secs(20), "not within 20 s: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_socialchat-cli");

/// A user's machine with nothing on it: no test sees the real user's files, or another test's.
pub struct Home {
    pub dir: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Home { dir: tempfile::tempdir().unwrap() }
    }

    /// The folder that `--config-dir` is set to.
    pub fn config(&self) -> std::path::PathBuf {
        self.dir.path().join("config")
    }

    /// The program with these arguments, in a clean environment: no terminal, no browser, no keychain.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.dir.path())
            .env("TMPDIR", self.dir.path())
            .env("SOCIALCHAT_CONFIG_DIR", self.config())
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env("LANG", "C.UTF-8")
            .current_dir(self.dir.path())
            .stdin(Stdio::null());
        if let Some(root) = std::env::var_os("SystemRoot") {
            command.env("SystemRoot", root);
        }
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments))
    }

    /// Runs it with something on stdin.
    pub fn run_with(&self, arguments: &[&str], stdin: &str) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        Run::from(child.wait_with_output().unwrap())
    }

    /// The program, talking to that API with the sandbox's key.
    pub fn against(&self, api_url: &str, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.env("SOCIALCHAT_API_URL", api_url).env("SOCIALCHAT_API_KEY", "sandbox-api-key");
        command
    }

    /// Everything that was written below the home, by path.
    pub fn files(&self) -> HashMap<std::path::PathBuf, Vec<u8>> {
        let mut found = HashMap::new();
        collect(self.dir.path(), &mut found);
        found
    }
}

fn collect(folder: &Path, found: &mut HashMap<std::path::PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.is_file()
            && let Ok(bytes) = std::fs::read(&path)
        {
            found.insert(path, bytes);
        }
    }
}

/// What a run came to.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Run {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Run {
    pub fn of(mut command: Command) -> Self {
        Run::from(command.output().unwrap())
    }

    /// Asserts the exit code; says everything when it's another.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// Stdout as one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    /// The error document: the last line of stderr.
    #[track_caller]
    pub fn error(&self) -> Value {
        let last = self.stderr.lines().last().unwrap_or_default();
        let document: Value =
            serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {}", self.stderr));
        document["error"].clone()
    }
}

/// `sandbox serve` as a process of its own.
pub struct Served {
    pub api_url: String,
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Served {
    /// Serves with these options, with the home's state.
    pub fn start(home: &Home, options: &[&str]) -> Self {
        let mut command = home.command(&["sandbox", "serve"]);
        command.args(options);
        Served::by(command)
    }

    /// Serves by a command of the test's own.
    pub fn by(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let api_url = line.trim().strip_prefix("export SOCIALCHAT_API_URL=").unwrap_or_else(|| {
            let mut stderr = String::new();
            let _ = child.stderr.take().unwrap().read_to_string(&mut stderr);
            panic!("{line}{stderr}")
        });
        let log = Arc::new(Mutex::new(Vec::new()));
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let sink = log.clone();
        thread::spawn(move || {
            stderr.lines().map_while(Result::ok).for_each(|line| sink.lock().unwrap().push(line))
        });
        thread::spawn(move || stdout.lines().map_while(Result::ok).for_each(drop));
        Served { api_url: api_url.to_owned(), child, log }
    }

    /// Where it is served: `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        self.api_url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The request lines it has logged: `METHOD /path STATUS ...` among others. A line is written after its answer, so
    /// a request is made here as the last, and waited for.
    pub fn log(&self) -> Vec<String> {
        static MARKS: AtomicUsize = AtomicUsize::new(0);
        let mark = format!("/mark-{}", MARKS.fetch_add(1, Ordering::Relaxed));
        http("GET", &format!("{}{mark}", self.origin()), "", "");
        let is_mark = |line: &String| line.contains(&format!(" {mark} "));
        until("the log is complete", || self.log.lock().unwrap().iter().any(is_mark));
        self.log.lock().unwrap().iter().filter(|line| !line.contains(" /mark-")).cloned().collect()
    }

    /// Asks its API directly, with the sandbox's key.
    pub fn api(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let url = format!("{}{path}", self.origin());
        let headers = "Authorization: Bearer sandbox-api-key\r\nContent-Type: application/json\r\n";
        let answer = http(method, &url, headers, body);
        (answer.status, answer.body)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer to a request made by hand.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// One HTTP/1.1 request over a socket, written by hand so that nothing of the program's own is used.
pub fn http(method: &str, url: &str, headers: &str, body: &str) -> Answer {
    let rest = url.strip_prefix("http://").unwrap_or_else(|| panic!("not http: {url}"));
    let (host, path) =
        rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, path.to_owned()));
    let mut stream = TcpStream::connect(host).unwrap_or_else(|error| panic!("{host}: {error}"));
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
    .unwrap();
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// What a person does at the consent page of the sandbox: allows (`scope=all&decision=allow`) or refuses
/// (`decision=deny`). Gives the address that the browser is sent to.
pub fn consent(authorize_url: &str, form: &str) -> String {
    let answer = http("POST", authorize_url, "Content-Type: application/x-www-form-urlencoded\r\n", form);
    answer.header("location").unwrap_or_else(|| panic!("{}\n{}", answer.head, answer.body)).to_owned()
}

/// The program waiting for a sign-in, with what it has printed so far.
pub struct Waiting {
    pub child: Child,
    pub authorize_url: String,
    stderr: Arc<Mutex<String>>,
    reader: thread::JoinHandle<()>,
}

impl Waiting {
    /// Starts it and waits until it has printed the authorize URL.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = Arc::new(Mutex::new(String::new()));
        let sink = stderr.clone();
        let mut pipe = child.stderr.take().unwrap();
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                sink.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
        });
        let begun = Instant::now();
        let authorize_url = loop {
            let text = stderr.lock().unwrap().clone();
            if text.contains("Tick all")
                && let Some(url) = text.lines().map(str::trim).find(|line| line.starts_with("http"))
            {
                break url.to_owned();
            }
            if let Ok(Some(status)) = child.try_wait() {
                panic!("it ended with {status} before it waited:\n{text}");
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "no authorize URL:\n{text}");
            thread::sleep(Duration::from_millis(10));
        };
        Waiting { child, authorize_url, stderr, reader }
    }

    /// What stands on stderr so far.
    pub fn stderr(&self) -> String {
        self.stderr.lock().unwrap().clone()
    }

    /// Waits for the end.
    pub fn end(self) -> Run {
        let output = self.child.wait_with_output().unwrap();
        self.reader.join().unwrap();
        let stderr = self.stderr.lock().unwrap().clone();
        Run {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr,
        }
    }
}

/// A request that an API of the test's own making was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    /// With its query.
    pub target: String,
    pub authorization: String,
    /// All header lines as they came.
    pub headers: String,
    pub body: String,
}

impl Asked {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// What such an API does.
pub enum Reply {
    /// Answers with a status and a body.
    Json(u16, String),
    /// Answers with a status, further header lines (each ended by CRLF) and a body.
    With(u16, String, String),
    /// Writes these bytes and closes.
    Raw(Vec<u8>),
    /// Closes without an answer.
    Close,
    /// Answers nothing, for as long as the client waits.
    Hang,
}

/// An HTTP server written for the test: it shares nothing with the sandbox, nor its misreadings.
pub struct FakeApi {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<AtomicUsize>,
}

impl FakeApi {
    pub fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/partner", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (log, answer, count) = (asked.clone(), Arc::new(answer), connections.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::Relaxed);
                let (log, answer) = (log.clone(), answer.clone());
                thread::spawn(move || serve(stream, &log, &*answer));
            }
        });
        FakeApi { url, asked, connections }
    }

    /// How many connections were made to it.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Everything it was asked so far, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, log: &Mutex<Vec<Asked>>, answer: &(impl Fn(&Asked) -> Reply + ?Sized)) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    while let Some(asked) = read_request(&mut reader) {
        log.lock().unwrap().push(asked.clone());
        let (status, headers, body) = match answer(&asked) {
            Reply::Json(status, body) => (status, String::new(), body),
            Reply::With(status, headers, body) => (status, headers, body),
            Reply::Raw(bytes) => {
                let _ = stream.write_all(&bytes);
                return;
            }
            Reply::Close => return,
            Reply::Hang => {
                let _ = reader.read(&mut [0]);
                return;
            }
        };
        let length = body.len();
        let written = write!(
            stream,
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        if written.is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Asked> {
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut length, mut authorization, mut headers) = (0, String::new(), String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push_str(&line);
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "authorization" => authorization = value.trim().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, target, authorization, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

/// A port of this machine that refuses connections, and is nobody else's as long as the socket lives: it is bound, and
/// nobody listens.
pub fn refusing_port() -> (socket2::Socket, u16) {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    let port = socket.local_addr().unwrap().as_socket().unwrap().port();
    (socket, port)
}
