//! Who is not let in, and that waiting goes on after each of them.

use super::*;

#[tokio::test]
async fn a_wrong_nonce_is_not_found() {
    let mut listener = listener().await;
    let path = listener.callback_url().path().to_owned();
    let (stem, nonce) = path.rsplit_once('/').unwrap();
    let flipped = if nonce.starts_with('A') { "B" } else { "A" };
    for wrong in [
        String::new(),
        "A".repeat(43),
        "A".repeat(8000),
        format!("{flipped}{}", &nonce[1..]),
        nonce[..42].to_owned(),
        nonce[1..].to_owned(),
        format!("{nonce}A"),
        format!("{nonce}/"),
        format!("{nonce}%00"),
        format!("%{:02x}{}", nonce.as_bytes()[0], &nonce[1..]),
        nonce
            .chars()
            .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            .collect(),
        format!("../messenger/{nonce}"),
    ] {
        let answer = send(&listener, get(&listener, &format!("{stem}/{wrong}?token=x"), &NAVIGATION)).await;
        assert_eq!(status(&answer), 404, "{wrong}");
    }
    let other_kind = path.replace("messenger", "instagram") + "?token=x";
    assert_eq!(status(&send(&listener, get(&listener, &other_kind, &NAVIGATION)).await), 404);
    assert_eq!(still_waiting(&mut listener).await, vec![]);
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn other_paths_are_not_found_even_as_browsers_fetch_them() {
    let listener = listener().await;
    for target in ["/", "/favicon.ico", "/robots.txt", "/callback", "/go", "/go/", "//", "/?token=x"] {
        let favicon = ["Sec-Fetch-Mode: no-cors", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: image"];
        for headers in [&[][..], &favicon] {
            let answer = send(&listener, get(&listener, target, headers)).await;
            assert_eq!(status(&answer), 404, "{target}");
            assert_eq!(header(&answer, "connection"), Some("close"));
        }
    }
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn only_get_is_allowed() {
    let mut listener = listener().await;
    let host = format!("127.0.0.1:{}", listener.port());
    for method in ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "get", "G"] {
        let target = callback(&listener, "token=x");
        for headers in [&[][..], &["Content-Length: 9000000"], &["Origin: https://evil.example"]] {
            let answer = send(&listener, request(method, &host, &target, headers)).await;
            assert_eq!(status(&answer), 405, "{method}");
            assert_eq!(header(&answer, "allow"), Some("GET"));
            assert_eq!(header(&answer, "connection"), Some("close"));
        }
    }
    assert_eq!(status(&send(&listener, request("OPTIONS", &host, "*", &[])).await), 405);
    assert_eq!(status(&send(&listener, request("CONNECT", &host, "evil.example:443", &[])).await), 405);
    assert_eq!(still_waiting(&mut listener).await, vec![]);
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn the_host_must_be_ours_to_the_letter() {
    let mut listener = listener().await;
    let port = listener.port();
    let target = callback(&listener, "token=x");
    for host in [
        String::new(),
        "127.0.0.1".into(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("127.0.0.1:0{port}"),
        format!("localhost:{port}"),
        format!("127.0.0.2:{port}"),
        format!("[::1]:{port}"),
        format!("evil.example:{port}"),
        format!("evil@127.0.0.1:{port}"),
        format!("127.0.0.1:{port}, evil.example"),
        format!("127.0.0.1.:{port}"),
    ] {
        let answer = send(&listener, request("GET", &host, &target, &NAVIGATION)).await;
        assert_eq!(status(&answer), 403, "{host}");
    }
    let ours = format!("Host: 127.0.0.1:{port}");
    let twice = get(&listener, &target, &[&ours]);
    assert_eq!(status(&send(&listener, twice).await), 403, "twice");
    for version in ["1.0", "1.1"] {
        let without = format!("GET {target} HTTP/{version}\r\n\r\n");
        assert_eq!(status(&send(&listener, without).await), 403, "missing, HTTP/{version}");
    }
    assert_eq!(still_waiting(&mut listener).await, vec![]);
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn a_target_that_names_a_host_is_not_ours() {
    let mut listener = listener().await;
    let target = callback(&listener, "token=x");
    for base in ["http://evil.example", "https://evil.example:443", "http://user@127.0.0.1"] {
        let answer = send(&listener, get(&listener, &format!("{base}{target}"), &[])).await;
        assert!(matches!(status(&answer), 400 | 403), "{base}: {answer}");
    }
    let with_ours = format!("http://127.0.0.1:{}{target}", listener.port());
    assert_eq!(status(&send(&listener, get(&listener, &with_ours, &[])).await), 403);
    assert_eq!(status(&send(&listener, request("GET", "evil.example", &with_ours, &[])).await), 403);
    assert_eq!(still_waiting(&mut listener).await, vec![]);
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn what_is_no_navigation_is_refused() {
    let mut listener = listener().await;
    listener.set_destination(url("https://app.example/authorize"));
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
        for target in [callback(&listener, "token=x"), listener.go_url().path().to_owned()] {
            let answer = send(&listener, get(&listener, &target, &[hint])).await;
            assert_eq!(status(&answer), 403, "{hint} {target}");
        }
    }
    assert_eq!(still_waiting(&mut listener).await, vec![]);

    let own = format!("Origin: http://127.0.0.1:{}", listener.port());
    let answer = send(&listener, get(&listener, listener.go_url().path(), &[&own])).await;
    assert_eq!(status(&answer), 302);
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn a_public_name_reaches_the_callback_and_nothing_else() {
    let public = url("https://me.example:8443/base/");
    for path_is_stripped in [false, true] {
        for host in ["me.example:8443", "loopback"] {
            let mut listener = Listener::bind(SignInKind::Instagram, None, Some(&public)).await.unwrap();
            listener.set_destination(url("https://app.example/"));
            let host = match host {
                "loopback" => format!("127.0.0.1:{}", listener.port()),
                host => host.to_owned(),
            };
            assert!(
                listener
                    .callback_url()
                    .as_str()
                    .starts_with("https://me.example:8443/base/callback/instagram/")
            );
            let path = listener.callback_url().path();
            let path = if path_is_stripped { path.strip_prefix("/base").unwrap() } else { path };
            let target = format!("{path}?token=x");

            for wrong in ["me.example", "other.example:8443", "ME.example:8443"] {
                assert_eq!(
                    status(&send(&listener, request("GET", wrong, &target, &[])).await),
                    403,
                    "{wrong}"
                );
            }
            let go = request("GET", "me.example:8443", listener.go_url().path(), &[]);
            assert_eq!(status(&send(&listener, go).await), 403);
            let go = get(&listener, listener.go_url().path(), &[]);
            assert_eq!(status(&send(&listener, go).await), 302);

            assert_eq!(status(&send(&listener, request("GET", &host, &target, &NAVIGATION)).await), 200);
            assert_eq!(ended(&mut listener).await.0, token("x"));
        }
    }
}

#[tokio::test]
async fn nonsense_gets_no_further() {
    let mut listener = listener().await;
    for (raw, expected) in [
        ("\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n", Some(403)),
        ("nonsense\r\n\r\n", Some(400)),
        ("GET /\u{1} HTTP/1.1\r\n\r\n", Some(400)),
        ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", Some(400)),
        ("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", None),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", None),
        ("\0\0\0\0", None),
    ] {
        let mut stream = connect(&listener).await;
        stream.write_all(raw.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let answer = read_all(&mut stream).await.unwrap();
        assert_ne!(status(&answer), 200, "{raw:?}");
        if let Some(expected) = expected {
            assert_eq!(status(&answer), expected, "{raw:?}");
            assert_eq!(header(&answer, "connection"), Some("close"), "{raw:?}");
        }
    }
    assert_eq!(still_waiting(&mut listener).await, vec![]);
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn a_tls_hello_is_told_once_and_waiting_goes_on() {
    let mut listener = listener().await;
    for _ in 0..3 {
        let mut stream = connect(&listener).await;
        stream.write_all(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await.unwrap();
        let start = std::time::Instant::now();
        // Nothing comes back; that the rest of the hello was not read may show as a reset.
        assert_eq!(read_all(&mut stream).await.unwrap_or_default(), "");
        assert!(start.elapsed() < Duration::from_millis(500), "it is not taken for a slow head");
    }
    assert_eq!(still_waiting(&mut listener).await, vec![Notice::TlsHello]);
    takes_the_right_one(listener).await;
}
