//! Which residents are one person, by the links that people have made.

use std::collections::BTreeMap;

use crate::DocId;

/// Union-find in which the smallest id of a group is its root, whatever the order of the links.
#[derive(Default)]
pub(super) struct SamePerson {
    parents: BTreeMap<DocId, DocId>,
}

impl SamePerson {
    pub fn join(&mut self, residents: &[DocId]) {
        for pair in residents.windows(2) {
            let (left, right) = (self.canonical(pair[0]), self.canonical(pair[1]));
            let (root, child) = if left <= right { (left, right) } else { (right, left) };
            if root != child {
                self.parents.insert(child, root);
            }
        }
    }

    pub fn canonical(&self, resident: DocId) -> DocId {
        let mut current = resident;
        while let Some(parent) = self.parents.get(&current) {
            current = *parent;
        }
        current
    }
}
