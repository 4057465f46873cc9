//! Which alley a house stands in, as far as its number tells, and the stretches of a walk that follow from it.

use crate::DocId;
use crate::coverage::AreaView;
use crate::text::fold;

/// What a lane is called, folded, and how it is written.
const LANES: [(&str, &str); 6] =
    [("ngo", "Ngõ"), ("ngach", "Ngách"), ("hem", "Hẻm"), ("kiet", "Kiệt"), ("xom", "Xóm"), ("duong", "Đường")];

/// Neighbours in the walk that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// "Ngõ 12", or the first and last number: "Số 2 – 18".
    pub label: String,
    /// A lane, and not a part of the road.
    pub is_alley: bool,
    pub households: Vec<DocId>,
}

/// "Ngõ 12" for "12/3", "Ngõ 5" for "Ngõ 5, số 8" and "Số 8 ngõ 5"; `None` for a house on the road.
pub fn alley(house_no: &str) -> Option<String> {
    let folded = fold(house_no);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let named = words.windows(2).find_map(|pair| {
        let (_, written) = LANES.iter().find(|(word, _)| *word == pair[0])?;
        Some(format!("{written} {}", pair[1].to_uppercase()))
    });
    named.or_else(|| {
        let (lane, _) = words.iter().find_map(|word| word.rsplit_once('/'))?;
        Some(format!("Ngõ {}", lane.to_uppercase()))
    })
}

/// Cuts `walk` where the alley changes.
pub fn stretches(view: &AreaView, walk: &[DocId]) -> Vec<Stretch> {
    let number = |id: &DocId| view.households.get(id).map_or("", |view| view.household.house_no.trim());
    let runs = walk.chunk_by(|a, b| alley(number(a)) == alley(number(b)));
    runs.filter_map(|run| {
        let (first, last) = (number(run.first()?), number(run.last()?));
        let lane = alley(first);
        let is_alley = lane.is_some();
        let label = lane.unwrap_or_else(|| between(first, last));
        Some(Stretch { label, is_alley, households: run.to_vec() })
    })
    .collect()
}

fn between(first: &str, last: &str) -> String {
    match (first, last) {
        ("", "") => "Chưa có số nhà".to_owned(),
        (one, "") | ("", one) => format!("Từ số {one}"),
        (first, last) if first == last => format!("Số {first}"),
        (first, last) => format!("Số {first} – {last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::alley;

    #[test]
    fn the_alley_is_read_from_the_number_however_it_is_written() {
        for (number, expected) in [
            ("12/3", Some("Ngõ 12")),
            ("12/3/4", Some("Ngõ 12/3")),
            ("Số 8 ngõ 5", Some("Ngõ 5")),
            ("Ngõ 5, số 8", Some("Ngõ 5")),
            ("hẻm 7a số 2", Some("Hẻm 7A")),
            ("12", None),
            ("", None),
        ] {
            assert_eq!(alley(number).as_deref(), expected, "{number}");
        }
    }
}
