//! The platforms that channels are connected at: a closed set. The only file that names them all; each knows HTTP and the
//! types, and no other.

mod batch;
pub mod meta;
pub mod qontak;
pub mod socialchat;
pub mod tendarts;
pub mod unifiedbeez;
mod ways;

use std::sync::Arc;

pub use crate::http::{ApiError, Distrust, Event, Proxy, Reason};
pub use crate::types::Known;
use crate::types::{
    ApiUrl, Channel, ChannelDbId, ChannelFilter, ChannelKind, Credential, PlatformName, Secret, UrlError,
};
pub use batch::{Batch, Cursor};
use qontak::Qontak;
use socialchat::Socialchat;
use tendarts::Tendarts;
use unifiedbeez::UnifiedBeez;
pub use ways::{Ability, Connecting, Disconnecting, Reconnecting, Unsupported};

/// A client of one platform, with one account's credentials.
#[derive(Clone)]
pub enum Platform {
    Socialchat(Arc<Socialchat>),
    UnifiedBeez(Arc<UnifiedBeez>),
    Qontak(Arc<Qontak>),
    Tendarts(Arc<Tendarts>),
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
        let url = api_url.as_url().clone();
        match name {
            PlatformName::Socialchat => Platform::Socialchat(Socialchat::new(url, credential, watch)),
            PlatformName::UnifiedBeez => Platform::UnifiedBeez(UnifiedBeez::new(url, credential, watch)),
            PlatformName::Qontak => Platform::Qontak(Qontak::new(url, credential, watch)),
            PlatformName::Tendarts => Platform::Tendarts(Tendarts::new(url, credential, watch)),
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
            Platform::Socialchat(_) => &["api", "authorize", "callback", "channels plan", "pages"],
            Platform::UnifiedBeez(_) | Platform::Qontak(_) => &[],
            Platform::Tendarts(_) => &["meta"],
        }
    }

    /// Which one it is.
    pub fn name(&self) -> PlatformName {
        match self {
            Platform::Socialchat(_) => PlatformName::Socialchat,
            Platform::UnifiedBeez(_) => PlatformName::UnifiedBeez,
            Platform::Qontak(_) => PlatformName::Qontak,
            Platform::Tendarts(_) => PlatformName::Tendarts,
        }
    }

    /// Which generation of its API is spoken, and who one is there, as far as the platform has or tells either.
    /// Costs at most two requests. Credentials that aren't accepted are [`Known::BadCredentials`].
    pub async fn identity(&self) -> Result<Identity, ApiError> {
        match self {
            Platform::Socialchat(api) => api.try_credentials().await.map(|()| Identity::default()),
            Platform::UnifiedBeez(api) => api.identity().await,
            Platform::Qontak(api) => api.identity().await,
            Platform::Tendarts(api) => api.identity().await,
        }
    }

    /// One batch of the channels that the filter lets through, as far as the platform filters by itself, from the
    /// beginning or from where the last batch ended.
    pub async fn channels(&self, filter: &ChannelFilter, at: Option<Cursor>) -> Result<Batch, ApiError> {
        match self {
            Platform::Socialchat(api) => api.batch(filter, at).await,
            Platform::UnifiedBeez(api) => api.channels().await,
            Platform::Qontak(api) => api.channels(filter, at).await,
            Platform::Tendarts(api) => api.channels(at).await,
        }
    }

    /// The channel of that id; none where there is none.
    pub async fn channel(&self, id: &ChannelDbId) -> Result<Option<Channel>, ApiError> {
        match self {
            Platform::Socialchat(api) => api.channel(id).await,
            Platform::UnifiedBeez(api) => api.channel(id).await,
            Platform::Qontak(api) => api.channel(id).await,
            Platform::Tendarts(api) => api.channel(id).await,
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
            Platform::UnifiedBeez(api) if kind.sign_in().is_some() => Ok(Connecting::Redirect(api)),
            Platform::Qontak(api) if Qontak::has(kind) => Ok(Connecting::WebPage(api)),
            Platform::Tendarts(api) if *kind == ChannelKind::Messenger => Ok(Connecting::PageToken(api)),
            Platform::UnifiedBeez(_) | Platform::Qontak(_) | Platform::Tendarts(_) => {
                Err(self.unsupported(kind, Ability::Connect))
            }
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
            Platform::UnifiedBeez(api) if kind.sign_in().is_some() => Ok(Reconnecting::Redirect(api)),
            Platform::Qontak(api) if Qontak::has(kind) => Ok(Reconnecting::WebPage(api)),
            Platform::Tendarts(api) if *kind == ChannelKind::Messenger => Ok(Reconnecting::PageToken(api)),
            Platform::UnifiedBeez(_) | Platform::Qontak(_) | Platform::Tendarts(_) => {
                Err(self.unsupported(kind, Ability::Reconnect))
            }
        }
    }

    /// Who changes the plan of channels of that kind here.
    pub fn planning(&self, kind: &ChannelKind) -> Result<&Arc<Socialchat>, Unsupported> {
        match (self, kind) {
            (Platform::Socialchat(api), ChannelKind::Webchat | ChannelKind::Linkchat) => Ok(api),
            _ => Err(self.unsupported(kind, Ability::ChangePlan)),
        }
    }

    /// How channels of that kind are deleted here.
    pub fn disconnecting(&self, kind: &ChannelKind) -> Result<Disconnecting<'_>, Unsupported> {
        match self {
            // The documented kinds. What else an API calls one is no part of a path.
            Platform::Socialchat(api) if kind.is_documented() => Ok(Disconnecting::Api(api)),
            Platform::UnifiedBeez(api) if kind.sign_in().is_some() => Ok(Disconnecting::Account(api)),
            // What has no name of ours can be deleted all the same: it is named by its id.
            Platform::Qontak(api) if Qontak::has(kind) || !kind.is_documented() => {
                Ok(Disconnecting::WebPage(api))
            }
            Platform::Tendarts(api) if *kind == ChannelKind::Messenger || !kind.is_documented() => {
                Ok(Disconnecting::Application(api))
            }
            _ => Err(self.unsupported(kind, Ability::Disconnect)),
        }
    }

    /// What only Socialchat has: callback URLs, sign-ins, Pages.
    pub fn socialchat(&self, ability: Ability) -> Result<&Arc<Socialchat>, Unsupported> {
        match self {
            Platform::Socialchat(api) => Ok(api),
            _ => Err(Unsupported { platform: self.name(), kind: None, ability }),
        }
    }

    /// That this platform can't do it, or not by the way that was asked for.
    pub fn unsupported(&self, kind: &ChannelKind, ability: Ability) -> Unsupported {
        Unsupported { platform: self.name(), kind: Some(kind.clone()), ability }
    }
}

impl From<&Arc<Socialchat>> for Platform {
    fn from(api: &Arc<Socialchat>) -> Platform {
        Platform::Socialchat(api.clone())
    }
}

/// Whose the credentials are.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// Of the platform's API, in the words of `--generation`.
    pub generation: Option<&'static str>,
    /// The person or account, in the platform's own words.
    pub account: Option<String>,
}
