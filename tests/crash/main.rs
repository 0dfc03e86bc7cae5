//! Killed and interrupted at every step, against servers written for it: what was borrowed comes back.
#![cfg(unix)]

#[path = "../support/partner.rs"]
mod partner;
#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod doubtful;
mod held;
mod killed;
mod lagging;
mod odd;
mod shapes;
mod signals;
mod waits;

use std::path::PathBuf;
use std::process::{Child, Command};

use rustix::process::{Pid, Signal, kill_process};

use partner::Partner;
use support::Home;

/// The program against that API, from a machine where a person signs in by hand.
fn command(home: &Home, partner: &Partner, arguments: &[&str]) -> Command {
    home.against(partner.url(), arguments)
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

/// The journals that are there: one is removed only when its value has been put back.
fn journals(home: &Home) -> Vec<PathBuf> {
    let is_one = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".json") && path.parent().is_some_and(|folder| folder.ends_with("leases"))
    };
    home.files().into_keys().filter(is_one).collect()
}
