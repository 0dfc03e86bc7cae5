//! Draws docs/picture.svg from a real run: `cargo run --example picture > docs/picture.svg`
//!
//! Builds the program, runs it against its own sandbox in a pseudo-terminal, and draws what the terminal shows.

use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, ensure};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use vt100::{Cell, Color, Parser, Screen};

const COLUMNS: u16 = 80;
const ROWS: u16 = 24;
/// What is typed, a window each.
const TYPED: [(&str, &str); 3] = [
    ("Find what is disconnected", "socialchat-cli --sandbox channels list --disconnected"),
    ("One sign-in reconnects all of it", "socialchat-cli --sandbox --yes reconnect messenger --disconnected"),
    ("Check again", "socialchat-cli --sandbox channels watch --once"),
];
/// What the sandbox holds before it.
const PREPARED: &str = "sandbox reset --pages 30 --channels 24 --disconnected 5";

/// The size of a cell, in the picture's units.
const WIDTH: f32 = 8.4;
const HEIGHT: f32 = 19.0;
const MARGIN: f32 = 16.0;
const TITLE: f32 = 30.0;

fn main() -> Result<()> {
    let (program, home) = (build()?, tempfile::tempdir()?);
    let prepared = Command::new(&program)
        .args(PREPARED.split(' '))
        .env_clear()
        .env("HOME", home.path())
        .env("SOCIALCHAT_CONFIG_DIR", home.path().join("config"))
        .output()?;
    ensure!(prepared.status.success(), "{}", String::from_utf8_lossy(&prepared.stderr));
    let mut windows = Vec::new();
    for (title, typed) in TYPED {
        let screen = run(&program, home.path(), typed)?;
        windows.push((title, drawn_rows(&screen, typed)));
    }
    let windows: Vec<(&str, &[Row])> = windows.iter().map(|(title, rows)| (*title, &rows[..])).collect();
    print!("{}", svg(&windows));
    Ok(())
}

/// Builds the program, and says where it is: beside the folder of the examples.
fn build() -> Result<PathBuf> {
    let status =
        Command::new(env!("CARGO")).args(["build", "--quiet"]).status().context("could not start cargo")?;
    ensure!(status.success(), "cargo build failed");
    let examples = std::env::current_exe()?;
    let folder = examples.parent().and_then(|folder| folder.parent()).context("no target folder")?;
    Ok(folder.join("socialchat-cli").with_extension(std::env::consts::EXE_EXTENSION))
}

/// The screen at the end of what is typed.
fn run(program: &Path, home: &Path, typed: &str) -> Result<Screen> {
    let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
    let pty = native_pty_system().openpty(size)?;
    let mut command = CommandBuilder::new(program);
    command.args(typed.split(' ').skip(1));
    command.env_clear();
    command.env("HOME", home);
    command.env("SOCIALCHAT_CONFIG_DIR", home.join("config"));
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    let mut child = pty.slave.spawn_command(command)?;
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader()?;
    let reading = thread::spawn(move || {
        let (mut terminal, mut bytes) = (Parser::new(ROWS, COLUMNS, 0), [0; 4096]);
        while let Ok(count @ 1..) = reader.read(&mut bytes) {
            terminal.process(&bytes[..count]);
        }
        terminal.screen().clone()
    });
    let status = child.wait()?;
    drop(pty.master);
    let screen = reading.join().map_err(|_| anyhow::anyhow!("the terminal can't be read"))?;
    ensure!(status.success(), "{typed} ended with {status:?}:\n{}", screen.contents());
    Ok(screen)
}

/// A line of the picture: runs of cells that look alike.
struct Row {
    text: String,
    runs: Vec<Run>,
}

struct Run {
    column: u16,
    columns: u16,
    text: String,
    class: String,
}

/// The command as typed, and the rows to the last that holds something.
fn drawn_rows(screen: &Screen, typed: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = (0..ROWS).map(|row| drawn_row(screen, row)).collect();
    while rows.last().is_some_and(|row| row.text.trim().is_empty()) {
        rows.pop();
    }
    let prompt = Run { column: 0, columns: 1, text: "$".to_owned(), class: "d".to_owned() };
    let length = typed.len().try_into().unwrap_or(COLUMNS);
    let command = Run { column: 2, columns: length, text: typed.to_owned(), class: "b".to_owned() };
    rows.insert(0, Row { text: typed.to_owned(), runs: vec![prompt, command] });
    rows
}

fn drawn_row(screen: &Screen, row: u16) -> Row {
    let mut runs: Vec<Run> = Vec::new();
    let mut text = String::new();
    for column in 0..COLUMNS {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else {
            continue;
        };
        let contents = if cell.has_contents() { cell.contents() } else { " " };
        text.push_str(contents);
        let (class, columns) = (class(cell), if cell.is_wide() { 2 } else { 1 });
        match runs.last_mut() {
            // A wide character keeps a run of its own: fonts disagree about its width. So does what stands behind
            // several spaces: viewers make one of them.
            Some(run)
                if run.class == class
                    && run.text.is_ascii()
                    && contents.is_ascii()
                    && (contents == " " || !run.text.ends_with("  ")) =>
            {
                run.text.push_str(contents);
                run.columns += 1;
            }
            _ => runs.push(Run { column, columns, text: contents.to_owned(), class }),
        }
    }
    for run in &mut runs {
        let spaces = run.text.len() - run.text.trim_start().len();
        run.column += spaces as u16;
        run.text = run.text.trim().to_owned();
        run.columns = if run.text.is_ascii() { run.text.len() as u16 } else { run.columns };
    }
    runs.retain(|run| !run.text.is_empty());
    Row { text, runs }
}

/// The style's name in the picture's style sheet.
fn class(cell: &Cell) -> String {
    let color = match cell.fgcolor() {
        Color::Idx(index @ 0..=15) => format!("c{} ", index % 8),
        _ => String::new(),
    };
    let mut class = color;
    class.push_str(if cell.bold() { "b " } else { "" });
    class.push_str(if cell.dim() { "d " } else { "" });
    class.push_str(if cell.inverse() { "i " } else { "" });
    class.trim_end().to_owned()
}

fn svg(windows: &[(&str, &[Row])]) -> String {
    let width = f32::from(COLUMNS) * WIDTH + 2.0 * MARGIN;
    let heights: Vec<f32> =
        windows.iter().map(|(_, rows)| TITLE + MARGIN + rows.len() as f32 * HEIGHT).collect();
    let total = heights.iter().sum::<f32>() + MARGIN * (windows.len() - 1) as f32;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {total:.0}\" width=\"{width:.0}\" \
         height=\"{total:.0}\" role=\"img\" aria-label=\"{}\">\n<style>{STYLE}</style>\n",
        "Disconnected channels are found, reconnected with one sign-in, and checked"
    );
    let mut top = 0.0;
    for ((title, rows), height) in windows.iter().zip(&heights) {
        let _ = writeln!(out, "<g transform=\"translate(0 {top:.1})\">");
        let _ = writeln!(
            out,
            "<rect class=\"w\" x=\".5\" y=\".5\" width=\"{:.0}\" height=\"{:.0}\" rx=\"8\"/>",
            width - 1.0,
            height - 1.0
        );
        let _ = writeln!(
            out,
            "<text class=\"t\" x=\"{:.0}\" y=\"20\" text-anchor=\"middle\">{}</text>",
            width / 2.0,
            escaped(title)
        );
        for (index, row) in rows.iter().enumerate() {
            let y = TITLE + (index as f32 + 0.75) * HEIGHT;
            for run in &row.runs {
                let _ = writeln!(
                    out,
                    "<text class=\"{}\" x=\"{:.1}\" y=\"{y:.1}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\">\
                     {}</text>",
                    run.class,
                    MARGIN + f32::from(run.column) * WIDTH,
                    f32::from(run.columns) * WIDTH,
                    escaped(&run.text)
                );
            }
        }
        let _ = writeln!(out, "</g>");
        top += height + MARGIN;
    }
    out.push_str("</svg>\n");
    out
}

/// A dark window with an edge: it stands out from a white page and from a black one.
const STYLE: &str = "\
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#e6edf3}\
.w{fill:#161b22;stroke:#6e7681}.t{font-size:12px;fill:#9198a1}.b{font-weight:600}.d{fill:#9198a1}\
.c1{fill:#ff7b72}.c2{fill:#3fb950}.c3{fill:#d29922}.c4{fill:#58a6ff}.c5{fill:#bc8cff}.c6{fill:#39c5cf}";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
