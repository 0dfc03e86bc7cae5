//! A line that nobody should see: typed or pasted without echo, or read from a pipe.

use std::io::{self, BufRead, IsTerminal, Read};
use std::time::Duration;

use zeroize::{Zeroize, Zeroizing};

use super::Ui;
use super::input::{Event, Input, Key};
use super::thread::detached;
use crate::types::Secret;

/// The longest line taken. (A terminal in line mode cuts at 4,095 bytes, an address can be longer.)
const MAX: usize = 64 * 1024;

/// A letter behind which nothing comes for so long was a key. A paste that the terminal doesn't mark comes in one piece, or in
/// pieces that are closer together.
const ALONE: Duration = Duration::from_millis(150);

/// What a person did while a line was waited for that nobody should see.
#[derive(Debug)]
pub enum Pressed {
    /// Such a line. It may be blank.
    Line(Secret),
    /// Enter, and nothing before it.
    Enter,
    /// The letter that was asked for, alone.
    Letter,
    Escape,
    /// The end of input (Ctrl-D).
    End,
}

impl Ui {
    /// For lines that nobody should see, one after another. On a terminal the echo stays off from the first one until
    /// this is dropped, and what was pasted behind a line break is the next line.
    pub fn paste_lines(&self) -> PasteLines {
        self.paste_lines_at(String::new())
    }

    /// For such lines behind a prompt, which is shown anew when the program was stopped meanwhile. The first time it is the
    /// caller's.
    pub(super) fn paste_lines_at(&self, prompt: String) -> PasteLines {
        PasteLines { ui: self.clone(), input: None, prompt }
    }
}

/// Lines that nobody should see: [`Ui::paste_lines`].
pub struct PasteLines {
    ui: Ui,
    input: Option<Input>,
    prompt: String,
}

impl PasteLines {
    /// Reads the next line from stdin, without line break and surrounding blanks. On a terminal nothing is
    /// echoed, Backspace and Ctrl-U correct, and line breaks inside a paste are left out. None at the end
    /// of input (Ctrl-D). Refuses lines over 64 KiB with `InvalidInput`.
    ///
    /// Dropping the future loses the line that was waited for, off a terminal.
    pub async fn next(&mut self) -> io::Result<Option<Secret>> {
        loop {
            match self.pressed(None).await? {
                Pressed::Line(line) => return Ok(Some(line)),
                Pressed::Enter => return Ok(Some(Secret::new(""))),
                Pressed::End => return Ok(None),
                Pressed::Letter | Pressed::Escape => {}
            }
        }
    }

    /// Likewise; and on a terminal the keys that stand for something by themselves, of letters this one. Pasted or with more
    /// behind it, it is a line's first letter.
    pub async fn pressed(&mut self, letter: Option<char>) -> io::Result<Pressed> {
        if !io::stdin().is_terminal() {
            return Ok(detached(plain_line).await?.map_or(Pressed::End, Pressed::Line));
        }
        let input = match &mut self.input {
            Some(input) => input,
            none => none.insert(Input::open(self.ui.screen())?),
        };
        let mut line = Hidden::default();
        // Whether the line is that letter, and was typed.
        let mut alone = false;
        loop {
            let event = match alone {
                false => input.next().await?,
                true => match tokio::time::timeout(ALONE, input.next()).await {
                    Ok(event) => event?,
                    Err(_) => return Ok(Pressed::Letter),
                },
            };
            match event {
                Event::Key(Key::Escape) => return Ok(Pressed::Escape),
                Event::Key(Key::Enter) if line.is_empty() => return Ok(Pressed::Enter),
                Event::Key(Key::Enter) if alone => return Ok(Pressed::Letter),
                Event::Key(key) => {
                    alone = match key {
                        Key::Char(c) => line.is_empty() && letter == Some(c.to_ascii_lowercase()),
                        _ => false,
                    };
                    if let Some(end) = line.press(key) {
                        return Ok(end?.map_or(Pressed::End, Pressed::Line));
                    }
                }
                Event::Continued if !self.prompt.is_empty() => self.ui.screen().print(&self.prompt),
                Event::Resized | Event::Continued => {}
            }
        }
    }
}

/// The line so far. Allocated once, so that no copy of a secret stays behind.
struct Hidden {
    text: Zeroizing<String>,
    too_long: bool,
}

impl Default for Hidden {
    fn default() -> Hidden {
        Hidden { text: Zeroizing::new(String::with_capacity(MAX)), too_long: false }
    }
}

impl Hidden {
    fn is_empty(&self) -> bool {
        self.text.is_empty() && !self.too_long
    }

    /// Takes a key; the outcome once the line is complete.
    fn press(&mut self, key: Key) -> Option<io::Result<Option<Secret>>> {
        match key {
            Key::Enter if self.too_long => return Some(Err(too_long())),
            Key::Enter => return Some(Ok(Some(secret(&self.text)))),
            Key::Ctrl('d') if self.text.is_empty() => return Some(Ok(None)),
            Key::Ctrl('u') => {
                self.text.zeroize();
                self.text.reserve(MAX);
                self.too_long = false;
            }
            Key::Backspace => {
                self.text.pop();
            }
            Key::Pasted('\r' | '\n') => {}
            Key::Char(c) | Key::Pasted(c) if self.text.len() + c.len_utf8() <= MAX => self.text.push(c),
            Key::Char(_) | Key::Pasted(_) => self.too_long = true,
            _ => {}
        }
        None
    }
}

fn plain_line() -> io::Result<Option<Secret>> {
    let mut line = Zeroizing::new(Vec::with_capacity(MAX));
    io::stdin().lock().take(MAX as u64 + 1).read_until(b'\n', &mut line)?;
    if line.len() > MAX {
        return Err(too_long());
    }
    if line.is_empty() {
        return Ok(None);
    }
    let text =
        std::str::from_utf8(&line).map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "not UTF-8"))?;
    Ok(Some(secret(text)))
}

fn secret(line: &str) -> Secret {
    Secret::new(line.trim())
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "the line is longer than 64 KiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[Key]) -> Option<io::Result<Option<Secret>>> {
        let mut line = Hidden::default();
        keys.iter().find_map(|key| line.press(*key))
    }

    #[test]
    fn a_line_is_corrected_and_ended() {
        let keys = [Key::Char('x'), Key::Ctrl('u'), Key::Char('a'), Key::Char('b'), Key::Backspace, Key::Up];
        assert!(typed(&keys).is_none());
        let line = typed(&[&keys[..], &[Key::Pasted('\n'), Key::Pasted('c'), Key::Enter]].concat());
        assert_eq!(line.unwrap().unwrap().unwrap().expose(), "ac");
    }

    #[test]
    fn ctrl_d_ends_an_empty_line_only() {
        assert!(typed(&[Key::Ctrl('d')]).unwrap().unwrap().is_none());
        assert!(typed(&[Key::Char('a'), Key::Ctrl('d')]).is_none());
    }

    #[test]
    fn more_than_64_kilobytes_are_refused_and_not_cut() {
        let mut keys = vec![Key::Pasted('a'); MAX];
        keys.push(Key::Enter);
        assert_eq!(typed(&keys).unwrap().unwrap().unwrap().expose().len(), MAX);
        keys.insert(0, Key::Pasted('a'));
        assert_eq!(typed(&keys).unwrap().unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
}
