//! The estate: seeing and mending every channel, with the real program, a file per subject.

#[cfg(unix)]
#[path = "../support/partner.rs"]
mod partner;
#[path = "../support/mod.rs"]
mod support;

mod estate;
mod fake;
#[cfg(unix)]
mod pty;

mod chats;
mod connect_all;
mod disconnect;
#[cfg(unix)]
mod documents;
mod faults;
mod list;
#[cfg(unix)]
mod pace;
mod reconnect;
#[cfg(unix)]
mod records;
#[cfg(unix)]
mod resume;
mod shard;
mod show;
mod telegram;
mod token_dies;
mod watch;
#[cfg(unix)]
mod watch_commands;
#[cfg(unix)]
mod whatsapp;
