//! Our files by mechanics: opened only where they are ours, written whole or not at all. Whoever keeps files stands on
//! this; what they mean is told in `store/` and `sandbox/state/`.

pub mod atomic;
mod error;
pub mod guard;
pub mod put;
mod remark;

pub(crate) use error::passes_on_files;
pub use error::{Access, FileError, position};
pub use remark::Remark;
