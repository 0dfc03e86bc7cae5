//! What stands at Meta: its codes, what is wrong with a token or a webhook, and what App Review wants.

mod code;
mod fact;
mod review;
mod trouble;

pub use code::{cure, refused};
pub use fact::{evidence, fact_cure, title, version};
pub use review::{item_detail, item_title, retired_detail};
pub use trouble::{trouble, trouble_cure};
