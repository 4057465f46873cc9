//! Codes as a cheap camera sees them on another phone's screen: small, askew, blurred, dim, noisy.

use domain::qr_series::{Collector, Grain, Series, Taken};
use fast_qr::{ECL, QRBuilder, QRCode};

/// The side of a picture, in pixels.
const SIDE: usize = 720;
/// White around a code, in its squares.
const QUIET: f64 = 4.0;

/// How a picture is taken.
#[derive(Clone, Copy, Debug)]
struct View {
    /// Pixels of a square of the code.
    scale: f64,
    degrees: f64,
    /// How much nearer one edge is than the other: 0.1 is a tenth.
    tilt: (f64, f64),
    /// Pixels over which an edge is smeared.
    blur: f64,
    /// Brightness of black and of white.
    levels: (f64, f64),
    /// How far a pixel may be off, either way.
    noise: u32,
    /// Where the next picture begins, from the top: a screen that changes while the picture is taken.
    torn_at: Option<usize>,
}

const PLAIN: View =
    View { scale: 7.0, degrees: 0.0, tilt: (0.0, 0.0), blur: 1.0, levels: (20.0, 235.0), noise: 4, torn_at: None };

fn code(text: &str) -> QRCode {
    QRBuilder::new(text).ecl(ECL::L).build().expect("a code")
}

/// The light of a place on the screen, 0 or 1; places are in squares from the middle of the code.
fn light(code: &QRCode, x: f64, y: f64) -> f64 {
    let half = f64::from(u32::try_from(code.size).expect("small")) / 2.0;
    let inside = |place: f64| (-half..half).contains(&place);
    if inside(x) && inside(y) {
        let at = |place: f64| whole(place + half).min(code.size - 1);
        return f64::from(u8::from(!code[at(y)][at(x)].value()));
    }
    // White around the code, then the dark page of the app, then whatever lies on the table.
    let beyond = x.abs().max(y.abs()) - half;
    if beyond < QUIET { 1.0 } else { 0.3 }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places inside a picture")]
fn whole(number: f64) -> usize {
    number.max(0.0) as usize
}

fn picture(first: &QRCode, second: &QRCode, view: View) -> Vec<u8> {
    let (sin, cos) = view.degrees.to_radians().sin_cos();
    let mut state = 12_345_u32;
    let mut rgba = Vec::with_capacity(SIDE * SIDE * 4);
    for row in 0..SIDE {
        let code = if view.torn_at.is_some_and(|edge| row >= edge) { second } else { first };
        for column in 0..SIDE {
            // Four times four samples over the smear.
            let mut sum = 0.0;
            for sample in 0..16_u32 {
                let (dx, dy) = (f64::from(sample % 4) - 1.5, f64::from(sample / 4) - 1.5);
                let from_middle = |pixel: usize, off: f64| {
                    f64::from(u32::try_from(pixel).expect("small")) - 359.5 + off / 4.0 * view.blur
                };
                let (x, y) = (from_middle(column, dx), from_middle(row, dy));
                let depth = 1.0 + view.tilt.0 * x / 360.0 + view.tilt.1 * y / 360.0;
                let (x, y) = (x / depth / view.scale, y / depth / view.scale);
                sum += light(code, x * cos - y * sin, x * sin + y * cos);
            }
            let (black, white) = view.levels;
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from((state >> 16) % (2 * view.noise + 1)) - f64::from(view.noise);
            let grey = u8::try_from(whole((black + (white - black) * sum / 16.0 + noise).min(255.0))).expect("a byte");
            rgba.extend([grey, grey, grey, 255]);
        }
    }
    rgba
}

fn seen(text: &str, view: View) -> Vec<String> {
    let code = code(text);
    scanner::texts(SIDE, &picture(&code, &code, view))
}

fn series(len: usize) -> Series {
    let bytes: Vec<u8> = (0..len).map(|at| u8::try_from(at * at % 251).expect("a byte")).collect();
    Series::of(&bytes, Grain::Fine).expect("a series")
}

#[test]
fn a_code_has_65_squares_a_side_and_a_coarse_one_49() {
    assert_eq!(code(&series(60_000).frame(0)).size, 65);
    let coarse = Series::of(&vec![7; 60_000], Grain::Coarse).expect("a series");
    assert_eq!(code(&coarse.frame(0)).size, 49);
}

#[test]
fn a_code_is_read_however_it_is_held() {
    let views = [
        ("straight", PLAIN),
        ("far away", View { scale: 4.2, ..PLAIN }),
        ("near", View { scale: 9.6, ..PLAIN }),
        ("turned a little", View { degrees: 7.0, ..PLAIN }),
        ("turned", View { degrees: 30.0, scale: 6.0, ..PLAIN }),
        ("upside down", View { degrees: 184.0, ..PLAIN }),
        ("tilted", View { tilt: (0.12, 0.05), ..PLAIN }),
        ("turned and tilted", View { degrees: -6.0, tilt: (-0.08, 0.1), scale: 6.5, ..PLAIN }),
        ("out of focus", View { blur: 5.0, ..PLAIN }),
        ("in low light", View { levels: (30.0, 80.0), noise: 8, ..PLAIN }),
        ("in the sun", View { levels: (140.0, 235.0), noise: 10, ..PLAIN }),
        ("noisy", View { noise: 40, ..PLAIN }),
        (
            "far away, askew and dim",
            View { scale: 5.0, degrees: 4.0, tilt: (0.05, 0.05), levels: (30.0, 110.0), noise: 8, ..PLAIN },
        ),
    ];
    let text = series(60_000).frame(3);
    // A hand is never quite still: of three pictures one must do.
    let is_read = |view: View| {
        [0.0, 0.9, -0.7]
            .into_iter()
            .any(|off| seen(&text, View { degrees: view.degrees + off, ..view }) == [text.as_str()])
    };
    let unread: Vec<&str> = views.into_iter().filter(|(_, view)| !is_read(*view)).map(|(name, _)| name).collect();
    assert!(unread.is_empty(), "not read: {unread:?}");
}

#[test]
fn a_screen_that_changes_while_the_picture_is_taken_tells_nothing_wrong() {
    let series = series(60_000);
    let (first, second) = (series.frame(3), series.frame(4));
    let (first_code, second_code) = (code(&first), code(&second));
    for torn_at in (100..660).step_by(80) {
        let view = View { torn_at: Some(torn_at), ..PLAIN };
        for text in scanner::texts(SIDE, &picture(&first_code, &second_code, view)) {
            let is_sound = text == first || text == second || Collector::new().take(&text) == Taken::Foreign;
            assert!(is_sound, "torn at {torn_at}");
        }
    }
}

#[test]
fn a_series_arrives_through_an_unsteady_hand() {
    let series = series(4_000);
    let mut collector = Collector::new();
    let whole = (0..60).find_map(|index| {
        let wobble = f64::from(u8::try_from(index % 7).expect("small"));
        let view = View {
            degrees: wobble - 3.0,
            tilt: (wobble / 60.0, -wobble / 80.0),
            blur: 1.0 + wobble * 2.0,
            levels: (40.0, 150.0),
            noise: 12,
            ..PLAIN
        };
        seen(&series.frame(index), view).iter().find_map(|text| match collector.take(text) {
            Taken::Whole(bytes) => Some(bytes),
            _ => None,
        })
    });
    assert_eq!(whole.map(|bytes| bytes.len()), Some(4_000));
}

#[test]
fn what_is_no_picture_has_no_codes() {
    for (width, bytes) in
        [(0, vec![1, 2, 3, 4]), (720, vec![0; 17]), (720, vec![]), (1, vec![0; 4]), (usize::MAX, vec![0; 64])]
    {
        assert_eq!(scanner::texts(width, &bytes), Vec::<String>::new());
    }
    assert_eq!(scanner::texts(SIDE, &vec![255; SIDE * SIDE * 4]), Vec::<String>::new());
}
