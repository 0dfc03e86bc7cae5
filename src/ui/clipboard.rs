//! The clipboard of whoever sits at the terminal, wherever that is: OSC 52, which goes through SSH.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Ui;

/// Terminals take this much at least.
const LONGEST: usize = 8 << 10;

impl Ui {
    /// Asks the terminal to copy a text, which is nothing that only one person may see. Whether it does, nobody is told: many
    /// have that switched off, and those that don't know the sequence show nothing of it. False where it isn't asked: one
    /// that redraws nothing, or the Linux console, of which older ones print such sequences.
    pub fn copy(&self, text: &str) -> bool {
        let is_console = std::env::var("TERM").is_ok_and(|term| term == "linux");
        let asked = self.screen().terminal && !is_console && text.len() <= LONGEST;
        if asked {
            self.screen().print(&format!("\x1b]52;c;{}\x07", STANDARD.encode(text)));
        }
        asked
    }
}
