//! How a list is printed and sorted.

use clap::ValueEnum;

/// What a list is printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns that fit the terminal
    Table,
    /// One JSON document (as --json)
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header, for spreadsheets
    Csv,
    /// Only the id, one a line
    Id,
}

/// What channels are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChannelSort {
    /// Name, in any case
    Name,
    /// Kind, then name
    Kind,
    /// Disconnected, unknown, connected; then name
    State,
    /// The longest since the last change of state first
    Since,
    /// _id
    Id,
}

/// What Pages and accounts are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PageSort {
    /// Name, in any case
    Name,
    /// Not connected, connected; then name
    State,
    /// Page or account id
    Id,
}
