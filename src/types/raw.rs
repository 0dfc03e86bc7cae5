//! A call that somebody writes by hand.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use url::form_urlencoded;

use super::secret_fields::is_secret_name;
use super::value::ValueError;

/// What is done to what the path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The word in the request.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }

    /// Whether a body goes with it.
    pub fn has_body(self) -> bool {
        matches!(self, Method::Post | Method::Put | Method::Patch)
    }
}

/// A path of the Partner API with its query: `/partner/channel?page=1`. It names no host, leads nowhere else, and holds no
/// secret, since it is typed and logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiPath {
    /// What follows `/partner`.
    segments: Vec<String>,
    query: Vec<(String, String)>,
}

impl ApiPath {
    /// What follows `/partner`; nothing for the settings.
    pub fn segments(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The parameters, in their order.
    pub fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// Whether it is the one of the settings.
    pub fn is_settings(&self) -> bool {
        self.segments.is_empty()
    }

    /// Sets a parameter, in the place of those of that name.
    pub fn set(&mut self, name: &str, value: String) {
        self.query.retain(|(known, _)| known != name);
        self.query.push((name.to_owned(), value));
    }
}

/// Without its query.
impl fmt::Display for ApiPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("/partner")?;
        self.segments.iter().try_for_each(|segment| write!(f, "/{segment}"))
    }
}

impl ApiPath {
    /// With its query, as it is asked for. Parameters that are secrets are refused where a path is parsed.
    pub fn with_query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.query);
        match query.finish() {
            none if none.is_empty() => self.to_string(),
            query => format!("{self}?{query}"),
        }
    }
}

impl FromStr for ApiPath {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = path.strip_prefix('/').unwrap_or(path);
        let path = path.strip_suffix('/').unwrap_or(path);
        let mut segments = path.split('/');
        if segments.next() != Some("partner") || query.contains('#') {
            return Err(ValueError::ApiPath);
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        let is_usual = |segment: &&str| {
            !segment.is_empty() && !segment.chars().all(|c| c == '.') && segment.chars().all(is_plain)
        };
        let segments: Vec<&str> = segments.collect();
        if !segments.iter().all(is_usual) {
            return Err(ValueError::ApiPath);
        }
        let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if query.iter().any(|(name, _)| is_secret_name(name)) {
            return Err(ValueError::SecretInPath);
        }
        Ok(ApiPath { segments: segments.into_iter().map(str::to_owned).collect(), query })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_is_one_of_the_partner_api() {
        let parsed = |text: &str| text.parse::<ApiPath>();
        for settings in ["/partner", "partner", "/partner/"] {
            assert!(parsed(settings).unwrap().is_settings(), "{settings}");
        }
        let path = parsed("/partner/channel?page=1&search=a%20b").unwrap();
        assert_eq!((path.to_string().as_str(), path.segments()), ("/partner/channel", vec!["channel"]));
        assert_eq!(path.query()[1], ("search".into(), "a b".into()));
        for other in [
            "",
            "/",
            "/channel",
            "//evil.example/partner",
            "https://evil.example/partner",
            "@evil.example/partner",
            "/partner/../other",
            "/partner/..",
            "/partner/.",
            "/partner//x",
            "/partner/%2e%2e/other",
            "/partner\\..\\other",
            "/partner/a b",
            "/partner/channel#x",
            "/partner/channel?a=b#c",
            "/partnership",
        ] {
            assert_eq!(parsed(other), Err(ValueError::ApiPath), "{other}");
        }
        assert_eq!(parsed("/partner/channel?token=x"), Err(ValueError::SecretInPath));
    }

    proptest! {
        #[test]
        fn any_path_is_refused_or_stays_under_the_partner_api(text in any::<String>(), rest in "[a-z./%\\\\?#@:]{0,20}") {
            for text in [text, format!("/partner{rest}")] {
                if let Ok(path) = text.parse::<ApiPath>() {
                    let base = url::Url::parse("https://api.example").unwrap();
                    let url = base.join(&path.to_string()).unwrap();
                    prop_assert_eq!(url.host_str(), Some("api.example"));
                    prop_assert!(url.path().starts_with("/partner"));
                }
            }
        }
    }
}
