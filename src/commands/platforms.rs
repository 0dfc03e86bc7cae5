//! platforms: what each can do with each kind of channel, and by which way.

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::platform::Platform;
use crate::types::{ChannelKind, PlatformName};
use crate::ui::{Cell, Column, Style, Table};

/// What the words for the ways mean.
const WAYS: [(&str, &str); 6] = [
    ("sign-in", "Facebook's sign-in in your browser; then you choose here"),
    ("redirect", "the platform's own sign-in in your browser; the list proves it"),
    ("web-page", "the platform's page opens, you do it there, and it is noticed"),
    ("page-token", "with a Page token of your Facebook app"),
    ("create", "one call; what is missing is asked for"),
    ("api", "one call"),
];

/// Shows what the abilities themselves say. Needs no account and asks nobody.
pub fn platforms(context: &Context) -> Result<()> {
    if context.ui.json() {
        let platforms: Vec<Value> = PlatformName::ALL.into_iter().map(document).collect::<Result<_>>()?;
        return Ok(context.ui.print_json(&json!({ "platforms": platforms }))?);
    }
    let mut table = Table::new([
        Column::new("PLATFORM"),
        // Its names can still be told apart when they are cut.
        Column::new("KIND").flexible(),
        Column::new("CONNECT"),
        Column::new("RECONNECT"),
        Column::new("DISCONNECT"),
    ]);
    for name in PlatformName::ALL {
        let platform = Platform::unused(name)?;
        for kind in ChannelKind::DOCUMENTED {
            let ways = ways(&platform, &kind);
            // What a platform doesn't have at all would only make the table long.
            if ways.iter().any(Option::is_some) {
                let [connect, reconnect, disconnect] = ways.map(cell);
                table.row([
                    Cell::new(name.as_str()),
                    Cell::new(kind.as_str()),
                    connect,
                    reconnect,
                    disconnect,
                ]);
            }
        }
    }
    context.ui.table(&table);
    for (way, meaning) in WAYS {
        context.ui.note(&format!("{way:<10}  {meaning}"));
    }
    Ok(())
}

fn document(name: PlatformName) -> Result<Value> {
    let platform = Platform::unused(name)?;
    let kinds: Map<String, Value> = ChannelKind::DOCUMENTED
        .into_iter()
        .map(|kind| {
            let [connect, reconnect, disconnect] = ways(&platform, &kind);
            let ways = json!({ "connect": connect, "reconnect": reconnect, "disconnect": disconnect });
            (kind.to_string(), ways)
        })
        .collect();
    Ok(json!({ "name": name.as_str(), "kinds": kinds, "commands": platform.commands() }))
}

/// By which way a kind is connected, reconnected and disconnected; none where the platform can't.
fn ways(platform: &Platform, kind: &ChannelKind) -> [Option<&'static str>; 3] {
    [
        platform.connecting(kind).ok().map(|connecting| connecting.way()),
        platform.reconnecting(kind).ok().map(|reconnecting| reconnecting.way()),
        platform.disconnecting(kind).ok().map(|disconnecting| disconnecting.way()),
    ]
}

fn cell(way: Option<&'static str>) -> Cell {
    match way {
        Some(way) => Cell::new(way),
        None => Cell::styled(Style::Dim, "-"),
    }
}
