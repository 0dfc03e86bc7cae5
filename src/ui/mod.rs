//! The only code that touches the terminal. The result goes to standard output, everything else to
//! standard error, and every text from outside is made harmless on the way.

mod ask;
pub mod browser;
mod child;
mod input;
mod json;
mod lenient;
mod message;
mod output;
mod paste;
mod picker;
mod progress;
mod qr;
mod screen;
mod style;
mod table;
pub mod text;
mod thread;

use std::io::IsTerminal;
use std::sync::{Arc, Mutex};

pub use ask::Ask;
pub use child::without_secrets;
pub use input::restore_terminal;
pub use json::JsonList;
pub use paste::PasteLines;
pub use picker::{Feed, FeedEvent, Item, PickError, Picker};
pub use progress::Progress;
pub use qr::QrScreen;
pub use style::{Color, Style};
pub use table::{Cell, Column, Table};

use output::Sink;
use screen::Screen;
use style::Palette;

/// What was asked for on the command line and concerns the terminal.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether questions may be asked. They never are where stdin or stderr is no terminal.
    pub interactive: bool,
    pub quiet: bool,
    /// How often `--verbose` was given.
    pub verbose: u8,
    pub color: Color,
    pub json: bool,
    /// Answer every confirmation with yes.
    pub yes: bool,
    /// The options, each with its value, that belong into every command that is told to be typed: `--sandbox`.
    pub repeated: Vec<String>,
}

/// The terminal. Clones are the same one.
#[derive(Clone)]
pub struct Ui {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    unicode: bool,
    out: Palette,
    out_is_terminal: bool,
    sink: Mutex<Sink>,
    screen: Screen,
}

impl Ui {
    /// Looks at both streams and the environment, and decides on colours for each.
    pub fn new(mut options: Options) -> Ui {
        let env = |name: &str| std::env::var(name).ok();
        let out_is_terminal = std::io::stdout().is_terminal();
        let err_is_terminal = std::io::stderr().is_terminal();
        let out = Palette::decide(options.color, out_is_terminal, env);
        let err = Palette::decide(options.color, err_is_terminal, env);
        // indicatif styles its bars by console's own opinion.
        console::set_colors_enabled_stderr(err.colored);
        options.interactive &= err_is_terminal && std::io::stdin().is_terminal();
        let dumb = env("TERM").is_some_and(|term| term == "dumb");
        Ui {
            inner: Arc::new(Inner {
                options,
                unicode: style::writes_unicode(env),
                out,
                out_is_terminal,
                sink: Mutex::new(Sink::new(Box::new(std::io::stdout()))),
                screen: Screen::new(err, err_is_terminal && !dumb),
            }),
        }
    }

    /// Whether questions may be asked.
    pub fn interactive(&self) -> bool {
        self.inner.options.interactive
    }

    /// Whether the result is wanted as JSON.
    pub fn json(&self) -> bool {
        self.inner.options.json
    }

    /// The columns of the terminal on standard error; 80 where there is none.
    pub fn width(&self) -> usize {
        self.screen().size().1
    }

    fn options(&self) -> &Options {
        &self.inner.options
    }

    fn unicode(&self) -> bool {
        self.inner.unicode
    }

    fn screen(&self) -> &Screen {
        &self.inner.screen
    }

    fn stdout(&self) -> &Mutex<Sink> {
        &self.inner.sink
    }

    fn stdout_palette(&self) -> Palette {
        self.inner.out
    }

    fn stdout_is_terminal(&self) -> bool {
        self.inner.out_is_terminal
    }
}
