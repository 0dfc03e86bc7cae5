//! Answers without end, without shape and without mercy: a clear error that names the call, in bounded time and
//! memory, and the callback back in its place.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use crate::partner::{Partner, TOKEN, World, channel, page};
use crate::support::{Asked, FakeApi, Home, Reply, Run, until};

const SIGN_IN: [&str; 4] = ["pages", "messenger", "--yes", "--no-browser"];

/// A partner whose person signs in at once, and whose answers to some calls are what `odd` gives.
fn odd_partner(odd: impl Fn(&Asked, usize) -> Option<Reply> + Send + Sync + 'static) -> Partner {
    Partner::meddled(World::new(), move |asked, number, world| {
        if asked.target.ends_with("/authorize") {
            let callback =
                world.lock().unwrap().settings["callbackMessengerUrl"].as_str().unwrap().to_owned();
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(30));
                crate::support::http("GET", &format!("{callback}?token={TOKEN}"), "", "")
            });
        }
        odd(asked, number)
    })
}

fn offset_of(asked: &Asked) -> Option<u64> {
    asked.target.split("nextOffset=").nth(1)?.parse().ok()
}

#[test]
fn a_next_offset_that_repeats_alternates_or_never_ends_is_an_error_and_the_callback_is_back() {
    type Next = fn(Option<u64>) -> Value;
    let nexts: [(&str, Next); 6] = [
        ("repeats", |_| json!("7")),
        ("alternates", |at| json!(if at == Some(1) { "2" } else { "1" })),
        ("never ends", |at| json!((at.unwrap_or(0) + 1).to_string())),
        ("is a number that never ends", |at| json!(at.unwrap_or(0) + 1)),
        ("is missing", |_| Value::Null),
        ("is empty", |_| json!("")),
    ];
    for (what, next) in nexts {
        let partner = odd_partner(move |asked, _| {
            asked.target.contains("/account?").then(|| {
                let docs = [page("p1", "always the same")];
                Reply::Json(
                    200,
                    json!({ "docs": docs, "hasNextPage": true, "nextOffset": next(offset_of(asked)) })
                        .to_string(),
                )
            })
        });
        let (home, begun) = (Home::new(), Instant::now());
        let run = Run::of(home.against(partner.url(), &SIGN_IN)).exits(1);
        assert!(run.stderr.contains("can't list all messenger Pages"), "{what}: {}", run.stderr);
        assert!(begun.elapsed() < Duration::from_secs(5), "{what}: {:?}", begun.elapsed());
        assert_eq!(partner.settings(), World::new().settings, "{what}");
    }
}

#[test]
fn a_listing_that_goes_on_with_ever_new_pages_is_ended_before_it_fills_the_memory() {
    let partner = odd_partner(|asked, _| {
        asked.target.contains("/account?").then(|| {
            let at = offset_of(asked).unwrap_or(0);
            let docs: Vec<Value> =
                (0..8).map(|n| page(&format!("p{at}-{n}"), &"x".repeat(1 << 20))).collect();
            Reply::Json(
                200,
                json!({ "docs": docs, "hasNextPage": true, "nextOffset": (at + 1).to_string() }).to_string(),
            )
        })
    });
    let home = Home::new();
    let run = Run::of(home.against(partner.url(), &SIGN_IN)).exits(1);
    assert!(run.stderr.contains("larger than 64 MiB"), "{}", run.stderr);
    assert!(partner.count("GET /partner/channel/messenger/account") < 12);
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn a_list_of_channels_that_repeats_itself_is_an_error() {
    for pages in [1, 2] {
        let partner = odd_partner(move |asked, _| {
            let number: usize = asked.target.split("page=").nth(1)?.split('&').next()?.parse().ok()?;
            let docs = [channel(&format!("{:024x}", number % pages), "messenger", "p1", "again")];
            Some(Reply::Json(
                200,
                json!({ "docs": docs, "totalPages": u64::MAX, "hasNextPage": true }).to_string(),
            ))
        });
        let home = Home::new();
        let run = Run::of(home.against(partner.url(), &["channels", "list", "--json"])).exits(1);
        assert!(run.stderr.contains("can't list all channels"), "{}", run.stderr);
    }
}

#[test]
fn a_list_of_channels_goes_on_while_a_page_says_so_whatever_it_says_of_their_number() {
    for total in [json!(0), json!(1), json!("2"), json!(2), Value::Null] {
        let mut world = World::new();
        world.channels =
            (0..350).map(|n| channel(&format!("{n:024x}"), "messenger", &format!("p{n}"), "Toko")).collect();
        world.channels[349]["isConnected"] = json!(false);
        let partner = Partner::meddled(world, move |asked, _, world| {
            let Reply::Json(200, body) = world.lock().unwrap().answer(asked) else { return None };
            let mut document: Value = serde_json::from_str(&body).unwrap();
            document["totalPages"] = total.clone();
            Some(Reply::Json(200, document.to_string()))
        });
        let home = Home::new();
        let listed = Run::of(home.against(partner.url(), &["--json", "channels", "list"])).exits(0).json();
        assert_eq!(listed["total"], 350);
        Run::of(home.against(partner.url(), &["channels", "watch", "--once"])).exits(5);
        assert_eq!(partner.count("GET /partner/channel"), 8, "no page is asked for twice");
    }
}

/// The most memory that the program had while it ran, in KiB.
pub fn peak_memory(mut command: std::process::Command) -> (Run, u64) {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let watching = thread::spawn(move || {
        let mut peak = 0;
        while let Ok(text) = std::fs::read_to_string(&status) {
            let Some(line) = text.lines().find_map(|line| line.strip_prefix("VmHWM:")) else { break };
            peak = line.trim().trim_end_matches(" kB").parse().unwrap_or(0).max(peak);
            thread::sleep(Duration::from_millis(1));
        }
        peak
    });
    let run = Run::from(child.wait_with_output().unwrap());
    (run, watching.join().unwrap())
}

#[test]
fn bodies_of_100_mb_are_refused_in_bounded_memory_and_the_callback_is_back() {
    const LENGTH: usize = 100 << 20;
    for (status, announced) in [(200, true), (200, false), (500, true), (500, false)] {
        let partner = odd_partner(move |asked, _| {
            asked.target.contains("/account?").then(|| {
                let length = if announced { format!("Content-Length: {LENGTH}\r\n") } else { String::new() };
                let mut answer =
                    format!("HTTP/1.1 {status} X\r\n{length}Connection: close\r\n\r\n").into_bytes();
                answer.resize(answer.len() + LENGTH, b' ');
                Reply::Raw(answer)
            })
        });
        let home = Home::new();
        let (run, peak) = peak_memory(home.against(partner.url(), &SIGN_IN));
        let run = run.exits(1);
        assert!(run.stderr.contains("can't list the Messenger Pages"), "{}", run.stderr);
        assert!(run.stderr.contains("larger than 16 MiB"), "{}", run.stderr);
        assert!(peak < 72 << 10, "{peak} KiB");
        assert_eq!(partner.settings(), World::new().settings);
    }
}

#[test]
fn what_is_no_answer_of_this_api_is_an_error_that_names_the_call_and_quotes_nothing() {
    let answers: [(&str, &[u8]); 8] = [
        ("truncated JSON", b"HTTP/1.1 200 X\r\nContent-Length: 20\r\n\r\n{\"docs\":[{\"name\":\"c-"),
        ("a web page", b"HTTP/1.1 200 X\r\nContent-Length: 21\r\n\r\n<html>c-anary</html> "),
        ("other JSON", b"HTTP/1.1 200 X\r\nContent-Length: 17\r\n\r\n{\"docs\":\"c-anary\"}"),
        ("a number", b"HTTP/1.1 200 X\r\nContent-Length: 1\r\n\r\n7"),
        ("nothing", b"HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n"),
        ("no text", b"HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\n\xff\xfe\x00\x01"),
        ("deep JSON", b"HTTP/1.1 200 X\r\nContent-Length: 8\r\n\r\n[[[[[[[["),
        ("a page as an error", b"HTTP/1.1 418 X\r\nContent-Length: 21\r\n\r\n<html>c-anary</html> "),
    ];
    for (what, answer) in answers {
        let partner = odd_partner(move |asked, _| {
            asked.target.contains("/account?").then(|| Reply::Raw(answer.to_vec()))
        });
        let home = Home::new();
        let run = Run::of(home.against(partner.url(), &[&SIGN_IN[..], &["-vv"]].concat())).exits(1);
        assert!(run.stderr.contains("can't list the Messenger Pages"), "{what}: {}", run.stderr);
        assert!(!run.stderr.contains("c-"), "{what}: {}", run.stderr);
        assert_eq!(partner.settings(), World::new().settings, "{what}");
    }
}

#[test]
fn what_is_no_http_or_breaks_off_is_tried_four_times_and_then_an_error() {
    thread::scope(|scope| {
        for kind in 0..4 {
            scope.spawn(move || {
                let tries = AtomicUsize::new(0);
                let partner = odd_partner(move |asked, _| {
                    if !asked.target.contains("/account?") {
                        return None;
                    }
                    let tried = tries.fetch_add(1, Ordering::SeqCst);
                    Some(Reply::Raw(match kind {
                        0 => b"\x16\x03\x01\x02\x00".to_vec(),
                        1 => b"HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n{\"docs\":".to_vec(),
                        2 => [b"HTTP/1.1 200 X\r\n", "X: y\r\n".repeat(200_000).as_bytes()].concat(),
                        // The fourth succeeds.
                        _ if tried < 3 => Vec::new(),
                        _ => b"HTTP/1.1 200 X\r\nContent-Length: 11\r\n\r\n{\"docs\":[]}".to_vec(),
                    }))
                });
                let home = Home::new();
                let run = Run::of(home.against(partner.url(), &SIGN_IN));
                let said =
                    if kind == 3 { "covers no Messenger Page" } else { "can't list the Messenger Pages" };
                assert!(run.stderr.contains(said), "{kind}: {}", run.stderr);
                assert_eq!(partner.count("GET /partner/channel/messenger/account"), 4, "{kind}");
                assert_eq!(partner.settings(), World::new().settings, "{kind}");
            });
        }
    });
}

#[test]
fn connections_that_are_reset_in_mid_answer_are_an_error_that_names_the_call() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/partner", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n{\"docs\":");
            // Closed with a reset in the place of an end.
            let _ = socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO));
        }
    });
    let home = Home::new();
    let run = Run::of(home.against(&url, &["channels", "list"])).exits(1);
    assert!(run.stderr.contains("can't list the channels"), "{}", run.stderr);
    assert!(run.stderr.contains("didn't answer"), "{}", run.stderr);
}

/// The three take the whole 30 s that a request may take; at the same time.
#[test]
fn an_api_that_hangs_or_drips_is_given_up_after_30_s_and_the_callback_is_back() {
    let hanging = FakeApi::start(|_| Reply::Hang);
    let at_sign_in = odd_partner(|asked, _| asked.target.ends_with("/authorize").then_some(Reply::Hang));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let dripping = format!("http://{}/partner", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n{");
                while stream.write_all(b" ").is_ok() {
                    thread::sleep(Duration::from_millis(300));
                }
            });
        }
    });
    thread::scope(|scope| {
        let runs: [(&str, &[&str], &str); 3] = [
            (&hanging.url, &["channels", "list"], "can't list the channels"),
            (
                at_sign_in.url(),
                &["authorize", "messenger", "--yes", "--no-browser"],
                "can't get the authorize URL",
            ),
            (&dripping, &["channels", "list"], "can't list the channels"),
        ];
        for (url, arguments, said) in runs {
            scope.spawn(move || {
                let (home, begun) = (Home::new(), Instant::now());
                let run = Run::of(home.against(url, arguments)).exits(1);
                assert!(run.stderr.contains(said), "{}", run.stderr);
                assert!(run.stderr.contains("no answer within 30 s"), "{}", run.stderr);
                assert!(begun.elapsed() < Duration::from_secs(36), "{:?}", begun.elapsed());
            });
        }
    });
    assert_eq!(hanging.asked().len(), 1, "it is not asked again");
    assert_eq!(at_sign_in.settings(), World::new().settings);
}

#[test]
fn retry_after_is_honoured_in_seconds_and_as_a_date_for_reading_and_connecting() {
    let date = |seconds| httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(seconds));
    thread::scope(|scope| {
        for (status, post, as_date) in
            (0..8).map(|n| (if n & 1 == 0 { 429 } else { 503 }, n & 2 == 0, n & 4 == 0))
        {
            scope.spawn(move || {
                let refused = AtomicUsize::new(0);
                let partner = Partner::meddled(World::new(), move |asked, _, _| {
                    let is_it =
                        (asked.method == "POST") == post && (post || asked.target.contains("/account?"));
                    (is_it && refused.fetch_add(1, Ordering::SeqCst) == 0).then(|| {
                        // A date has whole seconds: with two, one at least is waited.
                        let after = if as_date { date(2) } else { "1".to_owned() };
                        Reply::With(status, format!("Retry-After: {after}\r\n"), String::new())
                    })
                });
                let (home, begun) = (Home::new(), Instant::now());
                let mut command = home.against(partner.url(), &["connect", "messenger", "--page", "p1"]);
                command.env("SOCIALCHAT_TOKEN", TOKEN);
                let run = Run::of(command).exits(0);
                let took = begun.elapsed();
                assert!(took >= Duration::from_secs(1), "{status} {post} {as_date}: {took:?}");
                assert!(run.stderr.contains("Retrying "), "it is said: {}", run.stderr);
                assert_eq!(partner.world().channels.len(), 1);
            });
        }
    });
}

#[test]
fn an_absurd_retry_after_is_cut_to_60_s_and_ctrl_c_ends_the_wait() {
    for absurd in ["86400", "99999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let partner = Partner::meddled(World::new(), move |_, _, _| {
            Some(Reply::With(429, format!("Retry-After: {absurd}\r\n"), String::new()))
        });
        let home = Home::new();
        let mut command = home.against(partner.url(), &["channels", "list"]);
        let log = home.dir.path().join("stderr");
        let mut child = command.stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
        let said = || std::fs::read_to_string(&log).unwrap();
        until("it says how long it waits", || said().contains("Retrying "));
        assert!(said().contains("in 60.0 s (1 of 3)"), "{}", said());
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130));
    }
}

#[test]
fn a_redirect_is_not_followed_and_takes_no_credentials_anywhere() {
    let other = FakeApi::start(|_| Reply::Json(200, "{}".to_owned()));
    for status in [301, 302, 303, 307, 308] {
        let target = other.url.clone();
        let partner = Partner::meddled(World::new(), move |asked, _, _| {
            asked.target.starts_with("/partner/channel?").then(|| {
                Reply::With(status, format!("Location: {target}/channel?page=1&limit=1\r\n"), String::new())
            })
        });
        let home = Home::new();
        let run = Run::of(home.against(partner.url(), &["channels", "list"])).exits(1);
        assert!(run.stderr.contains("redirect"), "{}", run.stderr);
    }
    assert!(other.asked().is_empty());
}
