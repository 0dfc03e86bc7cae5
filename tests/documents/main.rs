//! The documents against the program: their examples run and print what stands there, their tables are complete.

#[cfg(unix)]
#[path = "../support/estate.rs"]
mod estate;
#[path = "../support/mod.rs"]
mod support;

#[cfg(unix)]
mod many_channels_and_faults;

use std::collections::BTreeSet;
use std::path::Path;

use support::Home;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// The documents whose examples are run.
const WITH_EXAMPLES: [&str; 2] = ["README.md", "docs/sign-in.md"];
/// The documents whose links are followed.
const WITH_LINKS: [&str; 4] = ["README.md", "docs/sign-in.md", "CONTRIBUTING.md", "CHANGELOG.md"];

fn document(path: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A fenced block of a document.
#[derive(Debug)]
struct Block {
    /// The one above it.
    heading: String,
    language: String,
    code: String,
}

fn blocks(text: &str) -> Vec<Block> {
    let (mut blocks, mut heading, mut open) = (Vec::new(), String::new(), None::<(String, String)>);
    for line in text.lines() {
        match &mut open {
            Some((language, code)) if line == "```" => {
                let (language, code) = (std::mem::take(language), std::mem::take(code));
                blocks.push(Block { heading: heading.clone(), language, code });
                open = None;
            }
            Some((_, code)) => *code += &format!("{line}\n"),
            None if line.starts_with('#') => heading = line.trim_start_matches(['#', ' ']).to_owned(),
            None => open = line.strip_prefix("```").map(|language| (language.to_owned(), String::new())),
        }
    }
    assert!(open.is_none(), "a block is not ended: {open:?}");
    blocks
}

/// Likewise, those in that language.
fn blocks_in(text: &str, language: &str) -> Vec<String> {
    blocks(text).into_iter().filter(|block| block.language == language).map(|block| block.code).collect()
}

/// What stands between a heading and the next one.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let begin = text.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no section {heading}")) + 1;
    let rest = &text[begin..];
    &rest[..rest[1..].find("\n## ").map_or(rest.len(), |end| end + 1)]
}

/// The words in backquotes.
fn code_words(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn help(path: &[&str]) -> String {
    let arguments: Vec<&str> = path.iter().copied().chain(["--help"]).collect();
    Home::new().run(&arguments).exits(0).stdout
}

/// The commands that do something, each with the words that lead to it.
fn commands(path: &mut Vec<String>, found: &mut BTreeSet<String>) {
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    let help = help(&words);
    let Some((_, below)) = help.split_once("\nCommands:\n") else {
        found.insert(path.join(" "));
        return;
    };
    for name in
        below.lines().map_while(|line| line.strip_prefix("  ")).filter_map(|line| line.split(' ').next())
    {
        if !name.is_empty() && name != "help" {
            path.push(name.to_owned());
            commands(path, found);
            path.pop();
        }
    }
}

#[test]
fn the_readme_has_at_most_200_lines() {
    assert!(document("README.md").lines().count() <= 200);
}

#[test]
fn every_command_stands_in_the_readmes_table_and_no_other() {
    let mut real = BTreeSet::new();
    commands(&mut Vec::new(), &mut real);
    assert!(real.len() > 20, "{real:?}");
    let readme = document("README.md");
    let table = section(&readme, "Commands").split("| global option").next().unwrap_or_default();
    let told: BTreeSet<String> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| code_words(line.split('|').nth(1).unwrap_or_default()))
        .map(str::to_owned)
        .collect();
    assert_eq!(told, real);
}

#[test]
fn every_global_option_stands_in_the_readme_with_its_variable() {
    let help = Home::new().run(&["help", "options"]).exits(0).stdout;
    let (_, options) = help.split_once("\nGlobal options:\n").unwrap();
    let readme = document("README.md");
    let (_, table) = section(&readme, "Commands").split_once("| global option").unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
    let (mut last, mut real) = (None, 0);
    for line in options.lines().map(str::trim_start) {
        if line.starts_with('-') && !line.starts_with("- ") {
            let words: Vec<&str> =
                line.split([' ', ',', '.', '<', '>']).filter(|word| !word.is_empty()).collect();
            last = rows.iter().find(|row| words.iter().all(|word| row.contains(word)));
            assert!(last.is_some(), "no row holds {words:?}");
            real += 1;
        } else if let Some(variable) = line.strip_prefix("[env: ") {
            let variable = variable.trim_end_matches(']');
            assert!(last.is_some_and(|row| row.contains(&format!("`{variable}"))), "{variable}: {last:?}");
        }
    }
    assert_eq!(real, rows.len());
}

#[test]
fn the_exit_codes_are_those_of_the_program() {
    let readme = document("README.md");
    let rows: Vec<Vec<&str>> = section(&readme, "Exit codes")
        .lines()
        .filter(|line| line.starts_with('|') && line[1..].trim_start().starts_with(char::is_numeric))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    // Each exit code with the codes of the errors that end with it, as `help exit-codes` tells them.
    let told: BTreeSet<(&str, BTreeSet<&str>)> =
        rows.iter().flat_map(|row| row[1].split(", ").map(|code| (code, code_words(row[3])))).collect();
    let help = Home::new().run(&["help", "exit-codes"]).exits(0).stdout;
    let mut real = BTreeSet::new();
    let mut code = "";
    for line in help.lines() {
        let number = line.split_whitespace().next().filter(|word| word.parse::<u8>().is_ok());
        if let Some(number) = number.filter(|_| line.starts_with("  ") && !line.starts_with("    ")) {
            code = number;
            real.insert((code, BTreeSet::new()));
        } else if let Some((_, errors)) = line.split_once("error.code: ") {
            real.retain(|(other, _)| *other != code);
            real.insert((code, errors.split(", ").collect()));
        }
    }
    assert_eq!(told, real);

    // Wherever an error is given a code and an exit status, it is one of these pairs.
    let source = document("src/error.rs");
    let mut given = 0;
    for rest in source.split("Code::").skip(1) {
        let Some((variant, rest)) = rest.split_once(", ") else { continue };
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if number.is_empty() || !variant.chars().all(char::is_alphanumeric) {
            continue;
        }
        let error = kebab(variant);
        let is_told = real.iter().any(|(code, errors)| *code == number && errors.contains(error.as_str()));
        assert!(is_told, "{error} ends with {number}");
        given += 1;
    }
    assert!(given > 10, "{given}");

    // The codes of JSON errors are the variants of one enumeration.
    let told: BTreeSet<String> = rows.iter().flat_map(|row| code_words(row[3])).map(str::to_owned).collect();
    let (_, variants) = source.split_once("pub enum Code {").unwrap();
    let real: BTreeSet<String> =
        variants.split('}').next().unwrap().split(',').map(kebab).filter(|name| !name.is_empty()).collect();
    assert_eq!(told, real);
}

/// `NotRestored` is `not-restored` in JSON.
fn kebab(variant: &str) -> String {
    let mut name = String::new();
    for c in variant.trim().chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

#[test]
fn every_link_leads_somewhere() {
    for path in WITH_LINKS {
        let text = document(path);
        let folder = Path::new(ROOT).join(path).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.starts_with("https://") {
                assert!(folder.join(file).exists(), "{path} links to {link}");
            }
        }
    }
}

/// The commands of examples that need a person or an account aren't run, but each is one that the program
/// understands: `--help` behind it is only reached when everything before it was.
#[test]
fn every_command_that_is_shown_is_understood() {
    let home = Home::new();
    let mut seen = 0;
    for path in WITH_EXAMPLES {
        let text = document(path);
        for line in blocks_in(&text, "sh").iter().flat_map(|block| block.lines()) {
            let Some((_, arguments)) = line.split_once("socialchat-cli ") else { continue };
            let arguments: Vec<&str> = arguments
                .split(" #")
                .next()
                .unwrap()
                .split_whitespace()
                .map(|word| word.trim_matches('"'))
                .collect();
            let arguments: Vec<&str> = arguments.into_iter().chain(["--help"]).collect();
            home.run(&arguments).exits(0);
            seen += 1;
        }
    }
    assert!(seen >= 5, "{seen}");
}

#[cfg(unix)]
mod examples {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;

    use super::*;
    use support::{PROGRAM, Run};

    /// Printed before each command's output.
    const MARK: char = '\x1e';

    /// Each example is typed as it stands, in order, by somebody who has nothing but the program; what it prints is
    /// what stands below it, but for ids, ports and dates.
    #[test]
    fn the_examples_print_what_is_shown() {
        for path in WITH_EXAMPLES {
            let home = home_with_tools();
            let mut seen = 0;
            for block in blocks_in(&document(path), "console") {
                if block.contains("jq ") && !has_jq() {
                    continue;
                }
                let steps = steps(&block);
                let outputs = typed(&home, &steps);
                assert_eq!(outputs.len(), steps.len(), "{path}: {outputs:?}");
                for ((command, shown), real) in steps.iter().zip(&outputs) {
                    assert_eq!(plain(real), plain(shown), "{path}: {command}");
                    seen += 1;
                }
            }
            assert!(seen >= 3, "{path}: {seen}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_files_are_where_the_readme_says() {
        let home = Home::new();
        for arguments in
            [&["--yes", "connect", "messenger", "--all"][..], &["--yes", "reconnect", "messenger", "--all"]]
        {
            let mut command = home.command(&["--sandbox"]);
            Run::of({
                command.args(arguments).env_remove("SOCIALCHAT_CONFIG_DIR");
                command
            })
            .exits(0);
        }
        let written = home.files();
        let readme = document("README.md");
        let told: BTreeSet<&str> = code_words(section(&readme, "Files"))
            .into_iter()
            .filter_map(|word| word.strip_prefix("~/."))
            .collect();
        assert_eq!(told.len(), 5);
        for path in written.keys() {
            let path = path.strip_prefix(home.dir.path()).unwrap().to_str().unwrap();
            let path = path.strip_prefix('.').unwrap_or(path);
            assert!(told.iter().any(|known| path.starts_with(known)), "{path}");
        }
        for known in told.iter().filter(|path| path.contains("state")) {
            assert!(home.dir.path().join(format!(".{known}")).exists(), "{known}");
        }
    }

    /// A home whose PATH has the program, and a `cargo` that runs it where the real one would build it first.
    fn home_with_tools() -> Home {
        let home = Home::new();
        let tools = home.dir.path().join("bin");
        std::fs::create_dir(&tools).unwrap();
        symlink(PROGRAM, tools.join("socialchat-cli")).unwrap();
        let cargo = tools.join("cargo");
        std::fs::write(
            &cargo,
            "#!/bin/sh\n[ \"$1 $2 $3\" = 'run --release --' ] && shift 3 && exec socialchat-cli \"$@\"\n",
        )
        .unwrap();
        std::fs::set_permissions(&cargo, PermissionsExt::from_mode(0o755)).unwrap();
        home
    }

    /// Without jq its examples are left out on a person's machine, never in CI.
    fn has_jq() -> bool {
        Command::new("jq").arg("--version").output().is_ok() || std::env::var_os("CI").is_some()
    }

    /// Each `$ command` with what is shown below it.
    fn steps(block: &str) -> Vec<(String, String)> {
        let mut steps: Vec<(String, String)> = Vec::new();
        for line in block.lines() {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push((command.to_owned(), String::new())),
                (None, Some((_, shown))) => *shown += &format!("{line}\n"),
                (None, None) => panic!("output of no command: {line}"),
            }
        }
        steps
    }

    /// What each command prints on a terminal's both streams.
    fn typed(home: &Home, steps: &[(String, String)]) -> Vec<String> {
        let script: String =
            steps.iter().map(|(command, _)| format!("printf '{MARK}'\n{{ {command}\n}} 2>&1\n")).collect();
        let tools = home.dir.path().join("bin");
        // Its environment is the clean one that the program is run with elsewhere.
        let like = home.command(&[]);
        let mut bash = Command::new("bash");
        bash.args(["-c", &script])
            .env_clear()
            .current_dir(home.dir.path())
            .stdin(std::process::Stdio::null());
        for (name, value) in like.get_envs() {
            bash.env(name, value.unwrap_or_default());
        }
        bash.env("PATH", format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default()));
        let run = Run::of(bash).exits(0);
        assert_eq!(run.stderr, "");
        run.stdout.split(MARK).skip(1).map(str::to_owned).collect()
    }

    /// The text with what differs from run to run made equal: ids, nonces, ports, dates.
    fn plain(text: &str) -> String {
        let mut plain = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let hex = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_hexdigit()).len();
            if let Some(behind) = rest.strip_prefix("127.0.0.1:") {
                plain.push_str("127.0.0.1:PORT");
                rest = behind.trim_start_matches(|c: char| c.is_ascii_digit());
            } else if is_date(rest) {
                plain.push_str("DATE");
                rest = &rest[10..];
            } else if hex == 24 || hex == 32 {
                plain.push_str("HEX");
                rest = &rest[hex..];
            } else {
                // Other digits are taken whole, so that no part of them is taken for an id.
                let (taken, behind) = rest.split_at(hex.max(first.len_utf8()));
                plain.push_str(taken);
                rest = behind;
            }
        }
        plain
    }

    fn is_date(text: &str) -> bool {
        let shape = |(index, byte): (usize, &u8)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        text.len() >= 10 && text.as_bytes()[..10].iter().enumerate().all(shape)
    }
}
