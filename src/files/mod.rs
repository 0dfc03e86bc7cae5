//! Our files by mechanics: opened only where they are ours, written whole or not at all. Whoever keeps files stands on
//! this; what they mean is told in `store/` and `sandbox/state/`.

pub mod atomic;
mod error;
pub mod guard;
pub mod put;
mod remark;

pub use error::{FileError, named, position};
pub use remark::Remark;
