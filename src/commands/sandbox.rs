//! sandbox serve, sandbox reset: the embedded platforms.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::cli::{Amounts, SandboxCommand, SandboxReset, SandboxServe};
use crate::context::Context;
use crate::failure::{Doing, Failure, Usage};
use crate::sandbox::{self, Disconnecting, Generation, Options, Sandbox, Seed};
use crate::types::PlatformName;

const RESET: &str = "Sandbox reset";

/// Does one of the two.
pub async fn sandbox(context: &Context, command: SandboxCommand) -> Result<()> {
    match command {
        SandboxCommand::Serve(args) => serve(context, args).await,
        SandboxCommand::Reset(args) => reset(context, &args),
    }
}

async fn serve(context: &Context, args: SandboxServe) -> Result<()> {
    let mut faults = args.fault;
    if let Some(file) = &args.fault_file {
        let text = fs::read_to_string(file).with_context(|| Doing::ReadingFile(file.clone()))?;
        let more = sandbox::parse_faults(&text)
            .with_context(|| Failure::Usage(Usage::FaultFile { path: file.clone() }))?;
        faults.extend(more);
    }
    let platform = platform(context);
    let generation = generation(platform, args.generation)?;
    let seed = seed(&args.amounts)?;
    context.folders.make_state()?;
    let state = state_file(context, platform);
    // Socialchat's Pages can be made more or fewer where they are.
    let are_other_pages = platform != PlatformName::Socialchat && seed.pages.is_some();
    if seed.channels > 0 || seed.foreign > 0 || are_other_pages {
        sandbox::reset(platform, &state, &seed)?;
        context.ui.done(RESET);
    }
    let options = Options {
        generation,
        port: args.port,
        pages: seed.pages,
        latency: Duration::from_millis(args.latency),
        faults,
        throttle: args.throttle,
        put: args.put,
        qr_period: Duration::from_millis(args.qr_period),
        limit: args.limit.map(|limit| limit as usize),
        disconnecting: args.disconnecting,
        ..Options::of(platform, state)
    };
    if (options.generation, options.disconnecting) == (Generation::Token, Disconnecting::Deactivate) {
        context
            .ui
            .warn("what is deactivated can't be noticed: the older generation doesn't tell what is active");
    }
    let log = context.ui.clone();
    let sandbox = Sandbox::start(options, move |line| log.note(&line.to_string()))?;
    print_environment(context, &sandbox)?;
    context.ui.say("The sandbox runs until Ctrl-C. Each request is shown here.");
    // The signal ends the command, and with it the sandbox.
    std::future::pending().await
}

/// What another shell, or a partner's own app, needs.
fn print_environment(context: &Context, sandbox: &Sandbox) -> Result<()> {
    let ui = &context.ui;
    let lines = sandbox.environment();
    if ui.json() {
        let fields = lines.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        return Ok(ui.print_json(&serde_json::Map::from_iter(fields))?);
    }
    for (name, value) in lines {
        ui.line(&format!("export {name}={value}"));
    }
    Ok(())
}

fn reset(context: &Context, args: &SandboxReset) -> Result<()> {
    let seed = seed(&args.amounts)?;
    context.folders.make_state()?;
    let platform = platform(context);
    sandbox::reset(platform, &state_file(context, platform), &seed)?;
    if context.ui.json() {
        context.ui.print_json(&json!({ "reset": true }))?;
    } else {
        context.ui.done(RESET);
    }
    Ok(())
}

/// The one that is asked for. A profile's has nothing to do with it.
fn platform(context: &Context) -> PlatformName {
    context.asked_platform().unwrap_or(PlatformName::Socialchat)
}

fn state_file(context: &Context, platform: PlatformName) -> PathBuf {
    context.folders.state().join(sandbox::file_name(platform))
}

/// The one that was asked for, if the platform has it; else the newest.
fn generation(platform: PlatformName, asked: Option<Generation>) -> Result<Generation> {
    let has = Generation::of(platform);
    match asked {
        Some(asked) if !has.contains(&asked) => {
            let name = |generation: &Generation| generation.to_string();
            let (typed, platform) = (name(&asked), platform.as_str());
            let has = has.iter().map(name).collect();
            Err(Failure::Usage(Usage::Generation { typed, platform, has }).into())
        }
        Some(asked) => Ok(asked),
        None => Ok(has.first().copied().unwrap_or_default()),
    }
}

/// What to begin with. A Page has one channel at most, and not one of another account's as well.
fn seed(amounts: &Amounts) -> Result<Seed> {
    let [channels, disconnected, foreign] =
        [amounts.channels, amounts.disconnected, amounts.foreign].map(Option::unwrap_or_default);
    // Both are 100,000 at most.
    let needed = channels + foreign;
    let pages = match (amounts.pages, needed) {
        (None, 0) => None,
        (None, needed) => Some(needed),
        (Some(pages), _) => Some(pages),
    };
    let most_pages = pages.unwrap_or_default();
    for (named, count, of, most) in [
        ("--channels", channels, "--pages", most_pages),
        ("--foreign", foreign, "--pages", most_pages),
        ("--channels and --foreign together", needed, "--pages", most_pages),
        ("--disconnected", disconnected, "--channels", channels),
    ] {
        if count > most {
            return Err(Failure::Usage(Usage::TooMany { named, count, of, most }).into());
        }
    }
    Ok(Seed {
        pages: pages.map(|pages| pages as usize),
        channels: channels as usize,
        disconnected: disconnected as usize,
        foreign: foreign as usize,
    })
}
