//! Secrets that are piped in.

use std::io::Read as _;

use anyhow::{Context as _, Result};

use crate::failure::Failure;
use crate::types::Secret;

/// No secret is longer.
const LONGEST: u64 = 64 << 10;

/// A secret from stdin, to its end, without the line's end. Ctrl-C ends the waiting.
pub async fn from_stdin(what: &str) -> Result<Secret> {
    // On a thread that the runtime waits for no longer than the program: a read can't be called off.
    let read = tokio::task::spawn_blocking(|| {
        let mut text = zeroize::Zeroizing::new(String::new());
        std::io::stdin().lock().take(LONGEST + 1).read_to_string(&mut text).map(|_| text)
    });
    let text = read.await?.with_context(|| format!("could not read {what} from stdin"))?;
    let value = text.trim();
    let usage = |message: String| Failure::Usage { message, hint: format!("pipe {what} in, alone") };
    if value.is_empty() {
        return Err(usage(format!("{what} was expected on stdin, and nothing came")).into());
    }
    if text.len() as u64 > LONGEST || value.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(usage(format!("what came on stdin is not {what}: it has several lines or words")).into());
    }
    Ok(Secret::new(value))
}
