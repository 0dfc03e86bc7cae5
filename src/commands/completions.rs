//! completions, man: made from the command line's own definition.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::cli::Cli;
use crate::context::Context;

/// Prints a shell's completion script.
pub fn completions(context: &Context, shell: clap_complete::Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::definition(), "socialchat-cli", &mut script);
    context.ui.document(&script);
    Ok(())
}

/// Writes the man pages of all commands into a folder, or the main one to stdout.
pub fn man(context: &Context, dir: Option<&Path>) -> Result<()> {
    let Some(dir) = dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::definition()).render(&mut page)?;
        context.ui.document(&page);
        return Ok(());
    };
    fs::create_dir_all(dir).with_context(|| format!("could not make the folder {}", dir.display()))?;
    clap_mangen::generate_to(Cli::definition(), dir)
        .with_context(|| format!("could not write the man pages into {}", dir.display()))?;
    context.ui.done(&format!("the man pages are in {}", dir.display()));
    Ok(())
}
