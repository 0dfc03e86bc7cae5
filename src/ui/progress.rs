//! Progress: a spinner or a bar on standard error, for what takes longer than a moment.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Ui, text};

/// What is done sooner than this shows nothing.
const DELAY: Duration = Duration::from_millis(300);
const TICK: Duration = Duration::from_millis(100);
/// Cells that spinner, counts and time take beside a bar and its text.
const BESIDE_BAR: usize = 28;

impl Ui {
    /// A spinner with a text. Shown after 300 ms; not with `--quiet`, not off a terminal. Where nothing may be redrawn,
    /// the text is said once.
    pub fn spinner(&self, text: &str) -> Progress {
        self.progress(None, "{spinner:.cyan} {wide_msg}", usize::MAX, text)
    }

    /// A bar of `length` steps with a text, counts and the time left. Shown like a spinner.
    pub fn bar(&self, length: u64, text: &str) -> Progress {
        let wide = if self.width() < 80 { 10 } else { 24 };
        let template =
            format!("{{spinner:.cyan}} {{msg}} {{bar:{wide}.cyan/dim}} {{pos}}/{{len}}, {{eta}} left");
        self.progress(Some(length), &template, self.width().saturating_sub(wide + BESIDE_BAR), text)
    }

    /// Keeps the text to `room` cells.
    fn progress(&self, length: Option<u64>, template: &str, room: usize, text: &str) -> Progress {
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        let (ticks, bars) =
            if self.unicode() { ("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ", "━━─") } else { ("|/-\\ ", "#>-") };
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::hidden());
        bar.set_style(style.tick_chars(ticks).progress_chars(bars));
        let shown = Arc::new(Mutex::new(Shown::NotYet));
        let timer = match self.screen() {
            _ if self.options().quiet => None,
            screen if screen.terminal => {
                let (screen, bar) = (screen.progress.clone(), bar.clone());
                Some(later(Arc::clone(&shown), move || screen.add(bar).enable_steady_tick(TICK)))
            }
            screen if screen.plain => {
                let (ui, line) = (self.clone(), text::clean(text) + "...\n");
                Some(later(Arc::clone(&shown), move || ui.screen().print(&line)))
            }
            _ => None,
        };
        let progress = Progress { bar, room, shown, _timer: timer };
        progress.set_text(text);
        progress
    }
}

/// A spinner or bar. It goes when it is dropped.
pub struct Progress {
    bar: ProgressBar,
    room: usize,
    shown: Arc<Mutex<Shown>>,
    /// Dropped, it ends the thread that would show the bar.
    _timer: Option<Sender<()>>,
}

#[derive(PartialEq)]
enum Shown {
    NotYet,
    Now,
    Over,
}

impl Progress {
    /// Replaces the text.
    pub fn set_text(&self, text: &str) {
        self.bar.set_message(text::fit(&text::clean(text), self.room));
    }

    /// Goes on by that many steps.
    pub fn inc(&self, steps: u64) {
        self.bar.inc(steps);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown == Shown::Now {
            self.bar.finish_and_clear();
        }
        *shown = Shown::Over;
    }
}

/// A thread and not a task: the bar must show also where the runtime's only thread is busy.
fn later(shown: Arc<Mutex<Shown>>, show: impl FnOnce() + Send + 'static) -> Sender<()> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        if receiver.recv_timeout(DELAY) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown == Shown::NotYet {
            *shown = Shown::Now;
            show();
        }
    });
    sender
}
