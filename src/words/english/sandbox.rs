//! Why the sandbox can't do what it was asked.

use std::fmt::{Formatter, Result};

use crate::sandbox::{Corrupt, FaultError, FaultPart, SandboxError, StateError};

pub fn sandbox_error(error: &SandboxError, f: &mut Formatter<'_>) -> Result {
    match error {
        SandboxError::Listen { port, .. } => write!(f, "the sandbox can't listen on 127.0.0.1:{port}"),
        SandboxError::Start(_) => f.write_str("the sandbox can't start"),
        SandboxError::State(error) => state_error(error, f),
        SandboxError::NoCallback(kind) => {
            write!(f, "the sandbox has no callback URL for {kind}, so its sign-in leads nowhere")
        }
        SandboxError::NoDialog => f.write_str("the sandbox has no such sign-in under way"),
        SandboxError::Random(why) => write!(f, "can't get random numbers from the system: {why}"),
        SandboxError::Encode(_) => f.write_str("can't write the sandbox's state"),
    }
}

fn state_error(error: &StateError, f: &mut Formatter<'_>) -> Result {
    match error {
        StateError::Io { path, .. } => write!(f, "can't use the sandbox's state {}", path.display()),
        StateError::Link { path } => {
            write!(f, "the sandbox's state {} is a symbolic link; remove it", path.display())
        }
        StateError::File(error) => write!(f, "the sandbox's state: {error}"),
        StateError::Corrupt { path, line, why } => {
            write!(f, "can't read line {line} of the sandbox's state {}: ", path.display())?;
            match why {
                Corrupt::NoState(None) => f.write_str("it is not a sandbox's state"),
                Corrupt::NoState(Some(words)) => write!(f, "it is not a sandbox's state ({words})"),
                Corrupt::Version(version) => write!(f, "another version wrote it ({version})"),
                Corrupt::Line(words) => f.write_str(words),
            }
        }
    }
}

pub fn fault_error(error: &FaultError, f: &mut Formatter<'_>) -> Result {
    match error {
        FaultError::Shape(text) => {
            write!(f, "a fault looks like 'POST /partner/channel/messenger=402*2'; {text:?} does not")
        }
        FaultError::Part { fault, part, why } => {
            write!(f, "{part:?} in the fault {fault:?}: {}", fault_part(*why))
        }
        FaultError::Line { line, source } => write!(f, "line {line}: {source}"),
    }
}

fn fault_part(part: FaultPart) -> &'static str {
    match part {
        FaultPart::Method => "the method must be a word, or * for all",
        FaultPart::Path => "the path must begin with / and has no query",
        FaultPart::Count => "it must be a whole number above 0",
        FaultPart::Action => "it must be a status (200 to 599), reset, hang, lost or slow:MS",
        FaultPart::Millis => "slow takes whole milliseconds",
        FaultPart::Seconds => "it must be a whole number of seconds",
        FaultPart::OfStatus => "only a status takes this",
        FaultPart::Option => "it is neither retry-after=SECONDS nor message=TEXT",
    }
}
