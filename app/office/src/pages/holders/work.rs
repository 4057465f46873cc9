//! What the page knows, and the only code that changes it. Long lists go to the server in pieces.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app::sync;
use domain::DocId;
use domain::import::{HolderList, ListedHolder};
use domain::matching::Reason;
use domain::protocol::{
    HOLDERS_MAX, HolderChoice, HolderDoubt, HoldersPreview, HoldersReply, HoldersRequest, ListedPerson,
};
use domain::service::Step;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::office::sentence;
use crate::reader::Reader;

/// Rows of one request: some seconds of work, so that the bar moves.
const PIECE: usize = if HOLDERS_MAX < 2_500 { HOLDERS_MAX } else { 2_500 };

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    Choose,
    /// A file is read, the questions are open.
    Read,
    Running {
        label: &'static str,
    },
    Review,
    Done,
}

/// What was said of a doubtful row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    This(DocId),
    /// None of the candidates.
    Nobody,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadFile {
    pub name: String,
    pub sheet: String,
    pub list: HolderList,
}

impl ReadFile {
    /// "ds-vnpt.xlsx, trang “Sheet1”: 1.234 người."
    pub fn words(&self) -> String {
        let people = app::components::grouped(self.list.holders.len());
        format!("{}, trang “{}”: {people} người.", self.name, self.sheet)
    }
}

#[derive(Clone, Copy)]
pub struct Work {
    pub stage: RwSignal<Stage>,
    pub file: RwSignal<Option<Arc<ReadFile>>>,
    /// `Step::name`.
    pub step: RwSignal<String>,
    pub provider: RwSignal<String>,
    pub done: RwSignal<usize>,
    pub failed: RwSignal<Option<String>>,
    pub preview: RwSignal<Arc<HoldersPreview>>,
    /// By row.
    pub answers: RwSignal<BTreeMap<usize, Answer>>,
    pub result: RwSignal<HoldersReply>,
    /// The worker that reads a file just now.
    pub reader: StoredValue<Option<Reader>, LocalStorage>,
}

impl Work {
    pub fn new() -> Self {
        Self {
            stage: RwSignal::new(Stage::Choose),
            file: RwSignal::new(None),
            step: RwSignal::new(Step::SignatureActivated.name().to_owned()),
            provider: RwSignal::new(String::new()),
            done: RwSignal::new(0),
            failed: RwSignal::new(None),
            preview: RwSignal::new(Arc::default()),
            answers: RwSignal::new(BTreeMap::new()),
            result: RwSignal::new(HoldersReply::default()),
            reader: StoredValue::new_local(None),
        }
    }

    pub fn start_over(self) {
        self.file.set(None);
        self.failed.set(None);
        self.answers.set(BTreeMap::new());
        self.preview.set(Arc::default());
        self.stage.set(Stage::Choose);
    }

    pub fn take_file(self, read: Result<ReadFile, String>) {
        match read {
            Ok(file) => {
                self.failed.set(None);
                self.file.set(Some(Arc::new(file)));
                self.stage.set(Stage::Read);
            }
            Err(sentence) => {
                self.failed.set(Some(sentence));
                self.stage.set(Stage::Choose);
            }
        }
    }

    pub fn rows(self) -> usize {
        self.file.with(|file| file.as_ref().map_or(0, |file| file.list.holders.len()))
    }

    pub fn lacks_provider(self) -> bool {
        let of_signature = self.chosen_step().service() == domain::service::Service::PublicSignature;
        of_signature
            && self.file.with(|file| {
                file.as_ref().is_some_and(|file| file.list.holders.iter().any(|holder| holder.provider.is_none()))
            })
    }

    fn chosen_step(self) -> Step {
        self.step.with(|name| Step::from_name(name)).unwrap_or(Step::SignatureActivated)
    }

    /// Records that writing would make, as it looks now.
    pub fn to_write(self) -> usize {
        let this = |answer: &Answer| match answer {
            Answer::This(resident) => Some(*resident),
            Answer::Nobody => None,
        };
        let chosen: BTreeSet<DocId> = self.answers.with(|answers| answers.values().filter_map(this).collect());
        self.preview.with(|preview| preview.certain.len()) + chosen.len()
    }

    pub fn holder(self, row: usize) -> Option<ListedHolder> {
        self.file.with(|file| file.as_ref()?.list.holders.iter().find(|holder| holder.row == row).cloned())
    }

    pub fn person(self, resident: DocId) -> Option<ListedPerson> {
        self.preview.with(|preview| preview.people.get(&resident).cloned())
    }

    pub fn answer(self, row: usize, answer: Answer) {
        self.answers.update(|answers| {
            answers.insert(row, answer);
        });
    }

    pub fn forget_answer(self, row: usize) {
        self.answers.update(|answers| {
            answers.remove(&row);
        });
    }

    /// Rows with one candidate of the same name and year: what a coordinator may take at once.
    pub fn lone_namesakes(self) -> Vec<(usize, DocId)> {
        let lone = |doubt: &HolderDoubt| match doubt.candidates.as_slice() {
            [only] if is_namesake(&only.reasons) => Some((doubt.row, only.resident)),
            _ => None,
        };
        let open = self.answers.get();
        self.preview.with(|preview| {
            preview.doubtful.iter().filter(|doubt| !open.contains_key(&doubt.row)).filter_map(lone).collect()
        })
    }

    pub fn compare(self) {
        let Some(file) = self.file.get_untracked() else { return };
        self.begin("Đang đối chiếu");
        spawn_local(async move {
            let mut all = HoldersPreview::default();
            for holders in file.list.holders.chunks(PIECE) {
                let request = self.request(holders, Vec::new());
                match sync::ask::<HoldersPreview>("/api/lists/holders/preview", &request).await {
                    Ok(preview) => add(&mut all, preview),
                    Err(error) => return self.stop(Stage::Read, sentence(&error)),
                }
                self.done.update(|done| *done += holders.len());
            }
            self.preview.set(Arc::new(all));
            self.answers.set(BTreeMap::new());
            self.stage.set(Stage::Review);
        });
    }

    pub fn write(self) {
        let Some(file) = self.file.get_untracked() else { return };
        let preview = self.preview.get_untracked();
        let answers = self.answers.get_untracked();
        self.begin("Đang ghi");
        spawn_local(async move {
            let mut all = HoldersReply::default();
            for holders in file.list.holders.chunks(PIECE) {
                let request = self.request(holders, choices(&preview, &answers, holders));
                match sync::ask::<HoldersReply>("/api/lists/holders", &request).await {
                    Ok(reply) => {
                        all.recorded += reply.recorded;
                        all.already_known += reply.already_known;
                        all.doubtful += reply.doubtful;
                        all.unmatched += reply.unmatched;
                        all.left_alone += reply.left_alone;
                    }
                    // What was written stays; writing again writes the rest.
                    Err(error) => return self.stop(Stage::Review, sentence(&error)),
                }
                self.done.update(|done| *done += holders.len());
            }
            self.result.set(all);
            self.stage.set(Stage::Done);
        });
    }

    fn begin(self, label: &'static str) {
        self.failed.set(None);
        self.done.set(0);
        self.stage.set(Stage::Running { label });
    }

    fn stop(self, stage: Stage, sentence: String) {
        self.failed.set(Some(sentence));
        self.stage.set(stage);
    }

    fn request(self, holders: &[ListedHolder], choices: Vec<HolderChoice>) -> HoldersRequest {
        let provider = self.provider.get_untracked().trim().to_owned();
        HoldersRequest {
            holders: holders.to_vec(),
            step: untrack(|| self.chosen_step()),
            provider: Some(provider).filter(|provider| !provider.is_empty()),
            choices,
        }
    }
}

fn is_namesake(reasons: &[Reason]) -> bool {
    reasons.contains(&Reason::SameYear) && (reasons.contains(&Reason::SameName) || reasons.contains(&Reason::NoMarks))
}

/// The answers to rows of this piece. "None of them" rules out each candidate.
fn choices(preview: &HoldersPreview, answers: &BTreeMap<usize, Answer>, holders: &[ListedHolder]) -> Vec<HolderChoice> {
    let rows: BTreeSet<usize> = holders.iter().map(|holder| holder.row).collect();
    let mut choices = Vec::new();
    for doubt in preview.doubtful.iter().filter(|doubt| rows.contains(&doubt.row)) {
        match answers.get(&doubt.row) {
            Some(Answer::This(resident)) => {
                choices.push(HolderChoice { row: doubt.row, resident: *resident, is_same: true });
            }
            Some(Answer::Nobody) => choices.extend(doubt.candidates.iter().map(|candidate| HolderChoice {
                row: doubt.row,
                resident: candidate.resident,
                is_same: false,
            })),
            None => {}
        }
    }
    choices
}

/// Pieces are judged apart: a person matched in two of them is one record all the same.
fn add(all: &mut HoldersPreview, piece: HoldersPreview) {
    let matched: BTreeSet<DocId> = all.certain.iter().map(|found| found.resident).collect();
    for found in piece.certain {
        if matched.contains(&found.resident) {
            all.repeated.push(found.row);
        } else {
            all.certain.push(found);
        }
    }
    all.doubtful.extend(piece.doubtful);
    all.already_known.extend(piece.already_known);
    all.repeated.extend(piece.repeated);
    all.being_helped.extend(piece.being_helped);
    all.taken_back.extend(piece.taken_back);
    all.unmatched.extend(piece.unmatched);
    all.people.extend(piece.people);
}
