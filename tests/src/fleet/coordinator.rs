//! What the commune's coordinator does on their phone: the plan, the team, the areas and their names.

use domain::people::Role;
use domain::replica::Change;
use domain::{DocId, Kind, Value};

use super::fixture::{COMMUNE, area};
use super::phone::Phone;
use super::world::World;

impl World {
    pub fn coordinate(&mut self) -> Vec<Change> {
        let describe = |id: DocId, kind: Kind, name: &str, value: Value| {
            vec![Change::Describe { id, kind, scope: COMMUNE, fields: [(name.to_owned(), value)].into() }]
        };
        self.words += 1;
        let number = self.words.cast_signed();
        let area = self.areas[self.rng.index(self.areas.len())];
        match self.rng.below(5) {
            0 => describe(DocId::from_u128(0xca), Kind::Campaign, "quota", Value::Int(number)),
            1 => describe(area, Kind::Area, "order", Value::Int(number)),
            2 if self.plan.members_move => {
                let member = self.whom_to_move(area);
                self.reassign(member, vec![area])
            }
            3 if self.plan.splits => self.make_area(area),
            _ => describe(self.fixture.people[1].member, Kind::Member, "quota", Value::Int(number)),
        }
    }

    /// Rather somebody whose phone holds work for an area that they leave by this, and cannot send it before; never a lead.
    fn whom_to_move(&mut self, to: DocId) -> DocId {
        let leaves = |member: &DocId, area: &DocId| {
            *area != to && self.team.get(member).is_some_and(|areas| areas.contains(area))
        };
        let is_caught = |phone: &&Phone| {
            let member = phone.person.member;
            let is_away = phone.open_tabs().is_empty() || phone.cut(self.at_ms).is_some();
            phone.person.role == Role::Member
                && is_away
                && !(phone.is_gone || phone.has_left || self.reassigned.contains_key(&member))
                && phone.disk.rows.values().any(|row| row.mine.is_some() && leaves(&member, &row.scope))
        };
        let caught: Vec<DocId> = self.phones.iter().filter(is_caught).map(|phone| phone.person.member).collect();
        if self.rng.chance(700)
            && let Some(&member) = self.rng.pick(&caught)
        {
            return member;
        }
        let first = self.plan.areas + 1;
        let moved = first + self.rng.index(self.fixture.people.len() - first);
        self.fixture.people[moved].member
    }

    fn reassign(&mut self, member: DocId, areas: Vec<DocId>) -> Vec<Change> {
        self.score.reassigned += 1;
        *self.reassigned.entry(member).or_default() += 1;
        let fields = [("areas".to_owned(), areas.into_iter().collect::<Value>())].into();
        vec![Change::Describe { id: member, kind: Kind::Member, scope: COMMUNE, fields }]
    }

    /// Chia địa bàn: a new area beside this one, with half of its people; the households follow by `moves`.
    fn make_area(&mut self, beside: DocId) -> Vec<Change> {
        let new = area(0x10_0000 + usize::try_from(self.words).unwrap_or(0));
        let fields = [
            ("name".to_owned(), Value::text(format!("Bản mới {:x}", new.as_u128()))),
            ("kind".to_owned(), "ban".into()),
        ];
        let mut changes = vec![Change::Describe { id: new, kind: Kind::Area, scope: COMMUNE, fields: fields.into() }];
        let team: Vec<(DocId, Vec<DocId>)> = self
            .team
            .iter()
            .filter(|(_, areas)| areas.contains(&beside))
            .map(|(id, areas)| (*id, areas.clone()))
            .collect();
        for (member, mut areas) in team.into_iter().step_by(2) {
            areas.push(new);
            changes.extend(self.reassign(member, areas));
        }
        changes
    }
}
