//! One phone's camera before another phone's screen: pictures of the screen become the film that the camera shows.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use serde_json::json;

use super::Phone;

/// The browser shows thirty pictures of a film a second; a code stays for a fifth of one.
const REPEATS: usize = 6;

/// The side of a picture in points; the phone's screen has two pixels each.
const SIDE: f64 = 360.0;

impl Phone {
    /// A square picture of the middle of an element and some of what is around it, as JPEG.
    pub async fn photographed(&self, css: &str) -> Result<Vec<u8>> {
        let middle = "const element = document.querySelector(arguments[0]);
             element.scrollIntoView({ block: 'center' });
             const box = element.getBoundingClientRect();
             return [box.left + window.scrollX + box.width / 2, box.top + window.scrollY + box.height / 2]";
        let (x, y): (f64, f64) = self.eval(middle, vec![css.into()]).await?;
        let clip = json!({ "x": x - SIDE / 2.0, "y": y - SIDE / 2.0, "width": SIDE, "height": SIDE, "scale": 1 });
        let wanted = json!({ "format": "jpeg", "quality": 80, "clip": clip });
        let picture = self.session()?.cdp().send_raw("Page.captureScreenshot", wanted).await?;
        let data = picture["data"].as_str().context("no picture")?;
        Ok(base64::engine::general_purpose::STANDARD.decode(data)?)
    }
}

/// Writes pictures of one size as a film.
pub fn film(pictures: &[Vec<u8>], folder: &Path) -> Result<PathBuf> {
    let path = folder.join("film.mjpeg");
    let shown = pictures.iter().flat_map(|picture| std::iter::repeat_n(picture, REPEATS));
    std::fs::write(&path, shown.flatten().copied().collect::<Vec<u8>>())?;
    Ok(path)
}
