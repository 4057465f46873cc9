//! A QR code. Dark on light in either theme: many readers see it no other way.

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder, QRCode};
use leptos::prelude::*;

/// What a reader needs around the code, in its squares.
const MARGIN: usize = 4;

/// Draws a text; nothing where it is too long for a code.
#[component]
pub fn QrCode(
    #[prop(into)] text: Signal<String>,
    #[prop(into)] label: Signal<String>,
    /// How much of it may be hidden or dirty. On a screen little is.
    #[prop(default = ECL::Q)]
    level: ECL,
    #[prop(into, default = "qr-code".to_owned())] testid: String,
) -> impl IntoView {
    let drawn = Memo::new(move |_| drawing(&text.get(), level).unwrap_or_default());
    let side = move || drawn.with(|(side, _)| *side);
    view! {
        <svg
            class="qr-code"
            viewBox=move || format!("0 0 {0} {0}", side())
            role="img"
            aria-label=label
            shape-rendering="crispEdges"
            data-testid=testid
        >
            <rect width=side height=side fill="#fff" />
            <path d=move || drawn.with(|(_, path)| path.clone()) fill="#000" />
        </svg>
    }
}

/// The side with its margins, in squares, and the dark parts as a path.
fn drawing(text: &str, level: ECL) -> Option<(usize, String)> {
    let code = QRBuilder::new(text).ecl(level).build().ok()?;
    let path = (0..code.size).fold(String::new(), |mut path, row| {
        for (start, length) in dark_runs(&code, row) {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{} {}h{length}v1h-{length}z", start + MARGIN, row + MARGIN);
        }
        path
    });
    Some((code.size + 2 * MARGIN, path))
}

/// Dark squares side by side are drawn as one: half the path, and no hairlines between them.
fn dark_runs(code: &QRCode, row: usize) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for column in (0..code.size).filter(|column| code[row][*column].value()) {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == column => *length += 1,
            _ => runs.push((column, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corner_of_a_code_is_a_frame_around_a_square() {
        let code = QRBuilder::new("TỪNG NHÀ").build().unwrap();
        let corner = |row| dark_runs(&code, row).into_iter().take_while(|(start, _)| *start < 7).collect::<Vec<_>>();
        assert_eq!(corner(0)[0], (0, 7));
        assert_eq!(corner(1)[..2], [(0, 1), (6, 1)]);
        assert_eq!(corner(2)[..3], [(0, 1), (2, 3), (6, 1)]);
    }

    #[test]
    fn a_text_too_long_for_any_code_is_not_drawn() {
        assert_eq!(drawing(&"a".repeat(4_000), ECL::L), None);
    }
}
