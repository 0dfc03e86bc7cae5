//! QR codes: drawn as a picture, and read from one. Prints nothing, and knows no platform.

mod picture;

use anyhow::{Context as _, Result};

pub use picture::{kind_of, known_picture, read};

/// Pixels of one module, and white modules around, in a picture.
const SCALE: usize = 8;
const QUIET: usize = 4;

/// The modules of a code, row by row; `true` is dark.
pub struct Code {
    pub modules: Vec<bool>,
    pub width: usize,
}

impl Code {
    /// The code that says this. Fails where it fits no QR code.
    pub fn of(content: &[u8]) -> Result<Self> {
        let code = qrcode::QrCode::with_error_correction_level(content, qrcode::EcLevel::L)
            .context("what it says fits no QR code")?;
        let width = code.width();
        let modules = code.into_colors().into_iter().map(|color| color == qrcode::Color::Dark).collect();
        Ok(Code { modules, width })
    }

    /// The code as a PNG picture, black on white.
    pub fn png(&self) -> Result<Vec<u8>> {
        let side = (self.width + 2 * QUIET) * SCALE;
        let pixels: Vec<u8> = (0..side * side)
            .map(|index| if self.is_dark(index % side, index / side) { 0 } else { 255 })
            .collect();
        let mut bytes = Vec::new();
        let side = u32::try_from(side)?;
        let mut encoder = png::Encoder::new(&mut bytes, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&pixels)?;
        Ok(bytes)
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let (Some(column), Some(row)) = ((x / SCALE).checked_sub(QUIET), (y / SCALE).checked_sub(QUIET))
        else {
            return false;
        };
        column < self.width && self.modules.get(row * self.width + column).copied().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    #[test]
    fn a_code_is_read_from_its_picture_and_drawn_the_same() {
        let original = Code::of(b"2@AbCdEf,GhIjK/LmN+oP==,QrS").unwrap();
        let text = base64::engine::general_purpose::STANDARD.encode(original.png().unwrap());
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
