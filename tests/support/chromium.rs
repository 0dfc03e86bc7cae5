//! A real Chromium without a window, spoken to over the DevTools protocol: JSON through two pipes, each message ended
//! by a NUL byte. So no WebSocket is needed.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A browser that starts on a busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(40);

/// What the tests need: no services of the vendor's, and no sandbox, which root has not.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--remote-debugging-pipe",
];

/// One browser with a fresh profile and one tab.
pub struct Chromium {
    child: Child,
    requests: ChildStdin,
    messages: Receiver<Value>,
    /// What it has told of so far, oldest first.
    events: Vec<Value>,
    session: Option<String>,
    last_id: u64,
    _profile: TempDir,
}

impl Chromium {
    /// Starts one. None where there is no Chromium, which is said, and which CI doesn't accept.
    pub fn start() -> Option<Self> {
        let Some(program) = installed() else {
            assert!(
                std::env::var_os("CI").is_none(),
                "this test needs Chromium: install it, or name it in the variable CHROME"
            );
            // Past what the test runner keeps to itself.
            let said =
                "\nSKIPPED: there is no Chromium here. Install it, or name it in the variable CHROME.\n";
            let _ = std::io::stderr().write_all(said.as_bytes());
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        // Chromium reads from descriptor 3 and writes to 4, which only a shell can set without unsafe code.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null", "sh"])
            .arg(program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .env("HOME", profile.path())
            .env_remove("BROWSER")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let requests = child.stdin.take().unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let (send, messages) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            while answers.read_until(0, &mut bytes).is_ok_and(|count| count > 1) {
                bytes.pop();
                let Ok(message) = serde_json::from_slice(&bytes) else { return };
                if send.send(message).is_err() {
                    return;
                }
                bytes.clear();
            }
        });
        let mut chromium = Chromium {
            child,
            requests,
            messages,
            events: Vec::new(),
            session: None,
            last_id: 0,
            _profile: profile,
        };
        let target = chromium.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = chromium.call("Target.attachToTarget", attach);
        chromium.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Network", "Runtime"] {
            chromium.call(&format!("{domain}.enable"), json!({}));
        }
        Some(chromium)
    }

    /// Calls a method of the protocol, and gives its result.
    #[track_caller]
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.answer(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Likewise, or the error that it came to.
    #[track_caller]
    fn answer(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.last_id += 1;
        let id = self.last_id;
        let mut request = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = &self.session {
            request["sessionId"] = json!(session);
        }
        let mut bytes = serde_json::to_vec(&request).unwrap();
        bytes.push(0);
        self.requests.write_all(&bytes).unwrap();
        self.requests.flush().unwrap();
        loop {
            let message =
                self.messages.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{method}: {error}"));
            if message["id"] == json!(id) {
                return match &message["error"] {
                    Value::Null => Ok(message["result"].clone()),
                    error => Err(error.clone()),
                };
            }
            self.events.push(message);
        }
    }

    /// Goes there, as if the address had been typed. What becomes of it is to be waited for.
    pub fn go(&mut self, url: &str) -> Value {
        self.call("Page.navigate", json!({ "url": url }))
    }

    /// The value of an expression; of a promise, what it comes to.
    #[track_caller]
    pub fn value(&mut self, expression: &str) -> Value {
        let params = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let result = self.call("Runtime.evaluate", params);
        assert!(result["exceptionDetails"].is_null(), "{expression}: {result}");
        result["result"]["value"].clone()
    }

    #[track_caller]
    pub fn text(&mut self, expression: &str) -> String {
        let value = self.value(expression);
        value.as_str().unwrap_or_else(|| panic!("{expression}: {value}")).to_owned()
    }

    /// Waits until the page that is shown has this title, and is complete.
    #[track_caller]
    pub fn wait_for_title(&mut self, title: &str) {
        self.wait_for("document.title", title);
    }

    /// Waits until the page that is shown is complete, and this of it is that.
    #[track_caller]
    pub fn wait_for(&mut self, of_page: &str, text: &str) {
        let expression = format!("document.readyState == 'complete' ? {of_page} : ''");
        let begun = Instant::now();
        loop {
            // Between two pages there is none to ask.
            let params = json!({ "expression": expression, "returnByValue": true });
            let answer = self.answer("Runtime.evaluate", params).unwrap_or_default();
            let shown = answer["result"]["value"].clone();
            if shown == json!(text) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{text:?} never came; the page is {shown}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The events of that name so far, as their parameters.
    pub fn events(&mut self, method: &str) -> Vec<Value> {
        self.events.extend(self.messages.try_iter());
        self.events
            .iter()
            .filter(|event| event["method"] == json!(method))
            .map(|event| event["params"].clone())
            .collect()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Its processes end when their first one does, or when the pipe closes.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn installed() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROME") {
        return Some(named.into());
    }
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}
