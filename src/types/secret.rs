//! Keys and tokens.

use std::fmt;

use zeroize::Zeroizing;

/// A key or token. It can be used, not shown: `Debug` and `Display` print `[secret]`, and the
/// memory is overwritten when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the value as it is.
    pub fn new(value: impl Into<String>) -> Self {
        Secret(Zeroizing::new(value.into()))
    }

    /// The value itself. Every call is a place where it could leak: keep them few.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four characters behind dots, or dots alone where the value is short. For `whoami`.
    pub fn masked(&self) -> String {
        let count = self.0.chars().count();
        let shown: String = match count {
            0..16 => String::new(),
            _ => self.0.chars().skip(count - 4).collect(),
        };
        format!("••••{shown}")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show() {
        let secret = Secret::new("sk_live_0123456789abcdef");
        assert_eq!(format!("{secret} {secret:?}"), "[secret] [secret]");
        assert_eq!(secret.masked(), "••••cdef");
        assert_eq!(Secret::new("short").masked(), "••••");
    }
}
