//! `help TOPIC`, and that a command's own help holds its own options.

use std::collections::BTreeSet;
use std::path::Path;

use crate::help::all_help;
use crate::support::{Home, Run};

fn topic(home: &Home, name: &str) -> String {
    home.run(&["help", name]).exits(0).stdout
}

/// Every file of the program's code.
fn sources(folder: &Path, found: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn help_environment_names_every_variable_that_the_program_reads() {
    let mut code = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    let variables: BTreeSet<&str> = code
        .split("SOCIALCHAT_")
        .skip(1)
        .map(|rest| rest.split(|c| !is_name(c)).next().unwrap())
        .filter(|name| !name.is_empty())
        .collect();
    assert!(variables.len() >= 9, "{variables:?}");
    let told = topic(&Home::new(), "environment");
    let told: BTreeSet<&str> =
        told.split_whitespace().filter_map(|word| word.strip_prefix("SOCIALCHAT_")).collect();
    assert_eq!(told, variables);
}

#[test]
fn help_options_lists_every_global_option() {
    let told = topic(&Home::new(), "options");
    for option in [
        "--profile",
        "--platform",
        "--api-url",
        "--sandbox",
        "--json",
        "--yes",
        "--no-input",
        "--quiet",
        "--verbose",
        "--color",
        "--config-dir",
    ] {
        assert!(told.contains(option), "{option}: {told}");
    }
}

#[test]
fn a_topic_is_a_result_and_an_unknown_one_is_an_error() {
    let home = Home::new();
    for name in ["options", "environment", "exit-codes", "json"] {
        let run = home.run(&["help", name]).exits(0);
        assert!(run.stdout.lines().count() > 5 && run.stderr.is_empty(), "{name}: {run:?}");
        assert!(home.run(&["--help"]).exits(0).stdout.contains(name), "{name}");
        let narrow = run.stdout.lines().find(|line| line.chars().count() > 80);
        assert_eq!(narrow, None, "{name}");
    }
    assert!(home.run(&["help", "fax"]).exits(2).stderr.contains("'fax'"));
    assert!(home.run(&["help", "connect", "fax"]).exits(2).stderr.contains("'fax'"));
}

#[test]
fn a_commands_help_holds_its_own_options_and_one_line_about_the_global_ones() {
    let home = Home::new();
    for (name, help) in all_help(&home) {
        for option in ["--config-dir", "--platform <", "--no-input", "--api-url <", "--color"] {
            assert!(!help.contains(option), "{name}: {option}");
        }
        let is_main = name == "socialchat-cli";
        assert_eq!(help.contains("--version"), is_main, "{name}");
        let pointers = help.lines().filter(|line| line.contains("socialchat-cli help options")).count();
        assert_eq!(pointers, 1, "{name}:\n{help}");
        // At 80 columns nothing is longer, and no example is broken.
        let path =
            name.trim_start_matches("socialchat-cli").replace("whatsapp-official", "whatsapp_official");
        let words = path.split('-').filter(|word| !word.is_empty()).map(|word| word.replace('_', "-"));
        let mut words: Vec<String> = words.collect();
        words.push("--help".to_owned());
        let mut command = home.command(&[]);
        command.args(&words).env("COLUMNS", "80");
        let narrow = Run::of(command).exits(0).stdout;
        for line in narrow.lines() {
            // A usage line is never broken.
            assert!(line.chars().count() <= 80 || line.starts_with("Usage: "), "{name}: {line}");
        }
        let examples = |help: &str| help.split("\nExample").nth(1).unwrap_or_default().to_owned();
        assert_eq!(examples(&narrow), examples(&help), "{name}");
    }
}
