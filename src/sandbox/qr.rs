//! The QR code that a WhatsApp channel shows until its phone is linked.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::qr::Code;

/// As long as WhatsApp's own are: a reference, and three keys of 32 bytes.
const LENGTH: usize = 240;
const KEY: usize = 32;

/// What the code with this number says, in the manner of the real ones.
pub fn content(channel: &str, number: u64) -> String {
    let mut state = number;
    let keys = [(); 3].map(|()| format!(",{}", STANDARD.encode(noise(&mut state, KEY)))).concat();
    let mut reference = format!("2@SANDBOX/{channel}/{number}/");
    let room = LENGTH.saturating_sub(reference.len() + keys.len());
    reference.extend(STANDARD.encode(noise(&mut state, room)).chars().take(room));
    reference + &keys
}

/// Bytes without a meaning, always the same ones.
fn noise(state: &mut u64, count: usize) -> Vec<u8> {
    let bytes = (0..count).map(|_| {
        // Knuth's MMIX generator: its high bits are the good ones.
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    });
    bytes.collect()
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
        assert_eq!(content("65b37833afe781e84afa001f", 7).len(), LENGTH);
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
