//! What Meta's codes mean, and what helps.

use std::fmt::{Formatter, Result};

use crate::types::MetaCode;

/// What somebody can do about it ("Handling Errors").
pub(super) fn cure(code: MetaCode, f: &mut Formatter<'_>) -> Result {
    let MetaCode { code, subcode } = code;
    match subcode {
        Some(subcode) => write!(f, "look up Meta's code {code}, subcode {subcode}"),
        None => write!(f, "look up Meta's code {code}"),
    }
}
