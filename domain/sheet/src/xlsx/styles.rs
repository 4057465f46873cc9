//! Which of the styles of a workbook show a number as a day.

use std::collections::HashMap;

use crate::SheetError;
use crate::date::{is_builtin_date, is_date_format};
use crate::xml::{Piece, Xml};
use crate::zip::Archive;

/// Excel allows 65,490.
const STYLES_MAX: usize = 100_000;

#[derive(Default)]
pub(super) struct DateStyles(Vec<bool>);

impl DateStyles {
    pub fn is_date(&self, style: Option<usize>) -> bool {
        style.and_then(|style| self.0.get(style)).copied().unwrap_or(false)
    }

    pub fn read(archive: &mut Archive<'_>, path: &str) -> Result<Self, SheetError> {
        let Some(part) = archive.part(path)? else { return Ok(Self::default()) };
        let mut xml = Xml::new(part.reader());
        let mut formats: HashMap<usize, bool> = HashMap::new();
        let mut styles = Vec::new();
        let mut is_in_cell_styles = false;
        while let Some(piece) = xml.next()? {
            match piece {
                Piece::Open(tag) => match tag.name() {
                    "numFmt" if formats.len() < STYLES_MAX => {
                        let code = tag.get("formatCode").unwrap_or_default();
                        formats.insert(tag.number("numFmtId").unwrap_or(0), is_date_format(&code));
                    }
                    "cellXfs" => is_in_cell_styles = true,
                    "xf" if is_in_cell_styles && styles.len() < STYLES_MAX => {
                        let id = tag.number("numFmtId").unwrap_or(0);
                        let is_builtin = || u32::try_from(id).is_ok_and(is_builtin_date);
                        styles.push(formats.get(&id).copied().unwrap_or_else(is_builtin));
                    }
                    _ => {}
                },
                Piece::Close(end) if end.name() == "cellXfs" => break,
                _ => {}
            }
        }
        Ok(Self(styles))
    }
}
