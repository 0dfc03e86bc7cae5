//! The kinds that need no sign-in: Telegram, WhatsApp, web chat, link chat.

use serde_json::json;

use super::api::Api;
use super::body::Body;
use super::http::{Answer, Request};
use super::pages::{check_limit, existing, reconnected};
use super::refusal::{Refusal, Stop};
use super::state::{Change, Channel, Details};
use crate::types::{ChannelKind, time};

/// What a connect asks for, read from its body.
struct Wanted {
    name: String,
    /// The platform's own id. Web and link chats have none but their number here.
    channel_id: Option<String>,
    details: Details,
}

/// Connects one: 201 with its `_id`. A bot or phone that is connected already keeps its channel.
pub fn connect(api: &Api, request: &Request, kind: &ChannelKind) -> Result<Answer, Stop> {
    let wanted = match kind {
        ChannelKind::Telegram => telegram(api, request)?,
        ChannelKind::WhatsappUnofficial => whatsapp(api, request)?,
        ChannelKind::WhatsappOfficial if api.is_2026() => whatsapp_official(request)?,
        ChannelKind::Webchat => webchat(request)?,
        ChannelKind::Linkchat => linkchat(request)?,
        _ => return Err(Refusal::no_route(&request.method, &request.path).into()),
    };
    let id = api.turn(|turn| {
        let world = turn.world();
        let number = world.next();
        let channel_id = wanted.channel_id.unwrap_or_else(|| format!("{}-{number}", kind.as_str()));
        let channel = match world.channel_of(kind.clone(), &channel_id) {
            // A phone is linked anew, with new QR codes.
            Some(old) if *kind == ChannelKind::WhatsappUnofficial => {
                let (now, mut channel) = (time::now(), old.clone());
                (channel.name, channel.details) = (wanted.name, wanted.details);
                (channel.created_at, channel.updated_at) = (now, now);
                channel
            }
            Some(old) => reconnected(old),
            None => {
                check_limit(api, turn)?;
                Channel::new(number, kind.clone(), wanted.name, channel_id, wanted.details, time::now())
            }
        };
        let id = channel.id.clone();
        turn.apply(Change::Channel(channel))?;
        Ok(id)
    })?;
    Ok(Answer::json(201, &json!({ "_id": id })))
}

/// Gives a bot's channel a fresh token of the same bot.
pub fn reconnect_telegram(api: &Api, request: &Request, id: &str) -> Result<Answer, Stop> {
    let (token, _) = bot(api, request)?;
    api.turn(|turn| {
        let channel = existing(turn, &ChannelKind::Telegram, id)?;
        let bot = bot_id(&token).ok_or_else(|| Refusal::of(403, "invalid token"))?;
        if bot != channel.channel_id {
            return Err(Refusal::of(403, "account not same").into());
        }
        let channel = reconnected(channel);
        Ok(turn.apply(Change::Channel(channel))?)
    })?;
    Ok(Answer::empty(200))
}

/// Changes the plan of a web chat or link chat.
pub fn change_plan(api: &Api, request: &Request, kind: &ChannelKind, id: &str) -> Result<Answer, Stop> {
    let mut body = Body::of(request)?;
    let status = body.text("status")?;
    body.end()?;
    if !["free", "premium"].contains(&status.as_str()) {
        let known = Refusal::invalid("status", "must be free or premium", "harus free atau premium");
        return Err(known.into());
    }
    api.turn(|turn| {
        let mut channel = existing(turn, kind, id)?.clone();
        (channel.is_free, channel.updated_at) = (status == "free", time::now());
        Ok(turn.apply(Change::Channel(channel))?)
    })?;
    Ok(Answer::empty(200))
}

fn telegram(api: &Api, request: &Request) -> Result<Wanted, Refusal> {
    let (token, is_business) = bot(api, request)?;
    let bot = bot_id(&token).ok_or_else(|| Refusal::of(403, "invalid token"))?;
    let name = format!("sandbox_{bot}_bot");
    Ok(Wanted { name, channel_id: Some(bot.to_owned()), details: Details::Bot { is_business } })
}

/// The token of a bot, and whether it is for Telegram Business: to connect and to reconnect take the same.
fn bot(api: &Api, request: &Request) -> Result<(String, bool), Refusal> {
    let mut body = Body::of(request)?;
    let token = body.text("token")?;
    let is_business = if api.is_2026() { body.flag("isBusiness")?.unwrap_or(false) } else { false };
    body.end()?;
    Ok((token, is_business))
}

/// The number before the colon of `7012345678:` and 35 characters, as BotFather gives them.
fn bot_id(token: &str) -> Option<&str> {
    let (bot, secret) = token.split_once(':')?;
    let good_bot = (6..=12).contains(&bot.len()) && bot.bytes().all(|b| b.is_ascii_digit());
    let good_secret =
        secret.len() == 35 && secret.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    (good_bot && good_secret).then_some(bot)
}

/// A phone whose number ends in 0000 never answers: generating its QR code times out.
fn whatsapp(api: &Api, request: &Request) -> Result<Wanted, Refusal> {
    let mut body = Body::of(request)?;
    let (name, phone) = (body.text("name")?, body.text("phone")?);
    body.end()?;
    let digits = phone.strip_prefix('+').unwrap_or(&phone);
    if !(8..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::invalid("phone", "must be a phone number", "harus berupa nomor telepon"));
    }
    let period = u64::try_from(api.options.qr_period.as_millis()).unwrap_or(u64::MAX).clamp(1, 86_400_000);
    let details = Details::Phone { period, answers: !phone.ends_with("0000") };
    Ok(Wanted { name, channel_id: Some(phone), details })
}

/// No document says what the two are, so any text will do. The number is named by its id.
fn whatsapp_official(request: &Request) -> Result<Wanted, Refusal> {
    let mut body = Body::of(request)?;
    let (id, _token) = (body.text("whatsappId")?, body.text("token")?);
    body.end()?;
    Ok(Wanted { name: format!("WhatsApp {id}"), channel_id: Some(id), details: Details::Page })
}

fn webchat(request: &Request) -> Result<Wanted, Refusal> {
    let mut body = Body::of(request)?;
    let (name, website_url) = (body.text("name")?, body.text("websiteUrl")?);
    let pre_chat = body.required_flag("isActivePreChat")?;
    if !url::Url::parse(&website_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Err(Refusal::invalid("websiteUrl", "must be a URL address", "harus berupa alamat URL"));
    }
    Ok(Wanted { name, channel_id: None, details: Details::Web { website_url: Some(website_url), pre_chat } })
}

fn linkchat(request: &Request) -> Result<Wanted, Refusal> {
    let mut body = Body::of(request)?;
    let name = body.text("name")?;
    let pre_chat = body.required_flag("isActivePreChat")?;
    Ok(Wanted { name, channel_id: None, details: Details::Web { website_url: None, pre_chat } })
}
