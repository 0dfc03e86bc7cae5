//! Addresses of webhooks, joined.

use std::str::FromStr;

use url::Url;

use super::web_url::{CallbackUrl, PublicUrl, UrlError};

/// What 10darts calls the parameter that names where Meta's messages are passed on to.
const REDIRECT_TO: &str = "redirect_to";

/// Where a webhook's messages are passed on to as well: https and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardUrl(Url);

impl CallbackUrl {
    /// The same where a path is added to it: without a query.
    pub fn without_query(&self) -> Result<PublicUrl, UrlError> {
        self.as_url().as_str().parse()
    }

    /// With the address that messages are passed on to as one parameter, whatever parameters there are. One that names
    /// another is replaced.
    pub fn passing_on_to(&self, target: &ForwardUrl) -> Url {
        let mut url = self.as_url().clone();
        let is_other = |name: &str| name != REDIRECT_TO;
        let others: Vec<(String, String)> =
            url.query_pairs().into_owned().filter(|(name, _)| is_other(name)).collect();
        if others.len() < url.query_pairs().count() {
            url.query_pairs_mut().clear().extend_pairs(others);
        }
        url.query_pairs_mut().append_pair(REDIRECT_TO, target.0.as_str());
        url
    }
}

impl ForwardUrl {
    /// `redirect_to=https%3A%2F%2F…`: for whoever joins it to an address by hand.
    pub fn parameter(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair(REDIRECT_TO, self.0.as_str())
            .finish()
    }
}

impl FromStr for ForwardUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: CallbackUrl = text.parse()?;
        let text = text.trim();
        match text.get(..8) {
            // A third slash leaves it without a host, however browsers read it.
            Some(scheme) if scheme.eq_ignore_ascii_case("https://") => {
                match text[8..].starts_with(['/', '\\']) {
                    true => Err(UrlError::NoHost),
                    false => Ok(ForwardUrl(url.as_url().clone())),
                }
            }
            _ => Err(UrlError::NotHttps),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn joined(callback: &str, target: &str) -> String {
        let (callback, target): (CallbackUrl, ForwardUrl) =
            (callback.parse().unwrap(), target.parse().unwrap());
        callback.passing_on_to(&target).to_string()
    }

    #[test]
    fn the_target_is_one_encoded_parameter_behind_a_question_mark_or_an_ampersand() {
        let hook = "https://bot.example.com/hook";
        let encoded = "redirect_to=https%3A%2F%2Fbot.example.com%2Fhook";
        for (callback, url) in [
            ("https://10darts.com/h/1/", format!("https://10darts.com/h/1/?{encoded}")),
            ("https://10darts.com/h/1/?", format!("https://10darts.com/h/1/?{encoded}")),
            ("https://10darts.com/h/?app=1", format!("https://10darts.com/h/?app=1&{encoded}")),
            ("https://10darts.com/h/?a=%20b&redirect_to=x", format!("https://10darts.com/h/?a=+b&{encoded}")),
        ] {
            assert_eq!(joined(callback, hook), url);
        }
        let target = "https://bot.example.com/hook?a=b&c=d%26e";
        let url = Url::parse(&joined("https://10darts.com/h/", target)).unwrap();
        assert_eq!(url.query_pairs().collect::<Vec<_>>(), [(REDIRECT_TO.into(), target.into())]);
    }

    #[test]
    fn a_target_is_https_alone() {
        for bad in [
            "http://bot.example.com/",
            "http://127.0.0.1/",
            "ftp://a.example/",
            "https://a.example/#x",
            // The three slashes of the documented example.
            "https:///bot.example.com/hook",
            "bot.example.com/hook",
            "/hook",
        ] {
            assert!(bad.parse::<ForwardUrl>().is_err(), "{bad}");
        }
        assert!("http://127.0.0.1:1/h/?a=b".parse::<CallbackUrl>().is_ok());
        assert!("http://127.0.0.1:1/h/?a=b".parse::<CallbackUrl>().unwrap().without_query().is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_passed_on_to_comes_out_as_it_went_in(path in "[a-z &=%?+/]{0,30}", query in "[a-z&=+]{0,30}") {
            // A parameter that is named like a secret is refused.
            let Ok(callback) = format!("https://10darts.com/h/?{query}").parse::<CallbackUrl>() else { return Ok(()) };
            let target = ForwardUrl(Url::parse(&format!("https://bot.example.com/{path}")).unwrap());
            let url = callback.passing_on_to(&target);
            let values: Vec<_> = url.query_pairs().filter(|(name, _)| name == REDIRECT_TO).collect();
            prop_assert_eq!(values.len(), 1);
            prop_assert_eq!(&values[0].1, target.0.as_str());
        }
    }
}
