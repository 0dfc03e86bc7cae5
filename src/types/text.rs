//! Text from outside, as far as its form matters to others than the terminal.

use std::borrow::Cow;

/// The text on one line: what would break it becomes a blank. For whatever names and addresses from outside are in, so
/// that none of them writes a line of its own.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(breaks_line) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", " ").replace(breaks_line, " "))
}

/// Whether a character ends a line, or leaves a gap in it.
pub fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
