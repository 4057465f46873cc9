//! What the commune's coordinator does on their phone: the plan, the team, the areas and their names.

use domain::replica::Change;
use domain::{DocId, Kind, Value};

use super::fixture::{COMMUNE, area};
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
                let first = self.plan.areas + 1;
                let moved = first + self.rng.index(self.fixture.people.len() - first);
                self.reassign(self.fixture.people[moved].member, vec![area])
            }
            3 if self.plan.splits => self.make_area(area),
            _ => describe(self.fixture.people[1].member, Kind::Member, "quota", Value::Int(number)),
        }
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
