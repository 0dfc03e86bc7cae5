//! meta check, subscribe, review: a Page's token, and the webhook behind it. No account of a platform is needed.

mod check;
pub mod client;
mod review;
mod subscribe;

use anyhow::Result;

use crate::cli::MetaCommand;
use crate::context::Context;

/// Does one of the three.
pub async fn meta(context: &Context, command: MetaCommand) -> Result<()> {
    match command {
        MetaCommand::Check(args) => check::check(context, &args).await,
        MetaCommand::Subscribe(args) => subscribe::subscribe(context, &args).await,
        MetaCommand::Review(args) => review::review(context, &args).await,
    }
}
