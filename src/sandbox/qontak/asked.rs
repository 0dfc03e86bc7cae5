//! What a listing may be asked for.

use super::super::http::Request;
use super::integration::Integration;
use super::refusal::Refusal;

/// The parameters of the official client. Nothing else is taken, and nothing twice.
#[derive(Debug, Default)]
pub struct Asked {
    pub target_channel: Option<String>,
    pub limit: Option<usize>,
    pub offset: Option<usize>,
    pub cursor: Option<String>,
    pub cursor_direction: Option<Side>,
    pub query: Option<String>,
    pub all: Option<bool>,
    pub order_by: Option<By>,
    pub order_direction: Option<Direction>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Side {
    After,
    Before,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum By {
    Created,
    Updated,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Direction {
    Ascending,
    Descending,
}

impl Asked {
    /// Refuses what isn't documented, by name.
    pub fn of(request: &Request) -> Result<Asked, Refusal> {
        let mut asked = Asked::default();
        for (name, value) in &request.query {
            asked.take(name, value).ok_or_else(|| Refusal::invalid(name))?;
        }
        Ok(asked)
    }

    fn take(&mut self, name: &str, value: &str) -> Option<()> {
        let number = || value.parse().ok().filter(|number| (1..=1_000_000_000).contains(number));
        let text = || Some(value.to_owned()).filter(|text| !text.is_empty());
        match name {
            "target_channel" => put(&mut self.target_channel, text()),
            "limit" => put(&mut self.limit, number()),
            "offset" => put(&mut self.offset, number()),
            "cursor" => put(&mut self.cursor, text()),
            "cursor_direction" => put(
                &mut self.cursor_direction,
                one_of(value, [("after", Side::After), ("before", Side::Before)]),
            ),
            "query" => put(&mut self.query, Some(value.trim().to_lowercase())),
            "all" => put(&mut self.all, one_of(value, [("true", true), ("false", false)])),
            "order_by" => put(
                &mut self.order_by,
                one_of(value, [("created_at", By::Created), ("updated_at", By::Updated)]),
            ),
            "order_direction" => {
                let known = [("asc", Direction::Ascending), ("desc", Direction::Descending)];
                put(&mut self.order_direction, one_of(value, known))
            }
            _ => None,
        }
    }

    /// Whether it is among what was asked for, by kind and name.
    pub fn wants(&self, own: &Integration) -> bool {
        self.target_channel.as_ref().is_none_or(|wanted| own.target_channel == *wanted)
            && self.query.as_ref().is_none_or(|text| text.is_empty() || own.contains(text))
    }
}

/// Once, and only what it may be.
fn put<T>(place: &mut Option<T>, value: Option<T>) -> Option<()> {
    if place.is_some() {
        return None;
    }
    *place = Some(value?);
    Some(())
}

/// What a word stands for.
pub fn one_of<T: Copy>(value: &str, known: [(&str, T); 2]) -> Option<T> {
    known.iter().find(|(name, _)| *name == value).map(|(_, meant)| *meant)
}
