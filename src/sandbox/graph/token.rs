//! The tokens that exist, and what each is.

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::world::{APP_ID, APP_NAME, APP_SECRET, PERSON, World};
use crate::sandbox::state::Account;
use crate::types::time;

/// Of the first Page, and good.
pub const PAGE_TOKEN: &str = "sandbox-page-token";
/// What stands behind it in the others: the person's own token, which is none of a Page.
const USER: &str = "-user";
/// A longer one of the person, for which theirs was exchanged.
const LONG_USER_TOKEN: &str = "CANARY-long-user-token";

const OF_A_PAGE: &[&str] = &["pages_show_list", "pages_messaging", "pages_manage_metadata"];
const OF_THE_PERSON: &[&str] =
    &["pages_show_list", "pages_messaging", "pages_manage_metadata", "business_management"];
const WITHOUT_MESSAGING: &[&str] = &["pages_show_list", "pages_manage_metadata"];

/// Whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    App,
    Person,
    Page(Account),
}

/// One that was given out, though it may not work any more.
#[derive(Clone, Debug)]
pub struct Token {
    pub owner: Owner,
    scopes: &'static [&'static str],
    dead: Option<Refusal>,
}

impl Token {
    /// The token with this text, whether it works or not.
    pub fn given(world: &World, text: &str) -> Option<Token> {
        let of = |owner, scopes| Some(Token { owner, scopes, dead: None });
        let dead = |subcode, why: &str| {
            let dead = Refusal::token(&format!("Error validating access token: {why}")).below(subcode);
            Some(Token { owner: Owner::Page(world.page(0)?), scopes: &[], dead: Some(dead) })
        };
        if text == LONG_USER_TOKEN {
            return of(Owner::Person, OF_THE_PERSON);
        }
        if let Some((id, secret)) = text.split_once('|') {
            return if id == APP_ID && secret == APP_SECRET { of(Owner::App, &[]) } else { None };
        }
        if let Some(id) = text.strip_prefix("CANARY-page-token-") {
            return of(Owner::Page(world.page_named(id)?), OF_A_PAGE);
        }
        match text.strip_prefix(PAGE_TOKEN)? {
            "" => of(Owner::Page(world.page(0)?), OF_A_PAGE),
            "-no-messaging" => of(Owner::Page(world.page(0)?), WITHOUT_MESSAGING),
            USER => of(Owner::Person, OF_THE_PERSON),
            "-expired" => dead(463, "Session has expired on Saturday, 01-Aug-26 00:00:00 PDT."),
            "-password" => dead(
                460,
                "The session has been invalidated because the user changed their password or Facebook has changed \
                 the session for security reasons.",
            ),
            _ => None,
        }
    }

    /// The token, if it works. Else 190, and why.
    pub fn working(world: &World, text: &str) -> Result<Token, Refusal> {
        let token = Token::given(world, text);
        let token =
            token.ok_or_else(|| Refusal::token("Invalid OAuth access token - Cannot parse access token"))?;
        match token.dead {
            Some(dead) => Err(dead),
            None => Ok(token),
        }
    }

    /// The token of a Page, as the person is given it.
    pub fn of_page(id: &str) -> String {
        format!("CANARY-page-token-{id}")
    }

    /// What the person's own is exchanged for, with the seconds for which it lives.
    pub fn exchanged(&self) -> Option<(&'static str, u64)> {
        (self.owner == Owner::Person).then_some((LONG_USER_TOKEN, 60 * 86_400))
    }

    /// Whether that permission was given.
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.contains(&scope)
    }

    /// As `debug_token` shows it. A Page's own never expires; the person's does in 60 days.
    pub fn shown(&self) -> Value {
        let now = time::now() / 1000;
        let of_page = match &self.owner {
            Owner::Page(page) => Some(page.id.as_str()),
            _ => None,
        };
        let mut shown = json!({
            "app_id": APP_ID,
            "type": match self.owner {
                Owner::App => "APP",
                Owner::Person => "USER",
                Owner::Page(_) => "PAGE",
            },
            "application": APP_NAME,
            "is_valid": self.dead.is_none(),
            "scopes": self.scopes,
        });
        if self.owner != Owner::App {
            let targets = of_page.map(|id| vec![id]);
            let granular = self.scopes.iter().map(|scope| match &targets {
                Some(ids) => json!({ "scope": scope, "target_ids": ids }),
                // For all.
                None => json!({ "scope": scope }),
            });
            shown["granular_scopes"] = granular.collect();
            shown["user_id"] = json!(PERSON.0);
            shown["issued_at"] = json!(now.saturating_sub(86_400));
            shown["data_access_expires_at"] = json!(now + 90 * 86_400);
            shown["expires_at"] = match (&self.dead, of_page) {
                // 2026-08-01T07:00:00Z
                (Some(_), _) => json!(1_785_567_600),
                (None, Some(_)) => json!(0),
                (None, None) => json!(now + 60 * 86_400),
            };
        }
        if let Some(id) = of_page {
            shown["profile_id"] = json!(id);
        }
        if let Some(dead) = &self.dead {
            shown["error"] = dead.told();
        }
        shown
    }
}
