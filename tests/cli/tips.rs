//! What people type who know other programs: aliases, and tips towards the right command.

use crate::support::Home;

#[test]
fn aliases_are_the_commands_they_stand_for() {
    let home = Home::new();
    let list = home.run(&["--sandbox", "channels", "list"]).exits(0).stdout;
    for alias in [&["ls"][..], &["channel", "list"], &["channel", "ls"], &["channels", "ls"]] {
        assert_eq!(home.run(&[&["--sandbox"], alias].concat()).exits(0).stdout, list, "{alias:?}");
    }
    for (alias, command) in [
        (&["connect", "facebook"][..], "connect messenger"),
        (&["connect", "fb"], "connect messenger"),
        (&["connect", "ig"], "connect instagram"),
        (&["connect", "wa"], "connect whatsapp"),
        (&["reconnect", "fb"], "reconnect messenger"),
        (&["reconnect", "ig"], "reconnect instagram"),
        (&["rm"], "disconnect"),
    ] {
        let help = home.run(&[alias, &["--help"]].concat()).exits(0).stdout;
        assert!(help.contains(&format!("Usage: socialchat-cli {command} ")), "{alias:?}: {help}");
    }
    for kind in ["facebook", "fb", "ig"] {
        home.run(&["pages", kind, "--help"]).exits(0);
        let run = home.run(&["--sandbox", "--json", "channels", "list", "--kind", kind]).exits(0);
        let kinds = run.json()["channels"].as_array().unwrap().len();
        assert_eq!(kinds, usize::from(kind == "ig"), "{}", run.stdout);
    }
}

#[test]
fn whatsapp_as_a_kind_means_both_kinds_of_whatsapp() {
    let home = Home::new();
    let connected = home.dir.path().join("qr.png");
    let connect = ["connect", "whatsapp", "--name", "Toko", "--phone", "081234567890", "--qr-file"];
    let served = crate::support::Served::start(&home, &["--qr-period", "100"]);
    let arguments = [&connect[..], &[connected.to_str().unwrap()]].concat();
    crate::support::Run::of(home.against(&served.api_url, &arguments)).exits(0);
    for word in ["whatsapp", "wa", "whatsapp-unofficial"] {
        let arguments = ["--json", "channels", "list", "--kind", word];
        let list = crate::support::Run::of(home.against(&served.api_url, &arguments)).exits(0).json();
        assert_eq!(list["total"], 1, "{word}: {list}");
        assert_eq!(list["channels"][0]["channelType"], "whatsapp-unofficial");
    }
    let arguments = ["--json", "channels", "list", "--kind", "whatsapp-official"];
    let list = crate::support::Run::of(home.against(&served.api_url, &arguments)).exits(0).json();
    assert_eq!(list["total"], 0, "{list}");
}

#[test]
fn a_word_of_another_program_leads_to_the_right_command() {
    let home = Home::new();
    for (typed, meant) in [
        (&["docs"][..], "'help'"),
        (&["conect"], "'connect'"),
        (&["auth", "login"], "'login'"),
        (&["status"], "'channels list'"),
        (&["list"], "'channels list'"),
        (&["channels", "list", "-o", "json"], "'--json'"),
        (&["channels", "list", "--output", "json"], "'--json'"),
        (&["channels", "list", "--watch"], "'channels watch'"),
        (&["version"], "'--version'"),
        (&["fb"], "'connect messenger'"),
        (&["complet"], "'completions'"),
        (&["connect", "help"], "'--help'"),
        (&["channels", "list", "--profil", "x"], "'--profile'"),
    ] {
        let run = home.run(typed).exits(2);
        assert!(run.stderr.contains("tip: ") && run.stderr.contains(meant), "{typed:?}: {}", run.stderr);
    }
    let run = home.run(&["--json", "status"]).exits(2);
    assert!(run.error()["hint"].as_str().unwrap().contains("channels list"), "{}", run.stderr);
}

#[test]
fn no_tip_leads_to_a_command_that_deletes() {
    let home = Home::new();
    for typed in [
        "docs",
        "conect",
        "disconect",
        "diconnect",
        "disconnet",
        "logou",
        "log-out",
        "delete",
        "remove",
        "r",
        "rmm",
    ] {
        let run = home.run(&[typed]).exits(2);
        let tips: Vec<&str> = run.stderr.lines().filter(|line| line.contains("tip:")).collect();
        for deleting in ["disconnect", "'logout'", "'rm'"] {
            assert!(!tips.iter().any(|tip| tip.contains(deleting)), "{typed}: {tips:?}");
        }
    }
    // Nor from a misspelt one to its opposite.
    assert!(!home.run(&["disconect"]).exits(2).stderr.contains("tip:"));
}

#[test]
fn what_cannot_be_reconnected_says_what_to_do_instead() {
    let home = Home::new();
    for (kind, command) in
        [("whatsapp", "whatsapp"), ("wa", "whatsapp"), ("webchat", "webchat"), ("linkchat", "linkchat")]
    {
        for more in [&[][..], &["65b37833afe781e84afa001f"], &["--disconnected"]] {
            let run = home.run(&[&["--json", "reconnect", kind], more].concat()).exits(2);
            let error = run.error();
            assert_eq!(error["code"], "unsupported", "{error}");
            let hint = error["hint"].as_str().unwrap();
            assert!(hint.contains(&format!("`socialchat-cli connect {command}`")), "{error}");
        }
    }
}
