use proptest::prelude::*;

use super::frame::{Frame, Key};
use super::*;

const BYTES_MAX: usize = BLOCK_MAX * BLOCKS_MAX;

fn fine(bytes: &[u8]) -> Series {
    Series::of(bytes, Grain::Fine).unwrap()
}

fn bytes(len: usize, seed: u8) -> Vec<u8> {
    (0..len).map(|at| u8::try_from((at * 31 + at / 251) % 256).unwrap() ^ seed).collect()
}

/// Feeds frames until one ends it; how many were needed.
fn collect(collector: &mut Collector, texts: impl IntoIterator<Item = String>) -> Option<(Vec<u8>, usize)> {
    texts.into_iter().enumerate().find_map(|(index, text)| match collector.take(&text) {
        Taken::Whole(bytes) => Some((bytes, index + 1)),
        _ => None,
    })
}

#[test]
fn one_turn_brings_everything() {
    for len in [1, 335, 336, 337, 4_000, 60_000, BYTES_MAX] {
        let sent = bytes(len, 7);
        let series = fine(&sent);
        let (got, needed) =
            collect(&mut Collector::new(), (0..series.count()).map(|index| series.frame(index))).unwrap();
        assert_eq!(got, sent);
        assert_eq!(needed, len.div_ceil(BLOCK_MAX), "{len} bytes");
    }
}

#[test]
fn what_was_missed_comes_in_a_few_more_frames() {
    let sent = bytes(60_000, 1);
    let series = fine(&sent);
    // Every third code was blurred, and scanning began in the middle.
    let shown = (100..1_000).filter(|index| index % 3 != 0).map(|index| series.frame(index));
    let (got, needed) = collect(&mut Collector::new(), shown).unwrap();
    assert_eq!(got, sent);
    assert!(needed <= series.count() + 8, "{needed} frames for {} blocks", series.count());
}

#[test]
fn progress_counts_blocks_and_not_readings() {
    let series = fine(&bytes(3_000, 2));
    let mut collector = Collector::new();
    assert_eq!(collector.progress(), None);
    assert_eq!(collector.take(&series.frame(0)), Taken::More);
    assert_eq!(collector.take(&series.frame(0)), Taken::Nothing);
    assert_eq!(collector.progress(), Some(Progress { received: 1, count: 9 }));
}

#[test]
fn another_series_begins_after_four_of_its_frames_in_a_row() {
    let (ours, theirs) = (fine(&bytes(3_000, 3)), fine(&bytes(3_000, 4)));
    let mut collector = Collector::new();
    collector.take(&ours.frame(0));
    for index in 0..3 {
        assert_eq!(collector.take(&theirs.frame(index)), Taken::Nothing);
    }
    assert_eq!(collector.take(&ours.frame(1)), Taken::More);
    for index in 0..3 {
        assert_eq!(collector.take(&theirs.frame(index)), Taken::Nothing);
    }
    assert_eq!(collector.take(&theirs.frame(3)), Taken::OtherSeries);
    assert_eq!(collector.progress(), Some(Progress { received: 1, count: 9 }));
}

#[test]
fn a_frame_that_lies_spoils_the_series_and_is_forgotten_with_it() {
    let sent = bytes(1_000, 5);
    let series = fine(&sent);
    let mut lie = Frame::of_text(&series.frame(1)).unwrap();
    lie.payload[0] ^= 1;
    let mut collector = Collector::new();
    collector.take(&series.frame(0));
    collector.take(&lie.to_text());
    assert_eq!(collector.take(&series.frame(2)), Taken::Spoilt);
    let (got, _) = collect(&mut collector, (0..3).map(|index| series.frame(index))).unwrap();
    assert_eq!(got, sent);
}

#[test]
fn other_codes_and_claims_of_gigabytes_are_foreign() {
    let key = Key::of(&bytes(BLOCKS_MAX + 1, 6), 1);
    let too_many = Frame { key, number: 0, payload: vec![0] }.to_text();
    for text in ["", "https://example.vn/vao#0123", "TN", &"A".repeat(5_000), &too_many] {
        assert_eq!(Collector::new().take(text), Taken::Foreign);
    }
}

#[test]
fn nothing_and_too_much_make_no_series() {
    assert_eq!(Series::of(&[], Grain::Fine), Err(NoSeries::Empty));
    assert_eq!(Series::of(&vec![0; BYTES_MAX + 1], Grain::Fine), Err(NoSeries::TooLong));
}

#[test]
fn a_frame_fits_the_code_of_its_grain() {
    let sent = bytes(60_000, 8);
    assert_eq!(fine(&sent).frame(0).len(), 534);
    let coarse = Series::of(&sent, Grain::Coarse).unwrap();
    assert!((270..=279).contains(&coarse.frame(0).len()));
    assert_eq!(Series::of(&vec![1; Grain::Coarse.bytes_max()], Grain::Coarse).unwrap().frame(0).len(), 279);
}

/// Phones of different versions hand over to each other: whoever changes this makes another version of the format.
#[test]
fn the_format_stays_as_it_is() {
    let series = fine(&bytes(700, 9));
    let of = |index| format!("{:016x}", xxhash_rust::xxh3::xxh3_64(series.frame(index).as_bytes()));
    assert_eq!(fine(b"Tung Nha").frame(0), "RTA%A0ZZU9 4BR40HB800000LUA3/DZ34 8DM4C3%S");
    assert_eq!(
        [of(0), of(2), of(3), of(4), of(60_000)],
        ["971c421fbbbe5cf1", "ad00a885d78ba2b5", "3b1a02a9f5347bc0", "3de67a35001503a8", "55e88b4aa808cf44"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// In any order, repeated, missing, damaged, among frames of another series: one of the two that were sent, or nothing.
    #[test]
    fn never_a_wrong_result(
        (len, other_len) in (1_usize..4_000, 1_usize..4_000),
        steps in proptest::collection::vec((0_u8..10, 0_usize..80, any::<prop::sample::Index>(), 1_u8..128), 0..160),
    ) {
        let (sent, other) = (bytes(len, 10), bytes(other_len, 11));
        let (ours, theirs) = (fine(&sent), fine(&other));
        let mut collector = Collector::new();
        for (kind, index, place, flip) in steps {
            let text = if kind == 0 { theirs.frame(index) } else { ours.frame(index) };
            let text = if kind == 1 {
                let mut damaged = text.into_bytes();
                let at = place.index(damaged.len());
                damaged[at] ^= flip;
                String::from_utf8_lossy(&damaged).into_owned()
            } else {
                text
            };
            match collector.take(&text) {
                Taken::Whole(got) => prop_assert!(got == sent || got == other),
                Taken::Spoilt => prop_assert!(false, "no frame lied"),
                Taken::Foreign => prop_assert_eq!(kind, 1),
                _ => {}
            }
        }
        // And it gets there, whatever came before.
        let rest = (0..ours.count() + 80).map(|index| ours.frame(index));
        prop_assert_eq!(collect(&mut collector, rest).map(|(got, _)| got), Some(sent));
    }

    #[test]
    fn any_text_is_survived(text in ".{0,600}", letters in "[0-9A-Z $%*+./:-]{0,600}") {
        let mut collector = Collector::new();
        prop_assert_eq!(collector.take(&text), Taken::Foreign);
        prop_assert_eq!(collector.take(&letters), Taken::Foreign);
    }
}
