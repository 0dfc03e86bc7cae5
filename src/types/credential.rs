//! What an account is shown to be ours with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::platform::PlatformName;
use super::secret::Secret;

/// Where Qontak served its API before April 2025.
const QONTAKS_OLDER: &str = "https://service-chat.qontak.com/api/open/v1";

/// What an account's owner proves itself with, at the platform that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Socialchat: one API key, sent as it is (2026).
    ApiKey(Secret),
    /// Socialchat: an App ID with its Secret Key, sent as base64 of `APPID_SECRETKEY` (2024).
    AppPair { app_id: String, secret_key: Secret },
    /// UnifiedBeez: the id of a session, and the name of the cookie that it was pasted with. One that a login of ours began is
    /// ours to end, and a browser's is not.
    Session { session: Secret, cookie: Option<String>, is_own: bool },
    /// Qontak since April 2025: a client whose secret signs each request.
    SigningClient { client_id: String, client_secret: Secret },
    /// Qontak before: an access token, copied from its page.
    AccessToken(Secret),
    /// Qontak before: what a password grant gave.
    Grant(Box<Grant>),
    /// 10darts: the account's API token.
    ApiToken(Secret),
}

/// Tokens that a password grant gave (Qontak's older generation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub username: String,
    pub client_id: String,
    pub client_secret: Secret,
    pub access_token: Secret,
    /// May be good for one use.
    pub refresh_token: Secret,
    /// In Unix seconds: `created_at + expires_in`.
    pub expires_at: i64,
}

impl Credential {
    /// UnifiedBeez: a session as somebody pastes it: its id alone, `name=id`, a `Cookie:` line with several, a `Set-Cookie:` or
    /// `Authorization:` line, each in quotes or not, or a line of a cookie file (name and value at its end, between tabs).
    pub fn pasted_session(text: Secret) -> Credential {
        /// The names that the platform's pages give the cookie, which disagree.
        const NAMES: [&str; 2] = ["session_id", "connect.sid"];
        let line = text.expose().trim();
        let quote = line.chars().next().filter(|first| ['"', '\''].contains(first));
        let unquoted = quote.and_then(|quote| line.strip_prefix(quote)?.strip_suffix(quote));
        let line = unquoted.map_or(line, str::trim);
        let named = |name: &str, value: &str| {
            let value = value.trim().trim_matches('"');
            let cookie = Some(name.trim().to_owned());
            Credential::Session { session: Secret::new(value), cookie, is_own: false }
        };
        let columns: Vec<&str> = line.split('\t').collect();
        if let [.., name, value] = columns[..]
            && columns.len() >= 6
        {
            return named(name, value);
        }
        let behind = |begin: &str| {
            let (first, rest) = line.split_at_checked(begin.len())?;
            first.eq_ignore_ascii_case(begin).then(|| rest.trim_start())
        };
        let bearer = behind("authorization:").unwrap_or(line);
        if let Some((scheme, session)) = bearer.split_once(' ')
            && scheme.eq_ignore_ascii_case("bearer")
        {
            return Credential::Session { session: Secret::new(session.trim()), cookie: None, is_own: false };
        }
        // What stands behind the first are its attributes.
        let set = behind("set-cookie:").map(|set| set.split(';').next().unwrap_or(set));
        let header = set.or_else(|| behind("cookie:"));
        let pairs = header.unwrap_or(line).split(';').filter_map(|pair| pair.split_once('='));
        let pairs: Vec<(&str, &str)> =
            pairs.filter(|(_, value)| !value.trim().trim_matches('"').is_empty()).collect();
        let known = pairs.iter().find(|(name, _)| NAMES.contains(&name.trim()));
        match (known, &pairs[..]) {
            (Some((name, value)), _) => named(name, value),
            (None, [(name, value)]) if header.is_some() => named(name, value),
            _ => Credential::Session { session: Secret::new(line), cookie: None, is_own: false },
        }
    }

    /// The platform that it is for.
    pub fn platform(&self) -> PlatformName {
        match self {
            Credential::ApiKey(_) | Credential::AppPair { .. } => PlatformName::Socialchat,
            Credential::Session { .. } => PlatformName::UnifiedBeez,
            Credential::SigningClient { .. } | Credential::AccessToken(_) | Credential::Grant(_) => {
                PlatformName::Qontak
            }
            Credential::ApiToken(_) => PlatformName::Tendarts,
        }
    }

    /// Where the vendor serves the API that they are for: Qontak's generations have a host each.
    pub fn api_url(&self) -> &'static str {
        match self {
            Credential::AccessToken(_) | Credential::Grant(_) => QONTAKS_OLDER,
            other => other.platform().api_url(),
        }
    }

    /// Whether the vendor serves another generation there than the one that they are for.
    pub fn is_of_other_generation(&self, url: &str) -> bool {
        let url = url.trim_end_matches('/');
        self.platform() == PlatformName::Qontak
            && url != self.api_url()
            && [QONTAKS_OLDER, PlatformName::Qontak.api_url()].contains(&url)
    }

    /// The generation of the API that they are for, in the words of `sandbox serve --generation`; none where they are good
    /// for each, or there is one.
    pub fn generation(&self) -> Option<&'static str> {
        match self {
            Credential::ApiKey(_) => Some("2026"),
            Credential::AppPair { .. } => Some("2024"),
            Credential::SigningClient { .. } => Some("hmac"),
            Credential::AccessToken(_) | Credential::Grant(_) => Some("token"),
            Credential::Session { .. } | Credential::ApiToken(_) => None,
        }
    }

    /// What tells one account from another: of Socialchat the value behind `Bearer`, as the authorization guides of both
    /// generations ask for it. What is renewed from time to time is no part of it.
    pub fn identity(&self) -> Secret {
        match self {
            Credential::ApiKey(key) | Credential::AccessToken(key) | Credential::ApiToken(key) => key.clone(),
            Credential::AppPair { app_id, secret_key } => {
                let joined = Secret::new(format!("{app_id}_{}", secret_key.expose()));
                Secret::new(STANDARD.encode(joined.expose()))
            }
            Credential::Session { session, .. } => session.clone(),
            Credential::SigningClient { client_id, client_secret } => {
                Secret::new(format!("{client_id} {}", client_secret.expose()))
            }
            Credential::Grant(grant) => {
                Secret::new(format!("{} {}", grant.username, grant.client_secret.expose()))
            }
        }
    }

    /// For people: what of it is no secret, and the last four characters of what is.
    pub fn masked(&self) -> String {
        match self {
            Credential::ApiKey(key) | Credential::AccessToken(key) | Credential::ApiToken(key) => {
                key.masked()
            }
            Credential::AppPair { app_id, secret_key } => format!("{app_id}_{}", secret_key.masked()),
            Credential::Session { session, .. } => session.masked(),
            Credential::SigningClient { client_id, client_secret } => {
                format!("{client_id} {}", client_secret.masked())
            }
            Credential::Grant(grant) => format!("{} {}", grant.username, grant.access_token.masked()),
        }
    }
}

/// Whether an address has the path of Qontak's older generation, whatever its host.
pub fn is_older_qontak(url: &str) -> bool {
    url.contains("/api/open/v1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_found_in_whatever_it_is_pasted_with() {
        for (pasted, session, cookie) in [
            ("abc", "abc", None),
            (" s%3Aabc.def== \n", "s%3Aabc.def==", None),
            ("session_id=abc", "abc", Some("session_id")),
            ("Cookie: a=b; connect.sid=s%3Aabc; c=d", "s%3Aabc", Some("connect.sid")),
            ("cookie:session_id=\"abc\"", "abc", Some("session_id")),
            ("Cookie: own=abc", "abc", Some("own")),
            ("session_id=; connect.sid=s%3Aabc", "s%3Aabc", Some("connect.sid")),
            ("Set-Cookie: connect.sid=s%3Aabc; Path=/; HttpOnly", "s%3Aabc", Some("connect.sid")),
            ("set-cookie: own=abc; Path=/", "abc", Some("own")),
            ("Authorization: Bearer s%3Aabc", "s%3Aabc", None),
            ("'Cookie: session_id=abc'", "abc", Some("session_id")),
            ("\"abc\"", "abc", None),
            (".host\tTRUE\t/\tTRUE\t0\tsession_id\tabc", "abc", Some("session_id")),
        ] {
            let (session, cookie) = (Secret::new(session), cookie.map(str::to_owned));
            let wanted = Credential::Session { session, cookie, is_own: false };
            assert_eq!(Credential::pasted_session(Secret::new(pasted)), wanted, "{pasted}");
        }
    }
}
