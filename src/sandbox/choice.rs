//! The page where a person says which Pages or accounts may be used, or refuses.

use std::fmt::Write;

use super::error::SandboxError;
use super::frame;
use super::http::Answer;
use super::state::Account;
use crate::serve::escape;
use crate::types::SignInKind;

/// More rows than this help nobody. The others are covered by allowing all.
const MAX_ROWS: usize = 1000;
/// As many colours as the style knows for pictures.
const COLOURS: usize = 6;
const FILLS: [&str; COLOURS] = ["#0f766e", "#b45309", "#6d28d9", "#be185d", "#1d4ed8", "#4d7c0f"];

/// What the person is asked.
pub struct Question<'a> {
    pub kind: SignInKind,
    /// On whose behalf.
    pub through: &'a str,
    /// How many accounts of the kind the person has.
    pub count: usize,
}

/// The page that asks which accounts may be used. Its form sends `decision` (`allow` or `deny`), `scope` (`all` or
/// `some`) and the ids that are ticked as `page`, to the page's own address.
pub fn page(
    question: &Question<'_>,
    accounts: impl Iterator<Item = Account>,
) -> Result<Answer, SandboxError> {
    let Question { kind, through, count } = *question;
    let platform = match kind {
        SignInKind::Messenger => "Facebook",
        SignInKind::Instagram => "Instagram",
    };
    let noun = format!("{platform} {}{}", kind.noun(), if count == 1 { "" } else { "s" });
    let mut rows = String::new();
    for account in accounts.take(MAX_ROWS) {
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
         through {through}.</p>\
         <form method=\"post\">{body}\
         <div class=\"buttons\">\
         <button class=\"primary\" name=\"decision\" value=\"allow\">Continue</button>\
         <button name=\"decision\" value=\"deny\">Not now</button>\
         </div></form>"
    );
    frame::page(200, &content)
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
