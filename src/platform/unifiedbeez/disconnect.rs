//! One account away, or a whole channel with all of its accounts.

use serde_json::Value;

use super::channels::is_no_such_call;
use super::client::UnifiedBeez;
use crate::http::{ApiError, Call};
use crate::types::{Channel, ChannelDbId, ChannelKind, Request, as_text};

/// A channel of the back end, with the accounts that go with it.
#[derive(Clone, Debug)]
pub struct WholeChannel {
    pub id: ChannelDbId,
    pub kind: ChannelKind,
    /// An account is listed in it and says to be of another, or the other way round: nobody knows what goes with it.
    pub is_doubtful: bool,
    /// Its accounts, which other platforms call channels.
    pub accounts: Vec<Channel>,
}

impl WholeChannel {
    /// Those of a list, each with its accounts, in its order.
    pub fn all_of(accounts: Vec<Channel>) -> Vec<WholeChannel> {
        let (mut found, mut doubtful): (Vec<WholeChannel>, Vec<ChannelDbId>) = Default::default();
        for account in accounts {
            let id_in = |fields: Option<&Value>| as_text(fields?)?.parse::<ChannelDbId>().ok();
            let listed_in = id_in(account.additional("channel").and_then(|channel| channel.get("id")));
            let says = id_in(account.additional("connectedChannelId"));
            if let (Some(listed_in), Some(says)) = (&listed_in, &says)
                && listed_in != says
            {
                doubtful.extend([listed_in.clone(), says.clone()]);
            }
            let Some(id) = listed_in.or(says) else { continue };
            match found.iter_mut().find(|channel| channel.id == id) {
                Some(channel) => channel.accounts.push(account),
                None => {
                    let (kind, accounts) = (account.kind.clone(), vec![account]);
                    found.push(WholeChannel { id, kind, is_doubtful: false, accounts });
                }
            }
        }
        for channel in &mut found {
            channel.is_doubtful = doubtful.contains(&channel.id);
        }
        found
    }
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
    pub(super) async fn is_older(&self) -> Result<bool, ApiError> {
        let call = || self.http.get(&["auth", "instagram", "accounts"], Request::ListChannels);
        match self.shown(call, |call| call.once().read_value(|_| Ok(()))).await {
            Err(error) if is_no_such_call(&error) => Ok(true),
            answer => answer.map(|()| false),
        }
    }
}
