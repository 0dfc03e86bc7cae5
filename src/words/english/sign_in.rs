//! What is wrong with a sign-in's listener, and with what was pasted.

use std::fmt::{Formatter, Result};

use super::{list, page, pages};
use crate::failure::LostAccess;
use crate::loopback::{BindError, LONGEST_TOKEN, PasteError, PublicUrlError, TokenFault};

pub fn bind_error(error: &BindError, f: &mut Formatter<'_>) -> Result {
    match error {
        BindError::PortInUse { port } => write!(f, "port {port} is in use by another program"),
        BindError::NotAllowed { port } => write!(f, "this user is not allowed to listen on port {port}"),
        BindError::Public(PublicUrlError::Scheme) => {
            f.write_str("the public callback URL must begin with https:// or http://")
        }
        BindError::Public(PublicUrlError::UserInfo) => {
            f.write_str("the public callback URL can't contain a user name or a password")
        }
        BindError::Public(PublicUrlError::QueryOrFragment) => {
            f.write_str("the public callback URL must end with its path; no ? and no #")
        }
        BindError::Random(_) => f.write_str("can't get random numbers from the system"),
        BindError::Io(_) => f.write_str("can't listen on 127.0.0.1"),
    }
}

pub fn paste_error(error: &PasteError, f: &mut Formatter<'_>) -> Result {
    match error {
        PasteError::Empty => f.write_str("nothing was pasted"),
        PasteError::Broken => {
            f.write_str("it contains spaces or line breaks; copy the whole URL in one piece")
        }
        PasteError::NoAnswer => {
            f.write_str("that URL has no token yet; finish the sign-in, then paste the final URL")
        }
        PasteError::Word => f.write_str("that isn't a URL or a token"),
        PasteError::NoAddress => f.write_str("that isn't the URL at which the sign-in ended"),
        PasteError::Token(fault) => token_fault(fault, f),
        PasteError::OtherSignIn => f.write_str("that URL is of another sign-in than this one"),
        PasteError::NoResult => {
            f.write_str("that URL has no result yet; finish the sign-in, then paste the final URL")
        }
    }
}

pub fn token_fault(fault: &TokenFault, f: &mut Formatter<'_>) -> Result {
    match fault {
        TokenFault::Empty => f.write_str("the token is empty"),
        TokenFault::Repeated => f.write_str("there is more than one token"),
        TokenFault::TooLong => write!(f, "the token is longer than {LONGEST_TOKEN} characters"),
        TokenFault::Undecodable => f.write_str("the token has a broken percent-escape, or is not UTF-8"),
        TokenFault::Control => f.write_str("the token contains line breaks or control characters"),
    }
}

pub fn lost_access(LostAccess { kind, names, count }: &LostAccess, f: &mut Formatter<'_>) -> Result {
    let (what, their, them) = match count {
        1 => (page(*kind), "its", "it"),
        _ => (pages(*kind), "their", "them"),
    };
    let more = match count.saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    write!(
        f,
        "{count} connected {what} lost {their} access: {}{more}; sign in again and tick {them} (unless another person \
         signs in for {them})",
        list(names)
    )
}
