//! man: pages made from the command line's own definition.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};
use serde_json::json;

use crate::cli::{Cli, topics, with_global_options_shown};
use crate::context::Context;
use crate::failure::Doing;
use crate::files::FileError;
use crate::files::put::{Readers, put};

const PROGRAM: &str = "socialchat-cli";

/// Writes the man pages of all commands into a folder, or the main one to stdout.
pub fn man(context: &Context, dir: Option<&Path>) -> Result<()> {
    let ui = &context.ui;
    let mut command = Cli::definition();
    command.build();
    let Some(dir) = dir else {
        let page = page(&command, None)?;
        if ui.json() {
            return Ok(ui.print_json(&json!({ "page": String::from_utf8_lossy(&page) }))?);
        }
        ui.document(&page);
        return Ok(());
    };
    fs::create_dir_all(dir).with_context(|| Doing::MakingFolder(dir.to_owned()))?;
    let mut written = Vec::new();
    write_pages(&command, None, dir, &mut written).with_context(|| Doing::WritingManPages(dir.to_owned()))?;
    if ui.json() {
        return Ok(ui.print_json(&json!({ "folder": dir, "pages": written }))?);
    }
    ui.done(&format!("the man pages are in {}", dir.display()));
    Ok(())
}

/// Writes the page of a command and of all below it. Not by clap_mangen's `generate_to`, which writes through links, and
/// waits for a reader where a pipe stands.
fn write_pages(
    command: &Command,
    above: Option<&Command>,
    dir: &Path,
    written: &mut Vec<String>,
) -> Result<()> {
    let name = format!("{}.1", name(command));
    let path = dir.join(&name);
    if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
        return Err(FileError::NotAFile { path }.into());
    }
    put(&path, Readers::Everybody, &page(command, above)?)?;
    written.push(name);
    for below in shown(command) {
        write_pages(below, Some(command), dir, written)?;
    }
    Ok(())
}

/// A page, with the sections that man(7) and man-pages(7) name.
fn page(command: &Command, above: Option<&Command>) -> Result<Vec<u8>> {
    let is_main = above.is_none();
    // The main page alone lists the global options.
    let whole = if is_main { with_global_options_shown(command.clone()) } else { command.clone() };
    let man = Man::new(whole.clone());
    let mut page = title(command).into_bytes();
    man.render_name_section(&mut page)?;
    synopsis(command).to_writer(&mut page)?;
    man.render_description_section(&mut page)?;
    options(&whole).to_writer(&mut page)?;
    if shown(command).next().is_some() {
        man.render_subcommands_section(&mut page)?;
    }
    let mut rest = Roff::new();
    environment(&mut rest, is_main);
    files(&mut rest, is_main);
    exit_status(&mut rest);
    examples(&mut rest, command);
    see_also(&mut rest, command, above);
    rest.to_writer(&mut page)?;
    Ok(page)
}

/// The line of names at the top, and the one of the version at the bottom. The manual's own name is left empty: it would
/// run into that of the page, which stands on both sides; where that has no room twice, it is the command's alone. By
/// hand, for the crate leaves an empty argument out.
fn title(command: &Command) -> String {
    const LONGEST: usize = 35;
    let mut name = name(command);
    if name.len() > LONGEST {
        name = name.trim_start_matches(&format!("{PROGRAM}-")).to_owned();
    }
    let name = name.to_uppercase();
    format!(".TH \"{name}\" \"1\" \"\" \"{PROGRAM} {}\" \"\"\n", env!("CARGO_PKG_VERSION"))
}

/// `socialchat-cli-connect-messenger`.
fn name(command: &Command) -> String {
    command.get_display_name().unwrap_or(command.get_name()).to_owned()
}

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|below| !below.is_hide_set())
}

fn synopsis(command: &Command) -> Roff {
    let mut line = vec![bold(command.get_bin_name().unwrap_or(command.get_name()))];
    let own = command.get_arguments().filter(|arg| !arg.is_hide_set() && !arg.is_positional());
    for option in own.filter(|option| !matches!(option.get_action(), ArgAction::Help | ArgAction::Version)) {
        line.extend(optional(option, named(option)));
    }
    line.extend([roman(" ["), italic("GLOBAL OPTION"), roman("]...")]);
    for positional in command.get_positionals().filter(|arg| !arg.is_hide_set()) {
        line.extend(optional(positional, vec![italic(value(positional))]));
    }
    if shown(command).next().is_some() {
        line.extend([roman(" "), italic("COMMAND")]);
    }
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    roff.text(line);
    roff
}

/// `--page ID_OR_NAME`.
fn named(option: &Arg) -> Vec<Inline> {
    let mut named = match (option.get_long(), option.get_short()) {
        (Some(long), _) => vec![bold(format!("--{long}"))],
        (None, short) => vec![bold(short.map(|short| format!("-{short}")).unwrap_or_default())],
    };
    if option.get_action().takes_values() {
        named.extend([roman(" "), italic(value(option))]);
    }
    named
}

fn value(arg: &Arg) -> String {
    let names: Vec<&str> = arg.get_value_names().into_iter().flatten().map(|name| name.as_str()).collect();
    names.join(" ")
}

/// In brackets where it can be left out, with dots where it can be repeated.
fn optional(arg: &Arg, shown: Vec<Inline>) -> Vec<Inline> {
    let (open, close) = if arg.is_required_set() { ("", "") } else { ("[", "]") };
    let repeated = matches!(arg.get_action(), ArgAction::Append | ArgAction::Count);
    let dots = if repeated { "..." } else { "" };
    [vec![roman(format!(" {open}"))], shown, vec![roman(format!("{close}{dots}"))]].concat()
}

/// The arguments and options, by their headings.
fn options(command: &Command) -> Roff {
    let mut roff = Roff::new();
    let args: Vec<&Arg> = command.get_arguments().filter(|arg| !arg.is_hide_set()).collect();
    let mut headings = vec![None];
    for arg in &args {
        if !headings.contains(&arg.get_help_heading()) {
            headings.push(arg.get_help_heading());
        }
    }
    for heading in headings {
        let below: Vec<&&Arg> = args.iter().filter(|arg| arg.get_help_heading() == heading).collect();
        if !below.is_empty() {
            roff.control("SH", [heading.unwrap_or("OPTIONS").to_uppercase().as_str()]);
        }
        below.into_iter().for_each(|arg| option(&mut roff, arg));
    }
    roff
}

fn option(roff: &mut Roff, arg: &Arg) {
    let mut head = match arg.get_short() {
        Some(short) if !arg.is_positional() => vec![bold(format!("-{short}")), roman(", ")],
        _ => Vec::new(),
    };
    head.extend(if arg.is_positional() { vec![italic(value(arg))] } else { named(arg) });
    roff.control("TP", []);
    roff.text(head);
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut paragraphs: Vec<String> = help.split("\n\n").map(|text| text.replace('\n', " ")).collect();
    let values = arg.get_possible_values();
    if !values.is_empty() && arg.get_action().takes_values() {
        let about =
            |value: &PossibleValue| value.get_help().map(|help| format!(" ({help})")).unwrap_or_default();
        let shown = values.iter().filter(|value| !value.is_hide_set());
        let values: Vec<String> =
            shown.map(|value| format!("{}{}", value.get_name(), about(value))).collect();
        paragraphs.push(format!("Possible values: {}.", values.join(", ")));
    }
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !default.is_empty() && arg.get_action().takes_values() {
        paragraphs.push(format!("Default: {}.", default.join(", ")));
    }
    for (index, paragraph) in paragraphs.into_iter().enumerate() {
        if index > 0 {
            roff.control("IP", []);
        }
        roff.text([roman(paragraph)]);
    }
}

fn environment(roff: &mut Roff, is_main: bool) {
    roff.control("SH", ["ENVIRONMENT"]);
    if is_main {
        roff.text([roman("An option that is typed takes precedence over its variable.")]);
        definitions(roff, topics::ENVIRONMENT.iter().map(|(name, meaning)| (*name, (*meaning).to_owned())));
    } else {
        roff.text([bold(PROGRAM), roman("(1) lists the variables that every command reads.")]);
    }
}

fn files(roff: &mut Roff, is_main: bool) {
    roff.control("SH", ["FILES"]);
    if is_main {
        definitions(roff, topics::FILES.iter().map(|(path, meaning)| (*path, (*meaning).to_owned())));
        roff.control("PP", []);
        roff.text([roman(topics::ELSEWHERE)]);
    } else {
        roff.text([bold(PROGRAM), roman("(1) lists the files.")]);
    }
}

fn exit_status(roff: &mut Roff) {
    roff.control("SH", ["EXIT STATUS"]);
    let row = |exit: &topics::ExitCode| match exit.errors {
        [] => (exit.code, exit.when.to_owned()),
        errors => (exit.code, format!("{}. In JSON: {}", exit.when, errors.join(", "))),
    };
    definitions(roff, topics::EXIT_CODES.iter().map(row));
}

fn definitions<'a>(roff: &mut Roff, rows: impl Iterator<Item = (&'a str, String)>) {
    for (name, meaning) in rows {
        roff.control("TP", []);
        roff.text([bold(name)]);
        roff.text([roman(meaning)]);
    }
}

/// The commands in the help's examples.
fn examples(roff: &mut Roff, command: &Command) {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let help = help.split("\nTopics:").next().unwrap_or_default();
    let lines: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    if lines.is_empty() {
        return;
    }
    roff.control("SH", ["EXAMPLES"]);
    roff.control("EX", []);
    for line in lines {
        roff.text([roman(line)]);
    }
    roff.control("EE", []);
}

/// The command above, those beside it and those below.
fn see_also(roff: &mut Roff, command: &Command, above: Option<&Command>) {
    let beside = above.into_iter().flat_map(shown).filter(|beside| name(beside) != name(command));
    let mut names: Vec<String> = above.into_iter().chain(beside).chain(shown(command)).map(name).collect();
    names.retain(|name| *name != format!("{PROGRAM}-help"));
    let count = names.len();
    let references = names
        .into_iter()
        .enumerate()
        .flat_map(|(index, name)| [bold(name), roman(if index + 1 < count { "(1), " } else { "(1)" })]);
    roff.control("SH", ["SEE ALSO"]);
    roff.text(references.collect::<Vec<_>>());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_but_the_main_one_repeats_the_global_options() {
        let mut command = Cli::definition();
        command.build();
        let text = |command: &Command, above| String::from_utf8(page(command, above).unwrap()).unwrap();
        let main = text(&command, None);
        assert!(main.contains("GLOBAL OPTIONS") && main.contains("config\\-dir"), "{main}");
        for below in shown(&command) {
            assert!(!text(below, Some(&command)).contains("config\\-dir"), "{}", below.get_name());
        }
    }
}
