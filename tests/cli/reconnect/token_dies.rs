//! A token that dies while a bulk run is under way.

use crate::fake::{Deal, Fake};
use crate::partner::{Partner, TOKEN, World, channel, refusal};
use crate::support::{Home, Run};

/// The token "old" dies with the `from`th POST.
fn dying(count: usize, from: usize) -> Fake {
    Fake::start(count, count, move |post| {
        if post.token == "old" && post.number >= from {
            Deal::Answer(refusal(403, "invalid token callback"))
        } else {
            Deal::Do
        }
    })
}

#[test]
fn without_a_terminal_the_rest_is_reported_and_goes_on_with_a_new_token() {
    for from in [1, 2, 7, 20] {
        let fake = dying(20, from);
        let home = Home::new();
        let arguments = ["--json", "reconnect", "messenger", "--all", "--concurrency", "3"];
        let run = Run::of(fake.command(&home, "old", &arguments)).exits(if from == 1 { 4 } else { 5 });
        let results = run.json()["results"].as_array().unwrap().clone();
        assert_eq!(results.len(), 20, "every channel is in the result");
        let failed: Vec<_> = results.iter().filter(|result| result["action"] == "not-started").collect();
        assert_eq!(failed.len(), 20 - (from - 1));
        assert!(failed[0]["error"]["hint"].as_str().unwrap().contains("--resume"), "{}", failed[0]);
        assert!(fake.arrivals().len() < from + 3, "nothing further is begun: {}", fake.arrivals().len());

        let resume = ["--json", "reconnect", "messenger", "--resume"];
        Run::of(fake.command(&home, "dead", &resume)).exits(4);
        let run = Run::of(fake.command(&home, "new", &resume)).exits(0);
        assert_eq!(run.json()["results"].as_array().unwrap().len(), failed.len());
        let done = fake.done();
        assert!(done.len() == 20 && done.values().all(|times| *times == 1), "{done:?}");
    }
}

#[cfg(unix)]
#[test]
fn on_a_terminal_one_new_sign_in_goes_on() {
    let fake = dying(8, 4);
    let home = Home::new();
    let arguments = ["reconnect", "messenger", "--all", "--no-browser", "--concurrency", "1"];
    let mut terminal = crate::tty::Terminal::of_size(40, 120, &fake.command(&home, "old", &arguments));
    terminal.wait_for("with 5 left to do: sign in once more to go on");
    terminal.wait_for("facebook.example");
    terminal.wait_for("Tick all");
    terminal.send("new-token-of-the-second-sign-in\r");
    terminal.end().exits(0);
    let done = fake.done();
    assert!(done.len() == 8 && done.values().all(|times| *times == 1), "{done:?}");
}

#[cfg(unix)]
#[test]
fn on_a_terminal_a_second_death_asks_for_no_third_sign_in() {
    let fake = Fake::start(6, 6, |post| {
        if post.number > 2 { Deal::Answer(refusal(403, "invalid token callback")) } else { Deal::Do }
    });
    let home = Home::new();
    let arguments = ["reconnect", "messenger", "--all", "--no-browser", "--concurrency", "1"];
    let mut terminal = crate::tty::Terminal::of_size(60, 120, &fake.command(&home, "old", &arguments));
    terminal.wait_for("with 4 left to do");
    terminal.wait_for("Tick all");
    terminal.send("new-token-of-the-second-sign-in\r");
    let terminal = terminal.end().exits(5);
    assert_eq!(terminal.text.matches("sign in once more").count(), 1, "{}", terminal.text);
}

#[cfg(unix)]
#[test]
fn a_second_sign_in_that_fails_does_not_hide_what_is_done() {
    let fake = dying(6, 3);
    let home = Home::new();
    let arguments =
        ["reconnect", "messenger", "--all", "--no-browser", "--concurrency", "1", "--timeout", "1"];
    let terminal = crate::tty::Terminal::of_size(60, 120, &fake.command(&home, "old", &arguments));
    let terminal = terminal.end().exits(5);
    assert_eq!(terminal.text.matches("reconnected  ").count(), 2, "{}", terminal.text);
    assert!(terminal.text.contains("--resume"), "{}", terminal.text);
}

/// The token is dead before the Pages are listed, and the way back of the callback takes longer than that.
#[cfg(unix)]
#[test]
fn a_second_sign_in_waits_for_the_way_back_of_the_first() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    let mut world = World::new();
    world.channels = vec![channel("65b37833afe781e84afa0001", "messenger", "p1", "Toko")];
    let before = world.settings.clone();
    let own = before["callbackMessengerUrl"].as_str().unwrap().to_owned();
    let sign_ins = AtomicUsize::new(0);
    let partner = Partner::meddled(world, move |asked, _, world| {
        if asked.target.ends_with("/authorize") {
            let token = match sign_ins.fetch_add(1, Ordering::SeqCst) {
                0 => "dead-token-0123456789",
                _ => TOKEN,
            };
            let callback =
                world.lock().unwrap().settings["callbackMessengerUrl"].as_str().unwrap().to_owned();
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(30));
                crate::support::http("GET", &format!("{callback}?token={token}"), "", "")
            });
        }
        if asked.method == "PUT" && asked.body.contains(&own) {
            std::thread::sleep(Duration::from_secs(1));
        }
        let is_dead = asked.target.contains("/account?") && asked.target.contains("dead-token");
        is_dead.then(|| refusal(403, "invalid token callback"))
    });
    let home = Home::new();
    // The same port for both: the first has to leave it.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let arguments = ["reconnect", "messenger", "--all", "--no-browser", "--yes", "--port", &port];
    let mut terminal = crate::tty::Terminal::of_size(60, 120, &home.against(partner.url(), &arguments));
    terminal.wait_for("with 1 left to do: sign in once more to go on");
    terminal.end().exits(0);
    assert_eq!(partner.count("POST /partner/channel/messenger/65b37833afe781e84afa0001"), 1);
    assert_eq!(partner.settings(), before);
}
