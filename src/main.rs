mod api;
mod loopback;
mod sandbox;
mod store;
mod types;
mod ui;

fn main() {}
