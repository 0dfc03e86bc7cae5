//! completions: a shell's script.

use anyhow::Result;
use serde_json::json;

use crate::cli::{Cli, with_global_options_shown};
use crate::context::Context;

/// Prints a shell's completion script. Those of bash, zsh and fish ask this program what comes next, so that ids and
/// profiles are completed too; the others hold what the command line was when they were made.
pub fn completions(context: &Context, shell: clap_complete::Shell) -> Result<()> {
    let script = match shell {
        clap_complete::Shell::Bash => own(include_str!("../../completions/socialchat-cli.bash")),
        clap_complete::Shell::Zsh => own(include_str!("../../completions/_socialchat-cli")),
        clap_complete::Shell::Fish => own(include_str!("../../completions/socialchat-cli.fish")),
        other => generated(other),
    };
    if context.ui.json() {
        let script = String::from_utf8_lossy(&script);
        return Ok(context.ui.print_json(&json!({ "shell": shell.to_string(), "script": script }))?);
    }
    context.ui.document(&script);
    Ok(())
}

/// A script of ours. A checkout on Windows may have given it other line ends.
fn own(script: &str) -> Vec<u8> {
    script.replace("\r\n", "\n").into_bytes()
}

fn generated(shell: clap_complete::Shell) -> Vec<u8> {
    let mut command = Cli::definition();
    // Then the options of each command are there.
    command.build();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut with_global_options_shown(command), "socialchat-cli", &mut script);
    script
}
