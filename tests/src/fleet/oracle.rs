//! What the phones' disks have ever held of their own: the naive memory against which the real one is judged.

use std::collections::{BTreeMap, BTreeSet};

use domain::document::{Body, Register};
use domain::replica::Row;
use domain::{DocId, Document, InstallId, Stamp, Value};

/// One edit of one field by one phone. Texts are unique in a run, so an edit is known by its value.
#[derive(Clone, Debug)]
pub struct Edit {
    pub phone: usize,
    pub value: Value,
    /// Every stamp it ever bore: only the author changes it, only before acceptance.
    pub stamps: Vec<Stamp>,
    /// When it was made, by the one true clock.
    pub made_ms: u64,
    pub discarded: bool,
}

/// One fact by one phone, in every form that its author gave it.
#[derive(Clone, Debug)]
pub struct Record {
    pub phone: usize,
    pub versions: Vec<Document>,
    pub made_ms: u64,
    pub discarded: bool,
}

/// A document that the server said it has.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    pub phone: usize,
    pub doc: Document,
    /// How often the server had been restored by then.
    pub restores: u64,
}

/// A document that a phone held when the server was restored.
#[derive(Clone, Debug)]
pub struct Held {
    pub phone: usize,
    pub scope: DocId,
    pub doc: Document,
    pub restored_ms: u64,
}

#[derive(Debug, Default)]
pub struct Oracle {
    pub edits: BTreeMap<(DocId, String), Vec<Edit>>,
    pub records: BTreeMap<DocId, Vec<Record>>,
    /// Who erased what.
    pub erasures: BTreeMap<DocId, Vec<usize>>,
    /// Facts that the office has written by itself.
    pub of_the_office: BTreeMap<DocId, Document>,
    /// Facts and fields that the adversary has written, as it may.
    pub of_others: BTreeMap<DocId, Document>,
    pub fields_of_others: BTreeMap<(DocId, String), Vec<Register>>,
    pub acknowledged: Vec<Acknowledged>,
    /// What was acknowledged with a stamp from the future.
    pub from_the_future: Vec<DocId>,
    /// Refused documents that somebody gave up, also a colleague's that a phone had offered again after a restore.
    pub given_up: BTreeSet<(usize, DocId)>,
    /// Settled rows that a phone has dropped with an area that its member left, or that its disk has lost, and when.
    pub let_go: BTreeMap<(usize, DocId), Vec<u64>>,
    /// What living phones held when the server was restored.
    pub held: Vec<Held>,
}

impl Oracle {
    /// Takes note of a row that a phone has committed.
    pub fn committed(&mut self, phone: usize, install: InstallId, old: Option<&Row>, new: Option<&Row>, now_ms: u64) {
        let mine = new.and_then(|row| row.mine.as_ref()).map(|mine| &mine.doc);
        let refused = new.and_then(|row| row.refused.as_ref()).map(|refused| &refused.doc);
        for doc in [mine, refused].into_iter().flatten() {
            self.written(phone, install, doc, now_ms);
        }
        let was_refused = old.and_then(|row| row.refused.as_ref()).map(|refused| &refused.doc);
        if let (Some(doc), None, None) = (was_refused, refused, mine) {
            self.discarded(phone, install, doc);
        }
    }

    fn written(&mut self, phone: usize, install: InstallId, doc: &Document, now_ms: u64) {
        if doc.erased {
            let by = self.erasures.entry(doc.id).or_default();
            if !by.contains(&phone) {
                by.push(phone);
            }
        }
        match &doc.body {
            Body::Description(registers) => {
                for (name, register) in registers.iter().filter(|(_, register)| register.stamp.install == install) {
                    let edits = self.edits.entry((doc.id, name.clone())).or_default();
                    match edits.iter_mut().find(|edit| edit.phone == phone && edit.value == register.value) {
                        Some(edit) if edit.stamps.contains(&register.stamp) => {}
                        Some(edit) => edit.stamps.push(register.stamp),
                        None => edits.push(Edit {
                            phone,
                            value: register.value.clone(),
                            stamps: vec![register.stamp],
                            made_ms: now_ms,
                            discarded: false,
                        }),
                    }
                }
            }
            Body::Fact { at, .. } if at.install == install => {
                let records = self.records.entry(doc.id).or_default();
                match records.iter_mut().find(|record| record.phone == phone) {
                    Some(record) if record.versions.contains(doc) => {}
                    Some(record) => record.versions.push(doc.clone()),
                    None => {
                        records.push(Record { phone, versions: vec![doc.clone()], made_ms: now_ms, discarded: false });
                    }
                }
            }
            Body::Fact { .. } => {}
        }
    }

    /// The person has given a refused document up.
    fn discarded(&mut self, phone: usize, install: InstallId, doc: &Document) {
        self.given_up.insert((phone, doc.id));
        for record in self.records.get_mut(&doc.id).into_iter().flatten() {
            record.discarded |= record.phone == phone;
        }
        if let Body::Description(registers) = &doc.body {
            for (name, register) in registers.iter().filter(|(_, register)| register.stamp.install == install) {
                for edit in self.edits.get_mut(&(doc.id, name.clone())).into_iter().flatten() {
                    // With it goes what the same person had written there before and overwritten.
                    edit.discarded |= edit.phone == phone && edit.stamps.last() <= Some(&register.stamp);
                }
            }
        }
        if doc.erased
            && let Some(by) = self.erasures.get_mut(&doc.id)
        {
            by.retain(|who| *who != phone);
        }
    }
}
