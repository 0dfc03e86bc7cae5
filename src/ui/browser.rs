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
#[error("can't open a browser ({0})")]
pub struct BrowserError(io::ErrorKind);

/// Opens the address in the person's browser. Success means that a launcher was found and didn't fail
/// at once, no more than that. Give it addresses of ours only: arguments of programs are public.
pub async fn open(url: &str) -> Result<(), BrowserError> {
    let url = url.to_owned();
    let opening = detached(move || {
        // Containers of editors have `$BROWSER` and no xdg-open that would look at it.
        let chosen = chosen_browser().map(|browser| open::with_command(&url, browser));
        let mut failure = io::Error::from(io::ErrorKind::NotFound);
        for launcher in open::commands(&url).into_iter().chain(chosen) {
            match launch(launcher) {
                Ok(()) => return Ok(()),
                // A launcher that failed says more than one that isn't there.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => failure = error,
            }
        }
        Err(failure)
    });
    match tokio::time::timeout(PATIENCE, opening).await {
        Ok(Err(error)) => Err(BrowserError(error.kind())),
        Ok(Ok(())) | Err(_) => Ok(()),
    }
}

/// Starts a launcher without our terminal, our Ctrl-C and our secrets.
fn launch(mut launcher: Command) -> io::Result<()> {
    launcher.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    without_secrets(&mut launcher);
    set_apart(&mut launcher);
    let mut child = launcher.spawn()?;
    let begun = Instant::now();
    while begun.elapsed() < WATCH {
        match child.try_wait()? {
            Some(status) if status.success() || cfg!(windows) => return Ok(()),
            Some(_) => return Err(io::ErrorKind::Other.into()),
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    // It may be the browser itself, for as long as it is open. Waited for, it leaves no zombie behind.
    std::thread::Builder::new().spawn(move || child.wait()).map(drop)
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
    fn an_error_does_not_hold_the_address() {
        let error = BrowserError(io::ErrorKind::NotFound);
        assert_eq!(error.to_string(), "can't open a browser (entity not found)");
    }
}
