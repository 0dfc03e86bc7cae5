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
// Asks /proc what a process waits for, and knows what a pipe holds.
#[cfg(target_os = "linux")]
mod stalled;
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

/// Whether the process catches SIGINT (proc(5), `SigCgt`); elsewhere than on Linux a moment has to do.
fn handles_interrupt(pid: u32) -> bool {
    let Ok(status) = std::fs::read_to_string(format!("/proc/{pid}/status")) else {
        std::thread::sleep(std::time::Duration::from_millis(500));
        return true;
    };
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or_default();
    u64::from_str_radix(caught.trim(), 16).unwrap_or(0) & 2 != 0
}
