//! The frame of all pages for people: what it says around them, and how they look. They work without scripts.
//!
//! There is no `form-action` in the Content-Security-Policy, since Chromium applies that to the redirect which follows
//! a form as well, and that may lead anywhere.

use super::error::SandboxError;
use super::http::Answer;
use super::token;
use crate::serve::escape;

const STYLE: &str = include_str!("frame.css");

/// What stands above a page.
pub struct Head<'a> {
    /// The title of the window, and the page's first line.
    pub title: &'a str,
    /// Two letters.
    pub mark: &'a str,
    /// As whom.
    pub below: &'a str,
}

const SIGN_IN: Head<'_> =
    Head { title: "Sandbox sign-in", mark: "SB", below: "as Sari Wulandari, an invented person" };

/// A page of a sign-in. `content` is HTML.
pub fn page(status: u16, content: &str) -> Result<Answer, SandboxError> {
    headed(&SIGN_IN, status, content)
}

/// A page of a sign-in that only says something.
pub fn message(status: u16, title: &str, text: &str) -> Result<Answer, SandboxError> {
    page(status, &format!("<h1>{}</h1><p class=\"lead\">{}</p>", escape(title), escape(text)))
}

/// A page of any kind. `content` is HTML.
pub fn headed(head: &Head<'_>, status: u16, content: &str) -> Result<Answer, SandboxError> {
    let nonce = token::nonce()?;
    let [title, mark, below] = [head.title, head.mark, head.below].map(escape);
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>\
         <style nonce=\"{nonce}\">{STYLE}</style></head><body>\
         <p class=\"tape\"><b>Sandbox</b> Nothing here is real. No account is touched.</p>\
         <main><header><i>{mark}</i><span><b>{title}</b>\
         <small>{below}</small></span></header>{content}</main></body></html>"
    );
    let policy =
        format!("default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'");
    Ok(Answer::typed(status, "text/html; charset=utf-8", page)
        .with("Content-Security-Policy", policy)
        .with("Cache-Control", "no-store")
        .with("Referrer-Policy", "no-referrer")
        .with("X-Content-Type-Options", "nosniff"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
        let answer = message(410, "<x>", "a & b").unwrap();
        let page = String::from_utf8(answer.body).unwrap();
        assert!(page.contains("<h1>&lt;x&gt;</h1>") && page.contains("a &amp; b"));
    }
}
