//! A call whose answer says nothing is not sent again: what is set is read, and believed.

use crate::graph::{Graph, error};
use crate::hook::hook;
use crate::subscribe::set_up;
use crate::support::{Asked, Reply};

fn is_post_of(asked: &Asked, half: &str) -> bool {
    asked.method == "POST" && asked.target.contains(half)
}

const HALVES: [&str; 2] = ["/subscriptions", "/subscribed_apps"];

/// What an answer may come to that proves nothing.
fn lost() -> Vec<Reply> {
    vec![
        Reply::Close,
        Reply::Json(400, error(2, None, "Service temporarily unavailable")),
        Reply::Json(500, error(2, None, "Service temporarily unavailable")),
        Reply::With(502, String::new(), "<html>bad gateway</html>".to_owned()),
        Reply::With(200, String::new(), "<html>Log in</html>".to_owned()),
    ]
}

#[test]
fn a_post_that_was_carried_out_and_lost_its_answer_is_done() {
    for half in HALVES {
        for place in 0..lost().len() {
            let graph = Graph::with(move |asked, world| {
                if !is_post_of(asked, half) {
                    return None;
                }
                let form = crate::graph::params(&asked.body);
                let list = |name: &str| form[name].split(',').map(str::to_owned).collect::<Vec<_>>();
                match half {
                    "/subscriptions" => world.app = Some((form["callback_url"].clone(), list("fields"))),
                    _ => world.page = Some(list("subscribed_fields")),
                }
                Some(lost().swap_remove(place))
            });
            set_up(&graph, &hook(), &[]).exits(0);
            let posts = graph.asked().into_iter().filter(|asked| is_post_of(asked, half)).count();
            assert_eq!(posts, 1, "{half} {place}");
        }
    }
}

#[test]
fn a_post_that_came_to_nothing_is_told_and_not_sent_again() {
    for half in HALVES {
        for place in [0, 1, 2] {
            let graph =
                Graph::with(move |asked, _| is_post_of(asked, half).then(|| lost().swap_remove(place)));
            set_up(&graph, &hook(), &[]).exits(1);
            let posts = graph.asked().into_iter().filter(|asked| is_post_of(asked, half)).count();
            assert_eq!(posts, 1, "{half} {place}");
        }
    }
}

#[test]
fn a_success_that_nothing_shows_is_none() {
    for (half, says) in [("/subscriptions", "the app's half"), ("/subscribed_apps", "the Page's half")] {
        let graph = Graph::with(move |asked, _| {
            is_post_of(asked, half).then(|| Reply::Json(200, r#"{"success":true}"#.to_owned()))
        });
        let error = set_up(&graph, &hook(), &["--json"]).exits(1).error();
        assert_eq!(
            error["message"],
            format!("Meta has taken {says} of the webhook, but doesn't show it after 2 s")
        );
    }
}

#[test]
fn where_nobody_can_look_it_is_not_known() {
    let graph = Graph::with(|asked, world| {
        let is_look = asked.method == "GET" && asked.target.contains("/subscribed_apps");
        if is_post_of(asked, "/subscribed_apps") {
            world.takes_form = false;
            return Some(Reply::Close);
        }
        (is_look && !world.takes_form).then(|| Reply::Json(400, error(200, None, "(#200) no more")))
    });
    let error = set_up(&graph, &hook(), &["--json"]).exits(1).error();
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("can't tell whether the Page's half of the webhook is set"), "{message}");
    assert!(error["hint"].as_str().unwrap().contains("meta check"), "{error}");
}

#[test]
fn what_meta_itself_refuses_of_a_callback_is_told() {
    for (code, says) in
        [(2200, "can't reach the callback URL"), (2201, "doesn't answer with Meta's challenge")]
    {
        let graph = Graph::with(move |asked, _| {
            is_post_of(asked, "/subscriptions").then(|| crate::graph::refused(code, "verification failed"))
        });
        let error = set_up(&graph, &hook(), &["--json"]).exits(1).error();
        assert!(error["message"].as_str().unwrap().contains(says), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("verify token must agree"), "{error}");
        assert!(graph.world().page.is_none(), "the Page comes second");
    }
}
