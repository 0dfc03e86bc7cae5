//! Man pages: where they go, what they hold, and that groff and mandoc find nothing to say about them.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::Home;

#[test]
fn man_pages_go_into_a_folder_one_for_each_command() {
    let home = Home::new();
    let run = home.run(&["man"]).exits(0);
    assert!(
        run.stdout.contains(".TH \"SOCIALCHAT-CLI\" \"1\""),
        "{}",
        &run.stdout[..200.min(run.stdout.len())]
    );
    let folder = home.dir.path().join("share/man/man1");
    let run = home.run(&["man", folder.to_str().unwrap()]).exits(0);
    assert_eq!(run.stdout, "");
    let mut pages: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    for page in ["socialchat-cli.1", "socialchat-cli-connect-messenger.1", "socialchat-cli-channels-list.1"] {
        assert!(pages.iter().any(|name| name == page), "{page}: {pages:?}");
    }
    let taken = home.dir.path().join("file");
    std::fs::write(&taken, "").unwrap();
    let run = home.run(&["man", taken.to_str().unwrap()]).exits(1);
    assert!(run.stderr.contains(taken.to_str().unwrap()), "{}", run.stderr);
}

/// All pages, in order.
fn pages(home: &Home) -> Vec<(PathBuf, String)> {
    let folder = home.dir.path().join("man1");
    home.run(&["man", folder.to_str().unwrap()]).exits(0);
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<_> =
        paths.map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect();
    pages.sort();
    assert!(pages.len() > 20, "{}", pages.len());
    pages
}

#[test]
fn each_page_has_the_sections_that_a_page_has() {
    let home = Home::new();
    for (path, page) in pages(&home) {
        for section in
            ["NAME", "SYNOPSIS", "DESCRIPTION", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES", "SEE ALSO"]
        {
            let is_there = page.lines().any(|line| {
                line.trim_matches('"') == format!(".SH {section}") || line == format!(".SH \"{section}\"")
            });
            assert!(is_there, "{}: {section}", path.display());
        }
        assert!(!page.contains(".SH EXTRA"), "{}", path.display());
        let is_main = path.ends_with("socialchat-cli.1");
        assert_eq!(page.contains("GLOBAL OPTIONS"), is_main, "{}", path.display());
        assert_eq!(page.contains("SOCIALCHAT_API_KEY"), is_main, "{}", path.display());
    }
}

#[test]
fn the_synopsis_names_each_options_value() {
    let home = Home::new();
    let page = home.run(&["man"]).exits(0).stdout;
    assert!(page.contains("[\\fIGLOBAL OPTION\\fR]... \\fICOMMAND"), "{page}");
    let (_, page) = pages(&home)
        .into_iter()
        .find(|(path, _)| path.ends_with("socialchat-cli-connect-messenger.1"))
        .unwrap();
    let (_, synopsis) = page.split_once("SYNOPSIS").unwrap();
    let synopsis = synopsis.split(".SH").next().unwrap();
    for part in
        ["\\-\\-page\\fR \\fIID_OR_NAME\\fR]...", "\\-\\-timeout\\fR \\fISECONDS\\fR]", "[\\fB\\-\\-all\\fR]"]
    {
        assert!(synopsis.contains(part), "{part}: {synopsis}");
    }
}

#[test]
fn man_with_json_is_a_document_too() {
    let home = Home::new();
    let page = home.run(&["man"]).exits(0).stdout;
    assert_eq!(home.run(&["--json", "man"]).exits(0).json(), json!({ "page": page }));
    let folder = home.dir.path().join("man1");
    let document = home.run(&["--json", "man", folder.to_str().unwrap()]).exits(0).json();
    assert_eq!(document["folder"], folder.to_str().unwrap());
    let told = document["pages"].as_array().unwrap();
    assert_eq!(told.len(), std::fs::read_dir(&folder).unwrap().count());
    assert!(told.contains(&json!("socialchat-cli-connect-messenger.1")), "{document}");
}

/// What a program says of a page; none where there is no such program, which CI on Linux doesn't accept.
fn said(program: &str, arguments: &[&str], page: &std::path::Path) -> Option<String> {
    let Ok(output) = Command::new(program).args(arguments).arg(page).stdin(Stdio::null()).output() else {
        let is_needed = cfg!(target_os = "linux") && std::env::var_os("CI").is_some();
        assert!(!is_needed, "this test needs {program}");
        return None;
    };
    Some(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn the_pages_are_laid_out_without_a_warning_and_their_headers_fit() {
    let home = Home::new();
    for (path, _) in pages(&home) {
        let warnings = said("groff", &["-man", "-Tutf8", "-ww", "-z"], &path).unwrap_or_default();
        assert_eq!(warnings, "", "{}", path.display());
        let warnings = said("mandoc", &["-Tlint", "-W", "warning"], &path).unwrap_or_default();
        // There is none on purpose: pages are the same whenever they are made.
        let left = warnings.lines().filter(|line| !line.contains("missing date"));
        assert_eq!(left.collect::<Vec<_>>(), Vec::<&str>::new(), "{}", path.display());
        if let Some(text) = said("groff", &["-man", "-Tutf8", "-rLL=78n"], &path) {
            let whole = path.file_stem().unwrap().to_str().unwrap().to_uppercase();
            // In 78 columns two names have room of 38 each, with a blank between and "(1)" behind.
            let short = whole.trim_start_matches("SOCIALCHAT-CLI-").to_owned();
            let name = if whole.len() > 35 { short } else { whole };
            let header: Vec<&str> = text.lines().next().unwrap().split_whitespace().collect();
            assert_eq!(header, [format!("{name}(1)"), format!("{name}(1)")], "{}", path.display());
        }
    }
}
