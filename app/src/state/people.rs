//! Residents and households typed in at the door. Ids are derived from what was typed, so that the same person entered on
//! two phones is one document.

use std::collections::BTreeMap;

use domain::coverage::AreaView;
use domain::document::Kind;
use domain::people::{Gone, Resident};
use domain::place::{Household, Priority};
use domain::replica::Change;
use domain::text::{Phone, clean, fold};
use domain::{DocId, Value};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::runtime::random_id;
use super::{AppState, NotSaved, Undo};

/// As long as any name or house number may be; more is a slip of the paste button.
const LINE_CHARS_MAX: usize = 200;
const NOTE_CHARS_MAX: usize = 2_000;
const BIRTH_YEARS: std::ops::RangeInclusive<i64> = 1900..=2100;

const TOO_LONG: NotSaved = NotSaved::Invalid("Nội dung quá dài. Rút ngắn lại rồi lưu.");

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResidentForm {
    pub name: String,
    pub birth_year: Option<i64>,
    pub relation: String,
    pub phone: Option<String>,
    pub gone: Option<Gone>,
    /// Keys of the plan's groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Only of somebody without a household.
    #[serde(default)]
    pub address: String,
}

impl From<&Resident> for ResidentForm {
    fn from(resident: &Resident) -> Self {
        Self {
            name: resident.name.clone(),
            birth_year: resident.birth_year,
            relation: resident.relation.clone(),
            phone: resident.phone.clone(),
            gone: resident.gone,
            groups: resident.groups.clone(),
            address: resident.address.clone(),
        }
    }
}

impl ResidentForm {
    /// The fields to store. An empty field is stored as empty only where it had a value before.
    pub(super) fn fields(&self, household: Option<DocId>, before: Option<&Resident>) -> Result<Fields, NotSaved> {
        let mut fields = Fields::new();
        let name = line(&self.name)?;
        if name.is_empty() {
            return Err(NotSaved::Invalid("Chưa có họ tên. Ghi họ tên rồi lưu."));
        }
        if self.birth_year.is_some_and(|year| !BIRTH_YEARS.contains(&year)) {
            return Err(NotSaved::Invalid("Năm sinh không đúng. Ghi đủ bốn chữ số, ví dụ 1958."));
        }
        fields.insert("name".to_owned(), name.into());
        let was_set = |of: fn(&Resident) -> bool| before.is_some_and(of);
        optional(&mut fields, "birth_year", self.birth_year.map(Value::from), was_set(|old| old.birth_year.is_some()));
        optional(&mut fields, "relation", some_line(&self.relation)?, was_set(|old| !old.relation.is_empty()));
        optional(&mut fields, "phone", phone(self.phone.as_deref())?, was_set(|old| old.phone.is_some()));
        optional(&mut fields, "gone", self.gone.map(|gone| gone.name().into()), was_set(|old| old.gone.is_some()));
        let groups = (!self.groups.is_empty()).then(|| self.groups.iter().map(String::as_str).collect());
        optional(&mut fields, "groups", groups, was_set(|old| !old.groups.is_empty()));
        optional(&mut fields, "address", some_line(&self.address)?, was_set(|old| !old.address.is_empty()));
        if let Some(household) = household {
            fields.insert("household".to_owned(), household.into());
        }
        Ok(fields)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdForm {
    pub route: Option<DocId>,
    pub house_no: String,
    pub head: String,
    pub phone: Option<String>,
    pub priorities: Vec<Priority>,
    pub note: String,
}

impl From<&Household> for HouseholdForm {
    fn from(household: &Household) -> Self {
        Self {
            route: household.route,
            house_no: household.house_no.clone(),
            head: household.head.clone(),
            phone: household.phone.clone(),
            priorities: household.priorities.clone(),
            note: household.note.clone(),
        }
    }
}

impl HouseholdForm {
    fn fields(&self, before: Option<&Household>) -> Result<Fields, NotSaved> {
        let mut fields = Fields::new();
        let (head, house_no) = (line(&self.head)?, line(&self.house_no)?);
        if head.is_empty() && house_no.is_empty() {
            return Err(NotSaved::Invalid("Ghi tên chủ hộ hoặc số nhà để sau này tìm lại được."));
        }
        fields.insert("head".to_owned(), head.into());
        fields.insert("house_no".to_owned(), house_no.into());
        let was_set = |of: fn(&Household) -> bool| before.is_some_and(of);
        let priorities: Value = self.priorities.iter().map(|priority| priority.name()).collect();
        let note = note(&self.note)?;
        optional(&mut fields, "route", self.route.map(Value::from), was_set(|old| old.route.is_some()));
        optional(&mut fields, "phone", phone(self.phone.as_deref())?, was_set(|old| old.phone.is_some()));
        let priorities = (!self.priorities.is_empty()).then_some(priorities);
        optional(&mut fields, "priorities", priorities, was_set(|old| !old.priorities.is_empty()));
        optional(&mut fields, "note", (!note.is_empty()).then(|| note.into()), was_set(|old| !old.note.is_empty()));
        Ok(fields)
    }
}

impl AppState {
    /// Takes a resident off the list of those to be visited, or back onto it.
    pub async fn set_gone(&self, area: DocId, id: DocId, gone: Option<Gone>) -> Result<Undo, NotSaved> {
        let was = self.view(area).get_untracked().residents.get(&id).and_then(|known| known.resident.gone);
        let change = |gone: Option<Gone>| Change::Describe {
            id,
            kind: Kind::Resident,
            scope: area,
            fields: Fields::from([("gone".to_owned(), gone.map_or(Value::Null, |gone| gone.name().into()))]),
        };
        self.write(vec![change(gone)]).await?;
        Ok(Undo::by_writing(area, vec![change(was)]))
    }

    /// Has a resident live with another household of the same area. What they are to its head is asked anew: nobody
    /// stays "Chủ hộ" beside another.
    pub async fn move_within(&self, area: DocId, id: DocId, household: DocId) -> Result<Undo, NotSaved> {
        let view = self.view(area).get_untracked();
        let was = view.residents.get(&id).map(|known| &known.resident);
        let change = |household: Option<DocId>, relation: &str| Change::Describe {
            id,
            kind: Kind::Resident,
            scope: area,
            fields: Fields::from([
                ("household".to_owned(), household.map_or(Value::Null, Value::from)),
                ("relation".to_owned(), if relation.is_empty() { Value::Null } else { Value::from(relation) }),
            ]),
        };
        let back = change(was.and_then(|was| was.household), was.map_or("", |was| was.relation.as_str()));
        self.write(vec![change(Some(household), "")]).await?;
        Ok(Undo::by_writing(area, vec![back]))
    }

    /// A person at this door who is not on the list.
    pub async fn add_resident(&self, area: DocId, household: DocId, form: ResidentForm) -> Result<DocId, NotSaved> {
        let view = self.view(area).get_untracked();
        let id = resident_id(&view, household, &form, random_id)?;
        let known = view.residents.get(&id).map(|known| &known.resident);
        let fields = form.fields(Some(household), known)?;
        self.write(vec![Change::Describe { id, kind: Kind::Resident, scope: area, fields }]).await?;
        Ok(id)
    }

    /// `shown` is the form as it was opened: what the person left alone keeps the value that a colleague may have given
    /// it meanwhile.
    pub async fn edit_resident(
        &self,
        area: DocId,
        resident: DocId,
        form: ResidentForm,
        shown: &ResidentForm,
    ) -> Result<(), NotSaved> {
        let view = self.view(area).get_untracked();
        let known = view.residents.get(&resident).map(|known| &known.resident);
        let fields = touched(form.fields(None, known)?, shown.fields(None, known));
        self.write(vec![Change::Describe { id: resident, kind: Kind::Resident, scope: area, fields }]).await
    }

    /// A household that is not on the list, at the end of its route; its head is its first resident.
    pub async fn add_household(&self, area: DocId, form: HouseholdForm) -> Result<DocId, NotSaved> {
        let view = self.view(area).get_untracked();
        let mut fields = form.fields(None)?;
        let id = household_id(&view, area, &form, random_id)?;
        let last = view.households.values().filter(|known| known.household.route == form.route);
        let order = last.map(|known| known.household.order).max().unwrap_or(0).saturating_add(1);
        fields.insert("order".to_owned(), order.into());
        let mut changes = vec![Change::Describe { id, kind: Kind::Household, scope: area, fields }];
        let head = ResidentForm { name: form.head, relation: "Chủ hộ".to_owned(), ..ResidentForm::default() };
        if let Ok(fields) = head.fields(Some(id), None) {
            let head = DocId::resident(id, &clean(&head.name), None);
            changes.push(Change::Describe { id: head, kind: Kind::Resident, scope: area, fields });
        }
        self.write(changes).await?;
        Ok(id)
    }

    /// `shown` is the form as it was opened.
    pub async fn edit_household(
        &self,
        area: DocId,
        household: DocId,
        form: HouseholdForm,
        shown: &HouseholdForm,
    ) -> Result<(), NotSaved> {
        let view = self.view(area).get_untracked();
        let known = view.households.get(&household).map(|known| &known.household);
        let fields = touched(form.fields(known)?, shown.fields(known));
        self.write(vec![Change::Describe { id: household, kind: Kind::Household, scope: area, fields }]).await
    }
}

pub(super) type Fields = BTreeMap<String, Value>;

/// The fields that the person has changed. What was shown may be what a form refuses: then all of it counts.
fn touched(mut now: Fields, shown: Result<Fields, NotSaved>) -> Fields {
    if let Ok(shown) = shown {
        now.retain(|name, value| shown.get(name) != Some(value));
    }
    now
}

/// The derived id, unless it is taken by a person who goes by another name now.
fn resident_id(
    view: &AreaView,
    household: DocId,
    form: &ResidentForm,
    new_id: impl FnOnce() -> DocId,
) -> Result<DocId, NotSaved> {
    let name = clean(&form.name);
    let id = DocId::resident(household, &name, form.birth_year);
    match view.residents.get(&id) {
        Some(known) if fold(&known.resident.name) != fold(&name) => Ok(new_id()),
        Some(known) if known.is_present() => {
            Err(NotSaved::Invalid("Người này đã có trong hộ. Nếu là người khác trùng tên, ghi thêm năm sinh."))
        }
        _ => Ok(id),
    }
}

fn household_id(
    view: &AreaView,
    area: DocId,
    form: &HouseholdForm,
    new_id: impl FnOnce() -> DocId,
) -> Result<DocId, NotSaved> {
    let key = |house_no: &str, head: &str| fold(&format!("{house_no} {head}"));
    let wanted = key(&form.house_no, &form.head);
    let id = DocId::household(area, &wanted);
    match view.households.get(&id) {
        Some(known) if key(&known.household.house_no, &known.household.head) != wanted => Ok(new_id()),
        Some(_) => Err(NotSaved::Invalid("Hộ này đã có trong danh sách. Tìm theo tên chủ hộ hoặc số nhà.")),
        None => Ok(id),
    }
}

fn optional(fields: &mut Fields, name: &str, value: Option<Value>, had_one: bool) {
    match value {
        Some(value) => fields.insert(name.to_owned(), value),
        None if had_one => fields.insert(name.to_owned(), Value::Null),
        None => None,
    };
}

pub(super) fn line(text: &str) -> Result<String, NotSaved> {
    let text = clean(text);
    if text.chars().count() > LINE_CHARS_MAX { Err(TOO_LONG) } else { Ok(text) }
}

fn some_line(text: &str) -> Result<Option<Value>, NotSaved> {
    let text = line(text)?;
    Ok((!text.is_empty()).then(|| text.into()))
}

/// Cleaned line by line: a note may have line breaks.
pub(super) fn note(text: &str) -> Result<String, NotSaved> {
    let lines: Vec<String> = text.lines().map(clean).collect();
    let text = lines.join("\n").trim().to_owned();
    if text.chars().count() > NOTE_CHARS_MAX { Err(TOO_LONG) } else { Ok(text) }
}

fn phone(text: Option<&str>) -> Result<Option<Value>, NotSaved> {
    let text = clean(text.unwrap_or_default());
    if text.is_empty() {
        return Ok(None);
    }
    match Phone::parse(&text) {
        Ok(phone) => Ok(Some(phone.as_str().into())),
        Err(_) => Err(NotSaved::Invalid("Số điện thoại không đúng. Kiểm tra lại, hoặc để trống.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSEHOLD: DocId = DocId::from_u128(7);
    const NEW: DocId = DocId::from_u128(99);

    fn form(name: &str, birth_year: Option<i64>) -> ResidentForm {
        ResidentForm { name: name.to_owned(), birth_year, ..ResidentForm::default() }
    }

    fn resident(name: &str) -> Resident {
        Resident {
            id: DocId::resident(HOUSEHOLD, name, Some(1958)),
            household: Some(HOUSEHOLD),
            name: name.to_owned(),
            birth_year: Some(1958),
            relation: "Vợ".to_owned(),
            phone: None,
            id_tail: None,
            gone: None,
            moved_to: None,
            address: String::new(),
            groups: Vec::new(),
            erased: false,
        }
    }

    #[test]
    fn the_same_person_typed_in_twice_has_one_id() {
        let view = AreaView::default();
        let id = |name: &str| resident_id(&view, HOUSEHOLD, &form(name, Some(1958)), || NEW);
        assert_eq!(id("Hoàng Thị Mai"), id(" hoàng  thị mai "));
        assert_ne!(id("Hoàng Thị Mai"), id("Hoàng Thị Mây"));
    }

    #[test]
    fn an_emptied_field_is_cleared_and_an_empty_one_is_left_out() {
        let before = resident("Hoàng Thị Mai");
        let mut edited = ResidentForm::from(&before);
        edited.relation = String::new();
        let fields = edited.fields(None, Some(&before)).expect("valid");
        assert_eq!(fields.get("relation"), Some(&Value::Null));
        assert_eq!(fields.get("phone"), None);
        assert_eq!(fields.get("birth_year"), Some(&Value::Int(1958)));
    }

    #[test]
    fn a_group_that_is_unticked_is_cleared() {
        let mut before = resident("Hoàng Thị Mai");
        before.groups = vec!["pupils".to_owned()];
        let mut edited = ResidentForm::from(&before);
        assert_eq!(
            edited.fields(None, Some(&before)).expect("valid").get("groups"),
            Some(&["pupils"].into_iter().collect())
        );
        edited.groups.clear();
        assert_eq!(edited.fields(None, Some(&before)).expect("valid").get("groups"), Some(&Value::Null));
    }

    #[test]
    fn what_a_colleague_changed_while_the_form_was_open_stays() {
        let opened = ResidentForm::from(&resident("Hoàng Thị Mai"));
        let mut now = resident("Hoàng Thị Mai");
        now.phone = Some("0912345678".to_owned());
        let mut edited = opened.clone();
        edited.birth_year = Some(1960);
        let (fields, shown) = (edited.fields(None, Some(&now)).expect("valid"), opened.fields(None, Some(&now)));
        assert_eq!(touched(fields, shown), Fields::from([("birth_year".to_owned(), Value::Int(1960))]));
    }

    #[test]
    fn what_cannot_be_right_is_refused_with_a_sentence() {
        assert!(matches!(form("  ", None).fields(None, None), Err(NotSaved::Invalid(_))));
        assert!(matches!(form("Mai", Some(58)).fields(None, None), Err(NotSaved::Invalid(_))));
        assert!(matches!(phone(Some("12")), Err(NotSaved::Invalid(_))));
        assert_eq!(phone(Some("")), Ok(None));
        assert!(line(&"a".repeat(LINE_CHARS_MAX + 1)).is_err());
    }

    #[test]
    fn a_note_keeps_its_lines() {
        assert_eq!(note("  chó  dữ \n gọi trước\n"), Ok("chó dữ\ngọi trước".to_owned()));
    }
}
