//! The QR code that a WhatsApp channel shows until its phone is linked.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::qr::Code;

/// What the code with this number says, in the manner of the real ones.
pub fn content(channel: &str, number: u64) -> String {
    format!(
        "2@SANDBOX/{channel}/{number},nothing-behind-it,{:016x}",
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    )
}

/// A PNG of it as base64 text; every second one with a `data:` prefix, since both are seen.
pub fn code(channel: &str, number: u64) -> Option<String> {
    let text = STANDARD.encode(Code::of(content(channel, number).as_bytes()).ok()?.png().ok()?);
    Some(if number % 2 == 1 { format!("data:image/png;base64,{text}") } else { text })
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
