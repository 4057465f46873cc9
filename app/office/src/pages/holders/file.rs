//! Reading the file of a provider. A worker does it, so that the page goes on.

use leptos::prelude::*;

use super::work::{ReadFile, Stage, Work};
use crate::file_chooser::ChosenFile;
use crate::messages::{Ask, Told};
use crate::reader::Reader;

/// Reads the sheet with the most people in it. The worker lives as long as this takes: it may have held a large file.
pub fn read(work: Work, chosen: Result<ChosenFile, String>) {
    let file = match chosen {
        Ok(file) => file,
        Err(sentence) => return work.take_file(Err(sentence)),
    };
    work.stage.set(Stage::Running { label: "Đang đọc tệp" });
    work.done.set(0);
    let reader = work.reader;
    let end = move |read: Result<ReadFile, String>| {
        work.take_file(read);
        // Not at once: this very call comes from the worker.
        set_timeout(move || drop(reader.try_set_value(None)), std::time::Duration::ZERO);
    };
    let name = file.name.clone();
    let started = Reader::start(move |told| match told {
        Told::Opened(_) => reader.with_value(|reader| {
            if let Some(reader) = reader {
                reader.ask(Ask::Holders);
            }
        }),
        Told::Holders { sheet, list } => end(Ok(ReadFile { name: name.clone(), sheet, list: *list })),
        Told::Failed(sentence) => end(Err(sentence)),
        _ => {}
    });
    started.open(file.name, file.bytes);
    reader.set_value(Some(started));
}
