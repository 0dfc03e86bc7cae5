//! Qontak, against a server written from its contract: the signature recomputed over the line that came, both generations,
//! and everything that no document says for sure.
#![cfg(unix)]

#[path = "../support/browser.rs"]
mod browser;
#[path = "../support/chromium.rs"]
mod chromium;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/terminal.rs"]
mod terminal;

mod disconnect;
mod fake;
mod listing;
mod page;
mod refused;
mod sandbox;
mod tokens;
