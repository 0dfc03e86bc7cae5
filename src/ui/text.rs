//! Text from outside made harmless for a terminal, measured in its cells, and cut to fit.
//!
//! Everything that this module prints passes here; callers hand over plain text and need not think of it.

use crate::types::text::breaks_line;

/// The most characters that a name or another single piece of text keeps.
const NAME_MAX: usize = 500;
/// The most characters that a message of several lines keeps.
const MESSAGE_MAX: usize = 4000;
/// The most cells that a name in a question takes.
const NAME_CELLS: usize = 60;
/// The most marks that may stand on one letter: Vietnamese and Hebrew need three, "Zalgo" wants fifty.
const MARKS_MAX: usize = 4;

/// One line without anything that a terminal would act on or that a reader couldn't see.
///
/// Escape sequences go with their payload (a hyperlink leaves its words), control characters,
/// bidirectional controls, zero-width and tag characters and variation selectors go, line breaks and tabs
/// become spaces, and after 500 characters it is cut with `…`. Joiners stay between letters of the scripts
/// that spell with them (Persian, Indic); between emoji they go, because terminals disagree on the width of
/// what they join.
pub fn clean(text: &str) -> String {
    cleaned(text, Breaks::Spaces, NAME_MAX)
}

/// Like [`clean`], but line breaks stay, and up to 4,000 characters do.
pub fn clean_lines(text: &str) -> String {
    cleaned(text, Breaks::Kept, MESSAGE_MAX)
}

/// Like [`clean`], but never cut: for addresses and tokens, where half of one is worth nothing.
pub fn clean_whole(text: &str) -> String {
    cleaned(text, Breaks::Spaces, usize::MAX)
}

/// A name for a sentence that is agreed to: on one line, and not so long that its end is taken for a sentence of ours.
pub fn name(text: &str) -> String {
    fit(&clean(text), NAME_CELLS)
}

/// How many cells the text takes. Each character counts for itself, as in `wcwidth`: that is what
/// terminals do, whatever ligatures a font has.
pub fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// The text, or as much of its start as fits `cells` together with a `…`.
pub fn fit(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let Some(room) = cells.checked_sub(1) else { return String::new() };
    let mut used = 0;
    let mut cut = String::new();
    for c in text.chars() {
        used += char_width(c);
        if used > room {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

/// The words of a line, each with the blank behind it. What stands between backticks, a command to be copied, is one
/// of them as long as it fits a line.
fn units(line: &str, cells: usize) -> Vec<&str> {
    let mut units: Vec<&str> = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let word = rest.split_inclusive(' ').next().unwrap_or(rest);
        let mut end = word.len();
        if word.matches('`').count() % 2 == 1
            && let Some(close) = rest[end..].find('`')
        {
            let after = end + close + 1;
            let whole = after + rest[after..].find(' ').map_or(rest.len() - after, |blank| blank + 1);
            if width(rest[..whole].trim_end_matches(' ')) <= cells {
                end = whole;
            }
        }
        let (unit, tail) = rest.split_at(end);
        units.push(unit);
        rest = tail;
    }
    units
}

/// The lines of the text, each broken between words where it is wider than `cells`; what follows keeps the indent. A
/// word that is wider alone, an address say, stays whole.
pub fn wrapped(text: &str, cells: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        let mut used = 0;
        for word in units(line, cells) {
            let wide = width(word.trim_end_matches(' '));
            if used > indent && used + wide > cells {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
                used = indent;
            }
            out.push_str(word);
            used += width(word);
        }
    }
    out
}

/// The text, cut or filled with spaces to be exactly `cells` wide.
pub fn pad(text: &str, cells: usize) -> String {
    let mut padded = fit(text, cells);
    let missing = cells.saturating_sub(width(&padded));
    padded.extend(std::iter::repeat_n(' ', missing));
    padded
}

/// Whether a terminal might act on the character, or a reader couldn't see that it is there.
pub(super) fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[derive(Clone, Copy, PartialEq)]
enum Breaks {
    Kept,
    Spaces,
}

fn cleaned(text: &str, breaks: Breaks, max: usize) -> String {
    let mut out = String::with_capacity(text.len().min(max));
    let (mut kept, mut marks) = (0, 0);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if let Some(length) = escape_sequence(rest) {
            rest = &rest[length..];
            continue;
        }
        rest = after;
        let c = match c {
            '\r' if after.starts_with('\n') => continue,
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' if breaks == Breaks::Kept => '\n',
            c if breaks_line(c) => ' ',
            '\u{200c}' | '\u{200d}' if joins(out.chars().next_back(), after.chars().next()) => c,
            c if is_hostile(c) => continue,
            c => c,
        };
        marks = if c != '\n' && char_width(c) == 0 { marks + 1 } else { 0 };
        if marks > MARKS_MAX {
            continue;
        }
        if kept == max {
            out.pop();
            out.push('…');
            break;
        }
        out.push(c);
        kept += 1;
    }
    out
}

/// How many bytes of an escape sequence the text starts with, if it does and the sequence is complete.
/// Of an incomplete one only the introducing control character goes; what follows is then mere text.
fn escape_sequence(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    let introducer = match chars.next()?.1 {
        '\u{1b}' => chars.next()?.1,
        '\u{9b}' => '[',
        '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => ']',
        _ => return None,
    };
    match introducer {
        '[' => chars.find(|(_, c)| !matches!(c, ' '..='?')).filter(|(_, c)| matches!(c, '@'..='~')),
        ']' | 'P' | 'X' | '^' | '_' => loop {
            let (at, c) = chars.next()?;
            match c {
                '\u{7}' | '\u{9c}' => break Some((at, c)),
                '\u{1b}' if text[at + 1..].starts_with('\\') => break Some((at + 1, '\\')),
                _ => {}
            }
        },
        ' '..='/' => chars.find(|(_, c)| !matches!(c, ' '..='/')).filter(|(_, c)| matches!(c, '0'..='~')),
        '0'..='~' => Some((1, introducer)),
        _ => None,
    }
    .map(|(at, c)| at + c.len_utf8())
}

/// Whether a joiner between the two is spelling: Arabic script and the Indic ones.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let spells = |c: Option<char>| {
        matches!(c, Some('\u{620}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{900}'..='\u{dff}'))
    };
    spells(before) && spells(after)
}

fn char_width(c: char) -> usize {
    if c.is_ascii() {
        return usize::from(!c.is_ascii_control());
    }
    console::measure_text_width(c.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_keep_their_indent() {
        assert_eq!(wrapped("one two three", 8), "one two\nthree");
        assert_eq!(
            wrapped("  1. go to https://example.com/very/long now", 12),
            "  1. go to\n  https://example.com/very/long\n  now"
        );
        assert_eq!(wrapped("a\nb c", 80), "a\nb c");
        assert_eq!(wrapped("then type `one two three`, or not", 20), "then type\n`one two three`, or\nnot");
        assert_eq!(wrapped("`a command too long` b", 10), "`a command\ntoo long`\nb");
        assert_eq!(wrapped("日本 語です", 6), "日本\n語です");
    }
    use proptest::prelude::*;

    /// What a hostile partner's customer might call a Page, and what is left of it.
    const HOSTILE: [(&str, &str); 42] = [
        ("plain", "plain"),
        ("\u{1b}[31mred\u{1b}[0m", "red"),
        ("\u{1b}[2J\u{1b}[Hgone", "gone"),
        ("\u{1b}[38;2;1;2;3mx", "x"),
        ("\u{1b}[?1049hx", "x"),
        ("\u{1b}[>0cx", "x"),
        ("\u{1b}[6nx", "x"),
        ("\u{1b}[", "["),
        ("\u{1b}[12", "[12"),
        ("\u{1b}[1\u{1b}[31mx", "[1x"),
        ("\u{1b}", ""),
        ("\u{1b}\u{1b}[31mx", "x"),
        ("\u{1b}cx", "x"),
        ("\u{1b}(0x", "x"),
        ("\u{1b}#8x", "x"),
        ("\u{1b}]0;title\u{7}x", "x"),
        ("\u{1b}]0;title\u{1b}\\x", "x"),
        ("\u{1b}]8;;https://evil.example\u{7}words\u{1b}]8;;\u{7}", "words"),
        ("\u{1b}]8;;https://evil.example\u{1b}\\words\u{1b}]8;;\u{1b}\\", "words"),
        ("\u{1b}]8;;https://evil.example\u{9c}words", "words"),
        ("\u{1b}]52;c;cm0gLXJm\u{7}x", "x"),
        ("\u{1b}]52;c;cm0gLXJm\u{1b}\\x", "x"),
        ("\u{1b}]never ended", "]never ended"),
        ("\u{1b}Pq#0\u{1b}\\x", "x"),
        ("\u{1b}_Gi=1\u{1b}\\x", "x"),
        ("\u{1b}^x\u{1b}\\y", "y"),
        ("\u{9b}31mx", "x"),
        ("\u{9d}52;c;x\u{9c}y", "y"),
        ("\u{90}x\u{9c}y", "y"),
        ("a\u{84}\u{8d}\u{9f}b", "ab"),
        ("a\r\nb\nc\td\u{2028}e\u{85}f", "a b c d e f"),
        ("a\u{0}\u{7}\u{8}\u{7f}b", "ab"),
        ("\u{202e}gpj.exe", "gpj.exe"),
        ("\u{202a}\u{202b}\u{202c}\u{202d}x", "x"),
        ("\u{2066}\u{2067}\u{2068}\u{2069}x", "x"),
        ("\u{200e}\u{200f}\u{61c}x", "x"),
        ("a\u{200b}b\u{2060}c\u{feff}d\u{ad}e", "abcde"),
        ("a\u{e0041}\u{e0100}\u{fe0f}b", "ab"),
        ("👨\u{200d}👩\u{200d}👧", "👨👩👧"),
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("a\u{200c}b\u{200d}c", "abc"),
        ("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}x", "e\u{301}\u{301}\u{301}\u{301}x"),
    ];

    #[test]
    fn hostile_names_become_harmless() {
        for (name, left) in HOSTILE {
            assert_eq!(clean(name), left, "{name:?}");
        }
    }

    #[test]
    fn a_name_of_100_kilobytes_is_cut() {
        for unit in ["a", "\u{1b}]", "\u{1b}[", "長", "\u{1b}[31m", "e\u{301}\u{302}"] {
            let cut = clean(&unit.repeat(100_000 / unit.len()));
            assert!(cut.chars().count() <= NAME_MAX, "{unit:?}");
        }
        assert!(clean(&"a".repeat(100_000)).ends_with("a…"));
        assert_eq!(clean(&"a".repeat(NAME_MAX)), "a".repeat(NAME_MAX));
        assert_eq!(clean_whole(&"a".repeat(9000)).len(), 9000);
    }

    #[test]
    fn messages_keep_their_lines() {
        assert_eq!(clean_lines("one\r\ntwo\n\u{1b}[31mthree\tx"), "one\ntwo\nthree x");
    }

    #[test]
    fn text_is_cut_by_cells() {
        assert_eq!(fit("Toko Bunga", 10), "Toko Bunga");
        assert_eq!(fit("Toko Bunga", 9), "Toko Bun…");
        assert_eq!(fit("長い名前です", 7), "長い名…");
        assert_eq!(fit("長い名前です", 6), "長い…");
        assert_eq!(fit("abc", 1), "…");
        assert_eq!(fit("abc", 0), "");
        assert_eq!(pad("長い", 6), "長い  ");
        assert_eq!(pad("長い名前", 4), "長… ");
        // The ligature of lam and alef is one glyph in a font and two cells in a terminal.
        assert_eq!(width("لا"), 2);
    }

    proptest! {
        #[test]
        fn nothing_hostile_is_left(name in any::<String>()) {
            let left = clean(&name);
            let hostile = left.chars().find(|c| is_hostile(*c) && !matches!(c, '\u{200c}' | '\u{200d}'));
            prop_assert_eq!(hostile, None);
            prop_assert_eq!(clean(&left), left);
        }

        #[test]
        fn pad_is_exact(name in any::<String>(), cells in 0usize..80) {
            prop_assert_eq!(width(&pad(&clean(&name), cells)), cells);
        }
    }
}
