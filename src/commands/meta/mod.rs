//! meta check, subscribe, review: a Page's token, and the webhook behind it. No account of a platform is needed.

pub mod client;
