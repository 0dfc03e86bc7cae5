//! What text may look like: a few styles that mean something, and whether a stream shows them at all.

use std::fmt::Write;

use super::text;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// A look with a meaning. The text beside it says the same: no meaning hangs on a colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    #[default]
    Plain,
    Bold,
    /// Can be skipped when reading.
    Dim,
    /// Done, connected.
    Good,
    /// Needs attention.
    Warn,
    /// Failed, disconnected.
    Bad,
    /// Here is where you are, or what you may type.
    Accent,
    /// What was searched for. Underlined also without colours, on any background: only for what is redrawn, where
    /// the terminal is known to act on such codes.
    Found,
    /// Black on white by the palette's fixed entries, which no theme repaints: for QR codes.
    Paper,
}

/// Whether a stream shows styles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    pub colored: bool,
}

impl Palette {
    /// Decides for one stream. `NO_COLOR` beats `CLICOLOR_FORCE`; the option beats both.
    pub fn decide(color: Color, terminal: bool, env: impl Fn(&str) -> Option<String>) -> Palette {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let colored = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("NO_COLOR").is_some() => false,
            Color::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
            Color::Auto => {
                terminal
                    && set("TERM").is_none_or(|term| term != "dumb")
                    && set("CLICOLOR").is_none_or(|value| value != "0")
            }
        };
        Palette { colored }
    }

    /// The text in that style. The text must be clean.
    pub fn paint(self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Good => "32",
            Style::Warn => "33",
            Style::Bad => "31",
            Style::Accent => "36",
            Style::Found if !self.colored && !text.is_empty() => return format!("\x1b[4m{text}\x1b[0m"),
            Style::Found => "1;4",
            Style::Paper => "38;5;16;48;5;231",
            Style::Plain => return text.to_owned(),
        };
        if !self.colored || text.is_empty() {
            return text.to_owned();
        }
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// Whether the locale writes UTF-8; where it doesn't, marks are drawn in ASCII.
pub(super) fn writes_unicode(env: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env(name).filter(|v| !v.is_empty()));
    match locale {
        Some(locale) => {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        }
        None => cfg!(any(windows, target_os = "macos")),
    }
}

/// A line of styled pieces, for what is laid out to the cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line(Vec<(Style, String)>);

impl Line {
    /// Adds a piece. The text must be clean.
    pub fn with(mut self, style: Style, text: impl Into<String>) -> Line {
        self.0.push((style, text.into()));
        self
    }

    /// The line cut to that many cells.
    pub fn clipped(mut self, cells: usize) -> Line {
        let mut room = cells;
        for (_, piece) in &mut self.0 {
            *piece = text::fit(piece, room);
            room -= text::width(piece);
        }
        self
    }

    /// How many cells it takes.
    pub fn width(&self) -> usize {
        self.0.iter().map(|(_, piece)| text::width(piece)).sum()
    }

    pub fn paint(&self, palette: Palette) -> String {
        self.0.iter().fold(String::new(), |mut line, (style, piece)| {
            let _ = write!(line, "{}", palette.paint(*style, piece));
            line
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colored(color: Color, terminal: bool, env: &[(&str, &str)]) -> bool {
        let lookup = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned());
        Palette::decide(color, terminal, lookup).colored
    }

    #[test]
    fn colours_follow_option_environment_and_terminal() {
        assert!(colored(Color::Auto, true, &[("TERM", "xterm")]));
        assert!(!colored(Color::Auto, false, &[("TERM", "xterm")]));
        assert!(!colored(Color::Auto, true, &[("TERM", "dumb")]));
        assert!(!colored(Color::Auto, true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
        assert!(colored(Color::Auto, true, &[("NO_COLOR", "")]));
        assert!(colored(Color::Auto, false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!colored(Color::Auto, false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!colored(Color::Auto, true, &[("CLICOLOR", "0")]));
        assert!(colored(Color::Always, false, &[("NO_COLOR", "1")]));
        assert!(!colored(Color::Never, true, &[("CLICOLOR_FORCE", "1")]));
    }

    #[test]
    fn the_first_locale_that_is_set_decides() {
        let unicode = |env: &[(&str, &str)]| {
            writes_unicode(|name| env.iter().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned()))
        };
        assert!(unicode(&[("LANG", "id_ID.UTF-8")]));
        assert!(unicode(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8"), ("LANG", "C")]));
        assert!(!unicode(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]));
    }

    #[test]
    fn a_line_is_clipped_across_its_pieces() {
        let line = Line::default().with(Style::Plain, "abc").with(Style::Bold, "defg").clipped(5);
        assert_eq!(line.paint(Palette { colored: false }), "abcd…");
        assert_eq!(line.paint(Palette { colored: true }), "abc\x1b[1md…\x1b[0m");
        assert_eq!(line.width(), 5);
    }
}
