//! Who is not let in, and that waiting goes on after each of them.

use std::net::{Shutdown, TcpListener};

use super::*;

#[test]
fn whoever_lacks_the_nonce_the_method_or_the_host_gets_nowhere_and_waiting_goes_on() {
    let at = sign_in();
    let nonce = at.path.rsplit('/').next().unwrap();
    let flipped = if nonce.starts_with('A') { "B" } else { "A" };
    let swapped = |c: char| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    for wrong in [
        String::new(),
        "A".repeat(43),
        "A".repeat(8000),
        format!("{flipped}{}", &nonce[1..]),
        nonce[..42].to_owned(),
        format!("{nonce}A"),
        format!("{nonce}/"),
        format!("{nonce}%00"),
        format!("%{:02x}{}", nonce.as_bytes()[0], &nonce[1..]),
        nonce.chars().map(swapped).collect(),
        format!("../messenger/{nonce}"),
    ] {
        for query in ["token=stolen", "error=access_denied"] {
            let answer = at.get(&format!("/callback/messenger/{wrong}?{query}"), &NAVIGATION);
            assert_eq!(status(&answer), 404, "{wrong}");
        }
    }
    assert_eq!(status(&at.get(&format!("/callback/instagram/{nonce}?token=x"), &NAVIGATION)), 404);

    let target = at.callback("token=x");
    for method in ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "get", "G"] {
        for headers in [&[][..], &["Content-Length: 9000000"], &["Origin: https://evil.example"]] {
            let answer = at.send(request(method, &at.host, &target, headers));
            assert_eq!(status(&answer), 405, "{method}");
            assert_eq!(header(&answer, "allow"), Some("GET"));
            assert_eq!(header(&answer, "connection"), Some("close"));
        }
    }
    assert_eq!(status(&at.send(request("OPTIONS", &at.host, "*", &[]))), 405);
    assert_eq!(status(&at.send(request("CONNECT", &at.host, "evil.example:443", &[]))), 405);

    let port = at.port();
    for host in [
        String::new(),
        "127.0.0.1".into(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("127.0.0.1:0{port}"),
        format!("localhost:{port}"),
        format!("127.0.0.2:{port}"),
        format!("[::1]:{port}"),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("evil@127.0.0.1:{port}"),
        format!("127.0.0.1:{port}, evil.example"),
        format!("127.0.0.1.:{port}"),
    ] {
        assert_eq!(status(&at.send(request("GET", &host, &target, &NAVIGATION))), 403, "{host}");
    }
    let twice = at.get(&target, &[&format!("Host: 127.0.0.1:{port}")]);
    assert_eq!(status(&twice), 403, "twice");
    for version in ["1.0", "1.1"] {
        let without = format!("GET {target} HTTP/{version}\r\n\r\n");
        assert_eq!(status(&at.send(without)), 403, "missing, HTTP/{version}");
    }
    at.ends_well_in_silence();
}

#[test]
fn other_paths_are_not_found_even_as_browsers_fetch_them() {
    let at = sign_in();
    for target in
        ["/", "/favicon.ico", "/robots.txt", "/callback", "/go", "/go/", "//", "/?token=x", "/shutdown"]
    {
        let favicon = ["Sec-Fetch-Mode: no-cors", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: image"];
        for headers in [&[][..], &favicon] {
            let answer = at.get(target, headers);
            assert_eq!(status(&answer), 404, "{target}");
            assert_eq!(header(&answer, "connection"), Some("close"));
        }
    }
    at.ends_well_in_silence();
}

#[test]
fn a_target_that_names_a_host_is_not_ours() {
    let at = sign_in();
    let target = at.callback("token=x");
    for base in ["http://evil.example", "https://evil.example:443", "http://user@127.0.0.1"] {
        let answer = at.get(&format!("{base}{target}"), &[]);
        assert!(matches!(status(&answer), 400 | 403), "{base}: {answer}");
    }
    let with_ours = format!("http://{}{target}", at.host);
    assert_eq!(status(&at.get(&with_ours, &[])), 403);
    assert_eq!(status(&at.send(request("GET", "evil.example", &with_ours, &[]))), 403);
    at.ends_well_in_silence();
}

#[test]
fn what_is_no_navigation_is_refused() {
    let (at, go) = requests::with_go_address();
    for hint in [
        "Sec-Fetch-Mode: cors",
        "Sec-Fetch-Mode: no-cors",
        "Sec-Fetch-Mode: websocket",
        "Sec-Fetch-Mode: navigate, cors",
        "Sec-Fetch-Mode:",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Mode: cors",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: object",
        "Origin: https://evil.example",
        "Origin: null",
        "Origin:",
        "Origin: http://localhost",
        "Purpose: prefetch",
        "Sec-Purpose: prefetch",
        "Sec-Purpose: prefetch;prerender",
        "Sec-Purpose: PREFETCH;anonymous-client-ip",
        "X-Moz: prefetch",
        "X-Purpose: preview",
    ] {
        for target in [&at.callback("token=x"), &go] {
            assert_eq!(status(&at.get(target, &[hint])), 403, "{hint} {target}");
        }
    }
    let own = format!("Origin: http://{}", at.host);
    assert_eq!(status(&at.get(&go, &[&own])), 302);
    at.ends_well_in_silence();
}

#[test]
fn a_public_name_reaches_the_callback_and_nothing_else() {
    for path_is_stripped in [false, true] {
        for by_public_name in [false, true] {
            // Free a moment ago: a listener of ours keeps no port from being bound again.
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
            let public = ["--callback-url", "https://me.example:8443/base/", "--port", &port];
            let (mut at, go) = requests::with_go_address_and(&public);
            assert!(at.path.starts_with("/base/callback/messenger/") && at.host == "me.example:8443");
            at.host = format!("127.0.0.1:{port}");
            if path_is_stripped {
                at.path = at.path.strip_prefix("/base").unwrap().to_owned();
            }
            let target = at.callback(&format!("token={TOKEN}"));
            for wrong in ["me.example", "other.example:8443", "ME.example:8443"] {
                assert_eq!(status(&at.send(request("GET", wrong, &target, &[]))), 403, "{wrong}");
            }
            assert_eq!(status(&at.send(request("GET", "me.example:8443", &go, &[]))), 403);
            assert_eq!(status(&at.get(&go, &[])), 302);
            if by_public_name {
                let answer = at.send(request("GET", "me.example:8443", &target, &NAVIGATION));
                assert_eq!(status(&answer), 200);
                assert_eq!(at.waiting.end().exits(0).stdout, format!("{TOKEN}\n"));
            } else {
                at.ends_well_in_silence();
            }
        }
    }
}

#[test]
fn nonsense_gets_no_further() {
    let at = sign_in();
    for (raw, expected) in [
        ("\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n", Some(403)),
        ("nonsense\r\n\r\n", Some(400)),
        ("GET /\u{1} HTTP/1.1\r\n\r\n", Some(400)),
        ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", Some(400)),
        ("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", None),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", None),
        ("\0\0\0\0", None),
    ] {
        let mut stream = at.connect();
        stream.write_all(raw.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let answer = read_all(&mut stream).unwrap();
        assert_ne!(status(&answer), 200, "{raw:?}");
        if let Some(expected) = expected {
            assert_eq!(status(&answer), expected, "{raw:?}");
            assert_eq!(header(&answer, "connection"), Some("close"), "{raw:?}");
        }
    }
    at.ends_well_in_silence();
}

#[test]
fn a_tls_hello_is_told_in_one_line_and_waiting_goes_on() {
    let at = sign_in();
    for _ in 0..3 {
        let begun = Instant::now();
        // Nothing comes back; that the rest of the hello was not read may show as a reset.
        assert_eq!(at.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), "");
        assert!(begun.elapsed() < Duration::from_millis(500), "it is not taken for a slow head");
    }
    let run = at.ends_well();
    assert_eq!(run.stderr.matches("speaks https").count(), 1, "{}", run.stderr);
}
