//! One account of UnifiedBeez, which other platforms call a channel: away from its channel.

use anyhow::Result;

use crate::failure::{Change, Failure, Redirect};
use crate::flow::settle::{seen, settle};
use crate::platform::unifiedbeez::UnifiedBeez;
use crate::types::Channel;

/// Deletes it. What is answered isn't documented: the list tells whether it is gone, after 404 as well.
pub async fn disconnect_account(api: &UnifiedBeez, account: &Channel) -> Result<()> {
    let look = || api.account(account);
    let refused = match settle(|| api.disconnect(account), look, |now| now.is_none()).await {
        Ok(()) => None,
        Err(undone) if undone.error.status() == Some(404) && !undone.error.is_web_page() => Some(undone),
        Err(undone) => return Err(undone.told(Change::Disconnect, &account.id)),
    };
    match (seen(look, |now| now.is_none().then_some(())).await, refused) {
        (Ok(Some(())), _) => Ok(()),
        (Ok(None), Some(undone)) => Err(undone.told(Change::Disconnect, &account.id)),
        (Ok(None), None) => Err(Failure::Redirect(Redirect::StillThere).into()),
        (Err(error), _) => {
            let unknown = Failure::Unknown { change: Change::Disconnect, id: account.id.to_string() };
            Err(anyhow::Error::new(error).context(unknown))
        }
    }
}
