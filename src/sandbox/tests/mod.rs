//! The sandbox over real sockets, as its users meet it.

mod accounts;
mod contract;
mod faults;
mod others;
mod rough;
mod settings;
mod shared_state;
mod sign_in;
mod support;
