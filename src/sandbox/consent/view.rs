//! How the consent page looks.

use std::fmt::Write;

use super::super::http::Answer;
use super::super::refusal::Stop;
use super::super::state::{Account, World};
use super::super::token;
use crate::serve::escape;
use crate::types::SignInKind;

const STYLE: &str = include_str!("page.css");
/// More rows than this help nobody. The others are covered by allowing all.
const MAX_ROWS: usize = 1000;
/// As many colours as the style knows for pictures.
const COLOURS: usize = 6;
const FILLS: [&str; COLOURS] = ["#0f766e", "#b45309", "#6d28d9", "#be185d", "#1d4ed8", "#4d7c0f"];

/// The page that asks.
pub fn page(world: &World, kind: SignInKind) -> Result<Answer, Stop> {
    let count = world.account_count(kind);
    let platform = match kind {
        SignInKind::Messenger => "Facebook",
        SignInKind::Instagram => "Instagram",
    };
    let noun = format!("{platform} {}{}", kind.noun(), if count == 1 { "" } else { "s" });
    let accounts = (0..count.min(MAX_ROWS)).filter_map(|place| world.account(kind, place));
    let mut rows = String::new();
    for account in accounts {
        row(&mut rows, &account);
    }
    let body = match count {
        0 => format!(
            "<p class=\"none\">This person has no {noun}. Continuing gives a token that covers nothing, \
             which is worth testing too.</p>"
        ),
        _ => choices(count, kind, &noun, &rows),
    };
    let content = format!(
        "<h1>Which {noun} may be used?</h1>\
         <p class=\"lead\">The app that sent you here wants to read and answer the messages of your {noun} \
         through Socialchat.</p>\
         <form method=\"post\">{body}\
         <div class=\"buttons\">\
         <button class=\"primary\" name=\"decision\" value=\"allow\">Continue</button>\
         <button name=\"decision\" value=\"deny\">Not now</button>\
         </div></form>"
    );
    html(200, &content)
}

/// A page that only says something.
pub fn message(status: u16, title: &str, text: &str) -> Result<Answer, Stop> {
    let content = format!("<h1>{}</h1><p class=\"lead\">{}</p>", escape(title), escape(text));
    html(status, &content)
}

/// An initial on a colour, as SVG. `name` is `ID.svg`.
pub fn picture(name: &str) -> Answer {
    let fill = FILLS[colour(name.trim_end_matches(".svg"))];
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"96\" height=\"96\" viewBox=\"0 0 96 96\">\
         <rect width=\"96\" height=\"96\" fill=\"{fill}\"/><circle cx=\"48\" cy=\"38\" r=\"17\" fill=\"#fff\"/>\
         <path d=\"M16 96c0-20 14-34 32-34s32 14 32 34z\" fill=\"#fff\"/></svg>"
    );
    Answer::typed(200, "image/svg+xml", svg)
}

fn choices(count: usize, kind: SignInKind, noun: &str, rows: &str) -> String {
    let more = match count.checked_sub(MAX_ROWS) {
        Some(more @ 1..) => {
            format!("<li class=\"more\">and {more} more, covered by allowing all of them</li>")
        }
        _ => String::new(),
    };
    let recommended = match (count, kind) {
        (1, _) => "Recommended".to_owned(),
        (_, kind) => format!("Recommended: all {}s keep working", kind.noun()),
    };
    let all = if count == 1 { format!("The one {noun}") } else { format!("All {count} {noun}") };
    format!(
        "<fieldset class=\"scope\"><legend>What to allow</legend>\
         <label><input type=\"radio\" name=\"scope\" value=\"all\" checked>\
         <span><b>{all}</b><small>{recommended}</small></span></label>\
         <label><input type=\"radio\" name=\"scope\" value=\"some\">\
         <span><b>Only those ticked below</b><small>Those you leave unticked lose their access.</small>\
         </span></label></fieldset>\
         <fieldset class=\"pages\"><legend>{noun}</legend><ul>{rows}{more}</ul></fieldset>"
    )
}

fn row(rows: &mut String, account: &Account) {
    let initial = account.name.chars().next().unwrap_or('?').to_string();
    // Writing to a String doesn't fail.
    let _ = write!(
        rows,
        "<li><label><input type=\"checkbox\" name=\"page\" value=\"{id}\" checked>\
         <i class=\"c{colour}\">{initial}</i><span><b>{name}</b><small>{id}</small></span></label></li>",
        id = escape(&account.id),
        colour = colour(&account.id),
        initial = escape(&initial),
        name = escape(&account.name),
    );
}

fn colour(id: &str) -> usize {
    id.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte))) % COLOURS
}

fn html(status: u16, content: &str) -> Result<Answer, Stop> {
    let nonce = token::nonce()?;
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Sandbox sign-in</title>\
         <style nonce=\"{nonce}\">{STYLE}</style></head><body>\
         <p class=\"tape\"><b>Sandbox</b> Nothing here is real. No account is touched.</p>\
         <main><header><i>SB</i><span><b>Sandbox sign-in</b>\
         <small>as Sari Wulandari, an invented person</small></span></header>{content}</main></body></html>"
    );
    let policy =
        format!("default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'");
    Ok(Answer::typed(status, "text/html; charset=utf-8", page)
        .with("Content-Security-Policy", policy)
        .with("Cache-Control", "no-store")
        .with("Referrer-Policy", "no-referrer")
        .with("X-Content-Type-Options", "nosniff"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
        let answer = message(410, "<x>", "a & b").map_err(|_| ()).unwrap();
        let page = String::from_utf8(answer.body).unwrap();
        assert!(page.contains("<h1>&lt;x&gt;</h1>") && page.contains("a &amp; b"));
    }
}
