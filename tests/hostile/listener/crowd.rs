//! Too much, too slow, too many.

use std::thread;

use super::*;

const HEAD_LIMIT: usize = 16_384;
const HEAD_TIME: Duration = Duration::from_secs(5);

impl SignIn {
    /// A right request whose head has exactly that many bytes.
    fn head_of(&self, bytes: usize) -> String {
        let target = self.callback("token=x");
        let bare = self.request(&target, &["X: "]).len();
        self.request(&target, &[&format!("X: {}", "x".repeat(bytes - bare))])
    }
}

#[test]
fn a_head_may_have_16_kib() {
    let at = sign_in();
    for bytes in [HEAD_LIMIT + 1, 20_000, 100_000, 900_000] {
        let head = at.head_of(bytes);
        assert_eq!(head.len(), bytes);
        let answer = at.send(head);
        assert_eq!(status(&answer), 431, "{bytes}");
        assert_eq!(header(&answer, "connection"), Some("close"));
    }
    let answer = at.send(at.head_of(HEAD_LIMIT));
    assert_eq!(status(&answer), 200);
    assert_eq!(at.waiting.end().exits(0).stdout, "x\n");
}

#[test]
fn who_is_still_sending_gets_to_read_the_431() {
    let at = sign_in();
    let mut stream = at.connect();
    stream.write_all(&at.head_of(20_000).as_bytes()[..17_000]).unwrap();
    for _ in 0..4 {
        thread::sleep(Duration::from_millis(30));
        stream.write_all(&[b'x'; 1000]).expect("the connection is not reset yet");
    }
    assert_eq!(status(&read_all(&mut stream).unwrap()), 431);
    at.ends_well_in_silence();
}

#[test]
fn an_endless_head_gets_431_or_is_closed_and_waiting_goes_on() {
    let at = sign_in();
    let mut stream = at.connect();
    let begun = Instant::now();
    let mut sent = 0;
    stream.write_all(b"GET / HTTP/1.1\r\nX: ").unwrap();
    while stream.write_all(&[b'x'; 16 << 10]).is_ok() {
        sent += 16 << 10;
        assert!(sent < 64 << 20, "it takes and takes");
    }
    assert!(begun.elapsed() < Duration::from_secs(2));
    at.ends_well_in_silence();
}

#[test]
fn a_head_that_is_not_complete_after_5_s_is_closed() {
    let at = sign_in();
    let begun = Instant::now();
    let [mut silent, mut slow, mut dripping] = [at.connect(), at.connect(), at.connect()];
    slow.write_all(b"GET / HTTP/1.1\r\n").unwrap();
    let drip = thread::spawn(move || {
        while dripping.write_all(b"a").is_ok() && begun.elapsed() < Duration::from_secs(9) {
            thread::sleep(Duration::from_millis(100));
        }
        begun.elapsed()
    });
    for stream in [&mut silent, &mut slow] {
        assert_eq!(read_all(stream).unwrap(), "");
        assert!(begun.elapsed() >= HEAD_TIME - Duration::from_millis(50), "{:?}", begun.elapsed());
    }
    let dripping = drip.join().unwrap();
    assert!(dripping >= HEAD_TIME - Duration::from_millis(50), "{dripping:?}");
    for after in [dripping, begun.elapsed()] {
        assert!(after < HEAD_TIME + Duration::from_secs(1), "{after:?}");
    }
    at.ends_well_in_silence();
}

/// On Linux alone: elsewhere a process may not have that many descriptors, or the queue that many places.
#[cfg(target_os = "linux")]
#[test]
fn five_hundred_idle_connections_do_not_keep_the_right_callback_out() {
    let at = sign_in();
    let mut crowd = Vec::new();
    for number in 0..500 {
        let mut stream = at.connect();
        if number % 2 == 0 {
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: ");
        }
        crowd.push(stream);
    }
    at.ends_well_in_silence();
}

#[cfg(target_os = "linux")]
#[test]
fn a_callback_that_came_before_the_crowd_is_answered() {
    let at = sign_in();
    let mut right = at.connect();
    right.write_all(at.request(&at.callback("token=early"), &[]).as_bytes()).unwrap();
    let crowd: Vec<_> = (0..200).map_while(|_| TcpStream::connect(&at.host).ok()).collect();
    assert_eq!(status(&read_all(&mut right).unwrap()), 200);
    assert_eq!(at.waiting.end().exits(0).stdout, "early\n");
    drop(crowd);
}

#[cfg(target_os = "linux")]
#[test]
fn there_are_never_more_than_32_connections() {
    let at = sign_in();
    let pid = at.waiting.child.id();
    let before = descriptors(pid);
    let crowd: Vec<TcpStream> = (0..200).map(|_| at.connect()).collect();
    let mut most = 0;
    for _ in 0..20 {
        let held = descriptors(pid).saturating_sub(before);
        assert!(held <= 32, "{held} connections");
        // On a busy machine those that were seen may have run out of their time when the last are looked at.
        most = most.max(held);
        thread::sleep(Duration::from_millis(10));
    }
    assert!(most >= 16, "the count must see them at all: {most}");
    at.ends_well_in_silence();
    drop(crowd);
}

/// How many a process has open. Each number counts once, and the lowest that is free is always the next to be taken: more
/// than there are at one moment are never counted.
#[cfg(target_os = "linux")]
fn descriptors(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count()
}

/// With fewer descriptors than the 32 connections that it would take.
#[cfg(target_os = "linux")]
#[test]
fn running_out_of_descriptors_is_survived() {
    let at = sign_in();
    until("it waits", || at.waiting.stderr().contains("://"));
    let pid = at.waiting.child.id();
    let held = descriptors(pid);
    // Room for four more. What it inherited from whoever runs the test may stand above.
    let is_free = |number: &u32| !std::fs::exists(format!("/proc/{pid}/fd/{number}")).unwrap();
    let limit = (0..).filter(is_free).nth(4).unwrap();
    let nofile = format!("--nofile={limit}");
    assert!(
        std::process::Command::new("prlimit")
            .args(["--pid", &pid.to_string(), &nofile])
            .status()
            .unwrap()
            .success()
    );
    let crowd: Vec<TcpStream> = (0..40).map(|_| at.connect()).collect();
    // After each that it gets it asks for the next, which fails, and costs the oldest its place.
    until("it has none left", || descriptors(pid) >= held + 3);
    let (begun, before) = (Instant::now(), cpu_time(pid));
    thread::sleep(Duration::from_millis(400));
    let spent = cpu_time(pid) - before;
    assert!(spent < begun.elapsed() / 4, "it spins: {spent:?}");
    drop(crowd);
    at.ends_well_in_silence();
}

/// Processor time of a process: user and system, in the kernel's ticks of 10 ms.
#[cfg(target_os = "linux")]
fn cpu_time(pid: u32) -> Duration {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = text.rsplit_once(") ").unwrap();
    let ticks: u64 = fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}
