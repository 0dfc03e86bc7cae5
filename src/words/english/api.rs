//! What an API answered, and what kept it from answering.

use std::fmt::{Formatter, Result};

use super::{page, pages};
use crate::http::{ApiError, Distrust, Event, Proxy, Reason, Setup, Transport, Unread};
use crate::types::{ChannelKind, Entry, Known, Request};

pub fn api_error(error: &ApiError, f: &mut Formatter<'_>) -> Result {
    write!(f, "can't {}: {}", request(&error.request), error.reason)
}

pub fn reason(reason: &Reason, f: &mut Formatter<'_>) -> Result {
    match reason {
        Reason::Refused { known: Some(Known::Meta(code)), message, .. } => {
            super::meta::refused(*code, message.as_deref(), f)
        }
        Reason::Refused { known: Some(Known::ClockOff { seconds }), .. } => {
            let way = if *seconds > 0 { "behind" } else { "ahead of" };
            write!(
                f,
                "your clock is off by {} s ({way} the API's), and a signature holds for 300 s",
                seconds.unsigned_abs()
            )
        }
        Reason::Refused { message: Some(message), .. } => f.write_str(message),
        Reason::Refused { status, web_page, message: None, .. } => {
            write!(f, "status {status} ({})", meaning(*status, *web_page))
        }
        Reason::Unreachable { host, cause } => write!(f, "can't reach {host} ({cause})"),
        Reason::Proxy { host, proxy, cause } => {
            write!(f, "the proxy {proxy} doesn't connect to {host} ({cause})")
        }
        Reason::Certificate { host, problem, .. } => {
            write!(f, "the certificate of {host} is not trusted: ")?;
            distrust(problem, f)
        }
        Reason::NotHttps { host } => {
            write!(f, "{host} takes connections at that port but does not speak https")
        }
        Reason::Unanswered { host, cause } => write!(f, "{host} didn't answer ({cause})"),
        Reason::Unreadable { status, cause } => {
            write!(f, "can't read the answer (status {status}): ")?;
            unread(cause, f)
        }
        Reason::Setup(Setup::Credentials) => {
            f.write_str("the credentials contain characters that no header can carry")
        }
        Reason::Setup(Setup::Proxy(variable)) => {
            write!(f, "{variable} is not the URL of a proxy, such as http://proxy.example.com:3128")
        }
        Reason::Setup(Setup::Client(cause)) => write!(f, "can't set up the HTTPS client ({cause})"),
    }
}

pub fn transport(cause: &Transport, f: &mut Formatter<'_>) -> Result {
    match cause {
        Transport::NotConnected { seconds } => write!(f, "no connection within {seconds} s"),
        Transport::NoAnswer { seconds } => write!(f, "no answer within {seconds} s"),
        Transport::Request => f.write_str("the request can't be built"),
        Transport::Broken => f.write_str("the connection failed"),
        Transport::System(words) => f.write_str(words),
    }
}

pub fn event(event: &Event<'_>, f: &mut Formatter<'_>) -> Result {
    match event {
        Event::Answered { method, path, status, took } => {
            write!(f, "{method} {path} → {status} in {} ms", took.as_millis())
        }
        Event::Failed { method, path, cause, took } => {
            write!(f, "{method} {path} → {cause} after {} ms", took.as_millis())
        }
        Event::Waiting { method, path, why, delay, retry, of } => {
            write!(f, "{why}. Retrying {method} {path} in {:.1} s ({retry} of {of})", delay.as_secs_f64())
        }
        Event::LeftOut { what, place } => {
            let what = match what {
                Entry::Channel => "channel",
                Entry::Page(kind) => page(*kind),
            };
            write!(f, "skipping a listed {what} that can't be used ({place} is not a usable ID)")
        }
        Event::Paced { requests, within, delay } => {
            let (within, delay) = (within.as_secs(), delay.as_secs_f64().ceil());
            write!(f, "The API takes {requests} requests in {within} s; the next one waits {delay} s.")
        }
        Event::BundledRoots { cause } => {
            write!(f, "can't use the system's certificates ({cause}); using the bundled ones")
        }
    }
}

pub fn proxy(proxy: &Proxy, f: &mut Formatter<'_>) -> Result {
    write!(f, "{} (from {})", proxy.address, proxy.variable.unwrap_or("the system's settings"))
}

fn distrust(problem: &Distrust, f: &mut Formatter<'_>) -> Result {
    f.write_str(match problem {
        Distrust::Expired => "it has expired",
        Distrust::NotYetValid => "it is not valid yet",
        Distrust::OtherName => "it is for another host",
        Distrust::Revoked => "it has been revoked",
        Distrust::UnknownIssuer => "no authority that this computer trusts has issued it",
        Distrust::SelfSigned => "it is self-signed",
        Distrust::Other(words) => words,
    })
}

/// Follows "can't".
fn request(request: &Request) -> String {
    match request {
        Request::ReadProfile => "check the credentials".to_owned(),
        Request::LogIn => "log in".to_owned(),
        Request::SecondFactor => "check the second factor".to_owned(),
        Request::SendCode => "send a code by e-mail".to_owned(),
        Request::LogOut => "end the session".to_owned(),
        Request::ReadPlan => "read what the plan allows".to_owned(),
        Request::RefreshToken => "refresh the access token".to_owned(),
        Request::ConnectAddress(kind) => format!("get the address of the {} sign-in", kind.title()),
        Request::DisconnectWhole(id) => format!("disconnect channel {id} with all its Pages"),
        Request::CreateApplication(name) => format!("create application {name:.60}"),
        Request::ReadToken => "ask Meta whose the Page token is".to_owned(),
        Request::DebugToken => "ask Meta what the Page token may do".to_owned(),
        Request::ReadAppWebhook => "read the app's webhook at Meta".to_owned(),
        Request::SetAppWebhook => "set the app's webhook at Meta".to_owned(),
        Request::ReadPageWebhook => "read the Page's webhook at Meta".to_owned(),
        Request::SubscribePage => "subscribe the Page at Meta".to_owned(),
        Request::UnsubscribePage => "unsubscribe the Page at Meta".to_owned(),
        Request::Handshake => "check the webhook's handshake".to_owned(),
        Request::ListChannels => "list the channels".to_owned(),
        Request::ReadChannel(id) => format!("read channel {id}"),
        Request::Disconnect(id) => format!("disconnect channel {id}"),
        Request::Reconnect(id) => format!("reconnect channel {id}"),
        Request::ChangePlan(id) => format!("change the plan of channel {id}"),
        Request::ConnectPage(kind, id) => format!("connect {} {id}", page(*kind)),
        Request::Connect(ChannelKind::Telegram) => "connect the Telegram bot".to_owned(),
        Request::Connect(ChannelKind::WhatsappUnofficial | ChannelKind::WhatsappOfficial) => {
            "connect the WhatsApp number".to_owned()
        }
        Request::Connect(
            kind @ (ChannelKind::Messenger
            | ChannelKind::Instagram
            | ChannelKind::Webchat
            | ChannelKind::Linkchat
            | ChannelKind::Other(_)),
        ) => format!("connect the {kind}"),
        Request::ListPages(kind) => format!("list the {} {}", kind.title(), pages(*kind)),
        Request::AuthorizeUrl => "get the authorize URL".to_owned(),
        Request::ReadSettings => "read the partner settings".to_owned(),
        Request::ChangeSettings => "change the partner settings".to_owned(),
        Request::Raw(method, path) => format!("{} {path}", method.as_str()),
    }
}

/// What is wrong with an answer. Quotes nothing of it: it may hold tokens.
fn unread(cause: &Unread, f: &mut Formatter<'_>) -> Result {
    match cause {
        Unread::Empty => f.write_str("it is empty"),
        Unread::Large { mib } => write!(f, "it is larger than {mib} MiB"),
        Unread::ManyValues { most } => write!(f, "it holds more than {most} values"),
        Unread::Compressed { coding } => write!(f, "it is compressed ({coding}), which was not asked for"),
        Unread::WebPage => f.write_str("it is a web page, not JSON; check the API URL"),
        Unread::Undocumented => f.write_str("it is not the documented JSON"),
        Unread::NotJson { category, line } => {
            write!(f, "it is not the documented JSON ({category:?} at line {line})")
        }
        Unread::Missing { field } => write!(f, "it is not the documented JSON: {field} is missing"),
        Unread::OtherChannel { id: None } => f.write_str("it is about another channel"),
        Unread::OtherChannel { id: Some(id) } => write!(f, "it is about another channel, {id}"),
        Unread::NoSettings => f.write_str("it has none of the documented settings"),
        Unread::SamePage => f.write_str("the same page came twice"),
        Unread::NoEnd { pages } => write!(f, "there are more than {pages} pages"),
        Unread::NoTextCallback => f.write_str("a callback URL in it is not text"),
        Unread::Endless => f.write_str("the list repeats itself or has no end"),
    }
}

/// What a status means where nothing explains it.
fn meaning(status: u16, web_page: bool) -> &'static str {
    match status {
        404 | 405 if web_page => "a web page, not the API's answer; check the API URL",
        200..=299 => "the answer says that it failed",
        300..=399 => "a redirect, which is not followed; check the API URL",
        404 => "not found; check the API URL",
        405 => "method not allowed",
        407 => "the proxy asks for authentication",
        413 => "request too large",
        429 => "too many requests",
        500 => "internal error of the API",
        502 => "bad gateway",
        503 => "the API is unavailable",
        504 => "gateway timeout",
        _ => "no explanation given",
    }
}
