//! Binding, waiting and closing.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Instant;

use super::super::BindError;
use super::*;

const CLOSED_WITHIN: Duration = Duration::from_millis(500);

async fn refuses(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err()
}

#[tokio::test]
async fn it_listens_on_ipv4_loopback_and_nowhere_else() {
    let listener = listener().await;
    let port = listener.port();
    assert_eq!(listener.callback_url().port(), Some(port));
    assert_eq!(listener.callback_url().host_str(), Some("127.0.0.1"));
    for other in ["::1", "127.0.0.2"] {
        let address = SocketAddr::new(other.parse::<IpAddr>().unwrap(), port);
        // Where such an address doesn't exist, nothing answers at all.
        let connected = timeout(Duration::from_secs(1), TcpStream::connect(address)).await;
        assert!(!matches!(connected, Ok(Ok(_))), "{other}");
    }
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn a_given_port_is_used_and_a_taken_one_is_named() {
    let first = listener().await;
    let port = first.port();
    match Listener::bind(SignInKind::Instagram, Some(port), None).await {
        Err(BindError::PortInUse { port: named, .. }) => assert_eq!(named, port),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("two listeners on port {port}"),
    }
    first.close().await;
    let again = Listener::bind(SignInKind::Instagram, Some(port), None).await.unwrap();
    assert_eq!(again.port(), port);
    assert!(again.callback_url().path().starts_with("/callback/instagram/"));
}

#[tokio::test]
async fn closing_lets_the_answer_out_and_closes_everything_within_500_ms() {
    let mut listener = listener().await;
    let port = listener.port();
    let mut idle = connect(&listener).await;
    let mut half = connect(&listener).await;
    half.write_all(b"GET / HT").await.unwrap();
    let mut right = connect(&listener).await;
    right.write_all(get(&listener, &callback(&listener, "token=x"), &[]).as_bytes()).await.unwrap();
    assert_eq!(ended(&mut listener).await.0, token("x"));

    let start = Instant::now();
    listener.close().await;
    assert!(start.elapsed() < CLOSED_WITHIN, "{:?}", start.elapsed());
    assert!(refuses(port).await);
    assert_eq!(status(&read_all(&mut right).await.unwrap()), 200);
    assert_eq!(read_all(&mut idle).await.unwrap(), "");
    assert_eq!(read_all(&mut half).await.unwrap_or_default(), "");
    assert!(start.elapsed() < CLOSED_WITHIN, "{:?}", start.elapsed());
}

#[tokio::test]
async fn dropping_closes_everything_within_500_ms() {
    let listener = listener().await;
    let port = listener.port();
    let mut idle = connect(&listener).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    let start = Instant::now();
    drop(listener);
    assert_eq!(read_all(&mut idle).await.unwrap_or_default(), "");
    assert!(refuses(port).await);
    assert!(start.elapsed() < CLOSED_WITHIN, "{:?}", start.elapsed());
}

#[tokio::test]
async fn no_answer_leaves_a_connection_open() {
    let listener = listener().await;
    listener.set_destination(url("https://app.example/"));
    let go = listener.go_url().path().to_owned();
    for target in ["/", &go, &callback(&listener, "x"), &callback(&listener, "token=x")] {
        let keep_alive = get(&listener, target, &["Connection: keep-alive"]);
        // Two at once: the second is never read.
        let answer = send(&listener, keep_alive.repeat(2)).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert_eq!(header(&answer, "connection"), Some("close"));
    }
}

#[tokio::test]
async fn a_pooled_connection_does_not_swallow_the_next_callback() {
    let first = listener().await;
    let port = first.port();
    let mut pooled = connect(&first).await;
    let request = get(&first, "/", &["Connection: keep-alive"]);
    pooled.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(status(&read_all(&mut pooled).await.unwrap()), 404);
    let mut unused = connect(&first).await;
    first.close().await;

    let next = Listener::bind(SignInKind::Messenger, Some(port), None).await.unwrap();
    assert_eq!(read_all(&mut unused).await.unwrap_or_default(), "", "closed with its own listener");
    takes_the_right_one(next).await;
}

#[tokio::test]
async fn waiting_can_be_given_up_and_taken_up_again() {
    let mut listener = listener().await;
    assert_eq!(still_waiting(&mut listener).await, vec![]);
    send(&listener, get(&listener, &callback(&listener, "x"), &[])).await;
    assert_eq!(still_waiting(&mut listener).await, vec![Notice::CallbackWithoutToken]);
    send(&listener, get(&listener, &callback(&listener, "token=kept"), &[])).await;
    assert_eq!(ended(&mut listener).await, (token("kept"), vec![]));
    assert_eq!(still_waiting(&mut listener).await, vec![]);
}

#[tokio::test]
async fn notices_nobody_reads_take_no_room_and_do_not_hide_the_outcome() {
    let mut listener = listener().await;
    for _ in 0..50 {
        send(&listener, get(&listener, &callback(&listener, "x"), &[])).await;
    }
    send(&listener, get(&listener, &callback(&listener, "token=x"), &[])).await;
    assert_eq!(ended(&mut listener).await.0, token("x"));
}
