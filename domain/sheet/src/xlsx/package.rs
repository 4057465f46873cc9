//! How the parts of a package refer to each other.

use std::collections::HashMap;

use crate::SheetError;
use crate::xml::{Piece, Xml};
use crate::zip::Archive;

/// What one part refers to.
#[derive(Default)]
pub(super) struct Links {
    by_id: HashMap<String, Link>,
}

struct Link {
    /// The last part of its address, which is the same in both variants of the standard.
    kind: String,
    path: String,
}

impl Links {
    /// The links of the part at `path`, or of the package as a whole when that is empty.
    pub fn of(archive: &mut Archive<'_>, path: &str) -> Result<Self, SheetError> {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let Some(part) = archive.part(&format!("{folder}_rels/{file}.rels"))? else { return Ok(Self::default()) };
        let mut links = Self::default();
        let mut xml = Xml::new(part.reader());
        while let Some(piece) = xml.next()? {
            let Piece::Open(tag) = piece else { continue };
            if let ("Relationship", Some(id), Some(kind), Some(target)) =
                (tag.name(), tag.get("Id"), tag.get("Type"), tag.get("Target"))
            {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                links.by_id.insert(id.into_owned(), Link { kind, path: resolve(&folder, &target) });
            }
        }
        Ok(links)
    }

    /// The first part of a kind, by id.
    pub fn first(&self, kind: &str) -> Option<String> {
        let links = self.by_id.iter().filter(|(_, link)| link.kind == kind);
        links.min_by_key(|(id, _)| *id).map(|(_, link)| link.path.clone())
    }

    /// The sheet of cells with this id; charts and macros are sheets of other kinds.
    pub fn worksheet(&self, id: &str) -> Option<&str> {
        self.by_id.get(id).filter(|link| link.kind == "worksheet").map(|link| link.path.as_str())
    }
}

/// Targets are relative to the folder, or begin with `/`.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let whole = if target.starts_with('/') { target } else { format!("{folder}{target}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_found_from_the_folder_or_from_the_root() {
        assert_eq!(resolve("xl/", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/", "../a.xml"), "a.xml");
        assert_eq!(resolve("", "../../a.xml"), "a.xml");
    }
}
