//! Numbers of people that shares are taken of, and the groups that a plan counts apart.

use serde::{Deserialize, Serialize};

use super::read::Reader;
use super::{At, CountPart, Rows, typed};
use crate::Day;
use crate::campaign::{Denominator, PopulationGroup};
use crate::number::grouped;
use crate::text::fold;

const KEY_CHARS_MAX: usize = 40;

/// A number of people with its day and source (X7), as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CountForm {
    pub people: String,
    pub as_of: String,
    pub source: String,
    pub already: String,
}

/// A group as typed. The key is empty until the group has been stored once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupForm {
    pub key: String,
    pub label: String,
    pub people: String,
    pub as_of: String,
    pub source: String,
    pub already: String,
}

impl CountForm {
    pub fn of(denominator: Option<&Denominator>) -> Self {
        let Some(Denominator { people, as_of, source, already }) = denominator else { return Self::default() };
        Self {
            people: grouped(*people),
            as_of: as_of.as_ref().map(Day::to_string).unwrap_or_default(),
            source: source.clone(),
            already: already.map(grouped).unwrap_or_default(),
        }
    }

    /// `group` is the row of the group whose number it is; `None` for the whole.
    pub(super) fn read(&self, group: Option<u32>, reader: &mut Reader) -> Option<Denominator> {
        let at = |part| At::Count(group, part);
        let zero = "Số dân không thể bằng 0. Chưa có số thì để trống.";
        let people = typed::some_or_empty(&self.people, zero);
        let is_known_wrong = people.is_err();
        let people = reader.take(at(CountPart::People), people);
        let as_of = reader.take(at(CountPart::AsOf), typed::day(&self.as_of));
        let source = reader.take(at(CountPart::Source), typed::line(&self.source));
        let already = reader.take(at(CountPart::Already), typed::whole(&self.already));
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
}

impl GroupForm {
    pub fn of(group: &PopulationGroup) -> Self {
        let CountForm { people, as_of, source, already } = CountForm::of(group.denominator.as_ref());
        Self { key: group.key.clone(), label: group.label.clone(), people, as_of, source, already }
    }

    pub fn count(&self) -> CountForm {
        CountForm {
            people: self.people.clone(),
            as_of: self.as_of.clone(),
            source: self.source.clone(),
            already: self.already.clone(),
        }
    }
}

/// The groups in order. A new one gets its key here, from its label, and keeps it whatever it is called later.
pub(super) fn read_groups(groups: &Rows<GroupForm>, reader: &mut Reader) -> Vec<(u32, PopulationGroup)> {
    let mut taken: Vec<String> = groups.values().map(|group| group.key.clone()).filter(|key| !key.is_empty()).collect();
    let mut labels: Vec<String> = Vec::new();
    let mut read = Vec::new();
    for (row, group) in groups {
        let at = At::Group(*row);
        let label = reader.take(at, typed::required_line(&group.label, "Ghi tên nhóm, hoặc xóa nhóm này."));
        let folded = fold(&label);
        if !label.is_empty() && labels.contains(&folded) {
            reader.refuse(at, "Đã có nhóm mang tên này. Đặt tên khác, hoặc xóa một nhóm.");
        }
        labels.push(folded);
        let key = if group.key.is_empty() { new_key(&label, &mut taken) } else { group.key.clone() };
        let denominator = group.count().read(Some(*row), reader);
        read.push((*row, PopulationGroup { key, label, denominator }));
    }
    read
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

    fn group(key: &str, label: &str) -> GroupForm {
        GroupForm { key: key.to_owned(), label: label.to_owned(), ..GroupForm::default() }
    }

    fn read(groups: impl IntoIterator<Item = GroupForm>) -> (Vec<PopulationGroup>, Vec<At>) {
        let mut reader = Reader::default();
        let groups = read_groups(&(0..).zip(groups).collect(), &mut reader);
        let wrong = reader.wrong.iter().map(|wrong| wrong.at).collect();
        (groups.into_iter().map(|(_, group)| group).collect(), wrong)
    }

    #[test]
    fn a_groups_key_is_made_once_and_outlives_its_name() {
        let (groups, wrong) = read([group("pupils", "Học sinh cấp ba"), group("", "Học sinh THPT")]);
        assert_eq!(groups.iter().map(|group| group.key.as_str()).collect::<Vec<_>>(), ["pupils", "hoc_sinh_thpt"]);
        assert_eq!(wrong, []);
    }

    #[test]
    fn no_two_groups_share_a_key() {
        let (groups, _) = read([group("hoc_sinh", "Sinh viên"), group("", "Học sinh"), group("", "…")]);
        assert_eq!(
            groups.iter().map(|group| group.key.as_str()).collect::<Vec<_>>(),
            ["hoc_sinh", "hoc_sinh_2", "nhom"]
        );
    }

    #[test]
    fn a_group_has_a_name_of_its_own() {
        assert_eq!(read([group("", " ")]).1, [At::Group(0)]);
        assert_eq!(read([group("", "Học sinh"), group("", "học  sinh")]).1, [At::Group(1)]);
    }

    fn count(people: &str, source: &str, already: &str) -> (Option<Denominator>, Vec<At>) {
        let mut reader = Reader::default();
        let owned = str::to_owned;
        let form =
            CountForm { people: owned(people), as_of: String::new(), source: owned(source), already: owned(already) };
        let read = form.read(None, &mut reader);
        (read, reader.wrong.iter().map(|wrong| wrong.at).collect())
    }

    #[test]
    fn an_empty_number_of_people_is_empty_and_not_zero() {
        assert_eq!(count("", "", ""), (None, vec![]));
        assert_eq!(count("0", "", "").1, [At::Count(None, CountPart::People)]);
        let (read, wrong) = count("17.592", "Công an phường", "");
        let expected =
            Denominator { people: 17_592, as_of: None, source: "Công an phường".to_owned(), already: None };
        assert_eq!((read, wrong), (Some(expected), vec![]));
    }

    #[test]
    fn a_source_without_a_number_asks_for_the_number() {
        assert_eq!(count("", "Công an phường", "").1, [At::Count(None, CountPart::People)]);
        assert_eq!(count("1,5", "Công an phường", "").1, [At::Count(None, CountPart::People)]);
    }

    #[test]
    fn more_cannot_have_it_already_than_there_are() {
        assert_eq!(count("100", "", "101").1, [At::Count(None, CountPart::Already)]);
        assert_eq!(count("100", "", "100").1, []);
    }
}
