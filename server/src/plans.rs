//! Plans as files that people can read and version: the five that come with the program, and a commune's own.

mod keys;
mod read;
mod words;

use std::sync::LazyLock;

use domain::protocol::Preset;

pub use read::{PlanError, read, read_file};

/// A plan that comes with the program.
struct BuiltIn {
    key: &'static str,
    of: &'static str,
    text: &'static str,
}

macro_rules! built_in {
    ($key:literal, $of:literal) => {
        BuiltIn { key: $key, of: $of, text: include_str!(concat!("../plans/", $key, ".toml")) }
    };
}

const BUILT_IN: [BuiltIn; 5] = [
    built_in!("bac-kan-2026", "Phường Bắc Kạn, 2026"),
    built_in!("thai-nguyen-2025", "37 xã, phường phía Bắc tỉnh Thái Nguyên, 2025"),
    built_in!("tan-hoi-2026", "Xã Tân Hội, 2026"),
    built_in!("ngok-bay-2025", "Xã Ngọk Bay, 2025"),
    built_in!("cho-don-2025", "Xã Chợ Đồn, 2025"),
];

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| BUILT_IN.iter().map(BuiltIn::preset).collect());

impl BuiltIn {
    fn preset(&self) -> Preset {
        // The tests read every file that is built in: one that cannot be read is never shipped.
        let campaign = read(self.text, self.key).expect("a plan that comes with the program can be read");
        Preset { key: self.key.to_owned(), of: self.of.to_owned(), campaign }
    }
}

/// The plans that come with the program.
pub fn presets() -> Vec<Preset> {
    PRESETS.clone()
}

/// One of them, by its key: "bac-kan-2026".
pub fn find(key: &str) -> Result<Preset, PlanError> {
    PRESETS.iter().find(|preset| preset.key == key).cloned().ok_or_else(|| unknown(key))
}

/// The file itself, with its comments, to start a plan of one's own from.
pub fn text(key: &str) -> Result<&'static str, PlanError> {
    BUILT_IN.iter().find(|plan| plan.key == key).map(|plan| plan.text).ok_or_else(|| unknown(key))
}

fn unknown(key: &str) -> PlanError {
    PlanError::Unknown { key: key.to_owned(), keys: BUILT_IN.map(|plan| plan.key).join(", ") }
}

#[cfg(test)]
mod tests {
    use domain::campaign::Campaign;
    use domain::{DocId, Document, InstallId, Kind, Stamp};

    use super::*;

    #[test]
    fn every_plan_that_comes_with_the_program_can_be_read() {
        for plan in &BUILT_IN {
            let read = read(plan.text, plan.key).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(find(plan.key).expect("a preset").campaign, read);
        }
    }

    #[test]
    fn every_plan_fits_into_a_document_and_comes_back_as_it_was() {
        let stamp = Stamp { ms: 1, counter: 0, install: InstallId(1) };
        for Preset { key, campaign, .. } in presets() {
            let document = Document::description(DocId::from_u128(1), Kind::Campaign).with(stamp, campaign.to_fields());
            assert_eq!(document.check(), Ok(()), "{key}");
            assert_eq!(Campaign::read(&document), Some(campaign), "{key}");
        }
    }

    #[test]
    fn an_unknown_key_is_answered_with_those_that_there_are() {
        let error = find("ha-noi").expect_err("no such plan").to_string();
        assert!(error.contains("“ha-noi”") && error.contains("cho-don-2025"), "{error}");
    }
}
