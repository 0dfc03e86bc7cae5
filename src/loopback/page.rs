//! What the browser gets: every answer, and the one page they are all made of.
//!
//! The page (`page.html`) needs nothing from outside, and is held to that by its own policy. Its script
//! takes the token out of the address bar. The token itself is never in it.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use super::{Next, Outcome, Returned, TokenFault};
use crate::serve::{self, Answer};

const TEMPLATE: &str = include_str!("page.html");

/// The hashes are those of the page's `<style>` and `<script>`; a test holds them to it and tells the
/// new ones.
const POLICY: &str = "default-src 'none'; \
     style-src 'sha256-OTJ7TYTswbZxPteKt7If5UOjQfEOJeSeoZL7ayaVwHA='; \
     script-src 'sha256-9X6jHSAFiTya3Ryzxy/C+Nn1QVxUaZaFBDnclSQHrYQ='; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// On every answer, page or not.
const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONNECTION, "close"),
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Characters of a text from outside that are shown.
const LONGEST_DETAIL: usize = 400;

#[derive(Clone, Copy)]
enum Tone {
    Done,
    Refused,
    Problem,
}

/// The sign-in has ended, one way or the other.
pub(super) fn ended(outcome: &Outcome, next: Next) -> Answer {
    match outcome {
        Outcome::Token(_) => {
            let text = match next {
                Next::Choose => "Return to the terminal to choose what to connect. Nothing is connected yet.",
                Next::Connect => "Return to the terminal to see what is connected. Nothing is connected yet.",
                Next::Reconnect => {
                    "Return to the terminal to see what is reconnected. Nothing is reconnected yet."
                }
                Next::List => "Return to the terminal to see what this sign-in covers. Nothing is connected.",
                Next::Token => "Return to the terminal for the token. Nothing is connected.",
            };
            page(StatusCode::OK, Tone::Done, "You’re signed in", text, "")
        }
        Outcome::Refused { error, description } => {
            let text = "Nothing was connected. Return to the terminal to try again.";
            let detail = description.as_deref().unwrap_or(error);
            page(StatusCode::OK, Tone::Refused, "Sign-in not completed", text, detail)
        }
    }
}

/// What the page says to whom the platform's own back end sent back here.
pub(super) fn returned(returned: &Returned) -> Answer {
    let (tone, title, text, detail) = match returned {
        Returned::Connected => {
            (Tone::Done, "Sign-in finished", "Return to the terminal, which checks what is connected.", "")
        }
        Returned::OtherType { .. } => (
            Tone::Problem,
            "That was another sign-in",
            "It was for another kind of channel. Return to the terminal.",
            "",
        ),
        Returned::Refused { error } => {
            (Tone::Refused, "Sign-in not completed", "Return to the terminal to try again.", error.as_str())
        }
        Returned::Nothing => (
            Tone::Problem,
            "Something is missing",
            "The browser came back without a result. Return to the terminal, which checks what is connected.",
            "",
        ),
    };
    page(StatusCode::OK, tone, title, text, detail)
}

/// Sends the browser on to an address that tells nothing, with GET.
pub(super) fn see_other(path: &'static str) -> Answer {
    let mut answer = respond(StatusCode::SEE_OTHER, Bytes::new());
    answer.headers_mut().insert(header::LOCATION, HeaderValue::from_static(path));
    answer
}

/// The browser came back with neither token nor error.
pub(super) fn without_token() -> Answer {
    let text =
        "The browser came back without a token. The terminal is still waiting. Open its address again.";
    page(StatusCode::BAD_REQUEST, Tone::Problem, "Something is missing", text, "")
}

/// The browser came back with a token that can't be one.
pub(super) fn bad_token(fault: TokenFault) -> Answer {
    let text =
        format!("The browser came back, but {fault}. The terminal is still waiting. Open its address again.");
    page(StatusCode::BAD_REQUEST, Tone::Problem, "That didn’t work", &text, "")
}

/// This sign-in has ended before, well or not.
pub(super) fn gone() -> Answer {
    let text = "The terminal no longer waits for it. If you still need to sign in, run the command again.";
    page(StatusCode::GONE, Tone::Problem, "This sign-in has expired", text, "")
}

/// The redirect was given away before.
pub(super) fn opened_before() -> Answer {
    let text = "This address works once. If you opened it before, open the long address that the terminal shows. \
                If you didn’t, press Ctrl-C there and start again.";
    page(StatusCode::GONE, Tone::Problem, "This address was opened before", text, "")
}

/// Sends the browser on.
pub(super) fn found(location: HeaderValue) -> Answer {
    let mut answer = respond(StatusCode::FOUND, Bytes::new());
    answer.headers_mut().insert(header::LOCATION, location);
    answer
}

pub(super) fn not_found() -> Answer {
    let text = "There is no page at this address.";
    page(StatusCode::NOT_FOUND, Tone::Problem, "Nothing here", text, "")
}

pub(super) fn forbidden() -> Answer {
    let text = "This address answers only when a browser goes to it directly.";
    page(StatusCode::FORBIDDEN, Tone::Problem, "Not from here", text, "")
}

pub(super) fn method_not_allowed() -> Answer {
    let text = "This address can only be visited.";
    let mut answer = page(StatusCode::METHOD_NOT_ALLOWED, Tone::Problem, "Not this way", text, "");
    answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
    answer
}

/// `detail` may come from outside, the other texts are ours.
fn page(status: StatusCode, tone: Tone, title: &str, text: &str, detail: &str) -> Answer {
    let tone = match tone {
        Tone::Done => "done",
        Tone::Refused => "refused",
        Tone::Problem => "problem",
    };
    let html = TEMPLATE
        .replace("{{tone}}", tone)
        .replace("{{title}}", title)
        .replace("{{text}}", text)
        // Last, so that nothing in it is taken for a placeholder.
        .replace("{{detail}}", &serve::escape(&readable(detail)));
    let mut answer = respond(status, html.into());
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    answer
}

fn respond(status: StatusCode, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    *answer.headers_mut() = HEADERS
        .into_iter()
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect::<HeaderMap>();
    answer
}

/// Text from outside: control characters gone, cut at a readable length.
fn readable(text: &str) -> String {
    let text = text.trim();
    let shown = text.chars().take(LONGEST_DETAIL).map(|c| if c.is_control() { ' ' } else { c });
    let more = text.chars().nth(LONGEST_DETAIL).map(|_| '…');
    shown.chain(more).collect()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use http_body_util::BodyExt;

    use super::*;
    use crate::types::Secret;

    fn refusal(error: &str, description: Option<&str>) -> Outcome {
        Outcome::Refused { error: error.to_owned(), description: description.map(str::to_owned) }
    }

    fn html(answer: Answer) -> String {
        let body = futures_util::FutureExt::now_or_never(answer.into_body().collect());
        String::from_utf8(body.unwrap().unwrap().to_bytes().to_vec()).unwrap()
    }

    /// As a browser computes it: over the element's text with line breaks as `\n`.
    fn hash_of(element: &str) -> String {
        let template = TEMPLATE.replace("\r\n", "\n");
        let (_, rest) = template.split_once(&format!("<{element}>")).unwrap();
        let (text, _) = rest.split_once(&format!("</{element}>")).unwrap();
        let suite = rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256.tls13().unwrap();
        STANDARD.encode(suite.common.hash_provider.hash(text.as_bytes()))
    }

    #[test]
    fn the_policy_allows_this_style_and_this_script_and_nothing_else() {
        let (style, script) = (hash_of("style"), hash_of("script"));
        assert_eq!(
            POLICY,
            format!(
                "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; \
                 base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            )
        );
        assert_eq!(TEMPLATE.matches("<style").count() + TEMPLATE.matches("<script").count(), 2);
        for forbidden in ["style=", "src=", "href=", "url(", "@import", "://", " on"] {
            let outside_of_text = TEMPLATE.replace("socialchat-cli", "");
            assert!(!outside_of_text.contains(forbidden), "{forbidden}");
        }
    }

    /// WCAG 2.1: 4.5 is AA for text of that size.
    fn contrast(one: &str, other: &str) -> f64 {
        let channel = |colour: &str, at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let light = |colour: &str| {
            0.2126 * channel(colour, 1) + 0.7152 * channel(colour, 3) + 0.0722 * channel(colour, 5)
        };
        let (one, other) = (light(one), light(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_stands_out_from_its_ground_in_light_and_dark() {
        let roots: Vec<&str> = TEMPLATE.split(":root {").skip(1).collect();
        assert_eq!(roots.len(), 2);
        for root in roots {
            let colour = |name: &str| &root.split_once(&format!("--{name}: ")).unwrap().1[..7];
            for (ink, ground) in [("ink", "card"), ("soft", "card"), ("faint", "card"), ("ink", "inset")] {
                let contrast = contrast(colour(ink), colour(ground));
                assert!(contrast >= 4.5, "{ink} on {ground}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn the_page_that_ends_a_sign_in_sends_back_to_the_terminal_and_says_that_nothing_is_connected_yet() {
        for (next, says) in [
            (Next::Choose, "choose what to connect. Nothing is connected yet."),
            (Next::Connect, "see what is connected. Nothing is connected yet."),
            (Next::Reconnect, "see what is reconnected. Nothing is reconnected yet."),
            (Next::List, "see what this sign-in covers. Nothing is connected."),
            (Next::Token, "for the token. Nothing is connected."),
        ] {
            let html = html(ended(&Outcome::Token(Secret::new("t")), next));
            assert!(html.contains("Return to the terminal") && html.contains(says), "{html}");
        }
    }

    #[test]
    fn no_page_holds_the_token_and_none_has_a_gap() {
        let token = "canary-0123456789";
        let pages = [
            ended(&Outcome::Token(Secret::new(token)), Next::Choose),
            ended(&refusal("access_denied", None), Next::Choose),
            without_token(),
            bad_token(TokenFault::Repeated),
            gone(),
            opened_before(),
            not_found(),
            forbidden(),
            method_not_allowed(),
        ];
        for page in pages {
            let html = html(page);
            assert!(!html.contains(token) && !html.contains("{{"), "{html}");
            assert!(html.contains("<html lang=\"en\">"));
        }
    }

    #[test]
    fn a_refusal_shows_its_description_as_text() {
        let hostile = "<script>alert(1)</script>\" & 'x'\u{1b}[31m {{text}}";
        let html = html(ended(&refusal("no", Some(hostile)), Next::Choose));
        assert!(html.contains(
            "&lt;script&gt;alert(1)&lt;/script&gt;&quot; &amp; &#39;x&#39; [31m {{text}}</blockquote>"
        ));
        assert!(html.contains("Nothing was connected."));
    }

    #[test]
    fn a_long_description_is_cut() {
        let html = html(ended(&refusal("no", Some(&"ü".repeat(5000))), Next::Choose));
        assert!(html.contains(&format!(">{}…<", "ü".repeat(400))));
    }
}
