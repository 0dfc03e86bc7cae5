//! A desktop whose browser only writes down how it was started.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use crate::support::{Home, until};

/// Puts a browser first on the program's path that records its arguments and its environment.
pub fn with_browser(home: &Home, mut command: Command) -> Command {
    let bin = home.dir.path().join("bin");
    if !bin.exists() {
        fs::create_dir(&bin).unwrap();
        let script = bin.join("xdg-open");
        let text = "#!/bin/sh\n{ printf '%s\\n' \"$@\"; env; } > \"$HOME/browser.$$.new\"\n\
                    mv \"$HOME/browser.$$.new\" \"$HOME/browser.$$\"\n";
        fs::write(&script, text).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    command.env("PATH", path).env("DISPLAY", ":99");
    command
}

/// What the browser was started with, each time.
pub fn browser_starts(home: &Home) -> Vec<String> {
    let is_one = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("browser.") && !name.ends_with(".new")
    };
    let files = home.files();
    files
        .iter()
        .filter(|(path, _)| is_one(path))
        .map(|(_, text)| String::from_utf8_lossy(text).into_owned())
        .collect()
}

/// What the browser was told to open; waits for it.
pub fn opened(home: &Home) -> String {
    until("the browser was started", || !browser_starts(home).is_empty());
    browser_starts(home).remove(0).lines().next().unwrap().to_owned()
}
