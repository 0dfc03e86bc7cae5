//! Authorize URLs: what the API calls one is checked before anybody sees it as a link.

use crate::browser::{browser_starts, opened, with_browser};
use crate::partner::{AUTHORIZE_URL, Partner, TOKEN, World};
use crate::support::{Home, Run, Waiting, http, until};

/// Each with what its error has to name.
fn hostile() -> Vec<(String, &'static str)> {
    let url = |text: &str, why| (text.to_owned(), why);
    vec![
        url("file:///etc/passwd", "file:"),
        url("javascript:alert(document.domain)", "javascript:"),
        url("data:text/html,<script>alert(1)</script>", "characters"),
        url("data:text/html;base64,PHA+", "data:"),
        url("vbscript:msgbox", "vbscript:"),
        url("ftp://files.example/x", "ftp:"),
        url("ws://app.example/", "ws:"),
        url("ms-msdt://app.example/id", "ms-msdt:"),
        url("chrome://settings/", "chrome:"),
        url("about:blank", "about:"),
        url("-oProxyCommand=calc", "not a URL"),
        url("--remote-debugging-port=9222", "not a URL"),
        url("", "not a URL"),
        url("//evil.example/x", "not a URL"),
        url("https:evil.example", "host"),
        url("https://user:password@www.facebook.com/", "user name"),
        url("https://www.facebook.com@evil.example/", "user name"),
        url("https://www.facebook.com/\nhttps://evil.example", "control characters"),
        url("https://www.facebook.com/\u{1b}[2Jx", "control characters"),
        url("https://evil.example/ --new-window", "spaces"),
        url("https://evil.example/?a=1|calc.exe&b=2", "characters"),
        url("https://evil.example/`calc`&start", "characters"),
        url("https://evil.example\\@www.facebook.com/", "characters"),
        url("http://evil.example/", "plain http"),
        url("http://127.0.0.1.evil.example/", "plain http"),
        url("http://localhost.evil.example/", "plain http"),
        url("https://\u{202e}moc.koobecaf.www/", "characters"),
        (format!("https://www.facebook.com/?x={}", "a".repeat(9 << 10)), "8 KiB"),
    ]
}

#[test]
fn of_the_hostile_authorize_urls_none_reaches_a_browser_and_each_is_named() {
    let urls = hostile();
    assert!(urls.len() >= 25);
    for (index, (url, why)) in urls.into_iter().enumerate() {
        let both = [&["authorize", "messenger", "--yes"][..], &["authorize", "messenger", "--paste"]];
        for arguments in both.into_iter().take(1 + usize::from(index % 3 == 0)) {
            let home = Home::new();
            let world = World { authorize_url: url.clone(), ..World::new() };
            let partner = Partner::start(world.clone());
            let run = Run::of(with_browser(&home, home.against(partner.url(), arguments))).exits(1);
            assert!(run.stderr.contains("not safe to open"), "{url:?}: {}", run.stderr);
            assert!(run.stderr.contains(why), "{url:?} lacks {why}: {}", run.stderr);
            assert!(!run.stderr.contains("Sign in to"), "{url:?} was shown as a link: {}", run.stderr);
            assert_eq!(browser_starts(&home), [""; 0], "{url:?}");
            assert_eq!(partner.settings(), world.settings, "{url:?}");
        }
    }
}

#[test]
fn the_browser_gets_a_short_loopback_address_of_ours_and_never_the_urls_text() {
    let home = Home::new();
    let partner = Partner::start(World::new());
    let command = with_browser(&home, home.against(partner.url(), &["authorize", "messenger", "--yes"]));
    let waiting = Waiting::start(command);
    assert_eq!(waiting.authorize_url, AUTHORIZE_URL, "it stands printed as it is");
    until("the browser was started", || !browser_starts(&home).is_empty());
    let started = browser_starts(&home).remove(0);
    let go = started.lines().next().unwrap();
    assert!(go.starts_with("http://127.0.0.1:") && go.contains("/go/"), "{go}");
    assert!(!started.contains("facebook"), "{started}");
    let answer = http("GET", go, "", "");
    assert_eq!((answer.status, answer.header("location")), (302, Some(AUTHORIZE_URL)));
    assert!(!waiting.stderr().contains("second time"), "{}", waiting.stderr());
    partner.bring("messenger", TOKEN);
    waiting.end().exits(0);
}

#[test]
fn whoever_opens_the_short_address_second_gets_nothing_and_the_terminal_says_so() {
    for paste in [false, true] {
        let home = Home::new();
        let partner = Partner::start(World::new());
        let arguments = ["authorize", "messenger", if paste { "--paste" } else { "--yes" }];
        let mut command = with_browser(&home, home.against(partner.url(), &arguments));
        command.stdin(std::process::Stdio::piped());
        let mut waiting = Waiting::start(command);
        let go = opened(&home);
        // Another user, who has read it in the list of processes, is the quicker one.
        assert_eq!(http("GET", &go, "", "").status, 302);
        let answer = http("GET", &go, "", "");
        assert_eq!((answer.status, answer.header("location")), (410, None));
        assert!(answer.body.contains("opened before"), "{}", answer.body);
        until("it is told", || waiting.stderr().contains("was opened a second time"));
        assert!(waiting.stderr().contains("press Ctrl-C"), "{}", waiting.stderr());
        // The person still has a way: the printed address, in any browser.
        if paste {
            drop(waiting.child.stdin.take());
            waiting.end().exits(2);
        } else {
            partner.bring("messenger", TOKEN);
            waiting.end().exits(0);
        }
        assert_eq!(partner.settings(), World::new().settings);
    }
}
