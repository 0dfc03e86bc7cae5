//! connect whatsapp: the QR code goes into the terminal or into a file, and a phone scans it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use super::create::{NAME, named, would_connect};
use super::missing::{Missing, all_or_asked};
use super::results::show_of;
use crate::cli::ConnectWhatsapp;
use crate::context::Context;
use crate::failure::{Doing, Failure, Question, Usage};
use crate::files::put::{Readers, put};
use crate::flow::{self, Done, Partner, QrSink};
use crate::qr;
use crate::types::ChannelKind;
use crate::ui::browser::{self, Surroundings};
use crate::ui::{Drawing, QrScreen, Ui};

const PHONE: Missing = Missing { option: "--phone NUMBER", label: "Phone number, such as 081234567890" };

/// Connects a WhatsApp number.
pub async fn connect(context: &Context, args: ConnectWhatsapp) -> Result<()> {
    let ui = &context.ui;
    all_or_asked(context, &[(NAME, args.name.is_some()), (PHONE, args.phone.is_some())])?;
    let name = NAME.or_ask(context, args.name.as_deref(), named).await?;
    let phone = PHONE.or_ask(context, args.phone.as_deref(), phone).await?;
    if args.dry_run.is_on {
        return would_connect(context, &ChannelKind::WhatsappUnofficial, &name, Some(&phone));
    }
    if args.qr_file.is_none() && !ui.interactive() {
        return Err(Failure::NoInput(Question::QrCode).into());
    }
    let account = super::creating(context, &ChannelKind::WhatsappUnofficial).await?;
    let time_limit = Duration::from_secs(args.timeout);
    let done = match &args.qr_file {
        Some(path) => {
            let mut file = ToFile::new(ui, path);
            flow::connect_whatsapp(&account, ui, &name, &phone, time_limit, &mut file).await?
        }
        None => {
            let mut terminal = ToTerminal::new(ui);
            flow::connect_whatsapp(&account, ui, &name, &phone, time_limit, &mut terminal).await?
        }
    };
    show_of(context, Some(&ChannelKind::WhatsappUnofficial), false, vec![done])
}

/// Links a phone, whose code is drawn into the terminal.
pub async fn link(
    context: &Context,
    account: &Partner,
    name: &str,
    number: &str,
    time_limit: Duration,
) -> Result<Done> {
    let (name, phone) = (named(name)?, phone(number)?);
    let mut terminal = ToTerminal::new(&context.ui);
    flow::connect_whatsapp(account, &context.ui, &name, &phone, time_limit, &mut terminal).await
}

/// The number as the API documents it, `081234567890`: blanks, dashes and brackets go, +62 becomes 0. Numbers of other
/// countries keep their `+`.
fn phone(text: &str) -> Result<String> {
    let kept: String =
        text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '\u{a0}')).collect();
    let digits = kept.strip_prefix('+').unwrap_or(&kept);
    if !(9..=15).contains(&digits.len()) || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return Err(Failure::Usage(Usage::Phone { typed: text.to_owned() }).into());
    }
    Ok(match digits.strip_prefix("62") {
        Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
        None => kept,
    })
}

/// Draws into the terminal; where it has no room, into a file that is shown by the desktop.
struct ToTerminal<'a> {
    ui: &'a Ui,
    screen: Option<QrScreen<'a>>,
    read: Option<(String, Option<qr::Code>)>,
    picture: Option<Picture>,
}

/// A picture in a folder of its own, which goes with it: nobody else reads it or puts another in its place.
struct Picture {
    path: PathBuf,
    /// Which code it shows.
    shows: String,
    _folder: TempDir,
}

impl<'a> ToTerminal<'a> {
    fn new(ui: &'a Ui) -> Self {
        ToTerminal { ui, screen: None, read: None, picture: None }
    }

    /// Keeps the picture of that code in the file. The first time the desktop is asked to show it; viewers notice for
    /// themselves when it changes.
    fn picture(&mut self, qrcode: &str, bytes: impl FnOnce() -> Result<Vec<u8>>) -> Result<PathBuf> {
        if let Some(picture) = &mut self.picture {
            if picture.shows != qrcode {
                save(&picture.path, &bytes()?)?;
                qrcode.clone_into(&mut picture.shows);
            }
            return Ok(picture.path.clone());
        }
        let folder = own_folder(&std::env::temp_dir())?;
        let path = folder.path().join("whatsapp-qr.png");
        save(&path, &bytes()?)?;
        self.picture = Some(Picture { path: path.clone(), shows: qrcode.to_owned(), _folder: folder });
        view(self.ui, &path);
        Ok(path)
    }
}

/// A folder that nobody else reads, there.
fn own_folder(there: &Path) -> Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("socialchat-cli-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(there).with_context(|| Doing::MakingFolder(there.to_owned()))
}

/// Has the desktop show a picture, where there is one.
fn view(ui: &Ui, path: &Path) {
    if browser::surroundings() != Surroundings::Desktop {
        return;
    }
    let (ui, path) = (ui.clone(), path.display().to_string());
    tokio::spawn(async move {
        if browser::open(&path).await.is_err() {
            ui.warn(&format!("can't open a picture viewer; open {path} yourself"));
        }
    });
}

impl QrSink for ToTerminal<'_> {
    fn show(&mut self, qrcode: &str, left: Duration) -> Result<()> {
        let is_new = self.read.as_ref().is_none_or(|(text, _)| text != qrcode);
        if is_new {
            let code = qr::read(qrcode);
            if let Err(error) = &code {
                self.screen = None;
                let kept = match qr::known_picture(qrcode) {
                    Some((bytes, format)) => Some((self.picture(qrcode, || Ok(bytes))?, format)),
                    None => None,
                };
                warn_of_unread(
                    self.ui,
                    qrcode,
                    error,
                    kept.as_ref().map(|(path, format)| (&**path, *format)),
                );
            }
            self.read = Some((qrcode.to_owned(), code.ok()));
        }
        let Some((_, Some(code))) = &self.read else { return Ok(()) };
        let left =
            format!("Refreshes automatically · {}:{:02} left", left.as_secs() / 60, left.as_secs() % 60);
        let caption = format!("Scan it in WhatsApp: Settings, Linked devices.\n{left}");
        let screen = self.screen.get_or_insert_with(|| self.ui.qr_screen());
        let drawing = screen.draw(&code.modules, code.width, &caption);
        if drawing == Drawing::Done {
            return Ok(());
        }
        let (png, is_first) = (code.png(), self.picture.is_none());
        let path = self.picture(qrcode, || png)?;
        match drawing {
            Drawing::TooSmall { columns, rows } => {
                let text = format!(
                    "This terminal is too small for the QR code, which needs {columns} columns and {rows} rows. Make it \
                     larger, or scan the code in WhatsApp (Settings, Linked devices) from this picture:\n{}\n{left}",
                    path.display()
                );
                self.screen.iter().for_each(|screen| screen.draw_text(&text));
            }
            Drawing::Impossible if is_first => self.ui.warn(&format!(
                "this terminal can't show the QR code; scan it in WhatsApp (Settings, Linked devices) from {}",
                path.display()
            )),
            Drawing::Impossible | Drawing::Done => {}
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.screen = None;
        self.read = None;
    }
}

/// Writes a PNG file, anew for each code.
struct ToFile<'a> {
    ui: &'a Ui,
    path: &'a Path,
    /// What came last.
    seen: Option<String>,
    is_written: bool,
}

impl<'a> ToFile<'a> {
    /// Replaces that file.
    fn new(ui: &'a Ui, path: &'a Path) -> Self {
        ToFile { ui, path, seen: None, is_written: false }
    }
}

impl QrSink for ToFile<'_> {
    fn show(&mut self, qrcode: &str, _left: Duration) -> Result<()> {
        if self.seen.as_deref() == Some(qrcode) {
            return Ok(());
        }
        match qr::read(qrcode) {
            Ok(code) => {
                save(self.path, &code.png()?)?;
                let word = if self.is_written { "renewed" } else { "written" };
                self.ui.say(&format!("The QR code is {word}: {}", self.path.display()));
                self.is_written = true;
            }
            Err(error) => {
                let picture = qr::known_picture(qrcode);
                if let Some((bytes, _)) = &picture {
                    save(self.path, bytes)?;
                }
                let kept = picture.map(|(_, format)| (self.path, format));
                warn_of_unread(self.ui, qrcode, &error, kept);
            }
        }
        self.seen = Some(qrcode.to_owned());
        Ok(())
    }

    fn clear(&mut self) {}
}

/// Says what came instead of a picture that can be read. A picture is kept as it came: a phone may read what we can't.
fn warn_of_unread(ui: &Ui, qrcode: &str, error: &anyhow::Error, kept: Option<(&Path, &str)>) {
    match kept {
        Some((path, format)) => ui.warn(&format!(
            "can't read the QR code's picture here ({format}: {error:#}); open {} and scan it there",
            path.display()
        )),
        None => ui.warn(&format!(
            "Socialchat sent {} instead of a QR code's picture. Waiting for the next",
            qr::kind_of(qrcode)
        )),
    }
}

/// Whoever scans the code is linked to the account: the file is for its owner alone.
fn save(path: &Path, bytes: &[u8]) -> Result<()> {
    put(path, Readers::Owner, bytes).with_context(|| Doing::WritingQrCode(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_become_what_the_api_documents() {
        for (typed, sent) in [
            ("081234567890", "081234567890"),
            ("+62 812-3456-7890", "081234567890"),
            ("62 812 3456 7890", "081234567890"),
            ("+62 (0) 812.3456.7890", "081234567890"),
            ("+65 8123 4567", "+6581234567"),
        ] {
            assert_eq!(phone(typed).unwrap(), sent, "{typed}");
        }
        for bad in [
            "",
            "12345678",
            "+62",
            "0812345678901234",
            "08123456789a",
            "++6281234567",
            "０８１２３４５６７８",
        ] {
            assert!(phone(bad).is_err(), "{bad}");
        }
    }
}
