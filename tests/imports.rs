//! Who may import whom: the layers of CONTRIBUTING.md, read from the paths in the code. Tests may import anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A module of the crate's root, and what it may import. All may import `types`.
const MAY: &[(&str, &[&str])] = &[
    ("main", &["cli", "context", "commands", "environment", "error", "hint", "words"]),
    ("cli", &[]),
    ("context", &["cli", "environment", "failure", "finding", "hint", "platform", "store"]),
    (
        "commands",
        &[
            "cli",
            "context",
            "environment",
            "failure",
            "finding",
            "flow",
            "platform",
            "qr",
            "sandbox",
            "store",
            "ui",
        ],
    ),
    ("environment", &["failure"]),
    ("error", &["borrowed", "failure", "hint", "platform", "sandbox", "store", "words"]),
    ("failure", &["borrowed", "interrupt", "platform"]),
    ("finding", &["files", "store"]),
    ("hint", &["borrowed", "environment", "failure", "platform"]),
    (
        "words",
        &[
            "borrowed",
            "failure",
            "files",
            "finding",
            "hint",
            "http",
            "interrupt",
            "loopback",
            "platform",
            "sandbox",
            "store",
        ],
    ),
    ("interrupt", &["borrowed"]),
    ("borrowed", &[]),
    ("flow", &["borrowed", "failure", "interrupt", "loopback", "platform", "store", "ui"]),
    ("platform", &["http"]),
    ("http", &[]),
    ("loopback", &["serve"]),
    ("ui", &["words"]),
    ("store", &["files"]),
    ("sandbox", &["files", "qr", "serve"]),
    ("qr", &[]),
    ("serve", &[]),
    ("files", &[]),
    ("types", &[]),
];

/// What is imported all the same, and until when.
const STILL: &[(&str, &str, &str)] = &[
    ("main", "borrowed", "main itself puts back what was borrowed when a command ends"),
    ("main", "failure", "main itself looks whether a signal ended the command"),
    ("main", "flow", "main itself kills the commands of a watch that a second signal ends"),
    ("main", "interrupt", "main itself waits for signals"),
    ("main", "ui", "main itself shows the report"),
    ("cli", "sandbox", "faults, generation and the like are parsed by the sandbox that has them"),
    ("context", "flow", "the account that a flow works on is a type of the flows"),
    ("context", "interrupt", "an account carries the interrupt to the flows"),
    ("context", "sandbox", "the embedded one is started where the API's address is looked up"),
    ("context", "ui", "it holds the terminal for the commands, and shows what the API client does"),
    ("commands", "error", "the results of several are reported one by one"),
    ("commands", "files", "the QR code and the man pages are written by the commands themselves"),
];

/// What names one platform rather than `platform`: flows that one platform alone has.
const NAME_ONE: &[&str] = &["flow"];

/// The code of a file, by the module it is: `src/store/config/reader.rs` is `store::config::reader`.
fn sources() -> Vec<(Vec<String>, String)> {
    fn read(folder: &Path, module: &[String], found: &mut Vec<(Vec<String>, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let mut module = module.to_vec();
            if name != "mod" {
                module.push(name.clone());
            }
            if name == "tests" {
                continue;
            } else if path.is_dir() {
                read(&path, &module, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((module, code(&fs::read_to_string(&path).unwrap())));
            }
        }
    }
    let mut found = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &[], &mut found);
    found
}

/// Without comments and without the tests, which stand last.
fn code(text: &str) -> String {
    let text = text.split("\nmod tests {").next().unwrap_or_default();
    let lines = text.lines().map(|line| match line.trim_start().starts_with("//") {
        true => "",
        false => line.split(" // ").next().unwrap_or_default(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The paths from the crate's root that the code of a module names: of `crate::ui::Ui`, `ui::Ui`.
fn paths(module: &[String], code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut words = Vec::new();
    let mut rest = code;
    // Words that are joined by `::` are a path; so is each member of a group behind one.
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut groups: Vec<Vec<String>> = Vec::new();
    while let Some(c) = rest.chars().next() {
        if is_word(c) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            words.push(rest[..length].to_owned());
            rest = &rest[length..];
            if !rest.starts_with("::") {
                end(module, groups.last(), &mut words, &mut found);
            }
        } else if let Some(after) = rest.strip_prefix("::{") {
            groups.push([groups.last().cloned().unwrap_or_default(), std::mem::take(&mut words)].concat());
            rest = after;
        } else if let Some(after) = rest.strip_prefix("::") {
            rest = after;
        } else {
            match c {
                // A block: nothing in it stands behind a path.
                '{' => groups.push(Vec::new()),
                '}' => drop(groups.pop()),
                _ => {}
            }
            end(module, groups.last(), &mut words, &mut found);
            rest = &rest[c.len_utf8()..];
        }
    }
    found
}

/// Takes in a path that has ended, where it leads from the crate's root or upwards.
fn end(
    module: &[String],
    group: Option<&Vec<String>>,
    words: &mut Vec<String>,
    found: &mut BTreeSet<String>,
) {
    if words.is_empty() {
        return;
    }
    let path = [group.cloned().unwrap_or_default(), std::mem::take(words)].concat();
    let ups = path.iter().take_while(|word| *word == "super").count();
    let is_main = module == ["main"];
    let path = match path[0].as_str() {
        "crate" => path[1..].to_vec(),
        "super" if ups <= module.len() => [&module[..module.len() - ups], &path[ups..]].concat(),
        // Modules of the root are in scope there.
        _ if is_main && path.len() > 1 => path,
        _ => return,
    };
    if !path.is_empty() {
        found.insert(path.join("::"));
    }
}

/// Which others each module of a folder imports; the folder is empty for the root, and else ends with `::`.
fn graph(folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    fn first<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
        path.strip_prefix(folder)?.split("::").next()
    }
    let sources: Vec<_> =
        sources().into_iter().map(|(module, code)| (module.join("::"), module, code)).collect();
    let names: BTreeSet<&str> = sources.iter().filter_map(|(path, ..)| first(path, folder)).collect();
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, module, code) in &sources {
        let Some(name) = first(path, folder) else { continue };
        let imported = graph.entry(name.to_owned()).or_default();
        let named = paths(module, code);
        let named = named.iter().filter_map(|path| first(path, folder));
        imported.extend(named.filter(|named| *named != name && names.contains(named)).map(str::to_owned));
    }
    graph
}

#[test]
fn each_layer_imports_what_it_may_and_nothing_else() {
    let may: BTreeMap<_, _> = MAY.iter().copied().collect();
    let mut still: BTreeSet<_> = STILL.iter().map(|(from, to, _)| (*from, *to)).collect();
    let graph = graph("");
    for (from, imported) in &graph {
        let Some(allowed) = may.get(from.as_str()) else { panic!("MAY has no line for src/{from}") };
        for to in imported {
            let is_allowed = to == "types" || allowed.contains(&to.as_str());
            assert!(is_allowed || still.remove(&(from.as_str(), to.as_str())), "{from} must not import {to}");
        }
    }
    assert!(still.is_empty(), "mended, so no exceptions any more: {still:?}");
    assert!(graph["commands"].len() > 5 && graph["main"].contains("cli"), "{graph:?}");
}

#[test]
fn no_imports_go_in_a_circle() {
    for folder in ["", "sandbox::", "sandbox::state::", "sandbox::unifiedbeez::", "serve::", "loopback::"] {
        let mut graph = graph(folder);
        assert!(graph.len() > 2, "{folder}: {graph:?}");
        // Whoever imports nothing that is left is in no circle.
        while let Some(free) = graph
            .iter()
            .find(|(_, to)| to.iter().all(|to| !graph.contains_key(to)))
            .map(|(from, _)| from.clone())
        {
            graph.remove(&free);
        }
        assert!(graph.is_empty(), "a circle is among these of {folder}: {graph:?}");
    }
}

#[test]
fn one_platform_knows_no_other_and_the_rest_names_none() {
    let mut still: BTreeSet<_> = NAME_ONE.iter().copied().collect();
    let sources = sources();
    let platforms: BTreeSet<&String> = sources
        .iter()
        .filter(|(module, _)| module[0] == "platform")
        .filter_map(|(module, _)| module.get(1))
        // An ability holds the client that has it; Meta's Graph API is no platform, and stands beside them.
        .filter(|name| !["ways", "meta"].contains(&name.as_str()))
        .collect();
    assert!(platforms.contains(&"socialchat".to_owned()), "{platforms:?}");
    for (module, code) in &sources {
        for path in paths(module, code) {
            let one = path.strip_prefix("platform::").and_then(|path| path.split("::").next());
            let Some(one) = one.filter(|one| platforms.contains(&(*one).to_owned())) else { continue };
            match module[0].as_str() {
                "platform" => {
                    let may = module.len() == 1 || module[1] == "ways" || module[1] == one;
                    assert!(may, "{} names {one}", module.join("::"));
                }
                other => {
                    assert!(NAME_ONE.contains(&other), "{} names {one}", module.join("::"));
                    still.remove(other);
                }
            }
        }
    }
    assert!(still.is_empty(), "mended, so no exceptions any more: {still:?}");
}

#[test]
fn http_alone_names_reqwest() {
    let naming: BTreeSet<String> = sources()
        .into_iter()
        .filter(|(_, code)| code.contains("reqwest"))
        .map(|(module, _)| module[0].clone())
        .collect();
    assert_eq!(naming, BTreeSet::from(["http".to_owned()]));
}

#[test]
fn imports_are_found_however_they_are_written() {
    let found = |module: &[&str], text: &str| {
        let module: Vec<String> = module.iter().map(|name| (*name).to_owned()).collect();
        paths(&module, &code(text)).into_iter().collect::<Vec<_>>()
    };
    let text = "use crate::{ui::{self, Ui}, store};\nuse super::super::flow::x;\nuse super::near;\nfn f() -> crate::api::Y {\n    g(\"x\")\n}\n// crate::a\nlet x = 1; // crate::b\n#[cfg(test)]\nmod tests {\n    use crate::c;";
    assert_eq!(found(&["a", "b"], text), ["a::near", "api::Y", "flow::x", "store", "ui::Ui", "ui::self"]);
    assert_eq!(found(&["main"], "use ui::Ui;\nlet x = commands::run(y);"), ["commands::run", "ui::Ui"]);
}
