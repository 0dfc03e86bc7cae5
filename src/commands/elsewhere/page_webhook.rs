//! The webhook of an application of 10darts, at Meta: set by the app's credentials, or by a person who is told how.

use anyhow::Result;
use url::Url;

use super::page_token::Page;
use crate::cli::{ConnectElsewhere, SignIn};
use crate::commands::meta::client;
use crate::context::Context;
use crate::failure::{Failure, MetaTrouble, Piped, Question};
use crate::flow::meta::{
    App, Callback, NEEDED_FIELDS, Steps, Subscribed, Subscribing, print_steps, subscribe,
};
use crate::flow::{self, Application};
use crate::types::{CallbackUrl, ForwardUrl, Secret};
use crate::ui::text;

/// Where 10darts shows the address and the verify token: no answer of its API is documented to have them.
const SHOWN_AT: &str = "https://10darts.com/app/applications";

/// What is known of the webhook before there is an application.
pub struct Webhook {
    pub app: Option<App>,
    callback: Option<CallbackUrl>,
    verify_token: Option<Secret>,
    redirect_to: Option<ForwardUrl>,
}

impl Webhook {
    /// Takes the options, and fails where they could come to nothing: before an application is created.
    pub async fn wanted(
        context: &Context,
        sign_in: &SignIn,
        options: &ConnectElsewhere,
        dry_run: bool,
    ) -> Result<Self> {
        let (callback, redirect_to) = (sign_in.callback_url.clone(), options.redirect_to.clone());
        let app = match callback.is_some() && !dry_run {
            true => client::app_or_ask(context).await?,
            false => client::app(context)?,
        };
        if callback.is_some() && app.is_none() {
            return Err(Failure::Meta(MetaTrouble::NoApp).into());
        }
        if callback.is_some() && !options.verify_token_stdin && !context.ui.interactive() && !dry_run {
            return Err(Failure::NoInput(Question::Secret(Piped::VerifyToken)).into());
        }
        let verify_token = match options.verify_token_stdin {
            true => Some(client::verify_token(context, true).await?),
            false => None,
        };
        Ok(Webhook { app, callback, verify_token, redirect_to })
    }

    /// Whether options ask for it.
    pub fn is_wanted(&self) -> bool {
        self.callback.is_some() || self.redirect_to.is_some()
    }

    /// Looks at what is set at Meta, before an application is created: another callback isn't moved where nobody can say
    /// yes. A dry run says what it finds.
    pub async fn look(&self, context: &Context, page: &Page, dry_run: bool) -> Result<()> {
        let (Some((_, token)), ui) = (&page.token, &context.ui) else { return Ok(()) };
        let wanted = self.callback.as_ref().map(|url| passing_on(url, self.redirect_to.as_ref()));
        let other = match (&wanted, page.meta.app()) {
            (Some(wanted), Some(app)) => {
                let set = page.meta.app_webhook(app).await?;
                let is_there = |url: &Secret| Url::parse(url.expose()).is_ok_and(|url| url == *wanted);
                let set = set.filter(|set| !set.exact_url.as_ref().is_some_and(is_there));
                set.and_then(|set| set.callback_url)
            }
            _ => None,
        };
        if let (Some(from), Some(to)) = (other, &wanted)
            && !dry_run
            && !context.yes
            && !ui.interactive()
        {
            return Err(Failure::NoInput(Question::MoveWebhook { from, to: to.to_string() }).into());
        }
        if !dry_run {
            return Ok(());
        }
        let fields = needed();
        let wanted_of = Subscribing { page: token, fields: &fields, callback: None, yes: false, dry_run };
        let found = subscribe(&page.meta, ui, wanted_of).await?;
        match found.app.and_then(|app| app.callback) {
            Some(set) => ui.say(&format!(
                "At Meta, the app's webhook, one for all its Pages, goes to {}",
                text::clean_whole(&set)
            )),
            None if page.meta.app().is_some() => ui.say("At Meta, the app has no webhook yet"),
            None => {}
        }
        if let Some(wanted) = wanted {
            ui.say(&format!("It would go to {}", text::clean_whole(wanted.as_str())));
        }
        ui.say(match found.page.is_changed {
            true => "At Meta, the Page isn't subscribed to all that it needs yet",
            false => "At Meta, the Page is subscribed already",
        });
        Ok(())
    }

    /// Sets both halves for that application, where it is known how; else says how a person does it. Gives whether they
    /// are set.
    pub async fn set(mut self, context: &Context, page: &Page, application: &Application) -> Result<bool> {
        let Some((secret, token)) = &page.token else { return Ok(false) };
        let (ui, redirect_to) = (&context.ui, self.redirect_to.clone());
        if redirect_to.is_some() {
            ui.note(
                "10darts passes Meta's messages on unchanged. That Meta's signature comes with them isn't said: don't count \
                 on it. What your server answers is ignored.",
            );
        }
        let fields = needed();
        let meta = match &self.app {
            Some(_) => page.meta.clone(),
            None => {
                self.app = self.asked_app(context).await?;
                client::meta(context, page.version, Some(secret.clone()), self.app.clone())?
            }
        };
        let Some(callback) = self.callback(context, application).await? else {
            let known = application.webhook.as_deref().and_then(|url| url.parse().ok());
            let known = known.map(|url: CallbackUrl| passing_on(&url, redirect_to.as_ref()).to_string());
            if let (None, Some(target)) = (&known, &redirect_to) {
                ui.say(&format!(
                    "Put this behind the Webhook URL before you enter it at Meta, with & in the place of ? where it has a ? \
                     already: ?{}",
                    target.parameter()
                ));
            }
            let shown_at = format!("{SHOWN_AT} (Webhook URL and Webhook verification token)");
            let page = Some(token.page_name.as_str());
            let (callback, shown_at) = (known.as_deref(), Some(shown_at.as_str()));
            print_steps(ui, &Steps { page, callback, shown_at, fields: &fields });
            return Ok(false);
        };
        let wanted = Subscribing {
            page: token,
            fields: &fields,
            callback: Some(&callback),
            yes: context.yes,
            dry_run: false,
        };
        let subscribed = subscribe(&meta, ui, wanted).await?;
        tell(context, &token.page_name, &callback, &subscribed);
        Ok(true)
    }

    /// The app, of whoever wants to give it now.
    async fn asked_app(&self, context: &Context) -> Result<Option<App>> {
        let ui = &context.ui;
        if !ui.interactive() || context.yes {
            return Ok(None);
        }
        let question = "Set up the webhook at Meta now? Needs the ID and the secret of your app";
        match flow::answered(ui.confirm(question, false).await, missing())? {
            true => client::app_or_ask(context).await,
            false => Ok(None),
        }
    }

    /// The address and what proves it: given, of the application's own record, of the sandbox, or as a person reads them on
    /// 10darts' page. None where they, or the app's credentials, aren't there.
    async fn callback(self, context: &Context, application: &Application) -> Result<Option<Callback>> {
        if self.app.is_none() {
            return Ok(None);
        }
        let ui = &context.ui;
        let own = match context.is_sandbox() {
            true => of_sandbox(context, application)?,
            false => None,
        };
        let (own_url, own_token) = match own {
            Some((url, token)) => (Some(url), Some(token)),
            None => (application.webhook.clone(), application.verify_token.clone()),
        };
        let own_url = own_url.and_then(|url| url.parse().ok());
        let is_read_there = self.callback.is_none() && own_url.is_none();
        let url: CallbackUrl = match self.callback.or(own_url) {
            Some(url) => url,
            None if ui.interactive() && !context.yes => {
                ui.say(&format!(
                    "10darts shows the application's webhook at {SHOWN_AT}: copy both from there"
                ));
                loop {
                    match flow::answered(ui.ask("Webhook URL").await, missing())?.parse() {
                        Ok(url) => break url,
                        Err(error) => ui.warn(&format!("{error}")),
                    }
                }
            }
            None => return Ok(None),
        };
        let verify_token = match self.verify_token.or(own_token) {
            Some(token) => token,
            None if ui.interactive() && (is_read_there || !context.yes) => {
                client::verify_token(context, false).await?
            }
            None => return Ok(None),
        };
        let url = passing_on(&url, self.redirect_to.as_ref());
        Ok(Some(Callback { url, verify_token }))
    }
}

fn needed() -> Vec<String> {
    NEEDED_FIELDS.iter().map(|field| (*field).to_owned()).collect()
}

fn missing() -> Question {
    Question::Missing { options: vec!["--callback-url URL"] }
}

fn passing_on(url: &CallbackUrl, target: Option<&ForwardUrl>) -> Url {
    match target {
        Some(target) => url.passing_on_to(target),
        None => url.as_url().clone(),
    }
}

/// What the sandbox's page of that application shows.
fn of_sandbox(context: &Context, application: &Application) -> Result<Option<(String, Secret)>> {
    let Ok(id) = application.channel.id.as_str().parse() else { return Ok(None) };
    let webhook = context.sandbox()?.webhook()(id)?;
    if webhook.is_some() {
        context.ui.note("Using the webhook that the sandbox's page shows, and the sandbox's own app.");
    }
    Ok(webhook.map(|webhook| (webhook.url, Secret::new(webhook.verify_token))))
}

fn tell(context: &Context, page_name: &str, callback: &Callback, subscribed: &Subscribed) {
    let ui = &context.ui;
    ui.done(&format!(
        "Meta sends {} of {} to {}",
        subscribed.page.fields.join(", "),
        text::name(page_name),
        text::clean_whole(callback.url.as_str())
    ));
    if !subscribed.lacks.is_empty() {
        ui.warn(&format!("the app's half lacks {}: these don't arrive", subscribed.lacks.join(", ")));
    }
}
