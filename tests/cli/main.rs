//! The real program, a file or a folder per command.

#[cfg(unix)]
#[path = "../support/browser.rs"]
mod browser;
#[path = "../support/estate.rs"]
mod estate;
#[path = "../support/fake.rs"]
mod fake;
#[path = "../support/partner.rs"]
mod partner;
#[path = "../support/mod.rs"]
mod support;
#[cfg(unix)]
#[path = "../support/terminal.rs"]
mod tty;

mod person;

mod account;
#[cfg(unix)]
mod asked;
mod authorize;
mod callback;
mod channels;
mod completions;
mod connect;
mod disconnect;
mod files;
mod generations;
mod global;
mod help;
mod man;
mod network;
mod pages;
mod platforms;
mod reconnect;
mod sandbox;
mod shapes;
#[cfg(unix)]
mod shells;
mod tips;
mod topics;
mod usage;
