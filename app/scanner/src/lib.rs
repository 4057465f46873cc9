//! Reads QR codes out of a camera's pictures. A program of its own, that the app starts in a Web Worker when somebody scans:
//! finding codes takes longer than a page may stand still.

/// Pictures larger than this are no camera's that we asked for.
const SIDE_MAX: usize = 4_096;

/// A picture in shades of grey.
struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// The texts of the codes in a picture of `width` pixels a row, each red, green, blue and opacity. What is no picture of that
/// width has none.
pub fn texts(width: usize, rgba: &[u8]) -> Vec<String> {
    let Some(picture) = Grey::of(width, rgba) else { return Vec::new() };
    let texts = picture.codes();
    // In low light the noise hides codes that its mean shows; sharp pictures lose by it, so it comes second.
    if texts.is_empty() { picture.smooth().codes() } else { texts }
}

impl Grey {
    fn of(width: usize, rgba: &[u8]) -> Option<Self> {
        if !(1..=SIDE_MAX).contains(&width) || !rgba.len().is_multiple_of(width * 4) {
            return None;
        }
        let height = rgba.len() / (width * 4);
        let pixels = rgba.chunks_exact(4).map(|pixel| luma(pixel[0], pixel[1], pixel[2])).collect();
        (1..=SIDE_MAX).contains(&height).then_some(Self { width, height, pixels })
    }

    fn codes(&self) -> Vec<String> {
        let shade = |x: usize, y: usize| self.pixels[y * self.width + x];
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(self.width, self.height, shade);
        // A code that is found but cannot be read was blurred: the next picture may be better.
        prepared.detect_grids().into_iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
    }

    /// Each pixel as the mean of itself and its neighbours; the edge stays.
    fn smooth(&self) -> Self {
        let mut pixels = self.pixels.clone();
        for y in 1..self.height.saturating_sub(1) {
            let rows = [y - 1, y, y + 1].map(|row| &self.pixels[row * self.width..(row + 1) * self.width]);
            let smoothed = &mut pixels[y * self.width..];
            for x in 1..self.width.saturating_sub(1) {
                let sum: u32 = rows.iter().flat_map(|row| &row[x - 1..=x + 1]).map(|shade| u32::from(*shade)).sum();
                smoothed[x] = u8::try_from(sum / 9).unwrap_or(u8::MAX);
            }
        }
        Self { pixels, ..*self }
    }
}

/// How bright the eye finds it (Rec. 601), in whole numbers.
fn luma(red: u8, green: u8, blue: u8) -> u8 {
    let sum = u32::from(red) * 77 + u32::from(green) * 150 + u32::from(blue) * 29;
    u8::try_from(sum >> 8).unwrap_or(u8::MAX)
}
