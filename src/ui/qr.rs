//! QR codes in the terminal: two modules in a cell, by half blocks.

use super::screen::Region;
use super::style::Line;
use super::{Style, Ui, text};

/// What the standard wants around a code, and what scanners of telephones make do with.
const QUIET: usize = 4;
const QUIET_NARROW: usize = 2;

impl Ui {
    /// A place for a code that is drawn anew as it changes. It goes when it is dropped.
    pub fn qr_screen(&self) -> QrScreen<'_> {
        QrScreen { ui: self, region: Region::open(self.screen()) }
    }
}

/// Whether a code is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    Done,
    /// A terminal needs so many for it.
    TooSmall {
        columns: usize,
        rows: usize,
    },
    /// Nothing is redrawn here: it is no terminal, or one for a screen reader.
    Impossible,
}

/// See [`Ui::qr_screen`].
pub struct QrScreen<'a> {
    ui: &'a Ui,
    region: Region<'a>,
}

impl QrScreen<'_> {
    /// Draws the code (rows of `width` modules, `true` is dark) with a caption below, wherever the terminal has room for
    /// it now.
    pub fn draw(&self, modules: &[bool], width: usize, caption: &str) -> Drawing {
        if !self.ui.screen().terminal {
            return Drawing::Impossible;
        }
        let (rows, columns) = self.ui.screen().size();
        let caption = text::wrapped(&text::clean_lines(caption), columns);
        let needs = |quiet: usize| {
            let side = width + 2 * quiet;
            // Below the caption stands the cursor.
            (side, side.div_ceil(2) + caption.split('\n').count() + 1)
        };
        let fits = |quiet: &usize| needs(*quiet).0 <= columns && needs(*quiet).1 <= rows;
        let Some(quiet) = [QUIET, QUIET_NARROW].into_iter().find(fits) else {
            let (columns, rows) = needs(QUIET_NARROW);
            return Drawing::TooSmall { columns, rows };
        };
        let code = cells(modules, width, quiet, self.ui.screen().palette.colored);
        let code = code.into_iter().map(|row| Line::default().with(Style::Paper, row));
        self.region.draw(code.chain(lines(&caption, columns)).collect());
        Drawing::Done
    }

    /// Draws a text in its place.
    pub fn draw_text(&self, text: &str) {
        let (rows, columns) = self.ui.screen().size();
        let text = text::wrapped(&text::clean_lines(text), columns);
        self.region.draw(lines(&text, columns).take(rows.saturating_sub(1)).collect());
    }
}

fn lines(text: &str, columns: usize) -> impl Iterator<Item = Line> {
    text.split('\n').map(move |line| Line::default().with(Style::Plain, line).clipped(columns))
}

/// The code's rows. With colours it is black on white on any terminal. Without them it is drawn for the
/// more common dark ones, as light blocks: on a light terminal it shows inverted.
fn cells(modules: &[bool], width: usize, quiet: usize, colored: bool) -> Vec<String> {
    let side = width + 2 * quiet;
    let dark = |row: usize, column: usize| {
        let (Some(row), Some(column)) = (row.checked_sub(quiet), column.checked_sub(quiet)) else {
            return false;
        };
        column < width && modules.get(row * width + column).copied().unwrap_or(false)
    };
    (0..side)
        .step_by(2)
        .map(|row| {
            (0..side)
                .map(|column| {
                    let inked = |row: usize| row < side && dark(row, column) == colored;
                    match (inked(row), inked(row + 1)) {
                        (true, true) => '█',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        (false, false) => ' ',
                    }
                })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use qrcode::QrCode;

    /// Reads the cells back as a camera would see them: `true` where the screen is dark.
    fn seen(rows: &[String], colored: bool) -> Vec<Vec<bool>> {
        let mut seen = Vec::new();
        for row in rows {
            let ink = |upper: bool| {
                row.chars()
                    .map(move |c| matches!((c, upper), ('█', _) | ('▀', true) | ('▄', false)) == colored)
            };
            seen.push(ink(true).collect());
            seen.push(ink(false).collect());
        }
        seen
    }

    #[test]
    fn a_reader_reads_the_cells() {
        let text = "2@abcdefghijklmnopqrstuvwxyz0123456789,ABCDEFGH==,IJKLMNOP==";
        let code = QrCode::new(text).unwrap();
        let modules: Vec<bool> = code.to_colors().iter().map(|c| *c == qrcode::Color::Dark).collect();
        for (colored, quiet) in [(true, QUIET), (false, QUIET), (true, QUIET_NARROW), (false, QUIET_NARROW)] {
            let dark = seen(&cells(&modules, code.width(), quiet, colored), colored);
            // A camera sees more than one pixel of each module.
            let scale = 4;
            let side = (code.width() + 2 * quiet) * scale;
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
                if dark[y / scale][x / scale] { 0 } else { 255 }
            });
            let grids = image.detect_grids();
            assert_eq!(grids.len(), 1);
            assert_eq!(grids[0].decode().unwrap().1, text);
        }
    }

    #[test]
    fn the_quiet_zone_is_light_all_round() {
        let rows = cells(&[true], 1, 4, true);
        let dark = seen(&rows, true);
        let count = dark.iter().flatten().filter(|dark| **dark).count();
        assert_eq!((rows.len(), count, dark[4][4]), (5, 1, true));
    }
}
