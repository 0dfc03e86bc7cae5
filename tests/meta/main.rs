//! Meta's Graph API beside a platform: `meta check`, `meta subscribe`, `meta review` against servers that are written here,
//! from the contract.
#![cfg(unix)]

#[path = "../support/mod.rs"]
mod support;
#[path = "../support/terminal.rs"]
mod terminal;

mod check;
mod codes;
mod credentials;
mod graph;
mod handshake;
mod hook;
mod review;
mod rough;
mod sandbox;
mod secrets;
mod subscribe;
mod tls;
mod unsure;
