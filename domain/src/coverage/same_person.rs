//! Which residents are one person, by the links that people have made.

use std::collections::BTreeMap;

use crate::DocId;

/// Union-find in which the smallest id of a group is its root, whatever the order of the links. Ways are shortened as
/// they are walked: a chain of links, however long somebody makes it, costs little.
#[derive(Default)]
pub(super) struct Links {
    parents: BTreeMap<DocId, DocId>,
}

impl Links {
    pub fn join(&mut self, residents: impl IntoIterator<Item = DocId>) {
        let mut residents = residents.into_iter();
        let Some(mut left) = residents.next() else { return };
        for right in residents {
            let (left_root, right_root) = (self.root(left), self.root(right));
            let (root, child) = if left_root <= right_root { (left_root, right_root) } else { (right_root, left_root) };
            if root != child {
                self.parents.insert(child, root);
            }
            left = right;
        }
    }

    fn root(&mut self, resident: DocId) -> DocId {
        let mut current = resident;
        while let Some(&parent) = self.parents.get(&current) {
            if let Some(&grandparent) = self.parents.get(&parent) {
                self.parents.insert(current, grandparent);
            }
            current = parent;
        }
        current
    }

    /// No more links to come. `names` gives for each id that was joined the one by which it is asked for.
    pub fn finish(mut self, names: &BTreeMap<DocId, DocId>) -> SamePerson {
        // A parent is smaller than its child, so in this order it is at its root already.
        let ids: Vec<DocId> = self.parents.keys().copied().collect();
        for id in ids {
            let Some(parent) = self.parents.get(&id).copied() else { continue };
            if let Some(root) = self.parents.get(&parent).copied() {
                self.parents.insert(id, root);
            }
        }
        let name = |id: DocId| names.get(&id).copied().unwrap_or(id);
        SamePerson { roots: self.parents.into_iter().map(|(id, root)| (name(id), name(root))).collect() }
    }
}

/// The answer: for each resident the one who stands for the person.
pub(super) struct SamePerson {
    roots: BTreeMap<DocId, DocId>,
}

impl SamePerson {
    /// Lets the first of each group by `rank` stand for it.
    #[must_use]
    pub fn led_by<K: Ord>(self, rank: impl Fn(DocId) -> K) -> Self {
        let mut leads: BTreeMap<DocId, DocId> = BTreeMap::new();
        for (&id, &root) in &self.roots {
            let lead = leads.entry(root).or_insert(root);
            if rank(id) < rank(*lead) {
                *lead = id;
            }
        }
        let led: BTreeMap<DocId, DocId> = self.roots.iter().map(|(id, root)| (*id, leads[root])).collect();
        Self { roots: leads.into_iter().chain(led).collect() }
    }

    pub fn canonical(&self, resident: DocId) -> DocId {
        self.roots.get(&resident).copied().unwrap_or(resident)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> DocId {
        DocId::from_u128(number)
    }

    #[test]
    fn the_smallest_of_a_group_stands_for_it_whatever_the_order() {
        let pairs = [[5, 4], [3, 2], [4, 3], [9, 8], [2, 1]];
        for turn in 0..pairs.len() {
            let mut links = Links::default();
            for at in 0..pairs.len() {
                links.join(pairs[(at + turn) % pairs.len()].map(id));
            }
            let same = links.finish(&BTreeMap::new());
            assert_eq!([1, 2, 3, 4, 5, 8, 9, 7].map(|n| same.canonical(id(n))), [1, 1, 1, 1, 1, 8, 8, 7].map(id));
        }
    }

    #[test]
    fn a_chain_as_long_as_a_hostile_phone_likes_is_no_work() {
        const LENGTH: u128 = 200_000;
        let mut links = Links::default();
        for low in (1..LENGTH).rev() {
            links.join([id(low + 1), id(low)]);
        }
        let same = links.finish(&BTreeMap::new());
        assert!((1..=LENGTH).all(|n| same.canonical(id(n)) == id(1)));
    }
}
