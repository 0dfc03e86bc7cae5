//! The only code that touches the terminal. The result goes to standard output, everything else to
//! standard error, and every text from outside is made harmless on the way.

mod ask;
pub mod browser;
mod child;
mod clipboard;
mod clock;
mod input;
mod json;
mod lane;
mod lenient;
mod message;
mod output;
mod paste;
mod picker;
mod progress;
mod qr;
mod rows;
mod screen;
mod style;
mod table;
pub mod text;
mod thread;

use std::io::IsTerminal;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub use ask::Ask;
pub use child::without_secrets;
pub use input::{lend_terminal, restore_terminal, take_terminal_back};
pub use json::JsonList;
pub use output::print_at_once;
pub use paste::{PasteLines, Pressed};
pub use picker::{Feed, FeedEvent, Item, PickError, Picker};
pub use progress::Progress;
pub use qr::{Drawing, QrScreen};
pub use rows::{Rows, csv_line};
pub use style::{Color, Style};
pub use table::{Cell, Column, Table};

use lane::{Patience, RESULT, SCREEN, Stream};
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
}

/// How much time there is for what nobody has read yet, when the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Whoever reads the result is waited for, as by any program; whoever reads the messages, for some seconds.
    InTime,
    /// A signal has come.
    Soon,
    /// A second one has.
    Now,
}

/// Waits until what was said and printed is written.
pub fn finish_writing(leave: Leave) {
    let (result, messages) = match leave {
        Leave::InTime => (Patience::Endless, Patience::Stalled(Duration::from_secs(5))),
        Leave::Soon => (until(Duration::from_millis(600)), until(Duration::from_millis(600))),
        Leave::Now => (Patience::Until(Instant::now()), until(Duration::from_millis(100))),
    };
    RESULT.drain(Stream::Out, result);
    SCREEN.drain(Stream::Out, result);
    if !SCREEN.drain(Stream::Err, messages) && input::unfreeze_terminal() {
        SCREEN.drain(Stream::Err, until(Duration::from_millis(300)));
    }
}

fn until(time: Duration) -> Patience {
    Patience::Until(Instant::now() + time)
}

/// Whether both streams are the same pipe or file, where their order can be seen.
#[cfg(unix)]
fn same_place() -> bool {
    use rustix::fs::fstat;
    match (fstat(rustix::stdio::stdout()), fstat(rustix::stdio::stderr())) {
        (Ok(out), Ok(err)) => (out.st_dev, out.st_ino) == (err.st_dev, err.st_ino),
        _ => false,
    }
}

#[cfg(windows)]
fn same_place() -> bool {
    false
}

#[cfg(unix)]
fn stdout_is_stopgap() -> bool {
    use rustix::fs::{OFlags, fcntl_getfl, fstat, stat};
    let out = rustix::stdio::stdout();
    let (Ok(flags), Ok(found), Ok(null)) = (fcntl_getfl(out), fstat(out), stat("/dev/null")) else {
        return true;
    };
    flags.contains(OFlags::RDWR) && (found.st_dev, found.st_ino) == (null.st_dev, null.st_ino)
}

#[cfg(windows)]
fn stdout_is_stopgap() -> bool {
    false
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
        text::join_emoji(env);
        let out_is_terminal = std::io::stdout().is_terminal();
        let err_is_terminal = std::io::stderr().is_terminal();
        let out = Palette::decide(options.color, out_is_terminal, env);
        let err = Palette::decide(options.color, err_is_terminal, env);
        // indicatif styles its bars by console's own opinion.
        console::set_colors_enabled_stderr(err.colored);
        options.interactive &= err_is_terminal && std::io::stdin().is_terminal();
        // A screen reader reads what is redrawn again and again.
        let is_read_out =
            env("ACCESSIBLE").is_some_and(|value| !["", "0", "false"].contains(&value.as_str()));
        let redraws = !is_read_out && env("TERM").is_none_or(|term| term != "dumb");
        Ui {
            inner: Arc::new(Inner {
                options,
                unicode: style::writes_unicode(env),
                out,
                out_is_terminal,
                sink: Mutex::new(Sink::new(if out_is_terminal || same_place() { &SCREEN } else { &RESULT })),
                screen: Screen::new(err, err_is_terminal, redraws),
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

    /// Whether standard output was closed when the program began (`>&-`). Rust puts the null device in its place, open for
    /// reading and writing; few others do, and who prints a token wants it somewhere.
    pub fn result_would_be_lost(&self) -> bool {
        stdout_is_stopgap()
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
