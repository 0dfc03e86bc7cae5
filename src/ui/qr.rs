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

/// See [`Ui::qr_screen`].
pub struct QrScreen<'a> {
    ui: &'a Ui,
    region: Region<'a>,
}

impl QrScreen<'_> {
    /// Draws the code (rows of `width` modules, `true` is dark) with a caption below. Refuses, and draws the
    /// caption alone, where the terminal has no room for the code.
    pub fn draw(&self, modules: &[bool], width: usize, caption: &str) -> bool {
        let (rows, columns) = self.ui.screen().size();
        let fits = |quiet: usize| {
            let side = width + 2 * quiet;
            side <= columns && side.div_ceil(2) + 2 < rows
        };
        let quiet = [QUIET, QUIET_NARROW].into_iter().find(|quiet| fits(*quiet));
        let code = quiet.map(|quiet| cells(modules, width, quiet, self.ui.screen().palette.colored));
        let caption = text::clean_lines(caption);
        let caption =
            caption.split('\n').map(|line| Line::default().with(Style::Plain, line).clipped(columns));
        let code = code.into_iter().flatten().map(|row| Line::default().with(Style::Paper, row));
        self.region.draw(code.chain(caption).collect());
        quiet.is_some()
    }
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
