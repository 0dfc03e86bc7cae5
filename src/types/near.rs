//! What somebody may have meant who mistyped it.

use std::cmp::Reverse;

/// No more of a text is compared.
const COMPARED: usize = 100;
/// How similar a word is at least that was meant. In thousandths.
const MEANT: u32 = 800;
/// How similar a name is at least that is worth showing.
const NEAR: u32 = 600;

/// The place of the one that was meant, where one is similar enough.
pub fn meant(typed: &str, among: &[&str]) -> Option<usize> {
    let best = among.iter().enumerate().max_by_key(|(_, text)| similarity(typed, text))?;
    (similarity(typed, best.1) >= MEANT).then_some(best.0)
}

/// Of things that have several names each, the places of the most similar, the nearest first.
pub fn nearest<'a, N>(typed: &str, most: usize, among: impl Iterator<Item = N>) -> Vec<usize>
where
    N: IntoIterator<Item = &'a str>,
{
    let best = |names: N| names.into_iter().map(|name| similarity(typed, name)).max().unwrap_or_default();
    let mut places: Vec<(usize, u32)> =
        among.map(best).enumerate().filter(|(_, best)| *best >= NEAR).collect();
    places.sort_by_key(|(_, similarity)| Reverse(*similarity));
    places.into_iter().take(most).map(|(place, _)| place).collect()
}

/// From 0, for nothing in common, to 1000.
fn similarity(a: &str, b: &str) -> u32 {
    let plain = |text: &str| {
        let letters = text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
        letters.take(COMPARED).collect::<String>()
    };
    let (a, b) = (plain(a), plain(b));
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    // Between 0 and 1.
    (strsim::jaro_winkler(&a, &b) * 1000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_misspelt_is_found_and_what_is_else_is_not() {
        let keys = ["api-url", "callback"];
        for (typed, place) in [("api_url", 0), ("apiUrl", 0), ("api-ulr", 0), ("calback", 1)] {
            assert_eq!(meant(typed, &keys), Some(place), "{typed}");
        }
        for typed in ["colour", "", "note", "---"] {
            assert_eq!(meant(typed, &keys), None, "{typed}");
        }
    }

    #[test]
    fn the_nearest_come_first_by_any_of_their_names() {
        let pages = [["Toko Roti", "11"], ["Kopi Senja Bandung", "22"], ["Kopi Pagi", "33"]];
        assert_eq!(nearest("kopi senja", 2, pages.into_iter()), [1, 2]);
        assert_eq!(nearest("33", 1, pages.into_iter()), [2]);
        for none in [" ", "nobody"] {
            assert!(nearest(none, 3, pages.into_iter()).is_empty(), "{none}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_compared(a in any::<String>(), b in any::<String>()) {
            prop_assert!(similarity(&a, &b) <= 1000);
        }
    }
}
