//! What was typed against what is listed: which items match, and where.

use std::ops::Range;

/// The words of a filter: all of them occur in a name, in any case, or the only one does in an id. (A number that
/// belongs to a name would be found in most ids.)
#[derive(Clone, Debug, Default)]
pub(super) struct Filter(Vec<String>);

impl Filter {
    pub fn new(typed: &str) -> Filter {
        Filter(typed.split_whitespace().map(str::to_lowercase).collect())
    }

    /// Whether they match a name or an id, given in lower case.
    pub fn matches(&self, name: &str, id: &str) -> bool {
        self.0.iter().all(|word| name.contains(word)) || self.0.len() == 1 && id.contains(&self.0[0])
    }

    /// The parts of an id that its only word is found in.
    pub fn found_in_id(&self, id: &str) -> Vec<Range<usize>> {
        if self.0.len() == 1 { self.found_in_name(id) } else { Vec::new() }
    }

    /// The parts of a name that its words are found in, in order and apart from each other.
    pub fn found_in_name(&self, text: &str) -> Vec<Range<usize>> {
        let (mut folded, mut places) = (String::new(), Vec::new());
        for (at, c) in text.char_indices() {
            for lower in c.to_lowercase() {
                folded.push(lower);
                // One for each byte: a letter in lower case may take more or fewer than the letter itself.
                places.resize(folded.len(), at..at + c.len_utf8());
            }
        }
        let occurs = |word| folded.match_indices(word).map(|(at, word): (usize, &str)| at..at + word.len());
        let mut found: Vec<Range<usize>> = self
            .0
            .iter()
            .flat_map(|word| occurs(word.as_str()))
            .filter_map(|place| Some(places.get(place.start)?.start..places.get(place.end - 1)?.end))
            .collect();
        found.sort_by_key(|place| place.start);
        let mut apart: Vec<Range<usize>> = Vec::new();
        for place in found {
            match apart.last_mut() {
                Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
                _ => apart.push(place),
            }
        }
        apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(filter: &str, text: &str) -> Vec<String> {
        Filter::new(filter).found_in_name(text).into_iter().map(|place| text[place].to_owned()).collect()
    }

    #[test]
    fn every_word_must_occur_in_the_name_or_the_only_one_in_the_id() {
        let matches = |typed: &str| Filter::new(typed).matches("toko buku senja", "1029");
        for typed in ["", " ", "toko buku", "buku  toko", "TOKO ", "1029", "2"] {
            assert!(matches(typed), "{typed:?}");
        }
        for typed in ["tokobuku", "toko roti", "7", "toko 1"] {
            assert!(!matches(typed), "{typed:?}");
        }
    }

    #[test]
    fn what_is_found_is_told_in_the_letters_that_stand_there() {
        assert_eq!(found("buku TOKO", "Toko Buku Toko"), ["Toko", "Buku", "Toko"]);
        assert_eq!(found("oko kob", "tokobu"), ["okob"]);
        assert_eq!(found("i", "İstanbul KİRAZ"), ["İ", "İ"]);
        assert!(found("", "x").is_empty() && found("y", "x").is_empty());
    }

    proptest! {
        #[test]
        fn what_matches_is_found(text in "[a-zA-ZÀ-žİA-я長🌸 ]{0,30}", word in "[a-zA-ZÀ-žİ長🌸]{1,2}") {
            let found = Filter::new(&word).found_in_name(&text);
            found.iter().for_each(|place| _ = text[place.clone()].len());
            prop_assert_eq!(Filter::new(&word).matches(&text.to_lowercase(), ""), !found.is_empty());
        }
    }
}
