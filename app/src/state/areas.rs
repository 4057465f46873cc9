//! A coordinator's verbs: adding a support point, and giving areas to members. The server makes the new area's list and
//! hands it to the phones of those who are given it.

use domain::document::Kind;
use domain::place::AreaKind;
use domain::replica::Change;
use domain::text::fold;
use domain::{DocId, Value};
use leptos::prelude::*;

use super::people::{Fields, line};
use super::runtime::random_id;
use super::{AppState, NotSaved, Undo};

impl AppState {
    /// Adds an area at the end of the list.
    pub async fn add_area(&self, kind: AreaKind, name: &str) -> Result<DocId, NotSaved> {
        let name = line(name)?;
        if name.is_empty() {
            return Err(NotSaved::Invalid("Ghi tên điểm hỗ trợ, ví dụ “Trạm y tế phường”."));
        }
        let areas = self.areas().get_untracked();
        if areas.iter().any(|known| fold(&known.name) == fold(&name)) {
            return Err(NotSaved::Invalid("Đã có địa bàn tên này. Ghi tên khác để phân biệt."));
        }
        let commune = self.own_commune().ok_or(NotSaved::NotReady)?;
        // Derived, so that the same point added on two laptops is one; unless an area has it that is called otherwise now.
        let derived = DocId::derived(commune, &["area", &fold(&name)]);
        let id = if areas.iter().any(|known| known.id == derived) { random_id() } else { derived };
        let last = areas.iter().map(|known| known.order).max().unwrap_or(0);
        let fields = Fields::from([
            ("name".to_owned(), name.into()),
            ("kind".to_owned(), kind.name().into()),
            ("order".to_owned(), last.saturating_add(1).into()),
        ]);
        self.write(vec![Change::Describe { id, kind: Kind::Area, scope: commune, fields }]).await?;
        Ok(id)
    }

    /// Gives an area to a member, or takes it: its list comes to the member's phones, or leaves them.
    pub async fn set_area_of(&self, member: DocId, area: DocId, yes: bool) -> Result<Undo, NotSaved> {
        let commune = self.own_commune().ok_or(NotSaved::NotReady)?;
        let members = self.members().get_untracked();
        let before = &members.get(&member).ok_or(NotSaved::NotReady)?.areas;
        let change = |areas: Vec<DocId>| {
            let areas: Value = areas.into_iter().collect();
            let fields = Fields::from([("areas".to_owned(), areas)]);
            Change::Describe { id: member, kind: Kind::Member, scope: commune, fields }
        };
        self.write(vec![change(with_or_without(before, area, yes))]).await?;
        Ok(Undo::by_writing(commune, vec![change(before.clone())]))
    }
}

fn with_or_without(areas: &[DocId], area: DocId, yes: bool) -> Vec<DocId> {
    let others = areas.iter().copied().filter(|known| *known != area);
    others.chain(yes.then_some(area)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_given_once_and_taken_alone() {
        let [a, b, c] = [1, 2, 3].map(DocId::from_u128);
        assert_eq!(with_or_without(&[a, b], c, true), [a, b, c]);
        assert_eq!(with_or_without(&[a, b], b, true), [a, b]);
        assert_eq!(with_or_without(&[a, b], b, false), [a]);
    }
}
