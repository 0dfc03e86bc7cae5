//! 10darts, and Meta beside it: the program against servers that are written here from the contracts alone.
#![cfg(unix)]

#[path = "../support/mod.rs"]
mod support;
#[path = "../support/terminal.rs"]
mod terminal;

mod asked;
mod connect;
mod darts;
mod disconnect;
mod graph;
mod list;
mod reconnect;
mod subscription;
