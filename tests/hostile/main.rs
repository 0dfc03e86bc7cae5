//! Bad input, bad servers, bad neighbours: the program against APIs written for it, and what is left on the machine.
#![cfg(unix)]

#[path = "../support/browser.rs"]
mod browser;
#[path = "../support/partner.rs"]
mod partner;
#[path = "../support/mod.rs"]
mod support;

mod addresses;
mod answers;
mod believed;
#[cfg(target_os = "linux")]
mod crowds;
#[cfg(target_os = "linux")]
mod endless;
mod files;
mod keychain;
mod listener;
mod lost;
mod names;
mod odd;
mod promises;
mod requests;
mod secrets;
