//! What a command needs and was not typed: asked for in a terminal, named without one.

use crate::support::{Home, Run};
use crate::tty::{CTRL_C, ENTER, Terminal};

#[test]
fn webchat_asks_for_what_it_needs_and_says_where_the_code_is() {
    let home = Home::new();
    let mut terminal = Terminal::start(&home.command(&["--sandbox", "connect", "webchat"]));
    terminal.wait_for("Channel name:");
    terminal.send("Toko Kopi Senja");
    terminal.send(ENTER);
    terminal.wait_for("Website, such as toko.example.com:");
    terminal.send("toko");
    terminal.send(ENTER);
    // It is asked again.
    terminal.wait_until("a second question", |screen| screen.matches("Website, such as").count() == 2);
    terminal.send("kopi.example.com/chat");
    terminal.send(ENTER);
    let ended = terminal.end().exits(0);
    assert!(ended.text.contains("The code for your website is in Socialchat"), "{}", ended.text);

    let list =
        home.run(&["--sandbox", "--json", "channels", "list", "--search", "Toko Kopi Senja"]).exits(0).json();
    assert_eq!(
        list["channels"][0]["additionalData"]["websiteUrl"], "https://kopi.example.com/chat",
        "{list}"
    );
}

#[test]
fn linkchat_and_whatsapp_ask_for_what_they_need() {
    let home = Home::new();
    let mut terminal = Terminal::start(&home.command(&["--sandbox", "connect", "linkchat"]));
    terminal.wait_for("Channel name:");
    terminal.send("Kopi Link");
    terminal.send(ENTER);
    let ended = terminal.end().exits(0);
    assert!(ended.text.contains("The chat's link is in Socialchat"), "{}", ended.text);

    let mut terminal =
        Terminal::start(&home.command(&["--sandbox", "connect", "whatsapp", "--name", "Kopi"]));
    terminal.wait_for("Phone number, such as 081234567890:");
    terminal.send("12");
    terminal.send(ENTER);
    terminal.wait_until("a second question", |screen| screen.matches("Phone number, such").count() == 2);
    terminal.send("+62 812-3456-7890");
    terminal.send(ENTER);
    terminal.wait_for("Linked devices");
    terminal.send(CTRL_C);
    terminal.end().exits(130);
}

#[test]
fn reconnect_telegram_asks_which_channel() {
    let home = Home::new();
    let mut terminal = Terminal::start(&home.command(&["--sandbox", "reconnect", "telegram"]));
    terminal.wait_for("The channel's _id or name:");
    terminal.send("kopi_senja_sandbox_bot");
    terminal.send(ENTER);
    terminal.wait_for("Bot token");
    terminal.send(CTRL_C);
    terminal.end().exits(130);
}

#[test]
fn without_a_terminal_all_that_is_missing_is_named() {
    let home = Home::new();
    for (arguments, named) in [
        (&["connect", "webchat"][..], &["--name NAME", "--website-url URL"][..]),
        (&["connect", "webchat", "--name", "x"], &["--website-url URL"]),
        (&["connect", "linkchat"], &["--name NAME"]),
        (&["connect", "whatsapp"], &["--name NAME", "--phone NUMBER"]),
        (&["reconnect", "telegram"], &["ID"]),
        (&["connect", "telegram"], &["--bot-token-stdin"]),
    ] {
        let error = home.run(&[&["--sandbox", "--json"], arguments].concat()).exits(2).error();
        assert_eq!(error["code"], "usage");
        for option in named {
            let hint = error["hint"].as_str().unwrap();
            assert!(hint.contains(option), "{arguments:?}: {error}");
        }
        // --no-input forbids the question in a terminal as well.
        let command = home.command(&[&["--sandbox", "--no-input"], arguments].concat());
        Terminal::start(&command).end().exits(2);
    }
    // What is typed is still checked first.
    let run = Run::of(home.command(&["connect", "webchat", "--website-url", "ftp://x.example"])).exits(2);
    assert!(run.stderr.contains("--website-url"), "{}", run.stderr);
}
