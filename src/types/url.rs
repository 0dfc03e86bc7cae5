//! URLs of this computer.

use url::{Host, Url};

/// Whether a URL leads to this computer and nowhere else. Where plain http is allowed, and who is served, depends on it.
///
/// `localhost` alone among the names: every system knows it by itself. `localhost.` with a dot at its end is not in
/// every hosts file, and one that isn't there is looked up on the network, where anybody may answer.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback()),
        // The parser makes lower case of the names of http and https URLs, and leaves those of others.
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_loopback() {
        let is = |host: &str| is_loopback(&Url::parse(&format!("http://{host}/x")).unwrap());
        for yes in [
            "127.0.0.1",
            "127.8.9.1:80",
            "0x7f.1",
            "2130706433",
            "localhost:1",
            "LocalHost",
            "[::1]:7",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "user@127.0.0.1",
        ] {
            assert!(is(yes), "{yes}");
        }
        for no in [
            "localhost.",
            "a.localhost",
            "localhost.example",
            "127.0.0.1.example",
            "127.0.0.1@example",
            "128.0.0.1",
            "0.0.0.0",
            "10.0.0.1",
            "[::]",
            "[::2]",
            "[::ffff:10.0.0.1]",
            "[::127.0.0.1]",
        ] {
            assert!(!is(no), "{no}");
        }
        assert!(is_loopback(&Url::parse("other://LOCALHOST/").unwrap()));
        assert!(!is_loopback(&Url::parse("data:localhost").unwrap()));
    }
}
