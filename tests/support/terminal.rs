//! The program in a pseudo-terminal: what a person would see and type.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// What is waited for comes sooner, or never.
const PATIENCE: Duration = Duration::from_secs(20);

pub const UP: &str = "\x1b[A";
pub const DOWN: &str = "\x1b[B";
pub const PAGE_DOWN: &str = "\x1b[6~";
pub const HOME: &str = "\x1b[H";
pub const END: &str = "\x1b[F";
pub const ENTER: &str = "\r";
pub const ESCAPE: &str = "\x1b";
pub const CTRL_C: &str = "\x03";
pub const CTRL_U: &str = "\x15";

/// A terminal with the program in it.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn std::io::Write + Send>,
    shown: Arc<Mutex<Shown>>,
    reader: JoinHandle<()>,
    leave: Arc<AtomicBool>,
    mode: String,
}

struct Shown {
    screen: vt100::Parser,
    /// The same without an end at the bottom: nothing scrolls out of it.
    all: vt100::Parser,
    bytes: Vec<u8>,
}

/// How it ended, and what it left on the terminal.
pub struct Ended {
    pub code: u32,
    /// Everything that still stands on the terminal, from the first line.
    pub text: String,
    /// Every byte that the terminal was sent, with those that were overwritten.
    pub bytes: String,
    /// The screen with its colours.
    pub cells: vt100::Screen,
}

impl Terminal {
    /// Starts it in a terminal of 24 rows and 80 columns.
    pub fn start(command: &Command) -> Self {
        Self::of_size(24, 80, command)
    }

    /// Starts it with its standard output in a file, as in `socialchat-cli ... >FILE`.
    pub fn with_result_in(file: &Path, command: &Command) -> Self {
        Self::of_size(24, 80, &redirected(file, command))
    }

    pub fn of_size(rows: u16, cols: u16, command: &Command) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut builder = CommandBuilder::new(command.get_program());
        builder.args(command.get_args());
        builder.env_clear();
        builder.env("TERM", "xterm-256color");
        for (name, value) in command.get_envs() {
            if let Some(value) = value {
                builder.env(name, value);
            }
        }
        if let Some(folder) = command.get_current_dir() {
            builder.cwd(folder);
        }
        let mode = mode_of(&*pair.master);
        let mut output = pair.master.try_clone_reader().unwrap();
        let keyboard = pair.master.take_writer().unwrap();
        let child = pair.slave.spawn_command(builder).unwrap();
        drop(pair.slave);
        let shown = Arc::new(Mutex::new(Shown {
            screen: vt100::Parser::new(rows, cols, 0),
            all: vt100::Parser::new(400, cols, 0),
            bytes: Vec::new(),
        }));
        let leave = Arc::new(AtomicBool::new(false));
        let (sink, leaving) = (shown.clone(), leave.clone());
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                let mut shown = sink.lock().unwrap();
                shown.screen.process(&buffer[..count]);
                shown.all.process(&buffer[..count]);
                shown.bytes.extend_from_slice(&buffer[..count]);
                if leaving.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
        Terminal { child, master: pair.master, keyboard, shown, reader, leave, mode }
    }

    /// Types.
    pub fn send(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// What is on the screen now.
    pub fn screen(&self) -> String {
        self.shown.lock().unwrap().screen.screen().contents()
    }

    /// The same with its colours.
    pub fn cells(&self) -> vt100::Screen {
        self.shown.lock().unwrap().screen.screen().clone()
    }

    /// Every byte that the terminal was sent so far.
    pub fn bytes(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().unwrap().bytes).into_owned()
    }

    /// Everything that stands on the terminal, what has scrolled out as well.
    pub fn text(&self) -> String {
        self.shown.lock().unwrap().all.screen().contents()
    }

    /// Waits until the screen shows this, wherever its lines are broken.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted = one_line(text);
        self.wait_until(text, |screen| one_line(screen).contains(&wanted));
    }

    /// Waits until the screen is as it should be.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, is_so: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        loop {
            let screen = self.screen();
            if is_so(&screen) {
                return;
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                // What it said last may not have been read yet.
                while !self.reader.is_finished() && !is_so(&self.screen()) && begun.elapsed() < PATIENCE {
                    thread::sleep(Duration::from_millis(5));
                }
                assert!(is_so(&self.screen()), "it ended ({status:?}) before {what:?}:\n{}", self.text());
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{what:?} never came:\n{screen}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until echo is off: what is typed from now on is read by the program.
    #[track_caller]
    pub fn wait_until_hidden(&self) {
        let begun = Instant::now();
        while mode_of(&*self.master) == self.mode {
            assert!(begun.elapsed() < PATIENCE, "the terminal's mode never changed:\n{}", self.text());
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Makes the window another size, as a person does with the mouse.
    pub fn resize(&mut self, rows: u16, cols: u16) {
        let mut shown = self.shown.lock().unwrap();
        shown.screen.screen_mut().set_size(rows, cols);
        shown.all.screen_mut().set_size(400, cols);
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Sends a signal: `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.pid().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Sends a signal to the one program that the shell in the terminal has started.
    pub fn signal_child(&self, name: &str) {
        let children = format!("/proc/{0}/task/{0}/children", self.pid());
        let child = std::fs::read_to_string(children).unwrap();
        let sent = Command::new("kill").args([&format!("-{name}"), child.trim()]).status();
        assert!(sent.unwrap().success(), "{child}");
    }

    /// Waits until nothing more is shown, after Ctrl-S. The program must be writing something now and then.
    #[track_caller]
    pub fn wait_until_frozen(&self) {
        let count = || self.shown.lock().unwrap().bytes.len();
        let begun = Instant::now();
        loop {
            let before = count();
            thread::sleep(Duration::from_millis(1500));
            if count() == before {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "the terminal never stopped:\n{}", self.text());
        }
    }

    pub fn hides_cursor(&self) -> bool {
        self.shown.lock().unwrap().screen.screen().hide_cursor()
    }

    pub fn marks_pastes(&self) -> bool {
        self.shown.lock().unwrap().screen.screen().bracketed_paste()
    }

    /// Closes the terminal, as the x of its window does; gives how the program ended, and how soon. It must be writing
    /// something now and then, a spinner say.
    pub fn hang_up(self) -> (u32, Duration) {
        let Terminal { mut child, master, keyboard, reader, leave, .. } = self;
        leave.store(true, Ordering::SeqCst);
        reader.join().unwrap();
        let closed = Instant::now();
        drop((keyboard, master));
        let code = wait(&mut *child).unwrap_or_else(|| panic!("it lives on without its terminal"));
        (code, closed.elapsed())
    }

    /// Waits for the end, and asserts that the terminal is as it was found: mode, cursor, screen, wrapping.
    #[track_caller]
    pub fn end(self) -> Ended {
        let Terminal { mut child, master, keyboard, shown, reader, mode, .. } = self;
        let Some(code) = wait(&mut *child) else {
            let _ = child.kill();
            panic!("it doesn't end:\n{}", shown.lock().unwrap().all.screen().contents());
        };
        // Before the keyboard goes: it types an end of input then, which would be echoed.
        reader.join().unwrap();
        let mode_now = mode_of(&*master);
        drop((keyboard, master));
        let shown = shown.lock().unwrap();
        let text = shown.all.screen().contents();
        assert_eq!(mode_now, mode, "the terminal's mode was left changed:\n{text}");
        assert!(!shown.screen.screen().hide_cursor(), "the cursor was left hidden:\n{text}");
        assert!(!shown.screen.screen().alternate_screen(), "the alternate screen was left on:\n{text}");
        assert!(!shown.screen.screen().bracketed_paste(), "bracketed paste was left on:\n{text}");
        let bytes = String::from_utf8_lossy(&shown.bytes).into_owned();
        let wraps = bytes.rfind("\x1b[?7h") >= bytes.rfind("\x1b[?7l");
        assert!(wraps, "wrapping was left off:\n{text}");
        let (_, column) = shown.screen.screen().cursor_position();
        // Where the terminal itself has echoed a Ctrl-C, the line is its own.
        let column = if text.ends_with("^C") { 0 } else { column };
        assert_eq!(column, 0, "the shell's prompt would not begin a line:\n{text}");
        Ended { code, text, bytes, cells: shown.screen.screen().clone() }
    }
}

impl Ended {
    #[track_caller]
    pub fn exits(self, code: u32) -> Self {
        assert_eq!(self.code, code, "\n{}", self.text);
        self
    }
}

fn redirected(file: &Path, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "exec \"$@\" >\"$0\""]).arg(file).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}

fn wait(child: &mut (dyn Child + Send + Sync)) -> Option<u32> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status.exit_code());
        }
        thread::sleep(Duration::from_millis(2));
    }
    None
}

/// The modes and special characters, as the kernel holds them.
fn mode_of(master: &dyn MasterPty) -> String {
    let mut mode = String::new();
    write!(mode, "{:?}", master.get_termios()).unwrap();
    mode
}
