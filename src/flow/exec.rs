//! The commands of `channels watch --exec`: one for each change, beside the looking, each in a process group of its own.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
#[cfg(unix)]
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::interrupt::Interrupt;
use crate::types::{Channel, ChannelDbId};
use crate::ui::{Ui, without_secrets};

/// How long a command may take.
const LONGEST: Duration = Duration::from_secs(60);
/// How long one that is asked to end may take over it.
#[cfg(unix)]
const END_WITHIN: Duration = Duration::from_secs(2);
/// How long those that are running are waited for when the watching ends by itself.
const FINISH_WITHIN: Duration = Duration::from_secs(10);
/// How many run at the same time, where they take long.
const AT_ONCE: usize = 4;
/// A command that takes longer holds up no other. Quicker ones run one after the other, so that those which write
/// into the same file don't mix what they write.
const SLOW: Duration = Duration::from_secs(2);
/// So many that wait are worth a word.
const MANY: usize = 1_000;
/// More don't wait: in number, and in the bytes of their channels.
const MOST: usize = 20_000;
const MOST_BYTES: usize = 64 << 20;
/// How often a running command is looked at.
const PAUSE: Duration = Duration::from_millis(20);

/// The groups of those that run, and of those that are asked to end.
#[cfg(unix)]
static GROUPS: Mutex<Vec<rustix::process::Pid>> = Mutex::new(Vec::new());

/// Ends at once all commands that still run, with what they have started: for the end of the process that waits for
/// nobody. (On Windows they are left.)
pub fn kill_commands() {
    #[cfg(unix)]
    for group in GROUPS.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

/// The commands that wait and that run. Dropped, it ends those that run, and what they have started.
pub struct Commands {
    command: Option<String>,
    ui: Ui,
    interrupt: Interrupt,
    waiting: VecDeque<Waiting>,
    /// Of the channels in `waiting`.
    bytes: usize,
    running: Vec<Running>,
    many_was_told: bool,
    left_out: usize,
}

struct Waiting {
    id: ChannelDbId,
    channel: Vec<u8>,
}

struct Running {
    id: ChannelDbId,
    group: Group,
    begun: Instant,
}

impl Commands {
    /// Without a command there is nothing to be run, for any change.
    pub fn new(command: Option<String>, ui: &Ui, interrupt: &Interrupt) -> Self {
        Commands {
            command,
            ui: ui.clone(),
            interrupt: interrupt.clone(),
            waiting: VecDeque::new(),
            bytes: 0,
            running: Vec::new(),
            many_was_told: false,
            left_out: 0,
        }
    }

    /// Lets the command run for a channel, with the channel as JSON on its stdin. Those of one channel run in this order.
    pub fn add(&mut self, channel: &Channel) {
        if self.command.is_none() {
            return;
        }
        let (id, channel) = match serde_json::to_vec(channel) {
            Ok(json) => (channel.id.clone(), json),
            Err(error) => return self.warn(&error.to_string()),
        };
        if self.waiting.len() >= MOST || self.bytes + channel.len() > MOST_BYTES {
            if self.left_out == 0 {
                self.warn(&format!(
                    "{} commands are waiting, which is as many as can wait: those for further changes are left out",
                    self.waiting.len()
                ));
            }
            self.left_out += 1;
            return;
        }
        self.bytes += channel.len();
        self.waiting.push_back(Waiting { id, channel });
        if self.waiting.len() > MANY && !std::mem::replace(&mut self.many_was_told, true) {
            self.warn(&format!(
                "more than {MANY} commands are waiting: there are more changes than commands that come to their end"
            ));
        }
    }

    /// Does something else while commands run.
    pub async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = self.tend() => {}
            }
        }
    }

    /// Waits until no more than so many are waiting.
    pub async fn down_to(&mut self, waiting: usize) {
        while self.waiting.len() > waiting {
            self.tend().await;
        }
    }

    /// Waits until all have run.
    pub async fn all(&mut self) {
        while !(self.waiting.is_empty() && self.running.is_empty()) {
            self.tend().await;
        }
    }

    /// The watching has ended: those that are running may come to their end, in a bounded time; no other is begun.
    pub async fn finish(mut self) {
        self.give_up_waiting();
        let _ = tokio::time::timeout(FINISH_WITHIN, self.all()).await;
    }

    /// Begins what can be begun, and a moment later looks after what is running. Waits for ever where there is nothing
    /// to do.
    async fn tend(&mut self) {
        if self.waiting.is_empty() && self.running.is_empty() {
            return std::future::pending().await;
        }
        self.begin();
        sleep(PAUSE).await;
        self.look();
        if self.waiting.is_empty() {
            self.many_was_told = false;
            if std::mem::take(&mut self.left_out) > 0 {
                self.warn("no command is waiting any more: further changes run theirs again");
            }
        }
    }

    fn begin(&mut self) {
        while self.running.len() < AT_ONCE
            && self.running.iter().all(|running| running.begun.elapsed() > SLOW)
        {
            let is_free = |waiting: &Waiting| self.running.iter().all(|running| running.id != waiting.id);
            let next = self.waiting.iter().position(is_free).and_then(|at| self.waiting.remove(at));
            let (Some(Waiting { id, channel }), Some(command)) = (next, &self.command) else { return };
            self.bytes -= channel.len();
            match Group::begin(command, channel) {
                Ok(group) => self.running.push(Running { id, group, begun: Instant::now() }),
                Err(error) => self.warn(&format!("the shell can't be started: {error}")),
            }
        }
    }

    /// A failure of a command is said, and doesn't end the watching.
    fn look(&mut self) {
        for mut running in std::mem::take(&mut self.running) {
            match running.group.ended() {
                Ok(None) if running.begun.elapsed() > LONGEST => {
                    self.warn(&format!("the command took longer than {} s and was ended", LONGEST.as_secs()));
                    self.end(running.group);
                }
                Ok(None) => self.running.push(running),
                Ok(Some(status)) if status.success() => {}
                Ok(Some(status)) => self.warn(&format!("the command ended with {status}")),
                Err(error) => self.warn(&error.to_string()),
            }
        }
    }

    fn give_up_waiting(&mut self) {
        match std::mem::take(&mut self.waiting).len() {
            0 => {}
            1 => self.warn("1 waiting command is not started"),
            count => self.warn(&format!("{count} waiting commands are not started")),
        }
    }

    /// Ends one, with all that it has started. The process waits for that.
    fn end(&self, group: Group) {
        let hold = self.interrupt.hold();
        tokio::spawn(async move {
            group.end().await;
            drop(hold);
        });
    }

    fn warn(&self, text: &str) {
        self.ui.warn(&format!("--exec: {text}"));
    }
}

impl Drop for Commands {
    fn drop(&mut self) {
        self.give_up_waiting();
        for running in std::mem::take(&mut self.running) {
            self.end(running.group);
        }
    }
}

/// A command in the shell, with whatever it starts.
struct Group(Child);

impl Group {
    fn begin(command: &str, input: Vec<u8>) -> io::Result<Group> {
        let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
        let mut process = Command::new(shell);
        process.arg(flag).arg(command).stdin(Stdio::piped());
        // Our stdout is the result: what the command prints goes beside it.
        process.stdout(io::stderr());
        without_secrets(&mut process);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut process, 0);
        let mut child = process.spawn()?;
        #[cfg(unix)]
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).push(rustix::process::Pid::from_child(&child));
        if let Some(mut stdin) = child.stdin.take() {
            // A command that doesn't read it is fine; on a thread of its own, since it may not even read it to the end.
            let _ = std::thread::Builder::new().spawn(move || stdin.write_all(&input));
        }
        Ok(Group(child))
    }

    /// How the shell ended, if it has. What it left running in the background was meant to be left.
    fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.0.try_wait()
    }

    /// Asks all processes of the group to end, and ends those that don't.
    #[cfg(unix)]
    async fn end(mut self) {
        use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
        let group = Pid::from_child(&self.0);
        let _ = kill_process_group(group, Signal::TERM);
        let asked = Instant::now();
        // While one of its processes is there, nobody else can have the group's number.
        while self.ended().is_ok_and(|ended| ended.is_none()) || test_kill_process_group(group).is_ok() {
            if asked.elapsed() > END_WITHIN {
                let _ = kill_process_group(group, Signal::KILL);
                let _ = self.0.wait();
                return;
            }
            sleep(PAUSE).await;
        }
    }

    /// Windows has no such groups, and a job object can't be had without unsafe code: the shell alone is ended.
    #[cfg(not(unix))]
    async fn end(mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        let group = rustix::process::Pid::from_child(&self.0);
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).retain(|known| *known != group);
    }
}
