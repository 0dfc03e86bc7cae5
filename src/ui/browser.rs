//! The person's browser: whether one is likely to be in reach, and opening it.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::child::without_secrets;
use super::thread::detached;

/// How long a launcher may take. A launcher that is still at it then counts as working.
const PATIENCE: Duration = Duration::from_secs(3);

/// So long a launcher is watched for failing at once; the next one is tried then.
const WATCH: Duration = Duration::from_millis(250);

/// Why no browser was opened. The text never holds the address.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    #[error("can't open a browser: there is no program that opens one (BROWSER=PROGRAM names yours)")]
    NoLauncher,
    /// It ended at once, with this exit code or by a signal.
    #[error("can't open a browser: {program} ended {}", ended(*code))]
    Ended { program: String, code: Option<i32> },
    #[error("can't open a browser: can't run {program} ({kind})")]
    NotRun { program: String, kind: io::ErrorKind },
}

fn ended(code: Option<i32>) -> String {
    code.map_or_else(|| "by a signal".to_owned(), |code| format!("with exit code {code}"))
}

/// Opens the address in the person's browser. Success means that a launcher was found and didn't fail
/// at once, no more than that. Give it addresses of ours only: arguments of programs are public.
pub async fn open(url: &str) -> Result<(), BrowserError> {
    let url = url.to_owned();
    match tokio::time::timeout(PATIENCE, detached(move || Ok(try_each(&url)))).await {
        Ok(Ok(opened)) => opened,
        Ok(Err(error)) => Err(BrowserError::NotRun { program: "a launcher".to_owned(), kind: error.kind() }),
        Err(_) => Ok(()),
    }
}

/// Launchers in their order, until one works.
fn try_each(url: &str) -> Result<(), BrowserError> {
    // Containers of editors have `$BROWSER` and no xdg-open that would look at it.
    let chosen = chosen_browser().map(|browser| open::with_command(url, browser));
    let mut failure = BrowserError::NoLauncher;
    for launcher in open::commands(url).into_iter().chain(chosen) {
        match launch(launcher) {
            Ok(()) => return Ok(()),
            // A launcher that failed says more than one that isn't there.
            Err(BrowserError::NotRun { kind: io::ErrorKind::NotFound, .. }) => {}
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// Starts a launcher without our terminal, our Ctrl-C and our secrets.
fn launch(mut launcher: Command) -> Result<(), BrowserError> {
    let program = launcher.get_program().to_string_lossy().into_owned();
    let not_run = |error: io::Error| BrowserError::NotRun { program: program.clone(), kind: error.kind() };
    launcher.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    without_secrets(&mut launcher);
    set_apart(&mut launcher);
    let mut child = launcher.spawn().map_err(not_run)?;
    let begun = Instant::now();
    while begun.elapsed() < WATCH {
        match child.try_wait().map_err(not_run)? {
            Some(status) if status.success() || cfg!(windows) => return Ok(()),
            Some(status) => return Err(BrowserError::Ended { program, code: status.code() }),
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    // It may be the browser itself, for as long as it is open. Waited for, it leaves no zombie behind.
    std::thread::Builder::new().spawn(move || child.wait()).map(drop).map_err(not_run)
}

#[cfg(unix)]
fn set_apart(launcher: &mut Command) {
    std::os::unix::process::CommandExt::process_group(launcher, 0);
}

#[cfg(windows)]
fn set_apart(launcher: &mut Command) {
    const NEW_PROCESS_GROUP: u32 = 0x200;
    const NO_WINDOW: u32 = 0x0800_0000;
    std::os::windows::process::CommandExt::creation_flags(launcher, NEW_PROCESS_GROUP | NO_WINDOW);
}

/// `$BROWSER`, where it names one program.
fn chosen_browser() -> Option<String> {
    std::env::var("BROWSER").ok().filter(|browser| !browser.is_empty() && !browser.contains([':', '%', ' ']))
}

/// Where the program runs, as far as it matters for a browser that should reach a loopback address here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surroundings {
    /// Logged in from another machine: the browser is over there.
    Ssh,
    /// Windows Subsystem for Linux: the browser is a Windows program.
    Wsl,
    /// In a container with neither display nor `$BROWSER`: the browser is outside.
    Container,
    /// No display and no `$BROWSER`.
    NoDisplay,
    /// Nothing speaks against opening a browser.
    Desktop,
}

/// Looks at the environment and for the marks that containers leave.
pub fn surroundings() -> Surroundings {
    let marked = ["/.dockerenv", "/run/.containerenv"].iter().any(|mark| Path::new(mark).exists());
    judge(
        |name| std::env::var_os(name).is_some_and(|value| !value.is_empty()),
        marked,
        cfg!(target_os = "linux"),
    )
}

/// `is_set` tells whether a variable has a value, `marked` whether the file system is a container's. Only on
/// Linux does the absence of a display say anything.
fn judge(is_set: impl Fn(&str) -> bool, marked: bool, linux: bool) -> Surroundings {
    let any = |names: &[&str]| names.iter().any(|name| is_set(name));
    let reachable = !linux || any(&["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"]);
    if any(&["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"]) {
        Surroundings::Ssh
    } else if any(&["WSL_DISTRO_NAME", "WSL_INTEROP"]) {
        Surroundings::Wsl
    } else if reachable {
        Surroundings::Desktop
    } else if marked || is_set("container") {
        Surroundings::Container
    } else {
        Surroundings::NoDisplay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surroundings_are_told_from_variables_and_marks() {
        let judged = |set: &[&str], marked, linux| judge(|name| set.contains(&name), marked, linux);
        for (set, marked, linux, expected) in [
            (&[][..], false, true, Surroundings::NoDisplay),
            (&["DISPLAY"], false, true, Surroundings::Desktop),
            (&["WAYLAND_DISPLAY"], false, true, Surroundings::Desktop),
            (&["BROWSER"], false, true, Surroundings::Desktop),
            (&["DISPLAY", "SSH_CONNECTION"], false, true, Surroundings::Ssh),
            (&["SSH_TTY"], true, true, Surroundings::Ssh),
            (&["WSL_DISTRO_NAME", "DISPLAY"], false, true, Surroundings::Wsl),
            (&["WSL_INTEROP"], false, true, Surroundings::Wsl),
            (&[], true, true, Surroundings::Container),
            (&["container"], false, true, Surroundings::Container),
            (&["BROWSER"], true, true, Surroundings::Desktop),
            (&[], false, false, Surroundings::Desktop),
            (&["SSH_CONNECTION"], false, false, Surroundings::Ssh),
        ] {
            assert_eq!(judged(set, marked, linux), expected, "{set:?} {marked} {linux}");
        }
    }

    #[test]
    fn an_error_names_the_program_and_how_it_ended_and_not_the_address() {
        let ended = BrowserError::Ended { program: "xdg-open".to_owned(), code: Some(3) };
        assert_eq!(ended.to_string(), "can't open a browser: xdg-open ended with exit code 3");
        let killed = BrowserError::Ended { program: "xdg-open".to_owned(), code: None };
        assert_eq!(killed.to_string(), "can't open a browser: xdg-open ended by a signal");
    }
}
