//! `socialchat-cli`: parse, dispatch, report, exit code. No logic.

#![deny(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::dbg_macro)
)]

mod borrowed;
mod cli;
mod commands;
mod context;
mod environment;
mod error;
mod failure;
mod files;
mod finding;
mod flow;
mod hint;
mod http;
mod interrupt;
mod loopback;
mod platform;
mod qr;
mod sandbox;
mod serve;
mod store;
mod types;
mod ui;
mod words;

use std::io::IsTerminal as _;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use futures_util::FutureExt as _;
use serde_json::json;

use crate::borrowed::Borrowed;
use cli::{Cli, Refusal};
use context::Context;
use error::{Code, Report};
use failure::{Doing, Failure};
use hint::Hint;
use interrupt::{Interrupt, Pause, Signal, Urgency};
use ui::{Leave, Ui};

/// How long a command that is amid many things may take to end them after a signal. They have 8 s themselves.
const FINISH_WITHIN: Duration = Duration::from_secs(12);

fn main() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(error) => {
            let code = refuse(error);
            ui::finish_writing(Leave::InTime);
            return code;
        }
    };
    words::repeat_options(context::repeated_options(&cli.global));
    let ui = Ui::new(context::ui_options(&cli.global));
    let panicking = ui.clone();
    std::panic::set_hook(Box::new(move |panic| panicking.report_panic(panic)));
    let outcome = start(cli, ui.clone());
    ui::restore_terminal();
    let signalled = |error: &anyhow::Error| {
        matches!(error.downcast_ref(), Some(Failure::Interrupted(_) | Failure::Stopped { .. }))
    };
    let (code, leave) = match outcome {
        Ok(()) => (ExitCode::SUCCESS, Leave::InTime),
        Err(error) if signalled(&error) => (report(&ui, &error), Leave::Soon),
        Err(error) => match error.downcast::<clap::Error>() {
            Ok(help) => (refuse(help), Leave::InTime),
            Err(error) => (report(&ui, &error), Leave::InTime),
        },
    };
    ui::finish_writing(leave);
    code
}

fn start(cli: Cli, ui: Ui) -> Result<()> {
    enough_descriptors().context(Doing::OpeningFiles)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context(Doing::Starting)?;
    let outcome = runtime.block_on(run(cli, ui));
    // A thread that still reads the terminal, or waits for a keychain, ends with the process.
    runtime.shutdown_background();
    outcome
}

/// What is opened before the first thing that can fail in words: the runtime panics where it can't have its own.
fn enough_descriptors() -> std::io::Result<()> {
    let pipes: std::io::Result<Vec<_>> = (0..6).map(|_| std::io::pipe()).collect();
    pipes.map(drop)
}

/// Runs the command until it ends, fails, panics or is interrupted; then waits for what must still be put back, and for
/// whoever reads the result.
async fn run(cli: Cli, ui: Ui) -> Result<()> {
    let told = ui.clone();
    let borrowed = Borrowed::default();
    let still_borrowed = borrowed.clone();
    let end = move |signal: Signal, urgency| {
        flow::kill_commands();
        ui::restore_terminal();
        let mut code = signal.exit_code();
        if let Some(left) = still_borrowed.left().pop() {
            let failure = Failure::NotRestored(left).into();
            code = Report::of(&failure).exit;
            if (signal, urgency) == (Signal::Interrupt, Urgency::Second) {
                told.leave_echo();
            }
            report(&told, &failure);
            ui::finish_writing(Leave::Soon);
        } else if urgency == Urgency::Unnoticed {
            report(&told, &Failure::Interrupted(signal).into());
            ui::finish_writing(Leave::Soon);
        } else {
            ui::finish_writing(Leave::Now);
        }
        std::process::exit(code.into());
    };
    let pause = |pause| match pause {
        Pause::Begins => ui::lend_terminal(),
        Pause::Ends => ui::take_terminal_back(),
    };
    let interrupt = Interrupt::listen(borrowed, end, pause).context(Doing::Starting)?;
    let context = Context::new(&cli.global, ui.clone(), interrupt.clone())?;
    let outcome = {
        let command = AssertUnwindSafe(commands::run(&context, cli.command)).catch_unwind();
        let mut command = pin!(ui.at_readers_pace(command));
        tokio::select! {
            biased;
            signal = interrupt.requested() => {
                let ended = match interrupt.is_finishing() {
                    true => tokio::time::timeout(FINISH_WITHIN, command).await.ok(),
                    false => None,
                };
                match ended {
                    // It has told how far it came, and knows what goes on with the rest.
                    Some(Ok(Err(error))) if is_stopped(&error) => Ok(Err(error)),
                    _ => Ok(Err(Failure::Interrupted(signal).into())),
                }
            }
            outcome = &mut command => outcome,
        }
    };
    interrupt.settled().await;
    let outcome = outcome.unwrap_or_else(|_| Err(Failure::Panicked.into()));
    let outcome = match interrupt.borrowed().left().pop() {
        // Whatever else happened: this is what somebody has to do something about.
        Some(left) => {
            if let Err(error) = &outcome
                && !matches!(error.downcast_ref(), Some(Failure::NotRestored(_)))
            {
                report(&context.ui, error);
            }
            Err(Failure::NotRestored(left).into())
        }
        None => outcome,
    };
    tokio::select! {
        biased;
        written = ui.finish() => outcome.and_then(|()| Ok(written?)),
        signal = interrupt.requested() => outcome.and_then(|()| Err(Failure::Interrupted(signal).into())),
    }
}

fn is_stopped(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Failure::Stopped { .. }))
}

fn report(ui: &Ui, error: &anyhow::Error) -> ExitCode {
    let report = Report::of(error);
    if ui.json() {
        ui.error_json(&json!({ "error": report }));
    } else if report.code == Code::Interrupted {
        // Whoever pressed Ctrl-C or Esc knows: it went as it was wanted.
        ui.erase_echo();
        ui.note(&report.message);
        if let Some(hint) = &report.hint {
            ui.say(&format!("try: {hint}"));
        }
    } else {
        let original = report.original_message.as_ref().map(|text| format!("in English: {text}"));
        let original: Vec<&str> = original.as_deref().into_iter().collect();
        let hint = report.hint.as_ref().map(Hint::to_string);
        ui.error(&report.message, &original, hint.as_deref());
    }
    ExitCode::from(report.exit)
}

/// A command line that can't be understood, or asks for help.
fn refuse(error: clap::Error) -> ExitCode {
    let typed: Vec<_> = std::env::args_os().skip(1).collect();
    let json = typed.iter().any(|argument| argument == "--json" || argument == "--format=json")
        || typed.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
        || environment::switches_on("SOCIALCHAT_JSON");
    if error.kind() == clap::error::ErrorKind::DisplayVersion && json {
        let version = json!({ "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") });
        ui::print_at_once(&format!("{version}\n"));
        return ExitCode::SUCCESS;
    }
    if error.exit_code() == 0 {
        if std::io::stdout().is_terminal() || environment::switches_on("CLICOLOR_FORCE") {
            let _ = error.print();
        } else {
            // Into a pipe in one piece: clap's own printing writes line by line.
            ui::print_at_once(&error.render().to_string());
        }
        return ExitCode::SUCCESS;
    }
    let refusal = Refusal::new(error);
    if json {
        let ui = Ui::new(ui::Options { json: true, ..ui::Options::default() });
        let tip = refusal.tip();
        let hint = match &tip {
            _ if refusal.is_about_secrets() => Hint::SecretOptions,
            Some(tip) => Hint::Tip(tip),
            None => Hint::Help,
        };
        ui.error_json(&json!({ "error": Report::of_usage(refusal.message(), hint) }));
    } else if refusal.is_quoted_elsewhere() {
        let text = refusal.text();
        Ui::new(ui::Options::default()).error(text.trim_start_matches("error: "), &[], None);
    } else {
        refusal.print();
    }
    ExitCode::from(2)
}
