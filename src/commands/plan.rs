//! channels plan: a chat between free and premium.

use anyhow::Result;
use serde_json::json;

use crate::cli::ChannelsPlan;
use crate::context::Context;
use crate::flow;

/// Changes the plan of a web chat or link chat.
pub async fn plan(context: &Context, args: &ChannelsPlan) -> Result<()> {
    let account = super::account_unless(args.dry_run, context).await?;
    let channel = flow::channel_named(&account.api, &args.id).await?;
    flow::tell_which(&context.ui, &args.id, &channel);
    let api = account.api.planning(&channel.kind)?;
    if !args.dry_run {
        flow::change_plan(api, &channel, args.plan).await?;
    }
    let ui = &context.ui;
    if ui.json() {
        let mut document = json!({
            "_id": channel.id,
            "channelType": channel.kind,
            "name": channel.name,
            "action": if args.dry_run { "would-change" } else { "changed" },
            "status": args.plan.as_str(),
        });
        if args.dry_run {
            document["dryRun"] = json!(true);
        }
        return Ok(ui.print_json(&document)?);
    }
    let verb = if args.dry_run { "would be" } else { "is now" };
    ui.line(&format!("{} ({}) {verb} {}", channel.name, channel.id, args.plan));
    Ok(())
}
