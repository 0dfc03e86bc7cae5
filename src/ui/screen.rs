//! Standard error, where everything but the result is shown: messages, progress, and one region of lines
//! that is redrawn in place. Messages that come meanwhile appear above it.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use console::Term;
use indicatif::{MultiProgress, ProgressDrawTarget};

use super::lane::SCREEN;
use super::lenient::Lenient;
use super::style::{Line, Palette};
use super::text;

/// So often progress is drawn at most.
const REDRAWS_A_SECOND: u8 = 20;

const CURSOR_HIDING: &str = "\x1b[?25l";
const CURSOR_SHOWN: &str = "\x1b[?25h\x1b[?7h";
const PASTES_MARKING: &str = "\x1b[?2004h";
const PASTES_AS_TYPED: &str = "\x1b[?2004l";

/// Whether the cursor is hidden at the moment, for [`restore`].
static CURSOR_HIDDEN: AtomicBool = AtomicBool::new(false);
/// Whether the terminal marks pastes at the moment, for [`restore`].
static PASTES_MARKED: AtomicBool = AtomicBool::new(false);

/// Whether the region that was drawn last is left where it is.
static REGION_LEFT: AtomicBool = AtomicBool::new(false);
/// Whether the shell has the terminal, as far as we know: [`lend`], [`is_others`].
#[cfg(unix)]
static LENT: AtomicBool = AtomicBool::new(false);
/// [`is_paused`].
#[cfg(unix)]
static PAUSED: AtomicBool = AtomicBool::new(false);

/// Undoes what is still in force of the modes that are set here.
pub(super) fn restore() {
    restore_cursor();
    restore_pastes();
}

/// Undoes them, and remembers what they were.
#[cfg(unix)]
pub(super) fn lend() {
    let were_ours = !is_others();
    // First: from here on nobody takes it back who draws meanwhile.
    PAUSED.store(true, Ordering::SeqCst);
    if were_ours && CURSOR_HIDDEN.load(Ordering::SeqCst) {
        SCREEN.say(CURSOR_SHOWN);
    }
    if were_ours && PASTES_MARKED.load(Ordering::SeqCst) {
        SCREEN.say(PASTES_AS_TYPED);
    }
    LENT.store(true, Ordering::SeqCst);
    REGION_LEFT.store(true, Ordering::SeqCst);
}

/// Whether we stop ourselves, and haven't been continued yet.
#[cfg(unix)]
pub(super) fn is_paused() -> bool {
    PAUSED.load(Ordering::SeqCst)
}

/// We have been continued.
#[cfg(unix)]
pub(super) fn go_on() {
    PAUSED.store(false, Ordering::SeqCst);
}

/// Sets them again, and draws the region anew where the cursor is: others have written meanwhile.
#[cfg(unix)]
pub(super) fn take_back() {
    // SIGSTOP has told nobody.
    if !LENT.swap(false, Ordering::SeqCst) {
        REGION_LEFT.store(true, Ordering::SeqCst);
    }
    if CURSOR_HIDDEN.load(Ordering::SeqCst) {
        say_mode(CURSOR_HIDING);
    }
    if PASTES_MARKED.load(Ordering::SeqCst) {
        say_mode(PASTES_MARKING);
    }
}

/// Whether others have the terminal, since we are in the background or about to stop. Nothing is drawn there then: they would find their
/// own lines overwritten. Messages are written all the same.
pub(super) fn is_others() -> bool {
    #[cfg(unix)]
    if is_paused() || super::input::is_behind(rustix::stdio::stderr()) {
        if !LENT.swap(true, Ordering::SeqCst) {
            REGION_LEFT.store(true, Ordering::SeqCst);
        }
        return true;
    } else if LENT.load(Ordering::SeqCst) {
        // Not every shell tells a job that runs already.
        take_back();
    }
    false
}

/// Sets a mode of the terminal. Where others have it they keep theirs.
fn say_mode(mode: &str) {
    if !is_others() {
        SCREEN.say(mode);
    }
}

fn restore_cursor() {
    if CURSOR_HIDDEN.swap(false, Ordering::SeqCst) {
        say_mode(CURSOR_SHOWN);
    }
}

fn restore_pastes() {
    if PASTES_MARKED.swap(false, Ordering::SeqCst) {
        say_mode(PASTES_AS_TYPED);
    }
}

pub(super) struct Screen {
    pub palette: Palette,
    /// Whether it is a terminal on which lines may be redrawn.
    pub terminal: bool,
    /// Whether it is one on which they may not.
    pub plain: bool,
    pub progress: MultiProgress,
    region: Mutex<Vec<Line>>,
}

impl Screen {
    pub fn new(palette: Palette, is_terminal: bool, redraws: bool) -> Screen {
        let terminal = is_terminal && redraws;
        let target = match terminal {
            true => ProgressDrawTarget::term_like_with_hz(Box::<Lenient>::default(), REDRAWS_A_SECOND),
            false => ProgressDrawTarget::hidden(),
        };
        Screen {
            palette,
            terminal,
            plain: is_terminal && !redraws,
            progress: MultiProgress::with_draw_target(target),
            region: Mutex::default(),
        }
    }

    /// Rows and columns as they are now; 24 and 80 where they can't be known.
    pub fn size(&self) -> (usize, usize) {
        let (rows, columns) = Term::stderr().size_checked().unwrap_or((24, 80));
        (usize::from(rows), usize::from(columns))
    }

    /// The cells that a line of a message may take. Off a terminal nothing is wrapped.
    pub fn room(&self) -> usize {
        if self.terminal { self.size().1 } else { usize::MAX }
    }

    /// Writes whole lines above whatever is being redrawn. The text must be clean.
    pub fn print(&self, lines: &str) {
        self.around(|| SCREEN.say(lines));
    }

    /// Runs something that writes to the same terminal, with progress and region out of its way.
    pub fn around<T>(&self, writing: impl FnOnce() -> T) -> T {
        self.progress.suspend(|| {
            let region = self.lock();
            if region.is_empty() || is_others() {
                return writing();
            }
            SCREEN.say(&self.erased(&region));
            let result = writing();
            SCREEN.say(&self.drawn(&region));
            result
        })
    }

    /// Replaces the region.
    fn redraw(&self, lines: Vec<Line>) {
        if !self.terminal {
            return;
        }
        self.progress.suspend(|| {
            let mut region = self.lock();
            if is_others() {
                *region = lines;
                return;
            }
            let out = self.erased(&region) + &self.drawn(&lines);
            if lines.is_empty() {
                SCREEN.say(&out);
            } else if !SCREEN.draw(&out) {
                // What stands there is what stood there.
                return;
            }
            *region = lines;
        });
    }

    /// Moves to the region's first line and clears from there. A narrower terminal has wrapped the lines
    /// that were drawn in a wider one, so their rows are counted at the present width.
    fn erased(&self, region: &[Line]) -> String {
        if REGION_LEFT.swap(false, Ordering::SeqCst) {
            return "\r\x1b[J".to_owned();
        }
        let (height, columns) = self.size();
        let rows: usize = region.iter().map(|line| line.width().div_ceil(columns.max(1)).max(1)).sum();
        match rows.min(height.saturating_sub(1)) {
            0 => "\r\x1b[J".to_owned(),
            up => format!("\r\x1b[{up}A\x1b[J"),
        }
    }

    /// The lines, with wrapping off: a terminal that finds a character wider than we do cuts the line
    /// instead of shifting all others.
    fn drawn(&self, region: &[Line]) -> String {
        if region.is_empty() {
            return String::new();
        }
        let mut out = String::from("\x1b[?7l");
        for line in region {
            let _ = writeln!(out, "{}", line.paint(self.palette));
        }
        out + "\x1b[?7h"
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Line>> {
        self.region.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The region while somebody draws in it. Cleared when dropped, with the cursor as it was.
pub(super) struct Region<'a> {
    screen: &'a Screen,
}

impl<'a> Region<'a> {
    /// Takes the region, and hides the cursor.
    pub fn open(screen: &'a Screen) -> Region<'a> {
        if screen.terminal {
            CURSOR_HIDDEN.store(true, Ordering::SeqCst);
            say_mode(CURSOR_HIDING);
        }
        Region { screen }
    }

    pub fn draw(&self, lines: Vec<Line>) {
        self.screen.redraw(lines);
    }
}

impl Drop for Region<'_> {
    fn drop(&mut self) {
        self.screen.redraw(Vec::new());
        restore_cursor();
    }
}

/// While it lives, the terminal marks what is pasted, so that a line break in it is no Enter.
pub(super) struct MarkedPastes;

impl MarkedPastes {
    pub fn begin(screen: &Screen) -> MarkedPastes {
        // The Windows console is read key by key, and hands over no marks.
        if screen.terminal && cfg!(unix) {
            PASTES_MARKED.store(true, Ordering::SeqCst);
            say_mode(PASTES_MARKING);
        }
        MarkedPastes
    }
}

impl Drop for MarkedPastes {
    fn drop(&mut self) {
        restore_pastes();
    }
}

/// The clean text, wrapped between words where it would leave the room, with a style on each of its lines.
pub(super) fn paragraph(palette: Palette, style: super::Style, room: usize, text: &str) -> String {
    let wrapped = text::wrapped(&text::clean_lines(text), room);
    wrapped.split('\n').map(|line| palette.paint(style, line) + "\n").collect()
}
