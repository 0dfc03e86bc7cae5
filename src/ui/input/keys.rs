//! Bytes from a terminal in, keys out.

use std::collections::VecDeque;

const PASTE_STARTS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";
/// No key sends a longer sequence; what is longer is noise.
const SEQUENCE_MAX: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Key {
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Enter,
    Escape,
    Backspace,
    Tab,
    /// Holding Ctrl; the letter is in lower case.
    Ctrl(char),
    Char(char),
    /// Came in a paste, where a line break doesn't mean Enter.
    Pasted(char),
}

/// Puts sequences and characters together, however they were split between reads.
#[derive(Default)]
pub(super) struct Decoder {
    bytes: VecDeque<u8>,
    pasting: bool,
}

impl Decoder {
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
    }

    /// The next key that is complete.
    pub fn next(&mut self) -> Option<Key> {
        while !self.bytes.is_empty() {
            let bytes = self.bytes.make_contiguous();
            let (length, key) = match bytes[0] {
                0x1b => self.sequence()?,
                _ => self.character()?,
            };
            self.bytes.drain(..length);
            if key.is_some() {
                return key;
            }
        }
        None
    }

    /// Whether something incomplete waits: the Escape key, or a sequence still on its way.
    pub fn is_waiting(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// Nothing more came: takes what waits for what it is.
    pub fn give_up(&mut self) -> Option<Key> {
        let alone = self.bytes.len() == 1 && self.bytes[0] == 0x1b;
        self.bytes.clear();
        alone.then_some(Key::Escape)
    }

    /// The length of the sequence at the start, and the key it stands for if it is a known one. None while
    /// it is incomplete.
    fn sequence(&mut self) -> Option<(usize, Option<Key>)> {
        let bytes: &[u8] = self.bytes.make_contiguous();
        if bytes.starts_with(PASTE_STARTS) || bytes.starts_with(PASTE_ENDS) {
            self.pasting = bytes.starts_with(PASTE_STARTS);
            return Some((PASTE_STARTS.len(), None));
        }
        match *bytes.get(1)? {
            b'[' => {
                let end = bytes.iter().skip(2).position(|byte| !(0x20..0x40).contains(byte));
                match end {
                    Some(end) => Some((end + 3, csi(&bytes[2..end + 3]))),
                    None if bytes.len() > SEQUENCE_MAX => Some((bytes.len(), None)),
                    None => None,
                }
            }
            b'O' => bytes.get(2).map(|last| (3, csi(&[*last]))),
            // Twice Escape is Escape; Alt with a letter means nothing here.
            0x1b => Some((1, Some(Key::Escape))),
            _ => Some((2, None)),
        }
    }

    fn character(&mut self) -> Option<(usize, Option<Key>)> {
        let pasting = self.pasting;
        let bytes: &[u8] = self.bytes.make_contiguous();
        let length = match bytes[0] {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        let c = match std::str::from_utf8(&bytes[..length.min(bytes.len())]) {
            Ok(text) => text.chars().next()?,
            Err(error) if error.error_len().is_none() && bytes.len() < length => return None,
            Err(_) => return Some((1, Some(Key::Char(char::REPLACEMENT_CHARACTER)))),
        };
        let key = match c {
            _ if pasting => Key::Pasted(c),
            '\r' | '\n' => Key::Enter,
            '\u{7f}' | '\u{8}' => Key::Backspace,
            '\t' => Key::Tab,
            '\u{1}'..='\u{1a}' => Key::Ctrl(char::from(b'a' - 1 + c as u8)),
            c => Key::Char(c),
        };
        Some((length, Some(key)))
    }
}

fn csi(sequence: &[u8]) -> Option<Key> {
    Some(match sequence {
        b"A" => Key::Up,
        b"B" => Key::Down,
        b"H" | b"1~" | b"7~" => Key::Home,
        b"F" | b"4~" | b"8~" => Key::End,
        b"5~" => Key::PageUp,
        b"6~" => Key::PageDown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(decoder: &mut Decoder, bytes: &[u8]) -> Vec<Key> {
        decoder.push(bytes);
        std::iter::from_fn(|| decoder.next()).collect()
    }

    #[test]
    fn keys_are_told_apart() {
        use Key::{Backspace, Char, Ctrl, Down, End, Enter, Home, PageDown, PageUp, Tab, Up};
        let bytes = "\x1b[A\x1bOB\x1b[5~\x1b[6~\x1b[1~\x1b[F\r\n\x7f\t\x01a é長🌸\x1b[1;5C\x1bx".as_bytes();
        let expected = [
            [Up, Down, PageUp, PageDown, Home, End].as_slice(),
            &[
                Enter,
                Enter,
                Backspace,
                Tab,
                Ctrl('a'),
                Char('a'),
                Char(' '),
                Char('é'),
                Char('長'),
                Char('🌸'),
            ],
        ];
        assert_eq!(keys(&mut Decoder::default(), bytes), expected.concat());
    }

    #[test]
    fn escape_is_known_when_nothing_follows() {
        let mut decoder = Decoder::default();
        assert_eq!(keys(&mut decoder, b"\x1b"), []);
        assert!(decoder.is_waiting());
        assert_eq!(decoder.give_up(), Some(Key::Escape));
        assert!(!decoder.is_waiting());
    }

    #[test]
    fn a_paste_holds_no_enter() {
        let mut decoder = Decoder::default();
        let pasted = keys(&mut decoder, b"\x1b[200~a\nb\x1b[201~\r");
        assert_eq!(pasted, [Key::Pasted('a'), Key::Pasted('\n'), Key::Pasted('b'), Key::Enter]);
    }

    proptest! {
        #[test]
        fn splits_change_nothing(text in "(\x1b\\[[ABHF]|\x1b\\[[56]~|[a-zé長🌸 \r]){0,20}", cut in 0usize..80) {
            let bytes = text.as_bytes();
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            let mut decoder = Decoder::default();
            let mut split = keys(&mut decoder, first);
            split.extend(keys(&mut decoder, second));
            prop_assert_eq!(split, keys(&mut Decoder::default(), bytes));
        }

        #[test]
        fn any_bytes_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut decoder = Decoder::default();
            prop_assert!(keys(&mut decoder, &bytes).len() <= bytes.len());
            decoder.give_up();
            prop_assert!(!decoder.is_waiting());
        }
    }
}
