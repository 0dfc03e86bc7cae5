//! The platforms that channels are connected at: a closed set. The only file that names them all; each knows HTTP and the
//! types, and no other.

pub mod socialchat;
mod ways;

use std::sync::Arc;

pub use crate::http::{ApiError, Distrust, Event, Proxy, Reason};
pub use crate::types::Known;
use crate::types::{ApiUrl, ChannelKind, Credential, PlatformName, Secret, UrlError};
use socialchat::Socialchat;
pub use ways::{Ability, Connecting, Disconnecting, Reconnecting, Unsupported};

/// A client of one platform, with one account's credentials.
#[derive(Clone)]
pub enum Platform {
    Socialchat(Arc<Socialchat>),
}

impl Platform {
    /// A client of that platform at that URL. Nothing is connected or read until the first call. `watch` is told of each
    /// request.
    pub fn new(
        name: PlatformName,
        api_url: &ApiUrl,
        credential: &Credential,
        watch: impl Fn(Event<'_>) + Send + Sync + 'static,
    ) -> Platform {
        match name {
            PlatformName::Socialchat => {
                Platform::Socialchat(Socialchat::new(api_url.as_url().clone(), credential, watch))
            }
        }
    }

    /// A client without credentials, for what a platform can do at all: nothing is sent.
    pub fn unused(name: PlatformName) -> Result<Platform, UrlError> {
        let nobody = Credential::ApiKey(Secret::new(""));
        Ok(Platform::new(name, &name.api_url().parse()?, &nobody, |_| {}))
    }

    /// The commands that only some platforms have.
    pub fn commands(&self) -> &'static [&'static str] {
        match self {
            Platform::Socialchat(_) => &["authorize", "callback", "pages"],
        }
    }

    /// Which one it is.
    pub fn name(&self) -> PlatformName {
        match self {
            Platform::Socialchat(_) => PlatformName::Socialchat,
        }
    }

    /// Asks for something small with the credentials. Not accepted they are [`Known::BadCredentials`].
    pub async fn try_credentials(&self) -> Result<(), ApiError> {
        match self {
            Platform::Socialchat(api) => api.try_credentials().await,
        }
    }

    /// How channels of that kind are connected here.
    pub fn connecting(&self, kind: &ChannelKind) -> Result<Connecting<'_>, Unsupported> {
        match self {
            Platform::Socialchat(api) => match (kind.sign_in(), kind) {
                (Some(_), _) => Ok(Connecting::SignIn(api)),
                (None, kind) if kind.is_documented() => Ok(Connecting::Create(api)),
                (None, kind) => Err(self.unsupported(kind, Ability::Connect)),
            },
        }
    }

    /// How channels of that kind are given a fresh token here.
    pub fn reconnecting(&self, kind: &ChannelKind) -> Result<Reconnecting<'_>, Unsupported> {
        match self {
            Platform::Socialchat(api) => match (kind.sign_in(), kind) {
                (Some(_), _) => Ok(Reconnecting::SignIn(api)),
                (None, ChannelKind::Telegram) => Ok(Reconnecting::BotToken(api)),
                (None, kind) => Err(self.unsupported(kind, Ability::Reconnect)),
            },
        }
    }

    /// Who changes the plan of channels of that kind here.
    pub fn planning(&self, kind: &ChannelKind) -> Result<&Arc<Socialchat>, Unsupported> {
        match (self, kind) {
            (Platform::Socialchat(api), ChannelKind::Webchat | ChannelKind::Linkchat) => Ok(api),
            (Platform::Socialchat(_), _) => Err(self.unsupported(kind, Ability::ChangePlan)),
        }
    }

    /// How channels of that kind are deleted here.
    pub fn disconnecting(&self, kind: &ChannelKind) -> Result<Disconnecting<'_>, Unsupported> {
        match self {
            // The documented kinds. What else an API calls one is no part of a path.
            Platform::Socialchat(api) if kind.is_documented() => Ok(Disconnecting::Api(api)),
            Platform::Socialchat(_) => Err(self.unsupported(kind, Ability::Disconnect)),
        }
    }

    /// That this platform can't do it, or not by the way that was asked for.
    pub fn unsupported(&self, kind: &ChannelKind, ability: Ability) -> Unsupported {
        Unsupported { platform: self.name(), kind: kind.clone(), ability }
    }
}
