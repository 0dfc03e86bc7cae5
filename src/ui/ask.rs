//! Questions. Each refuses where nobody can be asked.

use std::io;

use super::input::{Event, Input, Kept, Key};
use super::thread::detached;
use super::{Style, Ui, text};
use crate::types::Secret;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Ask {
    /// `--no-input`, or no terminal.
    #[error("this needs an answer, and nobody can be asked here")]
    Unasked,
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Ctrl-D, or the terminal is gone.
    #[error("the question was left without an answer")]
    Closed,
    #[error("the question could not be asked")]
    Io(#[source] io::Error),
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

impl Ui {
    /// Asks yes or no: `y` or `yes`, `n` or `no`, then Enter; Enter alone for the default, Esc for no. Any other word is
    /// asked about again: a `y` somewhere in it is no agreement. With `--yes` the answer is yes at once, asked or not.
    ///
    /// Not by dialoguer, which writes a question a second time when it took more than one row.
    pub async fn confirm(&self, question: &str, default: bool) -> Result<bool, Ask> {
        if self.options().yes {
            return Ok(true);
        }
        if !self.interactive() {
            return Err(Ask::Unasked);
        }
        let mut input = Input::open(self.screen())?;
        let keys = if default { "[Y/n]" } else { "[y/N]" };
        let keys = self.screen().palette.paint(Style::Dim, keys);
        self.screen().print(&format!("{} {keys} ", text::clean_lines(&text::one_line(question))));
        let unanswered = Unanswered { ui: self };
        let mut typed = String::new();
        let answer = loop {
            match input.next().await? {
                Event::Key(Key::Char(c) | Key::Pasted(c))
                    if !c.is_control() && typed.len() < LONGEST_ANSWER =>
                {
                    typed.push(c);
                    self.screen().print(&text::clean(&c.to_string()));
                }
                Event::Key(Key::Backspace) if typed.pop().is_some() => self.screen().print("\u{8} \u{8}"),
                Event::Key(Key::Escape) => break false,
                Event::Key(Key::Enter) => match meaning(&typed, default) {
                    Some(answer) => break answer,
                    None => {
                        typed.clear();
                        self.screen().print("\nPlease type yes or no: ");
                    }
                },
                Event::Key(Key::Ctrl('d')) => return Err(Ask::Closed),
                _ => {}
            }
        };
        drop(unanswered);
        Ok(answer)
    }

    /// Asks for a line of text, without surrounding blanks. Asks again when nothing is typed and there is
    /// no default.
    pub async fn ask(&self, label: &str, default: Option<&str>) -> Result<String, Ask> {
        let label = text::clean(label);
        let default = default.map(text::clean);
        let answer = self.prompted(move || {
            let prompt = dialoguer::Input::<String>::new().with_prompt(label);
            default.map_or(prompt.clone(), |default| prompt.default(default)).interact_text()
        });
        let answer = answer.await?;
        Ok(answer.trim().to_owned())
    }

    /// Asks for a secret, without echo and without surrounding blanks. Asks again when nothing is typed.
    pub async fn ask_secret(&self, label: &str) -> Result<Secret, Ask> {
        if !self.interactive() {
            return Err(Ask::Unasked);
        }
        loop {
            self.screen().print(&format!("{}: ", text::clean(label)));
            let unanswered = Unanswered { ui: self };
            let secret = self.paste_line().await?.ok_or(Ask::Closed)?;
            // Nobody saw the Enter either.
            drop(unanswered);
            if !secret.expose().is_empty() {
                return Ok(secret);
            }
        }
    }

    fn end_line(&self) {
        self.screen().print("\n");
    }

    /// Runs a prompt that blocks. When it is interrupted or this future is dropped, the prompt's thread may
    /// stay in its read; the terminal is put back all the same.
    async fn prompted<T: Send + 'static>(
        &self,
        prompt: impl FnOnce() -> dialoguer::Result<T> + Send + 'static,
    ) -> Result<T, Ask> {
        if !self.interactive() {
            return Err(Ask::Unasked);
        }
        let _kept = Kept::new()?;
        let unanswered = Unanswered { ui: self };
        let answer = tokio::select! {
            answer = detached(move || prompt().map_err(io::Error::from)) => answer?,
            _ = tokio::signal::ctrl_c() => return Err(Ask::Interrupted),
        };
        std::mem::forget(unanswered);
        Ok(answer)
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

/// Ends the line of a question that was left, and shows the cursor, which dialoguer leaves hidden.
struct Unanswered<'a> {
    ui: &'a Ui,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        let _ = console::Term::stderr().show_cursor();
        self.ui.end_line();
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
