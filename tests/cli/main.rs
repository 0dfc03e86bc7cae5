//! The real program, a file per command.

#[path = "../support/mod.rs"]
mod support;

mod account;
mod authorize;
mod callback;
mod channels;
mod completions;
mod connect;
mod files;
mod generations;
mod global;
mod help;
mod network;
mod pages;
mod person;
mod reconnect;
mod sandbox;
mod shapes;
mod usage;
