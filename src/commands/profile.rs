//! profile list, use, remove: the stored accounts.

use anyhow::Result;
use serde_json::{Value, json};

use super::login::source;
use crate::cli::{ProfileCommand, RemovedProfile, SavedProfile};
use crate::context::{Context, SANDBOX};
use crate::failure::{Cancelled, Failure, Question};
use crate::finding::Finding;
use crate::flow;
use crate::store::lease::Journal;
use crate::store::{Config, Place, ProfileName, credentials};
use crate::types::{PlatformName, near};
use crate::ui::{Cell, Column, Style, Table};

/// How many are named where none is meant.
const NEAR: usize = 3;

/// Does one of the three.
pub async fn profile(context: &Context, command: ProfileCommand) -> Result<()> {
    match command {
        ProfileCommand::List => list(context),
        ProfileCommand::Use(args) => choose(context, &args),
        ProfileCommand::Remove(args) => remove(context, &args).await,
    }
}

/// What is stored of an account.
struct Saved {
    name: ProfileName,
    platform: PlatformName,
    api_url: String,
    place: Option<Place>,
    is_default: bool,
}

fn list(context: &Context) -> Result<()> {
    let ui = &context.ui;
    let saved = all(context)?;
    if ui.json() {
        let profiles: Vec<Value> = saved.iter().map(document).collect();
        return Ok(ui.print_json(&json!({ "profiles": profiles }))?);
    }
    if saved.is_empty() {
        ui.say("There are no saved accounts.");
        return Ok(());
    }
    let mut table = Table::new([
        Column::new("PROFILE"),
        Column::new("DEFAULT"),
        Column::new("PLATFORM").gives_way(1),
        Column::new("CREDENTIALS"),
        Column::new("API").flexible(),
    ]);
    for one in &saved {
        table.row([
            Cell::new(one.name.as_str()),
            if one.is_default { Cell::styled(Style::Good, "default") } else { Cell::new("") },
            Cell::new(one.platform.as_str()),
            one.place.map_or(Cell::styled(Style::Dim, "none"), |place| Cell::new(source(place))),
            Cell::new(&one.api_url),
        ]);
    }
    ui.table(&table);
    Ok(())
}

fn document(saved: &Saved) -> Value {
    json!({
        "profile": saved.name,
        "platform": saved.platform,
        "apiUrl": saved.api_url,
        "credentials": saved.place.map(|place| json!({ "source": source(place) })),
        "default": saved.is_default,
    })
}

fn choose(context: &Context, args: &SavedProfile) -> Result<()> {
    let name = named(all(context)?, &args.saved)?.name;
    Config::change(&context.folders, |config| config.set_default_profile(&name))?;
    if context.ui.json() {
        return Ok(context.ui.print_json(&json!({ "profile": name, "default": true }))?);
    }
    context.ui.done(&format!("profile {name} is used where none is named"));
    Ok(())
}

/// Asks, and forgets what is stored of it. What is borrowed with it can only be put back with its credentials.
async fn remove(context: &Context, args: &RemovedProfile) -> Result<()> {
    let ui = &context.ui;
    let Saved { name, place, .. } = named(all(context)?, &args.profile.saved)?;
    // The sandbox needs none.
    let is_of_it = |left: &Journal| left.record.profile == name && left.record.api_url != SANDBOX;
    if let Some(left) = flow::journals(&context.folders).believed.into_iter().find(is_of_it) {
        return Err(Failure::ProfileBorrows { profile: name.to_string(), kind: left.record.kind }.into());
    }
    let with =
        place.map_or(String::new(), |place| format!(" and its credentials (in the {})", source(place)));
    if args.dry_run {
        if ui.json() {
            return Ok(ui.print_json(&json!({ "profile": name, "dryRun": true, "removed": false }))?);
        }
        ui.say(&format!("Would remove profile {name}{with}."));
        return Ok(());
    }
    let agreed = ui.confirm(&format!("Remove profile {name}{with}?"), false).await;
    if !flow::answered(agreed, Question::RemoveProfile)? {
        return Err(Failure::Cancelled(Cancelled::NothingRemoved).into());
    }
    let removed = credentials::remove(&context.folders, &name)?;
    Config::change(&context.folders, |config| config.remove(&name))?;
    context.note(removed.remarks.into_iter().map(Finding::File));
    if ui.json() {
        return Ok(ui.print_json(&json!({ "profile": name, "removed": true }))?);
    }
    ui.done(&format!("profile {name} is removed"));
    Ok(())
}

/// Everything that is stored, by name. No keychain is asked.
fn all(context: &Context) -> Result<Vec<Saved>> {
    let config = context.config()?;
    let default = config.default_profile().unwrap_or_default();
    let stored = credentials::all(&context.folders)?;
    context.note(stored.remarks.into_iter().map(Finding::File));
    let mut names = config.profile_names();
    names.extend(stored.found.iter().map(|(name, ..)| name.clone()));
    names.sort();
    names.dedup();
    let saved = names.into_iter().map(|name| {
        let (place, stored_for) = match stored.found.iter().find(|(stored, ..)| *stored == name) {
            Some((_, stored)) => (Some(stored.place), Some(stored.clone())),
            None => (None, None),
        };
        let of = config.profile(&name);
        let platform =
            of.platform.or_else(|| stored_for.as_ref()?.platform).unwrap_or(PlatformName::Socialchat);
        let stored_for = stored_for.map(|stored| stored.api_url);
        let noted = of.api_url.or(stored_for);
        let api_url = noted.unwrap_or_else(|| platform.api_url().to_owned());
        Saved { is_default: name == default, name, platform, api_url, place }
    });
    Ok(saved.collect())
}

/// The one of that name; an error that names those most like it where there is none.
fn named(saved: Vec<Saved>, typed: &str) -> Result<Saved> {
    let nearest = near::nearest(typed, NEAR, saved.iter().map(|one| [one.name.as_str()]));
    let near =
        nearest.into_iter().filter_map(|place| saved.get(place)).map(|one| one.name.to_string()).collect();
    let found = saved.into_iter().find(|one| one.name.as_str() == typed);
    found.ok_or_else(|| Failure::NoSuchProfile { typed: typed.to_owned(), near }.into())
}
