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
mod api;
#[cfg(unix)]
mod asked;
mod authorize;
mod callback;
mod channels;
mod completions;
mod connect;
mod disconnect;
mod dry_run;
mod files;
mod found;
mod generations;
mod global;
mod help;
mod man;
mod network;
mod of_platform;
mod pages;
mod platforms;
mod profile;
mod reconnect;
mod results;
mod sandbox;
mod shapes;
#[cfg(unix)]
mod shells;
#[cfg(unix)]
mod status;
mod tips;
mod topics;
mod usage;
