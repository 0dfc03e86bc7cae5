//! One account away, or a whole channel with all of its accounts.

use super::channels::is_no_such_call;
use super::client::UnifiedBeez;
use crate::http::{ApiError, Call};
use crate::types::{Channel, ChannelDbId, ChannelKind, Request, as_text};

/// A channel of the back end, with the accounts that go with it.
#[derive(Clone, Debug)]
pub struct WholeChannel {
    pub id: ChannelDbId,
    pub kind: ChannelKind,
    /// Its accounts, which other platforms call channels.
    pub accounts: Vec<Channel>,
}

impl WholeChannel {
    /// Those of a list, each with its accounts, in its order.
    pub fn all_of(accounts: Vec<Channel>) -> Vec<WholeChannel> {
        let mut found: Vec<WholeChannel> = Vec::new();
        for account in accounts {
            let Some(id) = id_of_channel(&account) else { continue };
            match found.iter_mut().find(|channel| channel.id == id) {
                Some(channel) => channel.accounts.push(account),
                None => found.push(WholeChannel { id, kind: account.kind.clone(), accounts: vec![account] }),
            }
        }
        found
    }
}

/// The id of the channel that an account is of.
fn id_of_channel(account: &Channel) -> Option<ChannelDbId> {
    as_text(account.additional("connectedChannelId")?)?.parse().ok()
}

impl UnifiedBeez {
    /// `DELETE /auth/facebook/account/{accountId}`, or in the newer guide `DELETE /auth/instagram/account/{accountId}`: takes
    /// one account away.
    pub async fn disconnect(&self, account: &Channel) -> Result<(), ApiError> {
        if account.kind != ChannelKind::Instagram {
            return self.delete_account("facebook", &account.id).await;
        }
        let error = match self.delete_account("instagram", &account.id).await {
            Err(error) if is_no_such_call(&error) => error,
            answer => return answer,
        };
        // The older guide takes both by the same call. An account that is gone is answered by 404 as well, and its number
        // may be a Page's too: so the generation is asked for, and the list.
        if !self.is_older().await? {
            return Err(error);
        }
        let others = self.channels().await?.channels;
        let is_a_page_too = |other: &Channel| other.id == account.id && other.kind != account.kind;
        match others.iter().any(is_a_page_too) {
            true => Err(error),
            false => self.delete_account("facebook", &account.id).await,
        }
    }

    async fn delete_account(&self, of: &str, id: &ChannelDbId) -> Result<(), ApiError> {
        let path = ["auth", of, "account", id.as_str()];
        let call = || self.http.delete(&path, Request::Disconnect(id.clone()));
        self.shown(call, Call::taken).await
    }

    /// `DELETE /auth/facebook/channel/{channelId}`: takes a Messenger channel away with every account in it.
    pub async fn disconnect_whole(&self, id: &ChannelDbId) -> Result<(), ApiError> {
        let path = ["auth", "facebook", "channel", id.as_str()];
        let call = || self.http.delete(&path, Request::DisconnectWhole(id.clone()));
        self.shown(call, Call::taken).await
    }

    /// Whether the back end is of the older guide: it has no Instagram controller of its own.
    async fn is_older(&self) -> Result<bool, ApiError> {
        let call = || self.http.get(&["auth", "instagram", "accounts"], Request::ListChannels);
        match self.shown(call, |call| call.read_value(|_| Ok(()))).await {
            Err(error) if is_no_such_call(&error) => Ok(true),
            answer => answer.map(|()| false),
        }
    }
}
