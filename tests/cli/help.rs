//! The help of every command, as it stands in `snapshots/`.
//!
//! Those files are generated. After a change of the command line or of its words, this writes them anew, and
//! removes those of commands that are gone; `git diff` then shows what people will read:
//!
//! ```text
//! rm -f tests/cli/snapshots/*.snap; INSTA_UPDATE=always cargo test --test cli help
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::{Home, Run};

/// Every command with its help, found by what the help of the commands above it lists.
pub fn all_help(home: &Home) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut left = vec![Vec::<String>::new()];
    while let Some(path) = left.pop() {
        let mut command = home.command(&[]);
        // Where there is no terminal, this is the width that is written for.
        command.args(&path).arg("--help").env("COLUMNS", "100");
        let help = Run::of(command).exits(0).stdout.replace("socialchat-cli.exe", "socialchat-cli");
        left.extend(listed(&help).into_iter().map(|name| [&path[..], &[name]].concat()));
        found.insert([&["socialchat-cli".to_owned()], &path[..]].concat().join("-"), help);
    }
    found
}

/// The commands below `Commands:`, without `help`.
fn listed(help: &str) -> Vec<String> {
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // Further lines of a description stand further to the right.
    let names = lines.filter(|line| line.starts_with("  ") && !line[2..].starts_with(' '));
    names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_help_of_each_command_is_as_it_was_agreed() {
    let home = Home::new();
    let help = all_help(&home);
    assert!(help.len() > 20, "the commands are found: {:?}", help.keys());
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| help.iter().for_each(|(name, help)| insta::assert_snapshot!(name.as_str(), help)));

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/snapshots");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut kept: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "snap"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    kept.sort();
    assert_eq!(kept, help.into_keys().collect::<Vec<_>>(), "a file for each command, and none for others");
}

#[test]
fn the_help_of_each_command_has_examples_that_are_commands() {
    let home = Home::new();
    for (name, help) in all_help(&home) {
        let examples: Vec<&str> = help
            .split_once("\nExample")
            .or_else(|| help.split_once("\nTry it"))
            .unwrap_or_else(|| panic!("{name} has no examples:\n{help}"))
            .1
            .lines()
            .filter(|line| line.starts_with("  ") && line.contains("socialchat-cli"))
            .collect();
        assert!(!examples.is_empty(), "{name}");
        for example in examples {
            assert_example(&home, &name, example);
        }
    }
}

/// Checks that the program would take what stands in an example: with `--help` behind it nothing is done, but an
/// option or command that doesn't exist is still an error.
fn assert_example(home: &Home, name: &str, example: &str) {
    let mut rest = example;
    while let Some((_, after)) = rest.split_once("socialchat-cli ") {
        let end = after.find(['|', '<', '>', '#']).unwrap_or(after.len());
        let words = words(&after[..end]);
        rest = &after[end..];
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let run = home.run(&[&words[..], &["--help"]].concat());
        assert_eq!(run.code, Some(0), "{name}: {example}\n{}", run.stderr);
    }
}

/// As a shell splits them; quotes are taken off.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None::<String>;
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[test]
fn help_of_a_command_is_the_help_that_the_command_gives() {
    let home = Home::new();
    for words in [&["login"][..], &["connect", "messenger"], &["channels"]] {
        let asked = home.run(&[&["help"], words].concat()).exits(0).stdout;
        assert_eq!(asked, home.run(&[words, &["--help"]].concat()).exits(0).stdout, "{words:?}");
    }
}
