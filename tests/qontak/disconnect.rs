//! disconnect: done by somebody on Qontak's page after its own question, and noticed in whichever way it is gone.

use serde_json::json;

use crate::fake::{Qontak, World, id, inactive, integration};
use crate::page::Waiting;
use crate::support::{Home, Reply};
use crate::terminal::{CTRL_C, Terminal};

const WARNING: &str = "Are you sure? Disconnecting this channel will also delete this channel";

#[test]
fn what_was_disconnected_on_the_page_is_noticed_in_each_way() {
    let home = Home::new();
    for (reads_one, leaves_inactive, says) in [
        (true, false, "no longer listed, and asking for it answers 404"),
        (false, false, "is gone: it is no longer listed."),
        (true, true, "is inactive now"),
    ] {
        let qontak =
            Qontak::newer(World { reads_one, ..World::of(vec![integration(0, "fb"), integration(1, "fb")]) });
        let command = qontak.command(&home, &["--json", "--yes", "disconnect", &id(1), "--no-browser"]);
        let waiting = Waiting::start(&qontak, command);
        assert!(waiting.stderr.lock().unwrap().contains(WARNING));
        match leaves_inactive {
            true => qontak.world.lock().unwrap().integrations[1]["is_active"] = json!(false),
            false => drop(qontak.world.lock().unwrap().integrations.remove(1)),
        }
        let run = waiting.end(&home).exits(0);
        assert_eq!(run.json()["results"][0]["action"], "disconnected");
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("{}  messenger  Toko 1", id(1))), "{}", run.stderr);
        assert!(run.stderr.contains("Find Toko 1 (Messenger)."), "{}", run.stderr);
        assert!(run.stderr.contains("Press Disconnect, and once more when the page asks"), "{}", run.stderr);
        // No call of the API disconnects anything.
        qontak.only_read();
        // A second time nothing is waited for.
        let again = qontak.run(&home, &["--json", "--yes", "disconnect", &id(1), "--no-browser"]);
        match leaves_inactive {
            true => assert_eq!(again.exits(0).json()["results"][0]["action"], "skipped"),
            false => assert_eq!(again.exits(1).error()["code"], "not-found"),
        }
    }
}

#[test]
fn the_pages_own_warning_is_asked_word_for_word_and_no_is_no() {
    let home = Home::new();
    let qontak = Qontak::newer(World::of(vec![integration(0, "fb")]));
    let mut terminal =
        Terminal::of_size(24, 120, &qontak.command(&home, &["disconnect", &id(0), "--no-browser"]));
    terminal.wait_for(&format!("{WARNING} [y/N]"));
    terminal.send("n\r");
    let ended = terminal.end();
    assert_eq!(ended.code, 130, "{}", ended.text);
    assert_eq!(ended.text.matches(WARNING).count(), 1, "{}", ended.text);
    assert!(!ended.text.contains("/integrations"), "{}", ended.text);
    qontak.run(&home, &["disconnect", &id(0), "--no-browser"]).exits(2);
    qontak.only_read();
}

#[test]
fn several_are_agreed_to_by_their_number_and_ctrl_c_ends_the_waiting() {
    let home = Home::new();
    let qontak = Qontak::newer(World::of(vec![integration(0, "fb"), integration(1, "line")]));
    let arguments = ["disconnect", &id(0), &id(1), "--no-browser"];
    let mut terminal = Terminal::of_size(24, 120, &qontak.command(&home, &arguments));
    terminal.wait_for("Type 2 to disconnect all 2:");
    terminal.send("2\r");
    terminal.wait_for("Waiting for the page");
    terminal.send(CTRL_C);
    let ended = terminal.end();
    assert_eq!(ended.code, 130, "{}", ended.text);
    let text = ended.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(WARNING) && text.contains("line Toko 1"), "{}", ended.text);
    qontak.only_read();
}

#[test]
fn what_is_still_there_at_the_deadline_is_exit_4() {
    let home = Home::new();
    let qontak = Qontak::newer(World::of(vec![integration(0, "fb")]));
    let arguments = ["--json", "--yes", "disconnect", &id(0), "--no-browser", "--timeout", "6"];
    let run = qontak.run(&home, &arguments).exits(4);
    assert_eq!(run.json()["results"][0]["action"], "failed");
    assert_eq!(run.error()["code"], "timeout");
}

#[test]
fn what_can_still_be_read_is_not_gone_although_the_list_lacks_it() {
    let home = Home::new();
    let one = json!({ "status": "success", "data": integration(0, "fb") }).to_string();
    let qontak = Qontak::meddled(true, World::default(), move |asked, _| {
        asked.target.ends_with(&id(0)).then(|| Reply::Json(200, one.clone()))
    });
    let arguments = ["--json", "--yes", "disconnect", &id(0), "--no-browser", "--timeout", "5"];
    qontak.run(&home, &arguments).exits(4);
}

#[test]
fn many_that_are_disconnected_are_looked_for_in_one_list() {
    let home = Home::new();
    let qontak = Qontak::newer(World {
        reads_one: false,
        ..World::of((0..6).map(|at| integration(at, "fb")).collect())
    });
    let ids: Vec<String> = (0..5).map(id).collect();
    let mut arguments = vec!["--json", "--yes", "disconnect", "--no-browser"];
    arguments.extend(ids.iter().map(String::as_str));
    let waiting = Waiting::start(&qontak, qontak.command(&home, &arguments));
    let before = qontak.asked().len();
    assert_eq!(before, 2, "the list, and whether one can be read: {:?}", qontak.asked());
    qontak.world.lock().unwrap().integrations.drain(..5);
    assert_eq!(waiting.end(&home).exits(0).json()["summary"], json!({ "disconnected": 5 }));
    assert_eq!(qontak.asked().len(), before + 1, "{:?}", &qontak.asked()[before..]);
}

#[test]
fn one_that_is_inactive_already_is_said_before_anything_is_asked() {
    let home = Home::new();
    let qontak = Qontak::newer(World::of(vec![inactive(0, "fb"), integration(1, "fb")]));
    // Nobody has to be there.
    let run = qontak.run(&home, &["--json", "disconnect", &id(0)]).exits(0);
    assert_eq!(run.json()["summary"], json!({ "skipped": 1 }));
    assert!(run.stderr.contains("is inactive already") && !run.stderr.contains(WARNING), "{}", run.stderr);
    let mut terminal =
        Terminal::of_size(24, 120, &qontak.command(&home, &["disconnect", &id(0), &id(1), "--no-browser"]));
    // It is the only one that is left.
    terminal.wait_for(&format!("{WARNING} [y/N]"));
    assert!(terminal.screen().contains("is inactive already"), "{}", terminal.screen());
    terminal.send("n\r");
    terminal.end().exits(130);
}
