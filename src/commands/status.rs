//! The program alone on a terminal: how the account stands, and what to type next.

use anyhow::Result;

use crate::cli;
use crate::context::Context;
use crate::error::Report;
use crate::failure::Failure;
use crate::flow;
use crate::types::{Channel, ChannelFilter, ChannelKind, Invocation};
use crate::ui::{Cell, Column, Style, Table, text};

/// So many disconnected channels are named.
const NAMED: usize = 5;

/// Shows the account, its counts, and what is disconnected for the longest time. Where nobody has logged in, or nobody
/// looks, what is said without a command: the help.
pub async fn status(context: &Context) -> Result<()> {
    let ui = &context.ui;
    if ui.json() || !ui.interactive() || !context.has_credentials() {
        return Err(cli::nothing_typed().into());
    }
    let account = super::account(context).await?;
    let (looked, identity) = tokio::join!(look(context, &account), super::whoami::who(&account));
    let (count, disconnected) = looked?;
    let total = match (count, disconnected.len()) {
        (count, 0) => Cell::new(&text::count(count)),
        (count, disconnected) => Cell::styled(
            Style::Bad,
            &format!("{}, {} disconnected", text::count(count), text::count(disconnected)),
        ),
    };
    let mut fields = vec![
        ("Profile", Cell::new(context.profile.as_str())),
        ("Platform", Cell::new(account.api.name().as_str())),
        ("API", Cell::new(&context.api_url()?.to_string())),
    ];
    fields.extend(identity.account.map(|account| ("Account", Cell::new(&account))));
    fields.push(("Channels", total));
    ui.fields(&fields);
    if !disconnected.is_empty() {
        let mut table = Table::new([
            Column::new("DISCONNECTED").flexible(),
            Column::new("KIND").gives_way(1),
            Column::new("SINCE"),
        ]);
        for one in disconnected.iter().take(NAMED) {
            let since = one.since.as_deref().map_or("-".to_owned(), |time| ui.moment(time));
            table.row([Cell::name(&one.name), Cell::new(one.kind.as_str()), Cell::new(&since)]);
        }
        ui.table(&table);
    }
    if disconnected.len() > NAMED {
        let all = Invocation::new("channels list --disconnected --sort since");
        ui.note(&format!("{} more: {all}", text::count(disconnected.len() - NAMED)));
    }
    ui.say(&format!("Next: {}", next(count, disconnected)));
    Ok(())
}

/// What is kept of a channel that is disconnected.
struct Disconnected {
    since: Option<String>,
    name: String,
    kind: ChannelKind,
}

/// How many channels there are, and those that are disconnected: the longest first.
async fn look(context: &Context, account: &flow::Account) -> Result<(usize, Vec<Disconnected>)> {
    let progress = context.ui.spinner("Listing channels");
    let (mut count, mut found, mut kept) = (0, Vec::new(), flow::Kept::default());
    flow::channels(&account.api, &ChannelFilter::default(), |batch| {
        count += batch.len();
        for channel in batch.into_iter().filter(Channel::is_disconnected) {
            kept.slim(&channel)?;
            let since = super::channels::changed(&channel).map(str::to_owned);
            found.push(Disconnected { since, name: channel.name, kind: channel.kind });
        }
        progress.set_text(&format!("Listing channels: {}", text::count(count)));
        Ok(true)
    })
    .await?;
    // Whose time isn't told comes last.
    found.sort_by(|a, b| (a.since.is_none(), &a.since).cmp(&(b.since.is_none(), &b.since)));
    Ok((count, found))
}

/// The command to type.
fn next(count: usize, disconnected: Vec<Disconnected>) -> String {
    let mut kinds: Vec<ChannelKind> = Vec::new();
    let count_of_them = disconnected.len();
    for one in disconnected {
        if !kinds.contains(&one.kind) {
            kinds.push(one.kind);
        }
    }
    if kinds.is_empty() {
        return Invocation::new(if count == 0 { "connect messenger" } else { "channels list" }).to_string();
    }
    // What a watch that sees the same would say.
    let error = Failure::Disconnected { disconnected: count_of_them, total: count, kinds }.into();
    Report::of(&error).hint.map(|hint| hint.to_string()).unwrap_or_default()
}
