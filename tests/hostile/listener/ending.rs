//! Where it listens, and how it closes.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use super::*;

const CLOSED_WITHIN: Duration = Duration::from_millis(500);

#[test]
fn it_listens_on_ipv4_loopback_alone() {
    let at = sign_in();
    assert!(at.host.starts_with("127.0.0.1:"));
    let mut others: Vec<IpAddr> = vec!["::1".parse().unwrap(), "127.0.0.2".parse().unwrap()];
    // The address that this machine would send from, where it has one.
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    if socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).is_ok() {
        others.extend(socket.local_addr().map(|own| own.ip()).into_iter().filter(|own| !own.is_loopback()));
    }
    for other in others {
        let address = SocketAddr::new(other, at.port());
        // Where such an address doesn't exist, nothing answers at all.
        assert!(TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err(), "{other}");
    }
    at.ends_well_in_silence();
}

#[test]
fn closing_lets_the_answer_out_and_closes_everything_within_500_ms() {
    let at = sign_in();
    let mut idle = at.connect();
    let mut half = at.connect();
    half.write_all(b"GET / HT").unwrap();
    let begun = Instant::now();
    assert_eq!(status(&at.get(&at.callback("token=x"), &[])), 200);
    assert_eq!(read_all(&mut idle).unwrap(), "");
    assert_eq!(read_all(&mut half).unwrap_or_default(), "");
    until("the port is closed", || TcpStream::connect(&at.host).is_err());
    assert!(begun.elapsed() < CLOSED_WITHIN, "{:?}", begun.elapsed());
    at.waiting.end().exits(0);
}

#[test]
fn a_second_callback_gets_410_or_a_closed_port_and_the_first_counts() {
    let at = sign_in();
    let later = at.request(&at.callback("token=another-token-0123456789"), &[]);
    // Connected before, and asking after the first was taken.
    let mut second = at.connect();
    let (begin, end) = later.split_at(later.find("Host:").unwrap());
    second.write_all(begin.as_bytes()).unwrap();
    assert_eq!(status(&at.get(&at.callback(&format!("token={TOKEN}")), &[])), 200);
    let _ = second.write_all(end.as_bytes());
    let answer = read_all(&mut second).unwrap_or_default();
    assert!(answer.is_empty() || status(&answer) == 410, "{answer}");
    assert_eq!(at.waiting.end().exits(0).stdout, format!("{TOKEN}\n"));
}

#[test]
fn no_answer_leaves_a_connection_open() {
    let at = sign_in();
    for target in ["/", &at.callback("x"), &at.callback("token=x")] {
        let keep_alive = at.request(target, &["Connection: keep-alive"]);
        // Two at once: the second is never read.
        let answer = at.send(keep_alive.repeat(2));
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert_eq!(header(&answer, "connection"), Some("close"));
    }
}

#[test]
fn a_kept_connection_of_an_earlier_sign_in_does_not_swallow_the_next_callback() {
    let first = sign_in();
    let port = first.port().to_string();
    let mut pooled = first.connect();
    pooled.write_all(first.request("/", &["Connection: keep-alive"]).as_bytes()).unwrap();
    assert_eq!(status(&read_all(&mut pooled).unwrap()), 404);
    let mut unused = first.connect();
    first.ends_well();
    let next = sign_in_with(&["--no-browser", "--port", &port]);
    assert_eq!(next.port().to_string(), port);
    assert_eq!(read_all(&mut unused).unwrap_or_default(), "", "closed with its own listener");
    next.ends_well();
}

#[test]
fn what_is_said_of_many_visitors_does_not_hide_the_right_one() {
    let at = sign_in();
    for _ in 0..50 {
        assert_eq!(status(&at.get(&at.callback("x"), &[])), 400);
    }
    at.ends_well();
}

/// `connect` with its token taken, and the API slow to say what that covers.
fn working() -> SignIn {
    let home = Home::new();
    let partner = Partner::meddled(World::new(), |asked, _, _| {
        if asked.target.contains("/account") {
            std::thread::sleep(Duration::from_secs(3));
        }
        None
    });
    let arguments = ["--json", "connect", "messenger", "--all", "--yes", "--no-browser"];
    let waiting = Waiting::start(home.against(partner.url(), &arguments));
    let at = SignIn::new(home, partner, waiting);
    assert_eq!(status(&at.get(&at.callback(&format!("token={TOKEN}")), &NAVIGATION)), 200);
    at
}

#[test]
fn as_long_as_the_command_works_whoever_comes_is_told_that_the_sign_in_has_expired_and_nothing_is_taken() {
    let at = working();
    for target in
        ["/", &at.callback("token=another-token-0123456789"), &at.callback("error=no"), &at.callback("x")]
    {
        let answer = at.get(target, &NAVIGATION);
        assert_eq!(status(&answer), 410, "{target}: {answer}");
        assert!(answer.contains("This sign-in has expired"), "{answer}");
        assert!(!answer.contains(&at.path) && !answer.contains("token="), "{answer}");
    }
    // Who lacks the nonce or the host learns no more than before.
    assert_eq!(status(&at.get("/callback/messenger/x", &[])), 404);
    assert_eq!(status(&at.send(request("GET", "evil.example", "/", &[]))), 403);
    assert_eq!(status(&at.send(request("POST", &at.host, "/", &[]))), 405);
    let (host, partner) = (at.host.clone(), at.partner);
    let run = at.waiting.end().exits(0);
    assert!(TcpStream::connect(&host).is_err());
    assert_eq!(run.json()["results"].as_array().unwrap().len(), 2);
    let used = |token: &str| partner.api.asked().iter().any(|asked| asked.body.contains(token));
    assert!(used(TOKEN) && !used("another-token"));
}

#[test]
fn after_the_sign_in_a_crowd_holds_four_connections_at_most() {
    let at = working();
    let crowd: Vec<TcpStream> = (0..50).map(|_| at.connect()).collect();
    // Served all the same, since the idle ones make room.
    assert_eq!(status(&at.get("/", &[])), 410);
    let open = crowd
        .iter()
        .filter(|stream| {
            stream.set_nonblocking(true).unwrap();
            matches!(stream.peek(&mut [0]), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
        })
        .count();
    assert!(open <= 4, "{open}");
    at.waiting.end().exits(0);
}

#[test]
fn after_the_time_is_up_a_token_is_not_taken_while_the_callback_is_restored() {
    let home = Home::new();
    let partner = Partner::meddled(World::new(), |asked, _, _| {
        if asked.method == "PUT" && asked.body.contains("app.example/callback/messenger") {
            std::thread::sleep(Duration::from_secs(3));
        }
        None
    });
    let arguments = ["authorize", "messenger", "--yes", "--no-browser", "--timeout", "1"];
    let waiting = Waiting::start(home.against(partner.url(), &arguments));
    let at = SignIn::new(home, partner, waiting);
    until("it restores", || at.partner.count("PUT /partner") == 2);
    let answer = at.get(&at.callback(&format!("token={TOKEN}")), &NAVIGATION);
    assert!(status(&answer) == 410 && answer.contains("This sign-in has expired"), "{answer}");
    let run = at.waiting.end().exits(4);
    assert_eq!(run.stdout, "");
    assert_eq!(at.partner.settings(), World::new().settings);
}
