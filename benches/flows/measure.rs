//! Running a program and taking its time and its peak of memory.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The program that is measured, built as it is released.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_socialchat-cli");

/// The median of several runs, with the least and the most. Seconds, or whatever else was counted.
#[derive(Clone, Debug)]
pub struct Spread {
    pub median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    /// Of at least one value.
    pub fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let (least, most) = (values[0], values[values.len() - 1]);
        Spread { median: values[values.len() / 2], least, most }
    }

    /// Of times.
    pub fn of_times(times: impl IntoIterator<Item = Duration>) -> Self {
        Spread::of(times.into_iter().map(|time| time.as_secs_f64()).collect())
    }

    /// A value that was calculated and has no spread.
    pub fn exactly(time: Duration) -> Self {
        Spread::of_times([time])
    }

    /// The same so many times over: what a sample says of the whole.
    pub fn times(&self, factor: f64) -> Self {
        Spread { median: self.median * factor, least: self.least * factor, most: self.most * factor }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, factor) = if self.median < 1.0 { ("ms", 1000.0) } else { ("s", 1.0) };
        let [median, least, most] = [self.median, self.least, self.most].map(|value| value * factor);
        let digits = if median < 10.0 { 2 } else { usize::from(median < 100.0) };
        write!(f, "{median:.digits$} {unit}")?;
        if least < most {
            write!(f, " ({least:.digits$}–{most:.digits$})")?;
        }
        Ok(())
    }
}

/// What one run came to.
pub struct Measured {
    pub begun: Instant,
    pub took: Duration,
    /// The largest that it ever was in memory, where the system tells.
    pub peak_mb: Option<f64>,
}

/// A machine's user of this run: nothing of the real one's is read or written.
pub struct Home {
    dir: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Home { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Any program in that user's name, in a clean environment, without terminal.
    pub fn any(&self, program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.dir.path())
            .env("LANG", "C.UTF-8")
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(root) = std::env::var_os("SystemRoot") {
            command.env("SystemRoot", root);
        }
        command
    }

    /// The program, on that API, with a token: nobody has to sign in.
    pub fn program(&self, api_url: &str, arguments: &[&str]) -> Command {
        self.with_token(PROGRAM, api_url, arguments)
    }

    /// Any program, which finds that API and the token in its environment.
    pub fn with_token(&self, program: &str, api_url: &str, arguments: &[&str]) -> Command {
        let mut command = self.any(program, arguments);
        command
            .env("SOCIALCHAT_CONFIG_DIR", self.path("config"))
            .env("SOCIALCHAT_API_URL", api_url)
            .env("SOCIALCHAT_API_KEY", "bench-api-key")
            .env("SOCIALCHAT_TOKEN", "bench-callback-token");
        command
    }

    /// Runs a command to its end, its output into the file `out` of the home. Ends the whole run when it fails.
    pub fn measure(&self, command: &mut Command) -> Measured {
        let file = |name: &str| File::create(self.path(name)).expect("a file in a temporary folder");
        command.stdout(file("out")).stderr(file("err"));
        let (succeeded, measured) = run(command);
        assert!(succeeded, "{command:?} failed:\n{}", read(&self.path("err")));
        measured
    }

    /// How many lines with this text the last one printed. They are read one by one: see [`run`] on memory.
    pub fn lines_with(&self, text: &str) -> usize {
        let lines = File::open(self.path("out")).map(BufReader::new).expect("what was printed").lines();
        lines.map_while(Result::ok).filter(|line| line.contains(text)).count()
    }

    /// The first line that the last one printed.
    pub fn first_line(&self) -> String {
        read(&self.path("out")).lines().next().unwrap_or_default().to_owned()
    }
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
}

/// The peak is the larger of the program's own and of what this process had when it started it: keep this one small.
#[cfg(unix)]
#[expect(clippy::zombie_processes, reason = "wait4 waits for it, and gives its usage too")]
fn run(command: &mut Command) -> (bool, Measured) {
    let begun = Instant::now();
    let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut status = 0;
    // SAFETY: a struct of numbers, for which zeros are fine; the pointers are to our own variables.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        let waited = libc::wait4(child.id().cast_signed(), &raw mut status, 0, &raw mut usage);
        assert_eq!(waited, child.id().cast_signed(), "nobody else waits for it");
        usage
    };
    let took = begun.elapsed();
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1.0 } else { 1024.0 };
    #[expect(clippy::cast_precision_loss, reason = "no program is that large")]
    let peak_mb = Some(usage.ru_maxrss as f64 * unit / 1e6);
    (status == 0, Measured { begun, took, peak_mb })
}

#[cfg(not(unix))]
fn run(command: &mut Command) -> (bool, Measured) {
    let begun = Instant::now();
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    (status.success(), Measured { begun, took: begun.elapsed(), peak_mb: None })
}

/// The largest peak of several runs.
pub fn highest_peak<'a>(runs: impl IntoIterator<Item = &'a Measured>) -> Option<f64> {
    runs.into_iter().filter_map(|run| run.peak_mb).reduce(f64::max)
}
