//! A list to the server, area by area: what it would change, or the change itself.

use domain::DocId;
use domain::import::List;
use domain::protocol::{AreaChoice, ImportReply, ImportRequest};

use super::{post, tell};
use crate::messages::{PartChoice, Sent, Told};
use crate::office::sentence;

/// Rows of one kind that are shown.
const ROWS_SHOWN: usize = 150;

pub async fn all(
    list: &List,
    file: &str,
    batch: DocId,
    is_preview: bool,
    parts: Vec<PartChoice>,
) -> Result<Sent, String> {
    let mut sent = Sent { is_preview, ..Sent::default() };
    let parts = joined(list, parts);
    let total = parts.len();
    for (done, (area, name, list)) in parts.into_iter().enumerate() {
        tell(&Told::Progress { share: fraction(done, total) });
        let request = ImportRequest { batch, area, file: file.to_owned(), list, is_preview };
        let reply: ImportReply = post::ask("/api/lists/import", &request).await.map_err(|error| {
            let so_far = if done > 0 && !is_preview {
                format!(" Đã nhập {done} trên {total} địa bàn; nhập lại để tiếp, không ai bị ghi hai lần.")
            } else {
                String::new()
            };
            format!("{}{so_far}", sentence(&error))
        })?;
        sent.counts.add(&reply.counts);
        sent.parts.push((name, reply.counts));
        for row in reply.rows {
            if !row.kept.is_empty() && sent.kept.len() < ROWS_SHOWN {
                sent.kept.push(row.clone());
            }
            let of_kind = sent.rows.entry(row.what).or_default();
            of_kind.0 += 1;
            if of_kind.1.len() < ROWS_SHOWN {
                of_kind.1.push(row);
            }
        }
    }
    Ok(sent)
}

/// The list divided by area: several tổ of the list may go into one. Remarks and columns stay here.
fn joined(list: &List, choices: Vec<PartChoice>) -> Vec<(AreaChoice, String, List)> {
    let mut parts: Vec<(AreaChoice, String, List)> = Vec::new();
    for choice in choices {
        let households = list.households.iter().filter(|household| household.cell == choice.cell).cloned();
        let name = match (&choice.area, &choice.cell) {
            (AreaChoice::New { name, .. }, _) => name.clone(),
            (AreaChoice::Known(_), cell) => cell.clone().unwrap_or_default(),
        };
        if let Some((_, _, part)) = parts.iter_mut().find(|(area, ..)| *area == choice.area) {
            part.households.extend(households);
        } else {
            let part = List { households: households.collect(), first_row: list.first_row, ..List::default() };
            parts.push((choice.area, name, part));
        }
    }
    parts
}

#[expect(clippy::cast_precision_loss, reason = "areas of a commune")]
fn fraction(done: usize, total: usize) -> f64 {
    if total == 0 { 1.0 } else { done as f64 / total as f64 }
}
