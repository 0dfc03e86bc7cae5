//! The examples of docs/faults.md and docs/many-channels.md, run as they stand there.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::estate::Estate;
use crate::support::{Home, PROGRAM, Run, Served};
use crate::{Block, blocks, document};

/// The code in that language below a heading of a document in docs/.
#[track_caller]
fn block(name: &str, heading: &str, language: &str) -> String {
    let is_it = |block: &Block| block.heading == heading && block.language == language;
    let found = blocks(&document(&format!("docs/{name}"))).into_iter().find(is_it);
    found.unwrap_or_else(|| panic!("{name}: no {language} under {heading}")).code
}

/// A folder in which the program has its name, as after an installation.
fn installed(home: &Home) -> PathBuf {
    let folder = home.dir.path().join("bin");
    std::fs::create_dir_all(&folder).unwrap();
    let link = folder.join("socialchat-cli");
    if !link.exists() {
        std::os::unix::fs::symlink(PROGRAM, link).unwrap();
    }
    folder
}

/// Runs a script in the environment of a command.
fn shell(home: &Home, environment: &Command, script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-eu", "-c", script]).env_clear().current_dir(home.dir.path());
    for (name, value) in environment.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(installed(home)).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(folders).unwrap());
    command
}

#[test]
fn the_worked_examples_of_faults_print_what_the_page_says() {
    let all = blocks(&document("docs/faults.md"));
    let paste_first = block("faults.md", "Three worked examples", "sh");
    let start = all.iter().position(|block| block.heading == "The plan is full").unwrap();
    let examples: Vec<_> = all[start..].chunks(2).collect();
    assert_eq!(examples.len(), 3);
    for example in examples {
        let [Block { heading, language: sh, code: script }, says] = example else { panic!("{example:?}") };
        assert_eq!((sh.as_str(), says.language.as_str()), ("sh", "text"), "{heading}");
        let home = Home::new();
        let run = Run::of(shell(&home, &home.command(&[]), &format!("{paste_first}\n{script}")));
        assert_eq!(run.stdout, says.code, "{heading}: {}", run.stderr);
        assert_eq!(run.code, Some(0), "{heading}: {}", run.stderr);
    }
}

#[test]
fn the_page_names_every_fault_that_the_parser_takes() {
    let table = document("docs/faults.md");
    let home = Home::new();
    let mut command = home.command(&["sandbox", "serve", "--fault", "GET /a=nonsense"]);
    let run = Run::from(command.output().unwrap()).exits(2);
    // "it is no status (200 to 599), reset, hang, lost or slow:MS"
    for word in ["200 to 599", "reset", "hang", "lost", "slow:MS"] {
        assert!(run.stderr.contains(word) && table.contains(word), "{word}");
    }
}

#[test]
fn the_list_of_each_platform_is_where_the_page_says() {
    let page = document("docs/faults.md");
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split("` | `");
        let (platform, list) = (cells.next()?, cells.next()?);
        list.starts_with("GET /").then(|| (platform.to_owned(), list.to_owned()))
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), 4, "{rows:?}");
    for (platform, list) in rows {
        let home = Home::new();
        let served = Served::start(&home, &["--platform", &platform, "--fault", &format!("{list}=418")]);
        let mut command =
            home.against(&served.api_url, &["--platform", &platform, "--json", "channels", "list"]);
        command.envs([
            ("UNIFIEDBEEZ_SESSION", "sandbox-session"),
            ("QONTAK_CLIENT_ID", "sandbox-client"),
            ("QONTAK_CLIENT_SECRET", "sandbox-client-secret"),
            ("TENDARTS_API_TOKEN", "sandbox-api-token"),
        ]);
        let run = Run::of(command).exits(1);
        assert_eq!(run.error()["status"], 418, "{platform}: {}", run.stderr);
    }
}

/// An estate of which 24 have come loose, and the environment of a job with a token.
fn estate() -> (Estate, Command) {
    let estate = Estate::new("2026", 40, 32, 24, &[]);
    let mut environment = estate.command(&[]);
    environment.env("SOCIALCHAT_TOKEN", estate.token());
    (estate, environment)
}

#[track_caller]
fn all_mended_once(estate: &Estate) {
    let posts: BTreeMap<String, usize> = estate.requests("POST").into_iter().collect();
    assert_eq!(posts.len(), 24, "{posts:?}");
    assert!(posts.values().all(|times| *times == 1), "{posts:?}");
    assert!(estate.channels().iter().all(|channel| channel["isConnected"] == true));
}

#[test]
fn the_commands_of_see_and_mend_do_what_they_are_said_to() {
    let (estate, environment) = estate();
    let cron = block("many-channels.md", "Find them", "crontab");
    let cron = cron.trim().splitn(6, ' ').nth(5).unwrap();
    let run = |script: &str| Run::of(shell(&estate.home, &environment, script));
    assert_eq!(run(&block("many-channels.md", "Find them", "sh")).exits(0).stdout.lines().count(), 25);
    assert_eq!(run(cron).exits(5).stdout.lines().count(), 24);
    run(&block("many-channels.md", "Reconnect them", "sh")).exits(0);
    all_mended_once(&estate);
    let run = run(cron).exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""), "no mail while all are connected");
}

#[test]
fn the_commands_that_wait_or_go_on_are_spelt_as_the_program_has_them() {
    for (heading, command) in [("Find them", "channels watch"), ("Resume", "reconnect messenger --resume")] {
        let text = block("many-channels.md", heading, "text");
        assert!(text.starts_with(&format!("socialchat-cli {command}")), "{text}");
        let (estate, environment) = estate();
        let once = if heading == "Find them" { format!("{} --once", text.trim()) } else { text };
        let run = Run::of(shell(&estate.home, &environment, &once));
        assert_eq!(run.code, Some(if heading == "Find them" { 5 } else { 2 }), "{}", run.stderr);
        if heading == "Find them" {
            let changes = std::fs::read_to_string(estate.home.dir.path().join("changes.jsonl")).unwrap();
            assert_eq!(changes.lines().filter(|line| line.starts_with('{')).count(), 24);
        } else {
            assert!(run.stderr.contains("no unfinished run"), "{}", run.stderr);
        }
    }
}

#[test]
fn the_shares_of_github_actions_mend_everything_once() {
    let (estate, environment) = estate();
    let workflow: Value =
        serde_saphyr::from_str(&block("many-channels.md", "GitHub Actions", "yaml")).unwrap();
    let job = &workflow["jobs"]["reconnect"];
    assert_eq!(job["env"]["SHARD"], "${{ matrix.shard }}");
    let script = job["steps"][0]["run"].as_str().unwrap();
    for shard in job["strategy"]["matrix"]["shard"].as_array().unwrap() {
        let mut command = shell(&estate.home, &environment, script);
        command.env("SHARD", shard.to_string());
        Run::of(command).exits(0);
    }
    all_mended_once(&estate);
}

#[test]
fn the_shares_of_kubernetes_mend_everything_once() {
    let (estate, environment) = estate();
    let job: Value = serde_saphyr::from_str(&block("many-channels.md", "Kubernetes", "yaml")).unwrap();
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    let words: Vec<&str> =
        container["command"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    let ["sh", "-c", script] = words[..] else { panic!("{words:?}") };
    for index in 0..job["spec"]["completions"].as_u64().unwrap() {
        let mut command = shell(&estate.home, &environment, script);
        command.env("JOB_COMPLETION_INDEX", index.to_string());
        Run::of(command).exits(0);
    }
    all_mended_once(&estate);
}

#[test]
fn the_shares_of_one_machine_mend_everything_once() {
    let (estate, environment) = estate();
    Run::of(shell(&estate.home, &environment, &block("many-channels.md", "On one machine", "sh"))).exits(0);
    all_mended_once(&estate);
    let files = (1..=3).map(|share| estate.home.dir.path().join(format!("share-{share}.txt")));
    let lines: usize = files.map(|file| std::fs::read_to_string(file).unwrap().lines().count() - 1).sum();
    assert_eq!(lines, 24);
}
