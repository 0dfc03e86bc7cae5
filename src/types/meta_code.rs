//! Error codes of Meta's Graph API, and what they mean ("Handling Errors").

/// An error of the Graph API: its code and subcode, and what else tells it from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MetaCode {
    pub code: i64,
    pub subcode: Option<i64>,
    /// Whether its message is about `appsecret_proof`: its code is that of any wrong parameter.
    pub is_about_proof: bool,
    /// Whether Meta says that it passes.
    pub is_transient: bool,
    /// After how many minutes calls are taken again, where Meta tells.
    pub minutes: Option<u32>,
}

/// What such an error means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetaMeaning {
    /// The person has removed the app.
    AppRemoved,
    /// Facebook wants the person to log in there first.
    Checkpoint,
    PasswordChanged,
    TokenExpired,
    Unconfirmed,
    TokenInvalid,
    /// The person has no role on the Page any more.
    NoRole,
    /// Expired, withdrawn or invalid: Meta doesn't say which.
    TokenRefused,
    /// A message outside of the time in which one is allowed.
    OutsideWindow,
    PageRestricted,
    PermissionMissing,
    /// The app demands `appsecret_proof`, or the one that was sent is wrong.
    Proof,
    Parameter,
    TooManyCalls,
    /// Meta's own trouble, which passes.
    Passing,
    CapabilityMissing,
    AppLimit,
    Blocked,
    Duplicate,
    CallbackNotReached,
    CallbackNotTheChallenge,
    /// In no table that we have.
    Other,
}

impl MetaCode {
    /// What it means.
    pub fn means(self) -> MetaMeaning {
        match (self.code, self.subcode) {
            (4 | 17 | 32 | 613 | 80_001 | 80_006, _) => MetaMeaning::TooManyCalls,
            _ if self.is_transient => MetaMeaning::Passing,
            (102 | 190, Some(458)) => MetaMeaning::AppRemoved,
            (102 | 190, Some(459)) => MetaMeaning::Checkpoint,
            (102 | 190, Some(460)) => MetaMeaning::PasswordChanged,
            (102 | 190, Some(463)) => MetaMeaning::TokenExpired,
            (102 | 190, Some(464)) => MetaMeaning::Unconfirmed,
            (102 | 190, Some(467)) => MetaMeaning::TokenInvalid,
            (102 | 190, Some(492)) => MetaMeaning::NoRole,
            (102 | 190, _) => MetaMeaning::TokenRefused,
            (10, Some(2_018_278)) => MetaMeaning::OutsideWindow,
            (10, Some(1_893_063)) => MetaMeaning::PageRestricted,
            (10 | 200..=299, _) => MetaMeaning::PermissionMissing,
            (100, _) if self.is_about_proof => MetaMeaning::Proof,
            (100, _) => MetaMeaning::Parameter,
            (1 | 2, _) => MetaMeaning::Passing,
            (3, _) => MetaMeaning::CapabilityMissing,
            (341, _) => MetaMeaning::AppLimit,
            (368, _) => MetaMeaning::Blocked,
            (506, _) => MetaMeaning::Duplicate,
            (2200, _) => MetaMeaning::CallbackNotReached,
            (2201, _) => MetaMeaning::CallbackNotTheChallenge,
            _ => MetaMeaning::Other,
        }
    }

    /// Whether it is the token that is refused.
    pub fn is_about_token(self) -> bool {
        matches!(self.code, 102 | 190)
    }
}
