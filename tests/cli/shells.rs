//! The completion scripts in the real bash, zsh and fish, in a pseudo-terminal: what is on the line after Tab.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::person::{SENJA, token};
use crate::support::{FakeApi, Home, PROGRAM, Reply, Run, Served};
use crate::tty::{CTRL_U, Terminal};

const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];
/// Shows a fresh screen.
const CTRL_L: &str = "\x0c";
const PROMPT: &str = "ready:";

/// Whether there is such a shell; where there is none, that is said, and CI on Linux doesn't accept it.
fn is_installed(shell: &str) -> bool {
    let is_there = Command::new(shell).arg("--version").stdout(Stdio::null()).status().is_ok();
    if !is_there {
        let is_ours = cfg!(target_os = "linux") && std::env::var_os("CI").is_some();
        assert!(!is_ours, "this test needs {shell}");
        let _ = std::io::stderr().write_all(format!("\nSKIPPED: there is no {shell} here.\n").as_bytes());
    }
    is_there
}

/// A shell at its prompt, with the script in place and `program` as the command's folder.
struct Shell {
    terminal: Terminal,
}

impl Shell {
    /// None where there is no such shell.
    fn start(shell: &str, like: &Command, folder: &Path) -> Option<Self> {
        if !is_installed(shell) {
            return None;
        }
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
        let scripts = scripts.display();
        // The prompt is written in two pieces, so that the echo of this line isn't taken for it.
        let (arguments, set_up) = match shell {
            "bash" => (
                &["--norc", "--noprofile", "-i"][..],
                format!("source {scripts}/socialchat-cli.bash; PS1='rea''dy:'"),
            ),
            "zsh" => (
                &["-f", "-i"][..],
                format!("fpath=({scripts} $fpath); autoload -Uz compinit; compinit -u -D; PS1='rea''dy:'"),
            ),
            _ => (
                &["--no-config", "-i"][..],
                format!("source {scripts}/socialchat-cli.fish; function fish_prompt; echo -n rea'dy:'; end"),
            ),
        };
        let mut command = Command::new(shell);
        command.args(arguments).env_clear();
        for (name, value) in like.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", folder.display())).current_dir(folder);
        let mut terminal = Terminal::of_size(40, 120, &command);
        terminal.send(&format!("{set_up}\r"));
        terminal.wait_until("the prompt", |screen| screen.trim_end().ends_with(PROMPT));
        Some(Shell { terminal })
    }

    /// Types a line with its Tabs, waits until the screen shows what it should, and takes the line away again.
    #[track_caller]
    fn shows(&mut self, line: &str, wanted: &[&str]) {
        self.terminal.send(line);
        for text in wanted {
            self.terminal.wait_for(text);
        }
        self.clear();
    }

    #[track_caller]
    fn clear(&mut self) {
        // Leaves fish's and zsh's list first, where one is open.
        self.terminal.send(CTRL_U);
        self.terminal.send(CTRL_L);
        self.terminal.wait_until("an empty line", |screen| screen.trim() == PROMPT);
    }

    fn leave(mut self) {
        self.terminal.send("exit 0\r");
        assert_eq!(self.terminal.end().code, 0);
    }
}

fn folder_of_program() -> PathBuf {
    Path::new(PROGRAM).parent().unwrap().to_owned()
}

#[test]
fn commands_options_and_values_are_completed_in_each_shell() {
    let home = Home::new();
    for shell in SHELLS {
        let Some(mut shell) = Shell::start(shell, &home.command(&[]), &folder_of_program()) else { continue };
        shell.shows("socialchat-cli conn\t", &["ready:socialchat-cli connect"]);
        shell.shows("socialchat-cli connect mess\t", &["socialchat-cli connect messenger"]);
        shell.shows("socialchat-cli channels list --kin\t", &["channels list --kind"]);
        shell.shows("socialchat-cli channels list --kind teleg\t", &["--kind telegram"]);
        shell.shows("socialchat-cli channels list --kind=teleg\t", &["--kind=telegram"]);
        shell.shows("socialchat-cli connect messenger --if-connected sk\t", &["--if-connected skip"]);
        shell.shows("socialchat-cli help exit\t", &["help exit-codes"]);
        shell.shows("true; socialchat-cli --json  connect   tele\t", &["connect telegram"]);
        // The global options, before and after the command.
        shell.shows("socialchat-cli --sandb\t", &["socialchat-cli --sandbox"]);
        shell.shows("socialchat-cli channels list --sandb\t", &["list --sandbox"]);
        shell.shows("socialchat-cli --color alw\t", &["--color always"]);
        shell.leave();
    }
}

#[test]
fn ids_profiles_and_pages_are_completed_in_each_shell() {
    let home = Home::new();
    std::fs::create_dir_all(home.config()).unwrap();
    std::fs::write(home.config().join("config.toml"), "[profile.agency-b]\n").unwrap();
    let served = Served::start(&home, &[]);
    let mut like = home.against(&served.api_url, &[]);
    like.env("SOCIALCHAT_TOKEN", token(&served, "messenger"));
    for shell in SHELLS {
        let Some(mut shell) = Shell::start(shell, &like, &folder_of_program()) else { continue };
        shell.shows("socialchat-cli --profile agen\t", &["--profile agency-b"]);
        shell.shows("socialchat-cli whoami --profile agen\t", &["--profile agency-b"]);
        shell.shows("socialchat-cli channels show 6a1cd9\t", &["show 6a1cd9cc5a4db00000000001"]);
        shell.shows(
            "socialchat-cli --sandbox reconnect instagram 6\t",
            &["instagram 6a1cd9cc5a4db00000000001"],
        );
        shell.shows(&format!("socialchat-cli connect messenger --page {}\t", &SENJA[..5]), &[SENJA]);
        // Several are listed with their names.
        shell.shows(
            "socialchat-cli channels show 6\t\t\t",
            &["Batik Sekar Arum", "6a1cd9cc5a4db00000000001", "webchat"],
        );
        shell.leave();
    }
}

#[test]
fn what_is_typed_goes_to_the_program_by_a_pipe_and_never_as_an_argument() {
    const SECRET: &str = "EAABcanary0123";
    let home = Home::new();
    let folder = home.dir.path().join("bin");
    std::fs::create_dir(&folder).unwrap();
    let stub = folder.join("socialchat-cli");
    let text =
        "#!/bin/sh\necho \"$@\" >>\"$HOME/arguments\"\ncat >>\"$HOME/typed\"\nprintf 'words\\nnext\\t\\n'\n";
    std::fs::write(&stub, text).unwrap();
    std::fs::set_permissions(&stub, std::fs::Permissions::from_mode(0o755)).unwrap();
    for shell in SHELLS {
        let Some(mut shell) = Shell::start(shell, &home.command(&[]), &folder) else { continue };
        shell.shows(&format!("socialchat-cli login --api-key {SECRET} ne\t"), &["next"]);
        shell.leave();
        let read = |name: &str| std::fs::read_to_string(home.dir.path().join(name)).unwrap();
        assert!(read("arguments").lines().all(|line| line == "__complete"), "{}", read("arguments"));
        assert!(read("typed").contains(&format!("login\0--api-key\0{SECRET}\0ne\0")), "{:?}", read("typed"));
        std::fs::remove_file(home.dir.path().join("typed")).unwrap();
    }
}

/// What a script is told of these words.
fn answer(mut command: Command, words: &[&str]) -> Run {
    command.arg("__complete").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let typed: String = words.iter().map(|word| format!("{word}\0")).collect();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    Run::from(child.wait_with_output().unwrap()).exits(0)
}

#[test]
fn an_api_that_hangs_or_fails_holds_up_nobody_and_says_nothing() {
    let home = Home::new();
    let hanging = FakeApi::start(|_| Reply::Hang);
    let begun = Instant::now();
    let run = answer(home.against(&hanging.url, &[]), &["channels", "show", ""]);
    // 1 s, and what a busy machine takes to start a process.
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("words\n", ""));
    assert_eq!(hanging.asked().len(), 1);

    let failing = FakeApi::start(|_| Reply::Json(500, "{}".to_owned()));
    assert_eq!(answer(home.against(&failing.url, &[]), &["disconnect", ""]).stdout, "words\n");
    // No credentials, no file that can be read, no sense.
    assert_eq!(answer(home.command(&[]), &["channels", "show", ""]).stdout, "words\n");
    std::fs::create_dir_all(home.config()).unwrap();
    std::fs::write(home.config().join("config.toml"), "[[[").unwrap();
    assert_eq!(answer(home.command(&[]), &["--profile", ""]).stdout, "words\n");
    assert_eq!(answer(home.command(&[]), &["no", "such", "command", ""]).stdout, "words\n");
}

#[test]
fn nobody_is_signed_in_and_nothing_is_changed_for_a_completion() {
    let home = Home::new();
    let api = FakeApi::start(|_| Reply::Json(200, r#"{"docs":[],"hasNextPage":false}"#.to_owned()));
    let run = answer(home.against(&api.url, &[]), &["connect", "messenger", "--page", ""]);
    assert_eq!(run.stdout, "words\n");
    assert!(api.asked().is_empty(), "without a token nothing tells the Pages");
    answer(home.against(&api.url, &[]), &["reconnect", "messenger", ""]);
    assert!(api.asked().iter().all(|asked| asked.method == "GET"));
    assert!(home.files().is_empty(), "{:?}", home.files().keys());
}

#[test]
fn names_from_outside_cannot_reach_the_terminal_as_commands() {
    let home = Home::new();
    let channel = r#"{"docs":[{"_id":"65b37833afe781e84afa001f","name":"A\u001b[31m\tB\nwords\nC","channelId":"1",
        "channelType":"messenger","isConnected":true}],"totalDocs":1,"limit":100,"page":1,"totalPages":1,
        "hasNextPage":false}"#;
    let api = FakeApi::start(move |_| Reply::Json(200, channel.to_owned()));
    let run = answer(home.against(&api.url, &[]), &["channels", "show", ""]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{:?}", run.stdout);
    assert!(lines[1].starts_with("65b37833afe781e84afa001f\tA"), "{:?}", run.stdout);
    assert!(!run.stdout.contains('\x1b') && lines[1].matches('\t').count() == 1, "{:?}", run.stdout);
}
