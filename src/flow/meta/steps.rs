//! What is done by hand at Meta, with the values to copy.

use crate::types::Invocation;
use crate::ui::Ui;

/// The values.
pub struct Steps<'a> {
    /// The Page's name, where it is known.
    pub page: Option<&'a str>,
    /// The callback URL; none where only the platform's own page has it.
    pub callback: Option<&'a str>,
    /// Where the callback URL and its verify token stand: `10darts, Applications (https://…)`.
    pub shown_at: Option<&'a str>,
    pub fields: &'a [String],
}

/// Prints the five steps of setting up a webhook in the dashboard of the app.
pub fn print_steps(ui: &Ui, steps: &Steps<'_>) {
    let from = steps.shown_at.map(|place| format!(", as shown at {place}")).unwrap_or_default();
    ui.say("At https://developers.facebook.com/apps, in your app:");
    ui.say("  1. Add the product Messenger, if it isn't there yet");
    ui.say("  2. Open the Messenger settings, section Webhooks, and choose to edit the callback URL");
    match steps.callback {
        Some(callback) => {
            ui.say("  3. Enter this callback URL, and the verify token that its owner gave you:");
            ui.link(callback);
        }
        None => ui.say(&format!("  3. Enter the callback URL and the verify token{from}")),
    }
    ui.say(&format!("  4. Tick these fields: {}", steps.fields.join(", ")));
    let page = steps.page.unwrap_or("your Page");
    ui.say(&format!("  5. Add {page} there, and subscribe it to the same fields"));
    let review = Invocation::new("meta review");
    ui.say(&format!("Before App Review, only people with a role on the app can write to the Page: {review}"));
}
