//! Faults on order: what --fault and --fault-file of the sandbox do to a client, seen from its side of the socket.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::{Answer, Home, Run, Served, http};

const KEY: &str = "Authorization: Bearer sandbox-api-key\r\nContent-Type: application/json\r\n";
const LINKCHAT: &str = r#"{"name":"Toko","isActivePreChat":false}"#;

fn ask(served: &Served, method: &str, path: &str, body: &str) -> Answer {
    http(method, &format!("{}{path}", served.api_url.trim_end_matches("/partner")), KEY, body)
}

fn post(served: &Served) -> Answer {
    ask(served, "POST", "/partner/channel/linkchat", LINKCHAT)
}

/// How many channels there are beside the three it begins with.
fn made(served: &Served) -> usize {
    let listed = ask(served, "GET", "/partner/channel?page=1&limit=100", "");
    let listed: serde_json::Value = serde_json::from_str(&listed.body).unwrap();
    usize::try_from(listed["totalDocs"].as_u64().unwrap()).unwrap() - 3
}

fn served(faults: &[&str]) -> (Home, Served) {
    let home = Home::new();
    let options: Vec<&str> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
    let served = Served::start(&home, &options);
    (home, served)
}

#[test]
fn a_status_so_many_times_and_then_no_more() {
    let (_home, served) = served(&["POST /partner/channel/linkchat=402*2"]);
    let statuses: Vec<u16> = (0..4).map(|_| post(&served).status).collect();
    assert_eq!(statuses, [402, 402, 201, 201]);
    assert_eq!(made(&served), 2, "a status is answered and not done");
    assert!(served.log().iter().any(|line| line.contains("402") && line.contains("(fault POST")));
}

#[test]
fn every_nth_and_the_first_that_is_due_counts() {
    let (_home, served) = served(&[
        "POST /partner/channel/*=500*1",
        "POST /partner/channel/linkchat=429@every 3;retry-after=7",
    ]);
    let answers: Vec<Answer> = (0..7).map(|_| post(&served)).collect();
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [500, 201, 201, 429, 201, 201, 429]);
    assert_eq!(answers[3].header("retry-after"), Some("7"));
}

#[test]
fn a_message_of_ones_own() {
    let (_home, served) = served(&["GET /partner=403;message=channel not found"]);
    let answer = ask(&served, "GET", "/partner", "");
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains(r#""originalMessage":"channel not found""#), "{}", answer.body);
}

#[test]
fn lost_and_reset_are_done_and_not_answered() {
    let (_home, served) =
        served(&["POST /partner/channel/linkchat=lost*1", "POST /partner/channel/linkchat=reset*1"]);
    assert_eq!(post(&served).head, "", "lost: nothing comes");
    let broken = post(&served);
    assert!(broken.body.is_empty() || !broken.body.ends_with('}'), "reset: cut short: {}", broken.body);
    assert_eq!(made(&served), 2);
}

#[test]
fn hang_is_not_done_and_never_answered() {
    let (_home, served) = served(&["POST /partner/channel/linkchat=hang*1"]);
    let host = served.api_url.trim_start_matches("http://").trim_end_matches("/partner");
    let mut stream = TcpStream::connect(host).unwrap();
    let length = LINKCHAT.len();
    write!(stream, "POST /partner/channel/linkchat HTTP/1.1\r\nHost: {host}\r\n{KEY}Content-Length: {length}\r\n\r\n{LINKCHAT}")
        .unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(700))).unwrap();
    let silent = stream.read(&mut [0; 16]).unwrap_err();
    assert!(
        matches!(silent.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut),
        "{silent}"
    );
    assert_eq!(made(&served), 0);
    assert_eq!(post(&served).status, 201, "the next is served all the same");
}

#[test]
fn slow_is_done_that_much_later() {
    let (_home, served) = served(&["POST /partner/channel/linkchat=slow:600*1"]);
    let begun = Instant::now();
    assert_eq!(post(&served).status, 201);
    assert!(begun.elapsed() >= Duration::from_millis(600), "{:?}", begun.elapsed());
    let begun = Instant::now();
    assert_eq!(post(&served).status, 201);
    assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
}

#[test]
fn a_file_orders_the_same_after_those_of_the_command_line() {
    let home = Home::new();
    let file = "# what a bad day looks like\n\nPOST /partner/channel/linkchat=402*1\n  * /partner=503 ; retry-after=1\n";
    std::fs::write(home.dir.path().join("bad-day.txt"), file).unwrap();
    let options = ["--fault-file", "bad-day.txt", "--fault", "POST /partner/channel/linkchat=500*1"];
    let served = Served::start(&home, &options);
    let statuses: Vec<u16> = (0..3).map(|_| post(&served).status).collect();
    assert_eq!(statuses, [500, 402, 201]);
    assert_eq!(ask(&served, "GET", "/partner", "").header("retry-after"), Some("1"));
}

#[test]
fn what_is_wrong_is_named_with_its_option_and_line() {
    let home = Home::new();
    let refused = |options: &[&str]| -> Run {
        let mut command = home.command(&["sandbox", "serve"]);
        command.args(options);
        Run::of(command).exits(2)
    };
    for (fault, says) in [
        ("POST /a=999", "200 to 599"),
        ("POST /a", "looks like"),
        ("/a=402", "looks like"),
        ("POST /a=402*0", "above 0"),
        ("POST /a=slow:soon", "milliseconds"),
        ("POST /a=lost;retry-after=1", "only a status"),
    ] {
        let run = refused(&["--fault", fault]);
        assert!(run.stderr.contains(says) && run.stderr.contains("--fault"), "{fault}: {}", run.stderr);
    }
    std::fs::write(home.dir.path().join("faults.txt"), "GET /a=500\nGET /a=no\n").unwrap();
    let run = refused(&["--fault-file", "faults.txt"]);
    assert!(run.stderr.contains("faults.txt") && run.stderr.contains("line 2"), "{}", run.stderr);
    let mut command = home.command(&["sandbox", "serve", "--fault-file", "missing.txt"]);
    let run = Run::from(command.output().unwrap());
    assert!(run.code.is_some_and(|code| code != 0) && run.stderr.contains("missing.txt"), "{}", run.stderr);
}
