//! The completion scripts in `completions/` are what the program prints.
//!
//! Those of bash, zsh and fish are written by hand and built into the program (`shells.rs` drives the shells). Those of
//! PowerShell and elvish are generated. After a change of the command line, this writes them anew:
//!
//! ```text
//! UPDATE=1 cargo test --test cli completions
//! ```

use std::fs;
use std::path::Path;

use crate::support::Home;

/// The shells, and the name under which each looks for a script.
const SCRIPTS: [(&str, &str); 5] = [
    ("bash", "socialchat-cli.bash"),
    ("elvish", "socialchat-cli.elv"),
    ("fish", "socialchat-cli.fish"),
    ("powershell", "_socialchat-cli.ps1"),
    ("zsh", "_socialchat-cli"),
];

#[test]
fn the_scripts_in_the_repository_are_those_of_this_command_line() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let home = Home::new();
    let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    for (shell, name) in SCRIPTS {
        let printed = home.run(&["completions", shell]).exits(0).stdout;
        let path = folder.join(name);
        if update {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &printed).unwrap();
        }
        // A checkout on Windows may have other line ends.
        let kept = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        let first = kept.lines().zip(printed.lines()).position(|(kept, printed)| kept != printed);
        let line = first.unwrap_or_else(|| kept.lines().count().min(printed.lines().count())) + 1;
        assert!(
            kept == printed,
            "completions/{name} differs from line {line} on: UPDATE=1 cargo test --test cli completions"
        );
    }
    let mut there: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    let mut wanted = SCRIPTS.map(|(_, name)| name);
    wanted.sort_unstable();
    assert_eq!(there, wanted, "nothing else is in completions/");
}
