//! completions, man: made from the command line's own definition.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::cli::Cli;
use crate::context::Context;
use crate::failure::Doing;
use crate::files::FileError;
use crate::files::put::{Readers, put};

/// Prints a shell's completion script.
pub fn completions(context: &Context, shell: clap_complete::Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::definition(), "socialchat-cli", &mut script);
    context.ui.document(&script);
    Ok(())
}

/// Writes the page of a command and of all below it. Not by clap_mangen's `generate_to`, which writes through links, and
/// waits for a reader where a pipe stands.
fn write_pages(command: clap::Command, dir: &Path) -> Result<()> {
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()).cloned() {
        write_pages(below, dir)?;
    }
    let man = clap_mangen::Man::new(command);
    let path = dir.join(man.get_filename());
    if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
        return Err(FileError::NotAFile { path }.into());
    }
    let mut page = Vec::new();
    man.render(&mut page)?;
    Ok(put(&path, Readers::Everybody, &page)?)
}

/// Writes the man pages of all commands into a folder, or the main one to stdout.
pub fn man(context: &Context, dir: Option<&Path>) -> Result<()> {
    let Some(dir) = dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::definition()).render(&mut page)?;
        context.ui.document(&page);
        return Ok(());
    };
    fs::create_dir_all(dir).with_context(|| Doing::MakingFolder(dir.to_owned()))?;
    let mut command = Cli::definition().disable_help_subcommand(true);
    command.build();
    write_pages(command, dir).with_context(|| Doing::WritingManPages(dir.to_owned()))?;
    context.ui.done(&format!("the man pages are in {}", dir.display()));
    Ok(())
}
