//! Numbers of people that shares are taken of, and the groups that a plan counts apart.

use super::place::{CountPart, GroupPart};
use super::read::Reader;
use super::{At, PlanForm, Rows, typed};
use crate::campaign::{Denominator, PopulationGroup};
use crate::number::grouped;
use crate::text::fold;

const KEY_CHARS_MAX: usize = 40;
const COUNT: [CountPart; 4] = [CountPart::People, CountPart::AsOf, CountPart::Source, CountPart::Already];

pub(super) fn blank_group(row: u32) -> Vec<(At, &'static str)> {
    let own = [GroupPart::Label, GroupPart::Key].map(|part| (At::Group(row, part), ""));
    own.into_iter().chain(COUNT.map(|part| (At::Count(Some(row), part), ""))).collect()
}

impl PlanForm {
    pub(super) fn show_group(&mut self, group: &PopulationGroup) {
        let row = self.add_row(Rows::Groups);
        self.set(At::Group(row, GroupPart::Label), group.label.as_str());
        self.set(At::Group(row, GroupPart::Key), group.key.as_str());
        self.show_count(Some(row), group.denominator.as_ref());
    }

    /// `group` is the row of the group whose number it is; `None` for the whole.
    pub(super) fn show_count(&mut self, group: Option<u32>, count: Option<&Denominator>) {
        let text = |part| match (part, count) {
            (_, None) => String::new(),
            (CountPart::People, Some(count)) => grouped(count.people),
            (CountPart::AsOf, Some(count)) => count.as_of.map(|day| day.to_string()).unwrap_or_default(),
            (CountPart::Source, Some(count)) => count.source.clone(),
            (CountPart::Already, Some(count)) => count.already.map(grouped).unwrap_or_default(),
        };
        for part in COUNT {
            self.set(At::Count(group, part), text(part));
        }
    }

    pub(super) fn read_count(&self, group: Option<u32>, reader: &mut Reader) -> Option<Denominator> {
        let at = |part| At::Count(group, part);
        let text = |part| self.text(at(part));
        let zero = "Số dân không thể bằng 0. Chưa có số thì để trống.";
        let people = typed::some_or_empty(text(CountPart::People), zero);
        let is_known_wrong = people.is_err();
        let people = reader.take(at(CountPart::People), people);
        let as_of = reader.take(at(CountPart::AsOf), typed::day(text(CountPart::AsOf)));
        let source = reader.take(at(CountPart::Source), typed::line(text(CountPart::Source)));
        let already = reader.take(at(CountPart::Already), typed::whole(text(CountPart::Already)));
        let Some(people) = people else {
            if !is_known_wrong && (as_of.is_some() || already.is_some() || !source.is_empty()) {
                reader.refuse(at(CountPart::People), "Ghi số dân, hoặc xóa ngày, nguồn và số đã có.");
            }
            return None;
        };
        if already > Some(people) {
            reader.refuse(at(CountPart::Already), "Số đã có nhiều hơn số dân. Kiểm tra lại hai số này.");
        }
        Some(Denominator { people: people.into(), as_of, source, already: already.map(u64::from) })
    }

    /// The groups with their rows. A new one gets its key here, from its label, and keeps it whatever it is called later.
    pub(super) fn read_groups(&self, reader: &mut Reader) -> Vec<(u32, PopulationGroup)> {
        let key = |row: u32| self.text(At::Group(row, GroupPart::Key));
        let mut taken: Vec<String> = self.rows(Rows::Groups).iter().map(|row| key(*row).to_owned()).collect();
        let mut labels: Vec<String> = Vec::new();
        let mut groups = Vec::new();
        for row in self.rows(Rows::Groups).iter().copied() {
            let at = At::Group(row, GroupPart::Label);
            let label = typed::required_line(self.text(at), "Ghi tên nhóm, hoặc xóa nhóm này.");
            let label = reader.take(at, label);
            let folded = fold(&label);
            if !label.is_empty() && labels.contains(&folded) {
                reader.refuse(at, "Đã có nhóm mang tên này. Đặt tên khác, hoặc xóa một nhóm.");
            }
            labels.push(folded);
            let key = if key(row).is_empty() { new_key(&label, &mut taken) } else { key(row).to_owned() };
            groups.push((row, PopulationGroup { key, label, denominator: self.read_count(Some(row), reader) }));
        }
        groups
    }
}

/// `hoc_sinh_thpt` of "Học sinh THPT", with a number where that is taken.
fn new_key(label: &str, taken: &mut Vec<String>) -> String {
    let letters = fold(label).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect::<String>();
    let base: String = letters.trim_matches('_').chars().take(KEY_CHARS_MAX).collect();
    let base = if base.is_empty() { "nhom".to_owned() } else { base };
    let numbered = (2..).map(|number| format!("{base}_{number}"));
    let key = std::iter::once(base.clone()).chain(numbered).find(|key| !taken.contains(key)).unwrap_or(base);
    taken.push(key.clone());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(groups: &[(&str, &str)]) -> (Vec<String>, Vec<At>) {
        let mut form = PlanForm::empty();
        for (key, label) in groups {
            let row = form.add_row(Rows::Groups);
            form.set(At::Group(row, GroupPart::Key), *key);
            form.set(At::Group(row, GroupPart::Label), *label);
        }
        let mut reader = Reader::default();
        let groups = form.read_groups(&mut reader);
        let wrong = reader.wrong.iter().map(|wrong| wrong.at).collect();
        (groups.into_iter().map(|(_, group)| group.key).collect(), wrong)
    }

    #[test]
    fn a_groups_key_is_made_once_and_outlives_its_name() {
        let (keys, wrong) = read(&[("pupils", "Học sinh cấp ba"), ("", "Học sinh THPT")]);
        assert_eq!(keys, ["pupils", "hoc_sinh_thpt"]);
        assert_eq!(wrong, []);
    }

    #[test]
    fn no_two_groups_share_a_key() {
        let (keys, _) = read(&[("hoc_sinh", "Sinh viên"), ("", "Học sinh"), ("", "…")]);
        assert_eq!(keys, ["hoc_sinh", "hoc_sinh_2", "nhom"]);
    }

    #[test]
    fn a_group_has_a_name_of_its_own() {
        assert_eq!(read(&[("", " ")]).1, [At::Group(0, GroupPart::Label)]);
        assert_eq!(read(&[("", "Học sinh"), ("", "học  sinh")]).1, [At::Group(1, GroupPart::Label)]);
    }

    fn count(people: &str, source: &str, already: &str) -> (Option<Denominator>, Vec<CountPart>) {
        let mut form = PlanForm::empty();
        let parts = [(CountPart::People, people), (CountPart::Source, source), (CountPart::Already, already)];
        for (part, text) in parts {
            form.set(At::Count(None, part), text);
        }
        let mut reader = Reader::default();
        let read = form.read_count(None, &mut reader);
        let wrong = reader.wrong.iter().filter_map(|wrong| match wrong.at {
            At::Count(None, part) => Some(part),
            _ => None,
        });
        (read, wrong.collect())
    }

    #[test]
    fn an_empty_number_of_people_is_empty_and_not_zero() {
        assert_eq!(count("", "", ""), (None, vec![]));
        assert_eq!(count("0", "", "").1, [CountPart::People]);
        let (read, wrong) = count("17.592", "Công an phường", "");
        let expected =
            Denominator { people: 17_592, as_of: None, source: "Công an phường".to_owned(), already: None };
        assert_eq!((read, wrong), (Some(expected), vec![]));
    }

    #[test]
    fn a_source_without_a_number_asks_for_the_number() {
        assert_eq!(count("", "Công an phường", "").1, [CountPart::People]);
        assert_eq!(count("1,5", "Công an phường", "").1, [CountPart::People]);
    }

    #[test]
    fn more_cannot_have_it_already_than_there_are() {
        assert_eq!(count("100", "", "101").1, [CountPart::Already]);
        assert_eq!(count("100", "", "100").1, []);
    }
}
