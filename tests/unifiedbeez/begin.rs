//! Where a sign-in begins: both generations, what isn't Facebook's, and sessions that `connect` doesn't take.

use serde_json::json;

use crate::backend::{Backend, Clean, DIALOG, Guide, SESSION, instagram, page, redirect, refusal};
use crate::browser::{opened, with_browser};
use crate::support::{Home, Run, Waiting};

const NEW: (u64, &str, &str) = (34, "1002", "Shop");

/// Without the nonce and the port, which differ each time.
fn plain(asked: &[String]) -> Vec<String> {
    let cut = |line: &String| {
        let words: Vec<&str> = line.split('&').map(|part| part.split("%2Fcb%2F").next().unwrap()).collect();
        words.join("&").split("localhost%3A").next().unwrap().to_owned()
    };
    asked.iter().map(cut).collect()
}

#[test]
fn each_generation_is_asked_in_its_own_words_which_it_finds_out_by_itself() {
    let two = ["GET /auth/facebook/connect?redirect_path=&origin=http%3A%2F%2F"];
    let two_instagram = ["GET /auth/instagram/connect?redirect_path=&origin=http%3A%2F%2F"];
    let one = [
        two[0],
        "GET /auth/facebook/connect?redirect_path=",
        "GET /auth/facebook/connect?type=messenger&redirect_path=",
    ];
    let one_instagram = [
        two_instagram[0],
        "GET /auth/facebook/connect?type=instagram&redirect_path=&origin=http%3A%2F%2F",
        "GET /auth/facebook/connect?type=instagram&redirect_path=",
    ];
    for (guide, kind, asked, back) in [
        (Guide::Two, "messenger", &two[..], "?facebook_connected=true&type=messenger"),
        (Guide::Two, "instagram", &two_instagram[..], "?instagram_connected=true"),
        (Guide::One, "messenger", &one[..], "?facebook_connected=true&type=messenger"),
        (Guide::One, "instagram", &one_instagram[..], "?facebook_connected=true&type=instagram"),
    ] {
        let backend = Backend::start(guide, &[]);
        let waiting = backend.waiting(&["--json", "connect", kind]);
        assert_eq!(plain(&backend.asked()), asked, "{guide:?} {kind}");
        let (id, external, name) = NEW;
        let new = if kind == "instagram" {
            instagram(id, external, name, true)
        } else {
            page(id, external, name, true)
        };
        backend.world().consent(new);
        assert_eq!(backend.come_back(back).status, 303, "{guide:?} {kind}");
        let done = waiting.end().clean().exits(0);
        assert_eq!(
            done.json(),
            json!({
                "kind": kind,
                "results": [{ "_id": "34", "channelId": "1002", "name": "Shop", "action": "connected", "error": null }],
                "summary": { "connected": 1 }, "lost": [], "next": null,
            }),
            "{guide:?} {kind}"
        );
    }
}

#[test]
fn where_no_origin_is_taken_the_header_says_it_once() {
    let backend = Backend::start(Guide::One, &[]);
    let waiting = backend.waiting(&["connect", "instagram"]);
    let requests = backend.requests();
    let origins: Vec<_> = requests
        .iter()
        .filter(|asked| asked.target.contains("/connect?"))
        .map(|asked| asked.header("origin"))
        .collect();
    assert!(origins[..2].iter().all(Option::is_none) && origins.len() == 3, "{origins:?}");
    assert!(origins[2].unwrap().starts_with("http://localhost:"), "{origins:?}");
    backend.come_back("?error=denied");
    waiting.end().clean().exits(4);
}

#[test]
fn a_location_that_is_not_facebooks_is_neither_shown_nor_opened() {
    for location in [
        "https://evil.example/dialog?x=canary-place",
        "http://www.facebook.com/dialog",
        "https://www.facebook.com.evil.example/",
        "https://www.facebook.com:8443/",
        "https://user:pw@www.facebook.com/dialog",
        "javascript:alert(1)",
        "https://31.13.72.36/dialog",
    ] {
        let backend = Backend::meddled(Guide::Two, &[], move |asked, _| {
            asked.target.contains("/connect?").then(|| redirect(location, ""))
        });
        let home = Home::new();
        let mut command = with_browser(&home, backend.command(&home, &["--json", "connect", "messenger"]));
        let refused = Run::from(command.output().unwrap()).clean().exits(1);
        assert_eq!(refused.error()["code"], "api", "{location}");
        assert!(crate::browser::browser_starts(&home).is_empty(), "{location}");
        let is_theirs =
            ["http://www.facebook.com/dialog", "https://www.facebook.com:8443/"].contains(&location);
        let says = "leads to www.facebook.com, but not by https on port 443";
        assert_eq!(refused.stderr.contains(says), is_theirs, "{location}: {}", refused.stderr);
    }
}

#[test]
fn a_location_that_holds_the_session_is_neither_shown_nor_opened() {
    let twice = SESSION.replace('%', "%2525");
    for session in [SESSION, &twice] {
        let location = format!("https://www.facebook.com/dialog?state={session}");
        let backend = Backend::meddled(Guide::Two, &[], move |asked, _| {
            asked.target.contains("/connect?").then(|| redirect(&location, ""))
        });
        let home = Home::new();
        let mut command = with_browser(&home, backend.command(&home, &["--json", "connect", "messenger"]));
        let refused = Run::from(command.output().unwrap()).clean().exits(1);
        assert!(refused.stderr.contains("leads to an address that holds your session"), "{}", refused.stderr);
        assert!(crate::browser::browser_starts(&home).is_empty());
    }
}

#[test]
fn the_browser_gets_our_short_address_and_neither_facebooks_nor_the_session() {
    let backend = Backend::start(Guide::Two, &[]);
    let home = Home::new();
    let waiting = Waiting::start(with_browser(&home, backend.command(&home, &["connect", "messenger"])));
    assert_eq!(waiting.authorize_url, DIALOG);
    let short = opened(&home);
    assert!(short.starts_with("http://localhost:") && short.contains("/go/"), "{short}");
    let first = crate::backend::visit(&short);
    assert_eq!((first.status, first.header("location")), (302, Some(DIALOG)));
    assert_eq!(crate::backend::visit(&short).status, 410);
    for text in crate::browser::browser_starts(&home) {
        assert!(!text.contains("canary"), "{text}");
    }
    backend.world().consent(page(34, "1002", "Shop", true));
    backend.come_back("?facebook_connected=true&type=messenger");
    let done = waiting.end().clean().exits(0);
    assert!(done.stderr.contains("was opened a second time"), "{}", done.stderr);
}

#[test]
fn where_connect_wants_a_browser_that_is_signed_in_its_own_address_is_opened_there() {
    for (reply, origin) in [("401", true), ("login", true), ("sign-in", true)] {
        let backend = Backend::meddled(Guide::Two, &[], move |asked, world| {
            let is_connect = asked.target.contains("/connect?");
            is_connect.then(|| {
                let path = asked.target.split("redirect_path=%2F").nth(1).unwrap();
                let (path, origin) = path.split_once("&origin=").unwrap();
                let origin = origin.replace("%3A", ":").replace("%2F", "/");
                world.begun = Some((format!("/{}", path.replace("%2F", "/")), Some(origin)));
                match reply {
                    "401" => refusal(401, "Unauthorized"),
                    "login" => redirect("/login?next=x", ""),
                    _ => redirect("https://app.unifiedbeez.com/auth/sign-in", ""),
                }
            })
        });
        let waiting = backend.waiting(&["--json", "connect", "messenger"]);
        assert!(
            origin && waiting.authorize_url.starts_with(&format!("{}/auth/facebook/connect?", backend.url()))
        );
        assert!(
            waiting.stderr().contains("only in a browser that is signed in there"),
            "{}",
            waiting.stderr()
        );
        backend.world().consent(page(34, "1002", "Shop", true));
        assert_eq!(backend.come_back("?facebook_connected=true&type=messenger").status, 303, "{reply}");
        assert_eq!(waiting.end().clean().exits(0).json()["summary"], json!({ "connected": 1 }), "{reply}");
    }
}

#[test]
fn a_cookie_beside_the_sessions_is_told_and_a_refused_return_goes_on_in_the_browser() {
    let backend = Backend::meddled(Guide::Two, &[], |asked, world| {
        let answered = asked.target.contains("/connect?").then(|| world_answer(asked, world));
        answered.map(|()| {
            redirect(DIALOG, "Set-Cookie: oauth_state=canary; Path=/\r\nSet-Cookie: connect.sid=x\r\n")
        })
    });
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    assert!(waiting.stderr().contains("(oauth_state)"), "{}", waiting.stderr());
    backend.come_back("?error=state%2520mismatch");
    let own = format!("{}/auth/facebook/connect?redirect_path=", backend.url());
    crate::support::until("its own address is shown", || waiting.stderr().contains(&own));
    backend.world().consent(page(34, "1002", "Shop", true));
    crate::support::until("the second return is taken", || {
        backend.come_back("?facebook_connected=true&type=messenger").status == 303
    });
    let done = waiting.end().clean().exits(0);
    assert!(done.stderr.contains("the return is refused (state mismatch)"), "{}", done.stderr);
    assert_eq!(done.json()["summary"], json!({ "connected": 1 }));
}

/// Notes where the sign-in is to return to, as the back end does.
fn world_answer(asked: &crate::support::Asked, world: &mut crate::backend::World) {
    let (path, origin) = asked.target.split("redirect_path=").nth(1).unwrap().split_once("&origin=").unwrap();
    let text = |text: &str| text.replace("%3A", ":").replace("%2F", "/");
    world.begun = Some((text(path), Some(text(origin))));
}

#[test]
fn what_the_plan_forbids_is_said_in_its_own_words() {
    for status in [403, 404] {
        let backend = Backend::meddled(Guide::Two, &[], move |asked, _| {
            asked.target.contains("/facebook/connect?").then(|| refusal(status, "Forbidden resource"))
        });
        let refused = backend.run(&["--json", "connect", "messenger", "--no-browser"]).exits(1);
        let error = refused.error();
        assert_eq!(error["status"], status);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("Upgrade to Business to use Messenger"), "{message}");
    }
}

#[test]
fn a_refused_bearer_is_shown_once_as_the_cookie_that_it_was_pasted_with() {
    let cookies = |backend: &Backend| -> Vec<(String, Option<String>)> {
        let requests = backend.requests().into_iter();
        requests
            .map(|asked| (asked.authorization.clone(), asked.header("cookie").map(str::to_owned)))
            .collect()
    };
    let with = |session: String, is_taken: bool| {
        let backend =
            Backend::meddled(Guide::Two, &[page(11, "1001", "Kopi", true)], move |asked, world| match asked
                .header("cookie")
            {
                Some(cookie) if is_taken && cookie == format!("connect.sid={SESSION}") => {
                    Some(crate::support::Reply::Json(200, world.selected().to_string()))
                }
                _ => Some(refusal(401, "No session")),
            });
        let home = Home::new();
        let mut command = backend.command(&home, &["channels", "list", "--json"]);
        command.env("UNIFIEDBEEZ_SESSION", session);
        (Run::of(command).clean(), cookies(&backend))
    };
    let bearer = format!("Bearer {SESSION}");
    let cookie = format!("connect.sid={SESSION}");
    let (listed, asked) = with(format!("Cookie: theme=dark; {cookie}"), true);
    assert_eq!(listed.exits(0).json()["total"], 1);
    assert_eq!(asked, [(bearer.clone(), None), (String::new(), Some(cookie.clone()))]);
    let (refused, asked) = with(format!("Cookie: {cookie}"), false);
    refused.exits(3);
    assert_eq!(asked.len(), 2, "names are not tried at random: {asked:?}");
    let (refused, asked) = with(SESSION.to_owned(), true);
    refused.exits(3);
    assert_eq!(asked, [(bearer, None)], "without a name it isn't tried");
}
