//! Where a listing goes on: no document says for sure what `offset` counts, whether `limit` is kept, or what `total` counts.
//!
//! `offset` is taken for the number of a page, as the official client has it. Where the second page begins in the middle of
//! the first, it is the number of a record, and the listing goes on by records.

use std::fmt;
use std::str::FromStr;

use super::channels::{A_PAGE, Page};
use crate::http::Unread;

/// More pages than that are no listing.
const MOST_PAGES: u64 = 1_000;

/// The page that is asked for next, and what is known of those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pages: u64,
    offset: u64,
    counts_records: bool,
    /// How many different integrations came.
    seen: u64,
    /// How many the largest page had.
    largest: usize,
    /// The ids at both ends of the page before; empty before the first.
    first: String,
    last: String,
}

impl Default for Place {
    fn default() -> Self {
        Place {
            pages: 0,
            offset: 1,
            counts_records: false,
            seen: 0,
            largest: 0,
            first: String::new(),
            last: String::new(),
        }
    }
}

/// What a page tells.
#[derive(Debug, Default)]
pub struct Step {
    /// None at the end.
    pub next: Option<Place>,
    /// The ids in it that came with the page before.
    repeated: Vec<String>,
    /// Whether what stands before the first page may be missing: `offset` may say how many records to leave out.
    pub lacks_first: bool,
}

impl Step {
    pub fn is_repeated(&self, id: &str) -> bool {
        self.repeated.iter().any(|known| known == id)
    }
}

impl Place {
    pub fn offset(&self) -> u64 {
        self.offset
    }

    pub fn is_first(&self) -> bool {
        self.pages == 0
    }

    /// The id at the begin of the page before.
    pub fn first(&self) -> &str {
        &self.first
    }

    /// Where it goes on after this page: until one is shorter than those before it, or brings nothing new. Fails where a
    /// page comes twice, or none is the last.
    pub fn after(&self, page: &Page) -> Result<Step, Unread> {
        let count = page.ids.len();
        let (Some(first), Some(last)) = (page.ids.first(), page.ids.last()) else {
            // Of two records, one was left out and the other came first.
            let lacks_first = self.pages == 1 && page.total != Some(self.seen);
            return Ok(Step { lacks_first, ..Step::default() });
        };
        if !self.is_first() && (first, last) == (&self.first, &self.last) && count == self.largest {
            let is_all = count < A_PAGE && page.total.is_none_or(|total| total <= self.seen);
            let repeated = page.ids.clone();
            return if is_all { Ok(Step { repeated, ..Step::default() }) } else { Err(Unread::SamePage) };
        }
        let is_last_one = |id: &String| !self.last.is_empty() && *id == self.last;
        let known = page.ids.iter().position(is_last_one).map_or(0, |at| at + 1);
        // Something new at the begin of the list moves a page on by one; records that are counted, by all but one.
        let turns_to_records = !self.counts_records && known > count / 2;
        let seen = self.seen + (count - known) as u64;
        let next = Place {
            pages: self.pages + 1,
            offset: 0,
            counts_records: self.counts_records || turns_to_records,
            seen,
            largest: self.largest.max(count),
            first: first.clone(),
            last: last.clone(),
        };
        let next = Place { offset: if next.counts_records { seen + 1 } else { self.offset + 1 }, ..next };
        let is_told_whole =
            page.total == Some(count as u64) && page.limit == Some(A_PAGE as u64) && count < A_PAGE;
        let is_last = match self.is_first() {
            true => is_told_whole,
            false => count < self.largest || known == count,
        };
        if !is_last && next.pages >= MOST_PAGES {
            return Err(Unread::NoEnd { pages: MOST_PAGES });
        }
        Ok(Step {
            next: (!is_last).then_some(next),
            repeated: page.ids[..known].to_vec(),
            lacks_first: turns_to_records,
        })
    }
}

/// For a cursor. An id has no blanks in it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { pages, offset, counts_records, seen, largest, first, last } = self;
        write!(f, "{pages} {offset} {counts_records} {seen} {largest} {first} {last}")
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        fn read<T: FromStr>(part: &str) -> Result<T, ()> {
            part.parse().map_err(|_| ())
        }
        let parts: Vec<&str> = text.split(' ').collect();
        let [pages, offset, counts_records, seen, largest, first, last] = parts[..] else { return Err(()) };
        Ok(Place {
            pages: read(pages)?,
            offset: read(offset)?,
            counts_records: read(counts_records)?,
            seen: read(seen)?,
            largest: read(largest)?,
            first: first.to_owned(),
            last: last.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a listing of so many comes to: how many were told, each once, and how many requests it took. `answer` gives
    /// the range of an offset.
    fn walk(
        count: usize,
        limit: Option<u64>,
        total: Option<u64>,
        answer: impl Fn(u64) -> std::ops::Range<usize>,
    ) -> Result<(usize, usize), Unread> {
        let page = |offset: Option<u64>| {
            let range = offset.map_or(0..count.min(A_PAGE), &answer);
            let ids = range.map(|number| format!("id-{number}")).collect();
            Page { ids, total, limit, ..Page::default() }
        };
        let (mut place, mut told, mut requests) = (Place::default(), Vec::new(), 0);
        loop {
            let mut now = page(Some(place.offset()));
            requests += 1;
            if now.ids.is_empty() && place.is_first() && total != Some(0) {
                (now, requests) = (page(None), requests + 1);
            }
            let step = place.after(&now)?;
            told.extend(now.ids.iter().filter(|id| !step.is_repeated(id)).cloned());
            if step.lacks_first {
                requests += 1;
                told.extend(page(None).ids.into_iter().take_while(|id| id != place.first()));
            }
            let Some(next) = step.next else { break };
            assert_eq!(next.to_string().parse(), Ok(next.clone()));
            place = next;
        }
        let all = told.len();
        told.sort();
        told.dedup();
        assert_eq!(told.len(), all, "each once");
        Ok((all, requests))
    }

    /// By the number of a page of that size.
    fn by_page(count: usize, size: usize) -> impl Fn(u64) -> std::ops::Range<usize> {
        move |offset| {
            let begin = (offset as usize - 1) * size;
            begin.min(count)..(begin + size).min(count)
        }
    }

    /// By the number of a record: of the first one (1), or of those to leave out (0).
    fn by_record(count: usize, first: usize) -> impl Fn(u64) -> std::ops::Range<usize> {
        move |offset| {
            let begin = offset as usize - first;
            begin.min(count)..(begin + A_PAGE).min(count)
        }
    }

    #[test]
    fn every_integration_comes_once_whatever_offset_limit_and_total_are() {
        for count in [0, 1, 2, 3, 19, 20, 21, 99, 100, 101, 150, 199, 200, 201, 350, 1000] {
            for total in [None, Some(count as u64), Some(0), Some(7), Some(1 << 40)] {
                for limit in [None, Some(100)] {
                    let all = |walked: Result<(usize, usize), Unread>| walked.map(|(told, _)| told);
                    let what = format!("{count} {total:?} {limit:?}");
                    assert_eq!(all(walk(count, limit, total, by_page(count, 100))), Ok(count), "{what}");
                    assert_eq!(all(walk(count, limit, total, by_page(count, 20))), Ok(count), "{what}");
                    assert_eq!(all(walk(count, limit, total, by_record(count, 1))), Ok(count), "{what}");
                    // Of a single one nothing tells that it was left out, where the total says that there is none.
                    if count != 1 || total != Some(0) {
                        assert_eq!(all(walk(count, limit, total, by_record(count, 0))), Ok(count), "{what}");
                    }
                }
            }
        }
    }

    #[test]
    fn pages_that_say_what_they_hold_cost_no_request_too_many() {
        for (count, requests) in [(0, 1), (1, 1), (99, 1), (101, 2), (1050, 11)] {
            let walked = walk(count, Some(100), Some(count as u64), by_page(count, 100));
            assert_eq!(walked, Ok((count, requests)), "{count}");
        }
    }

    #[test]
    fn a_page_that_comes_twice_and_a_list_without_end_are_errors() {
        assert_eq!(walk(500, Some(100), Some(500), |_| 0..100), Err(Unread::SamePage));
        assert_eq!(walk(20, None, Some(50), |_| 0..20), Err(Unread::SamePage));
        assert_eq!(walk(20, None, Some(20), |_| 0..20), Ok((20, 2)), "all of them, whatever was asked for");
        let endless = by_page(usize::MAX, 100);
        assert_eq!(walk(usize::MAX, None, None, endless), Err(Unread::NoEnd { pages: 1_000 }));
    }
}
