//! What the page knows, and the only code that changes it. Reading and sending are the worker's.

use std::sync::Arc;

use domain::DocId;
use domain::import::{Field, Mapping, Options};
use domain::place::{AreaKind, is_same_area};
use domain::protocol::AreaChoice;
use domain::text::Legacy;
use gloo_storage::{LocalStorage as Memory, Storage as _};
use leptos::prelude::*;

use crate::file_chooser::ChosenFile;
use crate::messages::{Ask, Opened, PartChoice, ReadSheet, Sent, Told};
use crate::office::Office;
use crate::reader::Reader;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Choose,
    Busy,
    Read,
    Preview,
    Done,
}

/// Where one tổ of the list goes, as its menu has it.
pub const LEAVE_OUT: &str = "none";
pub const NEW: &str = "new";

#[derive(Clone, Copy)]
pub struct Work {
    pub stage: RwSignal<Stage>,
    pub doing: RwSignal<&'static str>,
    pub percent: RwSignal<usize>,
    pub failed: RwSignal<Option<String>>,
    pub file: RwSignal<String>,
    pub opened: RwSignal<Opened>,
    /// Position among the sheets, as the menu has it.
    pub sheet: RwSignal<String>,
    pub options: RwSignal<Options>,
    pub read: RwSignal<ReadSheet>,
    /// By position among `read.cells`: an area's id, `NEW` or `LEAVE_OUT`.
    pub choices: RwSignal<Vec<String>>,
    /// For a list that names no tổ: what a new area is to be called.
    pub new_name: RwSignal<String>,
    pub sent: RwSignal<Arc<Sent>>,
    batch: StoredValue<DocId>,
    reader: StoredValue<Option<Reader>, leptos::prelude::LocalStorage>,
    office: Office,
}

impl Work {
    pub fn new() -> Self {
        let work = Self {
            stage: RwSignal::new(Stage::Choose),
            doing: RwSignal::new(""),
            percent: RwSignal::new(0),
            failed: RwSignal::new(None),
            file: RwSignal::new(String::new()),
            opened: RwSignal::default(),
            sheet: RwSignal::new("0".to_owned()),
            options: RwSignal::default(),
            read: RwSignal::default(),
            choices: RwSignal::default(),
            new_name: RwSignal::default(),
            sent: RwSignal::default(),
            batch: StoredValue::new(DocId::from_u128(0)),
            reader: StoredValue::new_local(None),
            office: Office::expect(),
        };
        // Another sheet is read as if it were another file.
        Effect::new(move |before: Option<String>| {
            let sheet = work.sheet.get();
            if before.is_some_and(|before| before != sheet) && work.stage.get_untracked() == Stage::Read {
                work.options.set(Options::default());
                work.read_again();
            }
            sheet
        });
        work
    }

    pub fn start_over(self) {
        // Whatever the worker is at is not wanted any more.
        self.reader.set_value(None);
        self.failed.set(None);
        self.stage.set(Stage::Choose);
    }

    pub fn open(self, chosen: Result<ChosenFile, String>) {
        let file = match chosen {
            Ok(file) => file,
            Err(sentence) => return self.failed.set(Some(sentence)),
        };
        self.failed.set(None);
        self.busy("Đang đọc tệp");
        self.options.set(Options::default());
        self.file.set(file.name.clone());
        let reader = Reader::start(move |told| self.hear(told));
        reader.open(file.name, file.bytes);
        self.reader.set_value(Some(reader));
    }

    /// Reads the sheet again, as the coordinator has now chosen.
    pub fn read_again(self) {
        self.ask(Ask::Read {
            sheet: self.sheet.get_untracked().parse().unwrap_or(0),
            options: self.options.get_untracked(),
        });
    }

    /// What a column holds; `None` leaves it out. Remembered for lists with the same headings.
    pub fn choose_column(self, column: usize, field: Option<Field>) {
        self.options.update(|options| {
            options.mapping.columns.insert(column, field);
        });
        let signature = self.read.with_untracked(|read| read.signature.clone());
        if !signature.is_empty() {
            let mapping = self.options.with_untracked(|options| options.mapping.remembered());
            let _ = Memory::set(memory_key(&signature), mapping);
        }
        self.read_again();
    }

    pub fn choose_header(self, row: Option<usize>) {
        self.options.update(|options| {
            options.mapping = Mapping { header_row: row, ..Mapping::default() };
        });
        self.read_again();
    }

    pub fn choose_legacy(self, legacy: Legacy) {
        self.options.update(|options| options.legacy = legacy);
        self.read_again();
    }

    pub fn keep_id_tail(self, keep: bool) {
        self.options.update(|options| options.keep_id_tail = keep);
        self.read_again();
    }

    /// Where each tổ of the list goes. Reactive.
    pub fn parts(self) -> Vec<PartChoice> {
        let (cells, choices) = (self.read.with(|read| read.cells.clone()), self.choices.get());
        let new_name = self.new_name.get();
        let part = |((cell, ..), choice): ((Option<String>, usize, usize), String)| {
            let area = match choice.as_str() {
                LEAVE_OUT => None,
                NEW => {
                    let name = cell.clone().unwrap_or_else(|| new_name.trim().to_owned());
                    let kind = self.kind_of(&name).name().to_owned();
                    (!name.is_empty()).then_some(AreaChoice::New { name, kind })
                }
                id => id.parse().ok().map(AreaChoice::Known),
            };
            area.map(|area| PartChoice { cell, area })
        };
        cells.into_iter().zip(choices).filter_map(part).collect()
    }

    /// Shows or writes.
    pub fn send(self, is_preview: bool) {
        if is_preview {
            self.batch.set_value(app::random_id());
        }
        self.busy(if is_preview { "Đang so với danh sách đang có" } else { "Đang nhập" });
        let parts = untrack(|| self.parts());
        self.ask(Ask::Send { batch: self.batch.get_value(), is_preview, parts });
    }

    pub fn batch(self) -> DocId {
        self.batch.get_value()
    }

    fn hear(self, told: Told) {
        match told {
            Told::Ready | Told::Holders { .. } => {}
            Told::Progress { share } => self.percent.set(percent(share)),
            Told::Opened(opened) => {
                self.sheet.set(opened.best.to_string());
                let best = opened.best;
                self.opened.set(opened);
                self.ask(Ask::Read { sheet: best, options: self.options.get_untracked() });
            }
            Told::Read(read) => self.take(*read),
            Told::Sent(sent) => {
                let stage = if sent.is_preview { Stage::Preview } else { Stage::Done };
                self.sent.set(Arc::new(*sent));
                if stage == Stage::Done {
                    // New areas are among ours now.
                    self.office.ask();
                }
                self.stage.set(stage);
            }
            Told::Failed(sentence) => {
                self.failed.set(Some(sentence));
                let has_list =
                    self.read.with_untracked(|read| read.people > 0) && self.stage.get_untracked() == Stage::Busy;
                self.stage.set(if has_list { Stage::Read } else { Stage::Choose });
            }
        }
    }

    /// What was chosen for lists with these headings before is chosen again.
    fn take(self, read: ReadSheet) {
        let is_untouched = self.options.with_untracked(|options| options.mapping == Mapping::default());
        let remembered: Option<Mapping> = Memory::get(memory_key(&read.signature)).ok();
        if let Some(mapping) = remembered.filter(|mapping| is_untouched && *mapping != Mapping::default()) {
            self.options.update(|options| options.mapping = mapping);
            return self.read_again();
        }
        let is_other =
            self.read.with_untracked(|known| known.cells.iter().map(|it| &it.0).ne(read.cells.iter().map(|it| &it.0)));
        if is_other || self.choices.with_untracked(Vec::is_empty) {
            let choices =
                read.cells.iter().map(|(cell, ..)| self.proposed(cell.as_deref(), read.cells.len())).collect();
            self.choices.set(choices);
        }
        self.read.set(read);
        self.failed.set(None);
        self.stage.set(Stage::Read);
    }

    /// The area that is called so, else a new one. Where the list names no tổ: the only area there is, else a question.
    fn proposed(self, cell: Option<&str>, cells: usize) -> String {
        let areas = untrack(|| self.office.areas());
        let Some(cell) = cell else {
            let mut places = areas.iter().filter(|area| !is_support_point(&area.kind));
            return match (places.next(), places.next()) {
                (Some(only), None) if cells == 1 => only.id.to_string(),
                _ => LEAVE_OUT.to_owned(),
            };
        };
        let mut known = areas.iter().filter(|area| is_same_area(&area.name, cell));
        known.next().filter(|_| known.next().is_none()).map_or_else(|| NEW.to_owned(), |area| area.id.to_string())
    }

    /// By its first word, else as the other areas of the commune are.
    fn kind_of(self, name: &str) -> AreaKind {
        let as_others = || {
            let areas = untrack(|| self.office.areas());
            areas.iter().filter_map(|area| AreaKind::from_name(&area.kind)).find(|kind| !kind.is_support_point())
        };
        AreaKind::told_by(name).or_else(as_others).unwrap_or_default()
    }

    fn busy(self, doing: &'static str) {
        self.doing.set(doing);
        self.percent.set(0);
        self.stage.set(Stage::Busy);
    }

    fn ask(self, ask: Ask) {
        self.reader.with_value(|reader| {
            if let Some(reader) = reader {
                reader.ask(ask);
            }
        });
    }
}

pub fn is_support_point(kind: &str) -> bool {
    AreaKind::from_name(kind).is_some_and(AreaKind::is_support_point)
}

fn memory_key(signature: &str) -> String {
    format!("tung-nha.columns.{signature}")
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 1")]
fn percent(share: f64) -> usize {
    (share.clamp(0.0, 1.0) * 100.0) as usize
}

/// For a bar of `--share`s.
#[expect(clippy::cast_precision_loss, reason = "cells of a list")]
pub fn share(part: usize, whole: usize) -> String {
    (part as f64 / whole.max(1) as f64).to_string()
}
