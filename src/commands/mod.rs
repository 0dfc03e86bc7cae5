//! One function for each command: arguments -> flow or api -> one result -> ui.

mod able;
mod api;
mod authorize;
mod borrowed;
mod callback;
mod channels;
mod complete;
mod completions;
mod connect;
mod create;
mod disconnect;
mod elsewhere;
mod login;
mod man;
pub mod meta;
mod missing;
mod pages;
mod plan;
mod platforms;
mod profile;
mod reconnect;
mod reconnect_all;
mod results;
mod sandbox;
mod sign_in;
mod status;
mod stdin;
mod watch;
mod whatsapp;
mod whoami;

use anyhow::Result;

use crate::cli::{ChannelsCommand, Command, ConnectKind, Deferred, ReconnectKind};
use crate::context::Context;
use crate::failure::Failure;
use crate::flow::{self, Account, Partner};
use crate::platform::{Ability, Connecting, Unsupported};
use crate::types::{ChannelKind, Invocation, PlatformName, SignInKind};

/// Runs the command that was typed.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let outcome = dispatch(context, command).await;
    tell_found(context);
    outcome
}

/// Shows what was found by looking, as far as it isn't shown yet.
pub fn tell_found(context: &Context) {
    for finding in context.take_found() {
        context.ui.warn(&finding.to_string());
    }
}

async fn dispatch(context: &Context, command: Command) -> Result<()> {
    if able::is_of_several(&command) {
        login::choose_platform(context).await?;
    }
    able::check(context, &command)?;
    if let Some(done) = elsewhere::web_page::instead(context, &command).await {
        return done;
    }
    match command {
        Command::Login(Deferred(args)) => login::login(context, &args).await,
        Command::Logout(_) => login::logout(context).await,
        Command::Whoami(_) => whoami::whoami(context).await,
        Command::Profile(Deferred(args)) => profile::profile(context, args.command).await,
        Command::Platforms(_) => platforms::platforms(context),
        Command::Connect(Deferred(args)) => match args.kind {
            ConnectKind::Messenger(args) => connect::connect(context, SignInKind::Messenger, args).await,
            ConnectKind::Instagram(args) => connect::connect(context, SignInKind::Instagram, args).await,
            ConnectKind::Telegram(args) => create::connect_telegram(context, &args).await,
            ConnectKind::Whatsapp(args) => whatsapp::connect(context, args).await,
            ConnectKind::WhatsappOfficial(args) => create::connect_whatsapp_official(context, &args).await,
            ConnectKind::Webchat(args) => create::connect_webchat(context, &args).await,
            ConnectKind::Linkchat(args) => create::connect_linkchat(context, &args).await,
        },
        Command::Reconnect(Deferred(args)) => match args.kind {
            None => reconnect_all::reconnect(context, &args.all_kinds).await,
            Some(ReconnectKind::Messenger(args)) => {
                reconnect::reconnect(context, SignInKind::Messenger, args).await
            }
            Some(ReconnectKind::Instagram(args)) => {
                reconnect::reconnect(context, SignInKind::Instagram, args).await
            }
            Some(ReconnectKind::Telegram(args)) => create::reconnect_telegram(context, &args).await,
            Some(ReconnectKind::Whatsapp(_)) => not_reconnected(ChannelKind::WhatsappUnofficial),
            Some(ReconnectKind::WhatsappOfficial(_)) => not_reconnected(ChannelKind::WhatsappOfficial),
            Some(ReconnectKind::Webchat(_)) => not_reconnected(ChannelKind::Webchat),
            Some(ReconnectKind::Linkchat(_)) => not_reconnected(ChannelKind::Linkchat),
        },
        Command::Channels(Deferred(args)) => match args.command {
            ChannelsCommand::List(args) => channels::list(context, &args).await,
            ChannelsCommand::Show(args) => channels::show(context, &args).await,
            ChannelsCommand::Watch(args) => watch::watch(context, &args).await,
            ChannelsCommand::Plan(args) => plan::plan(context, &args).await,
        },
        Command::Disconnect(Deferred(args)) => disconnect::disconnect(context, args).await,
        Command::Pages(Deferred(args)) => pages::pages(context, args).await,
        Command::Authorize(Deferred(args)) => authorize::authorize(context, args).await,
        Command::Callback(Deferred(args)) => callback::callback(context, args.command).await,
        Command::Meta(Deferred(args)) => meta::meta(context, args.command).await,
        Command::Api(Deferred(args)) => api::api(context, args).await,
        Command::Status(_) => status::status(context).await,
        Command::Sandbox(Deferred(args)) => sandbox::sandbox(context, args.command).await,
        Command::Completions(Deferred(args)) => completions::completions(context, args.shell),
        Command::Man(Deferred(args)) => man::man(context, args.dir.as_deref()),
        Command::Ls(Deferred(args)) => channels::list(context, &args).await,
        Command::Complete(_) => complete::complete(context).await,
        // Answered where the command line is read.
        Command::Help(_) => Ok(()),
    }
}

/// For a kind that no call reconnects: known without an account.
fn not_reconnected(kind: ChannelKind) -> Result<()> {
    let unsupported =
        Unsupported { platform: PlatformName::Socialchat, kind: Some(kind), ability: Ability::Reconnect };
    Err(unsupported.into())
}

/// The account to work on. Offers to log in where there are no credentials and somebody can be asked; puts back what
/// an earlier run left borrowed.
async fn account(context: &Context) -> Result<Account> {
    let account = account_as_it_is(context).await?;
    put_back_first(context, &account).await;
    Ok(account)
}

/// The account for a command that may change something, and changes nothing with `--dry-run`.
async fn account_unless(dry_run: bool, context: &Context) -> Result<Account> {
    if dry_run { account_as_it_is(context).await } else { account(context).await }
}

async fn account_as_it_is(context: &Context) -> Result<Account> {
    let credential = match context.credential().await {
        Ok((credential, _)) => credential,
        Err(error) if is_missing(&error) && context.ui.interactive() => {
            if !context.has_chosen() {
                login::say_missing(context);
            }
            login::ask_and_store(context).await?
        }
        Err(error) => return Err(error),
    };
    let account = context.account(&credential)?;
    tell_found(context);
    Ok(account)
}

/// The account for what only Socialchat has.
async fn partner(context: &Context, ability: Ability) -> Result<Partner> {
    Ok(account(context).await?.partner(ability)?)
}

/// The account for a kind that one call creates.
async fn creating(context: &Context, kind: &ChannelKind) -> Result<Partner> {
    let account = account(context).await?;
    match account.api.connecting(kind)? {
        Connecting::Create(api) => Ok(account.with(api)),
        _ => Err(account.api.unsupported(kind, Ability::Connect).into()),
    }
}

/// Puts back what an earlier run left borrowed of this account, and names what it leaves alone. Where that fails, it is
/// said, and the command goes on: what it does doesn't need the callback, except for a sign-in, which refuses to borrow it
/// again.
async fn put_back_first(context: &Context, account: &Account) {
    // Nothing is borrowed of other platforms.
    let Ok(account) = &account.partner(Ability::Callback) else { return };
    for restored in flow::put_back_abandoned(account, &context.ui).await {
        if let Err(left) = restored.outcome {
            context.ui.warn(&format!("{left}; {} tries again", Invocation::new("callback restore")));
        }
    }
    context.note(borrowed::left_alone(context, account));
    tell_found(context);
}

fn is_missing(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Failure::NoCredentials { .. }))
}
