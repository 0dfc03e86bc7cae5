//! Draws docs/picture.svg from a real run: `cargo run --example picture > docs/picture.svg`
//!
//! Builds the program, runs it against its own sandbox in a pseudo-terminal, does at the consent page what a person
//! does there, ticks two Pages in the picker, and draws what the terminal shows: once while choosing, once at the end.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use vt100::{Cell, Color, Parser, Screen};

const COLUMNS: u16 = 80;
const ROWS: u16 = 24;
const TYPED: &str = "socialchat-cli --sandbox connect messenger";

/// The size of a cell, in the picture's units.
const WIDTH: f32 = 8.4;
const HEIGHT: f32 = 19.0;
const MARGIN: f32 = 16.0;
const TITLE: f32 = 30.0;

fn main() -> Result<()> {
    let (choosing, done) = run(&build()?)?;
    let first = drawn_rows(&choosing, 0);
    // The second window goes on where the picker stood. Its rows are one fewer: nothing was typed there.
    let question = first.iter().position(|row| row.text.contains("Which Pages")).context("no question")?;
    let rest = drawn_rows(&done, question - 1);
    print!("{}", svg(&[("Choosing, after the sign-in in the browser", &first), ("After Enter", &rest)]));
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

/// The screen while the picker is open, and the screen at the end.
fn run(program: &PathBuf) -> Result<(Screen, Screen)> {
    let home = tempfile::tempdir()?;
    let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
    let pty = native_pty_system().openpty(size)?;
    let mut command = CommandBuilder::new(program);
    command.args(TYPED.split(' ').skip(1));
    command.env_clear();
    command.env("HOME", home.path());
    command.env("SOCIALCHAT_CONFIG_DIR", home.path().join("config"));
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    // We are the browser, further down.
    command.env("BROWSER", "/bin/true");
    let mut child = pty.slave.spawn_command(command)?;
    drop(pty.slave);

    let terminal = Arc::new(Mutex::new(Parser::new(ROWS, COLUMNS, 0)));
    let (sink, mut reader) = (terminal.clone(), pty.master.try_clone_reader()?);
    let reading = thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = reader.read(&mut bytes) {
            sink.lock().unwrap_or_else(|error| error.into_inner()).process(&bytes[..count]);
        }
    });
    let screen = || terminal.lock().unwrap_or_else(|error| error.into_inner()).screen().clone();
    let wait_for = |text: &str| -> Result<Screen> {
        let begun = Instant::now();
        loop {
            let screen = screen();
            if screen.contents().contains(text) {
                return Ok(screen);
            }
            ensure!(begun.elapsed() < Duration::from_secs(20), "no {text:?}:\n{}", screen.contents());
            thread::sleep(Duration::from_millis(20));
        }
    };
    let mut keys = pty.master.take_writer()?;
    let mut press = |text: &str| keys.write_all(text.as_bytes()).and_then(|()| keys.flush());

    let waiting = wait_for("Waiting for the browser")?.contents();
    let address = waiting.lines().map(str::trim).find(|line| line.starts_with("http://"));
    let callback = request("POST", address.context("no authorize URL")?, "scope=all&decision=allow")?;
    let location = callback.lines().find_map(|line| line.strip_prefix("Location: "));
    request("GET", location.with_context(|| format!("no redirect: {callback}"))?, "")?;

    wait_for("that is all")?;
    press(" \x1b[B\x1b[B ")?;
    let choosing = wait_for("2 ticked")?;
    press("\r")?;
    let status = child.wait()?;
    ensure!(status.success(), "it ended with {status:?}:\n{}", screen().contents());
    let _ = reading.join();
    Ok((choosing, screen()))
}

/// One HTTP request; gives the answer's head and body as they came.
fn request(method: &str, url: &str, body: &str) -> Result<String> {
    let rest = url.trim().strip_prefix("http://").context("not http")?;
    let Some((host, path)) = rest.split_once('/') else { bail!("no path in {url}") };
    let mut stream = TcpStream::connect(host)?;
    let length = body.len();
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
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

/// The rows from `from` to the last that holds something; the first row of all is the command as typed.
fn drawn_rows(screen: &Screen, from: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = (0..ROWS).map(|row| drawn_row(screen, row)).skip(from).collect();
    while rows.last().is_some_and(|row| row.text.trim().is_empty()) {
        rows.pop();
    }
    if from == 0 {
        let prompt = Run { column: 0, columns: 1, text: "$".to_owned(), class: "d".to_owned() };
        let length = TYPED.len().try_into().unwrap_or(COLUMNS);
        let typed = Run { column: 2, columns: length, text: TYPED.to_owned(), class: "b".to_owned() };
        rows.insert(0, Row { text: TYPED.to_owned(), runs: vec![prompt, typed] });
    }
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
        escaped(TYPED)
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
