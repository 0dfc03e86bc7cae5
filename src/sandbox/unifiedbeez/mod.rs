//! UnifiedBeez: the web back end of the integration guides, both generations, and the dialog of its sign-ins.
//!
//! `openapi.yaml` is the contract, as it is served.

mod accounts;
mod catalogue;
mod channels;
mod dialog;
mod refusal;
mod routes;
mod session;
mod sign_in;
mod world;

pub use refusal::error;
pub use routes::answer;
pub use session::SESSION;
pub use sign_in::allow_all;
pub use world::World;
