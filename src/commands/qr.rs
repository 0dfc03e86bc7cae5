//! Where WhatsApp's QR code goes: into the terminal or into a file. It is read and drawn anew, never dumped.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use base64::Engine as _;

use crate::failure::Doing;
use crate::files::put::{Readers, put};
use crate::flow::QrSink;
use crate::ui::{QrScreen, Ui};

/// No QR code's picture is larger.
const LARGEST_TEXT: usize = 2 << 20;
const LARGEST_SIDE: u32 = 4096;
/// Pixels of one module, and white modules around, in the file.
const SCALE: usize = 8;
const QUIET: usize = 4;

/// The modules of a code, row by row; `true` is dark.
struct Code {
    modules: Vec<bool>,
    width: usize,
}

/// Draws into the terminal.
pub struct Terminal<'a> {
    ui: &'a Ui,
    screen: Option<QrScreen<'a>>,
    read: Option<(String, Option<Code>)>,
    /// Where a picture is kept that can't be read.
    fallback: PathBuf,
}

impl<'a> Terminal<'a> {
    /// Pictures that can't be read go to `fallback`.
    pub fn new(ui: &'a Ui, fallback: PathBuf) -> Self {
        Terminal { ui, screen: None, read: None, fallback }
    }
}

impl QrSink for Terminal<'_> {
    fn show(&mut self, qrcode: &str, left: Duration) -> Result<()> {
        let is_new = self.read.as_ref().is_none_or(|(text, _)| text != qrcode);
        if is_new {
            let code = read(qrcode);
            if let Err(error) = &code {
                self.screen = None;
                warn_of_unread(self.ui, qrcode, error, &self.fallback)?;
            }
            self.read = Some((qrcode.to_owned(), code.ok()));
        }
        let Some((_, Some(code))) = &self.read else { return Ok(()) };
        let seconds = left.as_secs();
        let caption = format!(
            "Scan it in WhatsApp: Settings, Linked devices. It renews by itself · {}:{:02} left",
            seconds / 60,
            seconds % 60
        );
        let screen = self.screen.get_or_insert_with(|| self.ui.qr_screen());
        if !screen.draw(&code.modules, code.width, &caption) && is_new {
            save(&self.fallback, &png_of(code)?)?;
            self.ui.warn(&format!(
                "the terminal is too small for the QR code: make it larger, or open {}",
                self.fallback.display()
            ));
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.screen = None;
        self.read = None;
    }
}

/// Writes a PNG file, anew for each code.
pub struct File<'a> {
    ui: &'a Ui,
    path: &'a Path,
    /// What came last.
    seen: Option<String>,
    is_written: bool,
}

impl<'a> File<'a> {
    /// Replaces that file.
    pub fn new(ui: &'a Ui, path: &'a Path) -> Self {
        File { ui, path, seen: None, is_written: false }
    }
}

impl QrSink for File<'_> {
    fn show(&mut self, qrcode: &str, _left: Duration) -> Result<()> {
        if self.seen.as_deref() == Some(qrcode) {
            return Ok(());
        }
        match read(qrcode) {
            Ok(code) => {
                save(self.path, &png_of(&code)?)?;
                let word = if self.is_written { "renewed" } else { "written" };
                self.ui.say(&format!("The QR code is {word}: {}", self.path.display()));
                self.is_written = true;
            }
            Err(error) => warn_of_unread(self.ui, qrcode, &error, self.path)?,
        }
        self.seen = Some(qrcode.to_owned());
        Ok(())
    }

    fn clear(&mut self) {}
}

/// Says what came instead of a picture that can be read. A picture is kept as it came: a phone may read what we can't.
fn warn_of_unread(ui: &Ui, qrcode: &str, error: &anyhow::Error, path: &Path) -> Result<()> {
    let picture = picture(qrcode).ok();
    match picture.as_deref().and_then(|bytes| Some((bytes, format_of(bytes)?))) {
        Some((bytes, format)) => {
            save(path, bytes)?;
            ui.warn(&format!(
                "the QR code's picture can't be read here ({format}: {error:#}): open {} and scan it there",
                path.display()
            ));
        }
        None => ui.warn(&format!(
            "Socialchat sent {} instead of a QR code's picture, and nothing was written: waiting for the next",
            kind_of(qrcode, picture.is_some())
        )),
    }
    Ok(())
}

/// Which picture it is, by its first bytes.
fn format_of(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("PNG"),
        [0xff, 0xd8, 0xff, ..] => Some("JPEG"),
        [b'G', b'I', b'F', b'8', ..] => Some("GIF"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("WebP"),
        [b'B', b'M', ..] => Some("BMP"),
        [b'<', b's', b'v', b'g', ..] => Some("SVG"),
        _ => None,
    }
}

/// What a text is that holds no picture. Its content may link a phone, and so isn't told.
fn kind_of(qrcode: &str, is_base64: bool) -> &'static str {
    match qrcode {
        _ if qrcode.len() > LARGEST_TEXT => "a text larger than any picture",
        _ if qrcode.starts_with("http://") || qrcode.starts_with("https://") => "a web address",
        _ if is_base64 => "base64 of something that is no picture",
        _ => "a text that is no base64",
    }
}

/// The picture behind the API's text.
fn picture(qrcode: &str) -> Result<Vec<u8>> {
    anyhow::ensure!(qrcode.len() <= LARGEST_TEXT, "the QR code's picture is larger than any");
    let text = match qrcode.split_once("base64,") {
        Some((prefix, text)) if prefix.starts_with("data:") => text,
        _ => qrcode,
    };
    let text: String = text.split_ascii_whitespace().collect();
    base64::engine::general_purpose::STANDARD.decode(text).context("it is not base64")
}

/// Reads what the code says, and makes a code of it anew. What a code would say, `2@...`, is taken as well.
fn read(qrcode: &str) -> Result<Code> {
    if qrcode.starts_with("2@") && qrcode.bytes().all(|byte| byte.is_ascii_graphic()) {
        return drawn(qrcode.as_bytes());
    }
    let (pixels, width, height) = gray(&picture(qrcode)?)?;
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let grids = image.detect_grids();
    let grid = grids.first().context("there is no QR code in it")?;
    let mut content = Vec::new();
    grid.decode_to(&mut content).map_err(|error| anyhow::anyhow!("its QR code is damaged: {error}"))?;
    drawn(&content)
}

fn drawn(content: &[u8]) -> Result<Code> {
    let code = qrcode::QrCode::with_error_correction_level(content, qrcode::EcLevel::L)
        .context("what it says fits no QR code")?;
    let width = code.width();
    let modules = code.into_colors().into_iter().map(|color| color == qrcode::Color::Dark).collect();
    Ok(Code { modules, width })
}

/// The picture's brightness, pixel by pixel, on white where it is transparent.
fn gray(bytes: &[u8]) -> Result<(Vec<u8>, usize, usize)> {
    let limits = png::Limits { bytes: 64 << 20 };
    let mut decoder = png::Decoder::new_with_limits(std::io::Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().context("it is no PNG picture")?;
    let (width, height) = (reader.info().width, reader.info().height);
    anyhow::ensure!(width <= LARGEST_SIDE && height <= LARGEST_SIDE, "it is too large");
    let size = reader.output_buffer_size().context("it is too large")?;
    let mut buffer = vec![0; size];
    let info = reader.next_frame(&mut buffer).context("it is a damaged PNG picture")?;
    let channels = info.color_type.samples();
    let on_white = |value: u8, alpha: u8| {
        let (value, alpha) = (u32::from(value), u32::from(alpha));
        u8::try_from((value * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255)
    };
    let pixels = buffer[..info.buffer_size()].chunks_exact(channels).map(|pixel| match *pixel {
        [gray] => gray,
        [gray, alpha] => on_white(gray, alpha),
        [red, green, blue] => average(red, green, blue),
        [red, green, blue, alpha] => on_white(average(red, green, blue), alpha),
        _ => 255,
    });
    Ok((pixels.collect(), width as usize, height as usize))
}

fn average(red: u8, green: u8, blue: u8) -> u8 {
    u8::try_from((u16::from(red) + u16::from(green) + u16::from(blue)) / 3).unwrap_or(255)
}

fn png_of(code: &Code) -> Result<Vec<u8>> {
    let side = (code.width + 2 * QUIET) * SCALE;
    let is_dark = |x: usize, y: usize| {
        let (Some(column), Some(row)) = ((x / SCALE).checked_sub(QUIET), (y / SCALE).checked_sub(QUIET))
        else {
            return false;
        };
        column < code.width && code.modules.get(row * code.width + column).copied().unwrap_or(false)
    };
    let pixels: Vec<u8> =
        (0..side * side).map(|index| if is_dark(index % side, index / side) { 0 } else { 255 }).collect();
    let mut bytes = Vec::new();
    let side = u32::try_from(side)?;
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(bytes)
}

/// Whoever scans the code is linked to the account: the file is for its owner alone.
fn save(path: &Path, bytes: &[u8]) -> Result<()> {
    put(path, Readers::Owner, bytes).with_context(|| Doing::WritingQrCode(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::L).unwrap();
        let width = code.width();
        Code { modules: code.into_colors().into_iter().map(|c| c == qrcode::Color::Dark).collect(), width }
    }

    #[test]
    fn a_code_is_read_from_its_picture_and_drawn_the_same() {
        let original = code("2@AbCdEf,GhIjK/LmN+oP==,QrS");
        let text = base64::engine::general_purpose::STANDARD.encode(png_of(&original).unwrap());
        for text in [text.clone(), format!("data:image/png;base64,{text}")] {
            let again = read(&text).unwrap();
            assert_eq!((again.width, &again.modules), (original.width, &original.modules));
        }
    }

    #[test]
    fn what_is_no_picture_is_an_error_and_no_panic() {
        for bad in ["", "%%%", "aGFsbG8=", "data:image/png;base64,", "iVBORw0KGgo="] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
