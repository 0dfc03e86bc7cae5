//! Why what was given for an option is none of its values.

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// A share is written `2/5`.
    ShardForm,
    /// The first number of a share is 0, or above the second.
    ShardRange,
    /// A time is written `60s`, `5m` or `1h`.
    DurationForm,
    /// A time is shorter than 1 s, or longer than a day.
    DurationRange,
    /// No whole number.
    NoNumber,
    TooSmall {
        least: u64,
    },
    /// A path is one of the Partner API.
    ApiPath,
    /// A path can't hold a secret.
    SecretInPath,
    /// No version of the Graph API.
    GraphVersion,
    /// No name of a webhook's field.
    WebhookField,
}
