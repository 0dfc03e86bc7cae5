//! Questions. Each refuses where nobody can be asked.

use std::io;

use super::input::{Event, Input, Key};
use super::{Style, Ui, text};
use crate::types::Secret;
use crate::types::text::one_line;

/// Why there is no answer.
#[derive(Debug)]
pub enum Ask {
    /// `--no-input`, or no terminal.
    Unasked,
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-D, or the terminal is gone.
    Closed,
    /// The terminal can't be read.
    Io(io::Error),
}

impl From<io::Error> for Ask {
    fn from(error: io::Error) -> Ask {
        match error.kind() {
            io::ErrorKind::Interrupted => Ask::Interrupted,
            io::ErrorKind::UnexpectedEof => Ask::Closed,
            _ => Ask::Io(error),
        }
    }
}

/// No answer to yes or no is longer.
const LONGEST_ANSWER: usize = 20;
const LONGEST_TEXT: usize = 1000;

impl Ui {
    /// Asks yes or no: `y` or `yes`, `n` or `no`, then Enter; Enter alone for the default, Esc for no. Any other word is
    /// asked about again: a `y` somewhere in it is no agreement. With `--yes` the answer is yes at once, asked or not.
    pub async fn confirm(&self, question: &str, default: bool) -> Result<bool, Ask> {
        if self.options().yes {
            return Ok(true);
        }
        if !self.interactive() {
            return Err(Ask::Unasked);
        }
        self.confirm_at(&mut Input::open(self.screen())?, question, default).await
    }

    /// Likewise, of keys that are read already.
    pub(super) async fn confirm_at(
        &self,
        input: &mut Input,
        question: &str,
        default: bool,
    ) -> Result<bool, Ask> {
        let keys = if default { "[Y/n]" } else { "[y/N]" };
        let keys = self.screen().palette.paint(Style::Dim, keys);
        let mut prompt = format!("{} {keys} ", text::clean_lines(&one_line(question)));
        loop {
            match self.typed_line(input, &prompt, LONGEST_ANSWER).await? {
                None => return Ok(false),
                Some(typed) => match meaning(&typed, default) {
                    Some(answer) => return Ok(answer),
                    None => prompt = "Please type yes or no: ".to_owned(),
                },
            }
        }
    }

    /// Asks for a line of text, without surrounding blanks. Asks again when nothing is typed; Esc leaves it.
    pub async fn ask(&self, label: &str) -> Result<String, Ask> {
        self.asked(label, false).await
    }

    /// Likewise, where Enter alone is an answer: nothing.
    pub async fn ask_or_nothing(&self, label: &str) -> Result<String, Ask> {
        self.asked(label, true).await
    }

    async fn asked(&self, label: &str, may_be_nothing: bool) -> Result<String, Ask> {
        if !self.interactive() {
            return Err(Ask::Unasked);
        }
        let mut input = Input::open(self.screen())?;
        let prompt = format!("{}: ", text::clean(label));
        loop {
            let typed = self.typed_line(&mut input, &prompt, LONGEST_TEXT).await?.ok_or(Ask::Closed)?;
            if may_be_nothing || !typed.trim().is_empty() {
                return Ok(typed.trim().to_owned());
            }
        }
    }

    /// A line that is seen while it is typed; none after Esc. The cursor stands on the next line afterwards, whatever
    /// happens.
    pub(super) async fn typed_line(
        &self,
        input: &mut Input,
        prompt: &str,
        longest: usize,
    ) -> Result<Option<String>, Ask> {
        self.screen().print(prompt);
        let _unanswered = Unanswered { ui: self };
        let mut typed = String::new();
        loop {
            match input.next().await? {
                Event::Key(Key::Char(c) | Key::Pasted(c)) if !c.is_control() && typed.len() < longest => {
                    typed.push(c);
                    self.screen().print(&text::clean(&c.to_string()));
                }
                Event::Key(Key::Backspace) => {
                    if let Some(c) = typed.pop() {
                        self.screen().print(&"\u{8} \u{8}".repeat(text::width(&text::clean(&c.to_string()))));
                    }
                }
                Event::Key(Key::Escape) => return Ok(None),
                Event::Key(Key::Enter) => return Ok(Some(typed)),
                Event::Key(Key::Ctrl('d')) => return Err(Ask::Closed),
                Event::Continued => self.screen().print(&format!("{prompt}{}", text::clean(&typed))),
                _ => {}
            }
        }
    }

    /// Asks for a secret, without echo and without surrounding blanks. Asks again when nothing is typed.
    pub async fn ask_secret(&self, label: &str) -> Result<Secret, Ask> {
        if !self.interactive() {
            return Err(Ask::Unasked);
        }
        loop {
            let prompt = format!("{}: ", text::clean(label));
            self.screen().print(&prompt);
            let unanswered = Unanswered { ui: self };
            let secret = self.paste_lines_at(prompt).next().await?.ok_or(Ask::Closed)?;
            // Nobody saw the Enter either.
            drop(unanswered);
            if !secret.expose().is_empty() {
                return Ok(secret);
            }
        }
    }
}

/// What was typed means, if it means anything.
fn meaning(typed: &str, default: bool) -> Option<bool> {
    match typed.trim().to_lowercase().as_str() {
        "" => Some(default),
        "y" | "yes" => Some(true),
        "n" | "no" => Some(false),
        _ => None,
    }
}

/// Ends the line of a question, answered or left.
struct Unanswered<'a> {
    ui: &'a Ui,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        self.ui.screen().print("\n");
    }
}

#[cfg(test)]
mod tests {
    use super::meaning;

    #[test]
    fn only_a_whole_word_is_an_answer() {
        assert_eq!([meaning("y", false), meaning(" YES ", false), meaning("", true)], [Some(true); 3]);
        assert_eq!([meaning("n", true), meaning("No", true), meaning("", false)], [Some(false); 3]);
        for other in ["today", "maybe", "yn", "ye", "ya", "0"] {
            assert_eq!(meaning(other, true), None, "{other}");
        }
    }
}
