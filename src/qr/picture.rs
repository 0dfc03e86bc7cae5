//! The API's text: a picture of a code, as base64 with or without a `data:` prefix.

use anyhow::{Context as _, Result};
use base64::Engine as _;

use super::Code;

/// No QR code's picture is larger.
const LARGEST_TEXT: usize = 2 << 20;
const LARGEST_SIDE: u32 = 4096;

/// Reads what the code says, and makes a code of it anew. What a code would say, `2@...`, is taken as well.
pub fn read(qrcode: &str) -> Result<Code> {
    if qrcode.starts_with("2@") && qrcode.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Code::of(qrcode.as_bytes());
    }
    let (pixels, width, height) = gray(&picture(qrcode)?)?;
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let grids = image.detect_grids();
    let grid = grids.first().context("there is no QR code in it")?;
    let mut content = Vec::new();
    grid.decode_to(&mut content).map_err(|error| anyhow::anyhow!("its QR code is damaged: {error}"))?;
    Code::of(&content)
}

/// The picture behind the API's text, and which sort it is by its first bytes; none where it is no picture.
pub fn known_picture(qrcode: &str) -> Option<(Vec<u8>, &'static str)> {
    let bytes = picture(qrcode).ok()?;
    let format = format_of(&bytes)?;
    Some((bytes, format))
}

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
pub fn kind_of(qrcode: &str) -> &'static str {
    match qrcode {
        _ if qrcode.len() > LARGEST_TEXT => "a text larger than any picture",
        _ if qrcode.starts_with("http://") || qrcode.starts_with("https://") => "a web address",
        _ if picture(qrcode).is_ok() => "base64 of something that is no picture",
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
