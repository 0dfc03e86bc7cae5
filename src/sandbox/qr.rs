//! The QR code that a WhatsApp channel shows until its phone is linked.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qrcode::{Color, EcLevel, QrCode};

/// Pixels for each module.
const SCALE: usize = 6;
/// Modules of margin: what the standard asks for.
const QUIET: usize = 4;

/// What the code with this number says, in the manner of the real ones.
pub fn content(channel: &str, number: u64) -> String {
    format!(
        "2@SANDBOX/{channel}/{number},nothing-behind-it,{:016x}",
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    )
}

/// A PNG of it as base64 text; every second one with a `data:` prefix, since both are seen.
pub fn code(channel: &str, number: u64) -> Option<String> {
    let text = STANDARD.encode(png(&content(channel, number))?);
    Some(if number % 2 == 1 { format!("data:image/png;base64,{text}") } else { text })
}

/// Black on white, one bit a pixel. `None` where the text doesn't fit a QR code.
fn png(text: &str) -> Option<Vec<u8>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let modules = code.width();
    let side = (modules + 2 * QUIET) * SCALE;
    let is_light = |x: usize, y: usize| {
        let (x, y) = ((x / SCALE).checked_sub(QUIET), (y / SCALE).checked_sub(QUIET));
        match (x, y) {
            (Some(x), Some(y)) if x < modules && y < modules => code[(x, y)] == Color::Light,
            _ => true,
        }
    };
    let row_length = side.div_ceil(8);
    let mut pixels = vec![0_u8; row_length * side];
    for y in 0..side {
        for x in (0..side).filter(|&x| is_light(x, y)) {
            pixels[y * row_length + x / 8] |= 0x80 >> (x % 8);
        }
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, u32::try_from(side).ok()?, u32::try_from(side).ok()?);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&pixels).ok()?;
    writer.finish().ok()?;
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_reader_reads_it() {
        let first = code("65b37833afe781e84afa001f", 0).unwrap();
        let second = code("65b37833afe781e84afa001f", 1).unwrap();
        assert!(!first.starts_with("data:"));
        let second = second.strip_prefix("data:image/png;base64,").unwrap();
        for (number, text) in [(0, first.as_str()), (1, second)] {
            let file = STANDARD.decode(text).unwrap();
            let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
            decoder.set_transformations(png::Transformations::EXPAND);
            let mut reader = decoder.read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut pixels).unwrap();
            let (width, height) = (info.width as usize, info.height as usize);
            let mut image =
                rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
            let (_, read) = image.detect_grids()[0].decode().unwrap();
            assert_eq!(read, content("65b37833afe781e84afa001f", number));
        }
    }
}
