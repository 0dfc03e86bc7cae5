//! What the shells' completion scripts ask: what may come next. The words come in on stdin, for what is typed may be a
//! secret, and arguments show up in `ps`.
//!
//! The answer is lines: `words`, `files` or `folders`, then for `words` each word with a tab and what it means.

use std::io::{IsTerminal as _, Read as _};
use std::time::Duration;

use anyhow::Result;

use crate::cli::{Global, Known, Line, Next, What, Word};
use crate::context::Context;
use crate::environment;
use crate::flow::{self, Account, Listing};
use crate::platform::Ability;
use crate::store::{self, Place, credentials};
use crate::types::text::one_line;
use crate::types::{Channel, ChannelFilter, ChannelKind, SignInKind};
use crate::ui::text::{clean, fit};

/// Who has pressed Tab waits no longer.
const WITHIN: Duration = Duration::from_millis(800);
/// No command line is longer.
const LONGEST: u64 = 1 << 20;
/// More of what a word means fits no line.
const WIDEST: usize = 60;

/// Answers what may come next. What can't be told in time, or not without asking somebody, is left out in silence.
pub async fn complete(context: &Context) -> Result<()> {
    let line = Line::read(&typed()?);
    let (sort, words) = match (line.next, line.global) {
        (Next::Words(words), _) => ("words", words),
        (Next::Files, _) => ("files", Vec::new()),
        (Next::Folders, _) => ("folders", Vec::new()),
        (Next::Known(known), Some(global)) => ("words", in_time(context, global, known).await),
        (Next::Known(_), None) => ("words", Vec::new()),
    };
    let mut answer = format!("{sort}\n");
    for word in words {
        answer.push_str(&format!("{}\t{}\n", word.text, word.about));
    }
    context.ui.document(answer.as_bytes());
    Ok(())
}

/// The words behind the program's name, each ended by a NUL.
fn typed() -> Result<Vec<String>> {
    let mut bytes = Vec::new();
    if !std::io::stdin().is_terminal() {
        std::io::stdin().lock().take(LONGEST).read_to_end(&mut bytes)?;
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.strip_suffix('\0').unwrap_or(&text).split('\0').map(str::to_owned).collect())
}

/// Looks on a thread of its own, which is left behind: a file or an API that hangs must not hold up the shell.
async fn in_time(context: &Context, global: Global, known: Known) -> Vec<Word> {
    let (ui, interrupt) = (context.ui.clone(), context.interrupt.clone());
    let (before, begun, typed) = (known.before, known.begun, known.typed);
    let looking = tokio::task::spawn_blocking(move || {
        let context = Context::new(&global, ui, interrupt)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(look(&context, known.what))
    });
    let found = match tokio::time::timeout(WITHIN, looking).await {
        Ok(Ok(Ok(found))) => found,
        _ => Vec::new(),
    };
    // What would not be one word to every shell is left out.
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    found
        .into_iter()
        .filter(|word| is_word(&word.text) && word.text.starts_with(&begun) && !typed.contains(&word.text))
        .map(|word| Word {
            text: format!("{before}{}", word.text),
            about: fit(&clean(&one_line(&word.about)), WIDEST).trim_end().to_owned(),
        })
        .collect()
}

async fn look(context: &Context, what: What) -> Result<Vec<Word>> {
    match what {
        What::Profile => {
            let names = store::profile_names(&context.folders);
            Ok(names.into_iter().map(|text| Word { text, about: String::new() }).collect())
        }
        What::Channel(kind) => match account(context).await? {
            Some(account) => channels(&account, kind).await,
            None => Ok(Vec::new()),
        },
        What::Page(kind) => match account(context).await? {
            Some(account) => pages(&account, kind).await,
            None => Ok(Vec::new()),
        },
    }
}

/// The account, where its credentials can be had without a question. A keychain may ask: it is left alone, but for that of
/// Windows, which never does.
async fn account(context: &Context) -> Result<Option<Account>> {
    let is_at_hand = context.is_sandbox()
        || environment::credential(context.platform()?)?.is_some()
        || credentials::whereabouts(&context.folders, &context.profile)?
            .found
            .is_some_and(|stored| stored.place == Place::File || cfg!(windows));
    if !is_at_hand {
        return Ok(None);
    }
    let (credential, _) = context.credential().await?;
    Ok(Some(context.account(&credential)?))
}

async fn channels(account: &Account, kind: Option<ChannelKind>) -> Result<Vec<Word>> {
    let filter = ChannelFilter { search: None, kinds: kind.clone().into_iter().collect() };
    let mut found = Vec::new();
    // A server that doesn't know the filter sends all kinds.
    let is_wanted = |channel: &Channel| kind.as_ref().is_none_or(|kind| channel.kind == *kind);
    flow::channels(&account.api, &filter, |batch| {
        found.extend(batch.iter().filter(|channel| is_wanted(channel)).map(word_of));
        Ok(true)
    })
    .await?;
    Ok(found)
}

fn word_of(channel: &Channel) -> Word {
    let state = if channel.is_disconnected() { ", disconnected" } else { "" };
    Word { text: channel.id.to_string(), about: format!("{} ({}{state})", channel.name, channel.kind) }
}

/// What the token in the environment covers. Without one, nobody is signed in for a completion.
async fn pages(account: &Account, kind: SignInKind) -> Result<Vec<Word>> {
    let Some(token) = environment::variable("SOCIALCHAT_TOKEN") else { return Ok(Vec::new()) };
    let account = account.partner(Ability::ListPages)?;
    let pages = Listing::new(&account.api, kind, &token).all(|_| ()).await?;
    Ok(pages.into_iter().map(|page| Word { text: page.channel_id, about: page.name }).collect())
}
