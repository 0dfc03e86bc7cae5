//! UnifiedBeez: the program against a back end that is written from the contract, in both of its generations.
#![cfg(unix)]

mod backend;
#[path = "../support/browser.rs"]
mod browser;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/terminal.rs"]
mod terminal;

mod begin;
mod disconnect;
mod list;
mod listener;
mod log_in;
mod reconnect;
mod returns;
