//! A support point: which areas are one, and people who come to it without being on any list.

use domain::DocId;
use domain::campaign::Channel;
use domain::coverage::AreaView;
use domain::document::Kind;
use domain::place::AreaKind;
use domain::replica::Change;
use domain::text::{clean, fold};
use leptos::prelude::*;

use super::people::ResidentForm;
use super::runtime::random_id;
use super::{AppState, NotSaved};

impl AppState {
    /// What sort of place an area is. Reactive.
    pub fn area_kind(&self, area: DocId) -> Option<AreaKind> {
        self.areas().with(|areas| areas.iter().find(|known| known.id == area).map(|known| known.kind))
    }

    /// The channel of a support point; `None` for an area with doors. Reactive.
    pub fn point_channel(&self, area: DocId) -> Option<Channel> {
        self.area_kind(area).filter(|kind| kind.is_support_point()).map(Channel::of_area)
    }

    /// Somebody who is on no list that this phone holds: a person of the point itself, without a household.
    pub async fn add_walk_in(&self, point: DocId, form: ResidentForm) -> Result<DocId, NotSaved> {
        let view = self.view(point).get_untracked();
        let id = walk_in_id(&view, point, &form, random_id)?;
        let known = view.residents.get(&id).map(|known| &known.resident);
        // Who was taken off the list and comes again is back on it.
        let fields = form.fields(None, known)?;
        self.write(vec![Change::Describe { id, kind: Kind::Resident, scope: point, fields }]).await?;
        Ok(id)
    }
}

/// Two phones that enter the same person make one document of it. A namesake of the same year is told by the address.
fn walk_in_id(
    view: &AreaView,
    point: DocId,
    form: &ResidentForm,
    new_id: impl FnOnce() -> DocId,
) -> Result<DocId, NotSaved> {
    const KNOWN: NotSaved = NotSaved::Invalid(
        "Người cùng tên, cùng năm sinh đã có ở điểm này. Tìm theo tên để mở; nếu là người khác, ghi thêm nơi ở.",
    );
    let name = clean(&form.name);
    let id = DocId::resident(point, &name, form.birth_year);
    let Some(known) = view.residents.get(&id) else { return Ok(id) };
    let is_namesake = fold(&known.resident.name) == fold(&name);
    let is_same_address = form.address.trim().is_empty() || fold(&known.resident.address) == fold(&form.address);
    match (is_namesake, known.is_present(), is_same_address) {
        (true, true, true) => Err(KNOWN),
        (true, false, true) => Ok(id),
        _ => Ok(new_id()),
    }
}

#[cfg(test)]
mod tests {
    use domain::campaign::Campaign;
    use domain::coverage::Shown;
    use domain::{Day, Document, InstallId, Stamp, Value};

    use super::*;

    const POINT: DocId = DocId::from_u128(7);
    const NEW: DocId = DocId::from_u128(99);

    fn form(name: &str, address: &str) -> ResidentForm {
        ResidentForm {
            name: name.to_owned(),
            birth_year: Some(2010),
            address: address.to_owned(),
            ..ResidentForm::default()
        }
    }

    fn view_with(id: DocId, gone: Option<&str>) -> AreaView {
        let at = Stamp { ms: 1, counter: 0, install: InstallId(1) };
        let gone = gone.map_or(Value::Null, Value::from);
        let fields = [("name", Value::from("Nông Văn An")), ("address", Value::from("Tổ 3")), ("gone", gone)];
        let doc = Document::description(id, Kind::Resident).with(at, fields);
        AreaView::build([Shown { doc: &doc, accepted: None }], &Campaign::asking_nothing(), Day::at_ms(1))
    }

    #[test]
    fn the_same_person_at_the_same_point_is_one_document_and_a_namesake_is_another() {
        let id = |view: &AreaView, form: &ResidentForm| walk_in_id(view, POINT, form, || NEW);
        let an = id(&AreaView::default(), &form("Nông Văn An", "")).expect("an id");
        assert_eq!(id(&AreaView::default(), &form(" nông văn  an", "Tổ 3")), Ok(an));
        let known = view_with(an, None);
        assert!(matches!(id(&known, &form("Nông Văn An", "")), Err(NotSaved::Invalid(_))));
        assert!(matches!(id(&known, &form("Nông Văn An", "tổ 3")), Err(NotSaved::Invalid(_))));
        assert_eq!(id(&known, &form("Nông Văn An", "Tổ 9")), Ok(NEW));
        assert_eq!(id(&view_with(an, Some("deleted")), &form("Nông Văn An", "")), Ok(an));
    }
}
