//! Too much, too slow, too many.

#[cfg(target_os = "linux")]
use std::collections::HashSet;
#[cfg(target_os = "linux")]
use std::net::{Ipv4Addr, TcpStream as StdStream};
use std::time::Instant;

use super::*;

const HEAD_LIMIT: usize = 16_384;
const HEAD_TIME: Duration = Duration::from_secs(5);

/// A request whose head has exactly that many bytes.
fn head_of(listener: &Listener, bytes: usize) -> String {
    let target = callback(listener, "token=x");
    let bare = get(listener, &target, &["X: "]).len();
    get(listener, &target, &[&format!("X: {}", "x".repeat(bytes - bare))])
}

#[tokio::test]
async fn a_head_may_have_16_kib() {
    for (bytes, expected) in [(HEAD_LIMIT, 200), (HEAD_LIMIT + 1, 431), (20_000, 431), (900_000, 431)] {
        let listener = listener().await;
        let head = head_of(&listener, bytes);
        assert_eq!(head.len(), bytes);
        let answer = send(&listener, head).await;
        assert_eq!(status(&answer), expected, "{bytes}");
        assert_eq!(header(&answer, "connection"), Some("close"));
    }
    let mut listener = listener().await;
    assert_eq!(status(&send(&listener, head_of(&listener, 100_000)).await), 431);
    assert_eq!(still_waiting(&mut listener).await, vec![]);
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn who_is_still_sending_gets_to_read_the_431() {
    let listener = listener().await;
    let mut stream = connect(&listener).await;
    stream.write_all(&head_of(&listener, 20_000).as_bytes()[..17_000]).await.unwrap();
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(30)).await;
        stream.write_all(&[b'x'; 1000]).await.expect("the connection is not reset yet");
    }
    assert_eq!(status(&read_all(&mut stream).await.unwrap()), 431);
}

#[tokio::test]
async fn an_endless_head_is_cut_off() {
    let listener = listener().await;
    let mut stream = connect(&listener).await;
    let start = Instant::now();
    let chunk = [b'x'; 16 * 1024];
    let mut sent = 0_u64;
    stream.write_all(b"GET / HTTP/1.1\r\nX: ").await.unwrap();
    while stream.write_all(&chunk).await.is_ok() {
        sent += chunk.len() as u64;
        assert!(sent < 64 << 20, "it takes and takes");
    }
    assert!(start.elapsed() < Duration::from_secs(2));
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn a_head_that_is_not_complete_after_5_s_is_closed() {
    let listener = listener().await;
    let start = Instant::now();
    let mut silent = connect(&listener).await;
    let mut slow = connect(&listener).await;
    slow.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let mut dripping = connect(&listener).await;
    let drip = async {
        while dripping.write_all(b"a").await.is_ok() && start.elapsed() < Duration::from_secs(9) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        start.elapsed()
    };
    let end = async |stream: &mut TcpStream| {
        assert_eq!(read_all(stream).await.unwrap(), "");
        start.elapsed()
    };
    let (silent, slow, dripping) = tokio::join!(end(&mut silent), end(&mut slow), drip);
    for (who, after) in [("silent", silent), ("slow", slow), ("dripping", dripping)] {
        assert!(after >= HEAD_TIME - Duration::from_millis(50), "{who}: {after:?}");
        assert!(after < HEAD_TIME + Duration::from_secs(1), "{who}: {after:?}");
    }
    takes_the_right_one(listener).await;
}

/// On Linux alone: elsewhere a process may not have that many descriptors, or the queue that many places.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_right_callback_gets_through_500_idle_connections_within_2_s() {
    let listener = listener().await;
    let mut crowd = Vec::new();
    for number in 0..500 {
        let mut stream = connect(&listener).await;
        if number % 2 == 0 {
            stream.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
        }
        crowd.push(stream);
    }
    let start = Instant::now();
    takes_the_right_one(listener).await;
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

/// On Linux alone: elsewhere a process may not have that many descriptors, or the queue that many places.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_callback_that_came_before_the_crowd_is_answered() {
    let mut listener = listener().await;
    let mut right = connect(&listener).await;
    right.write_all(get(&listener, &callback(&listener, "token=early"), &[]).as_bytes()).await.unwrap();
    let crowd: Vec<_> = {
        let port = listener.port();
        let connect = move || StdStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        tokio::task::spawn_blocking(move || (0..200).map(|_| connect()).collect()).await.unwrap()
    };
    assert_eq!(status(&read_all(&mut right).await.unwrap()), 200);
    assert_eq!(ended(&mut listener).await.0, token("early"));
    drop(crowd);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn there_are_never_more_than_32_connections() {
    let listener = listener().await;
    let mut crowd = Vec::new();
    for _ in 0..200 {
        crowd.push(connect(&listener).await);
    }
    let port = listener.port();
    let mut most = 0;
    for _ in 0..20 {
        let held = server_sockets(port);
        assert!(held <= 32, "{held} connections");
        // On a busy machine those that were seen may have run out of their time when the last are looked at.
        most = most.max(held);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(most >= 16, "the count must see them at all: {most}");
    takes_the_right_one(listener).await;
}

/// Accepted sockets of the port: those with an inode. The ones still in the system's queue have none.
/// By peer, because the table is read in pieces and can show a line twice.
#[cfg(target_os = "linux")]
fn server_sockets(port: u16) -> usize {
    const ESTABLISHED: &str = "01";
    let table = std::fs::read_to_string("/proc/self/net/tcp").unwrap();
    let local = format!("0100007F:{port:04X}");
    let peer_of_accepted = |line| {
        let fields: Vec<&str> = str::split_whitespace(line).collect();
        let is_accepted = fields[1] == local && fields[3] == ESTABLISHED && fields[9] != "0";
        is_accepted.then(|| fields[2].to_owned())
    };
    table.lines().skip(1).filter_map(peer_of_accepted).collect::<HashSet<_>>().len()
}

/// Runs this test binary again with few descriptors: the limit is the process's.
#[cfg(target_os = "linux")]
#[test]
fn running_out_of_descriptors_is_survived() {
    let status = std::process::Command::new("sh")
        .args(["-c", r#"ulimit -n 24 && exec "$0" --exact --ignored "$1""#])
        .arg(std::env::current_exe().unwrap())
        .arg(module_path!().split_once("::").unwrap().1.to_owned() + "::in_a_process_with_few_descriptors")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&status.stdout);
    assert!(status.status.success() && output.contains("1 passed"), "{output}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
#[ignore = "started by running_out_of_descriptors_is_survived"]
async fn in_a_process_with_few_descriptors() {
    let mut listener = listener().await;
    let mut stat = std::fs::File::open("/proc/self/stat").unwrap();
    let mut crowd = Vec::new();
    // Every descriptor is one of ours, and there is none left to accept with.
    while let Ok(stream) = StdStream::connect((Ipv4Addr::LOCALHOST, listener.port())) {
        crowd.push(stream);
    }
    assert!(crowd.len() > 5);
    let (start, before) = (Instant::now(), cpu_time(&mut stat));
    assert_eq!(still_waiting(&mut listener).await, vec![]);
    tokio::time::sleep(Duration::from_millis(400)).await;
    let spent = cpu_time(&mut stat) - before;
    assert!(spent < start.elapsed() / 4, "it spins: {spent:?}");

    crowd.truncate(2);
    takes_the_right_one(listener).await;
}

/// Processor time of this process: user and system, in the kernel's ticks of 10 ms.
#[cfg(target_os = "linux")]
fn cpu_time(stat: &mut std::fs::File) -> Duration {
    use std::io::{Read, Seek};
    let mut text = String::new();
    stat.rewind().unwrap();
    stat.read_to_string(&mut text).unwrap();
    let (_, fields) = text.rsplit_once(") ").unwrap();
    let ticks: u64 = fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}
