//! Text of the time before Unicode: the fonts TCVN3 (ABC) and VNI, and UTF-8 that was read as a Western code page.
//!
//! Each shows in a spreadsheet of today as Western letters and signs. [`telltale`] looks for what no Vietnamese text in
//! Unicode can contain; whether a whole column is converted is decided by the share of such cells (see `import`).

mod mojibake;
mod tcvn3;
mod vni;
mod western;

use serde::{Deserialize, Serialize};

use super::normal::composed;

/// How old text in a list is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Legacy {
    /// Finds out, column by column.
    #[default]
    Detect,
    /// Converts nothing.
    AsIs,
    Tcvn3,
    Vni,
    Mojibake,
}

impl Legacy {
    pub const ALL: [Legacy; 5] = [Legacy::Detect, Legacy::AsIs, Legacy::Tcvn3, Legacy::Vni, Legacy::Mojibake];

    /// For a menu.
    pub fn label(self) -> &'static str {
        match self {
            Legacy::Detect => "Tự nhận biết",
            Legacy::AsIs => "Giữ nguyên",
            Legacy::Tcvn3 => "Phông TCVN3 (ABC)",
            Legacy::Vni => "Phông VNI",
            Legacy::Mojibake => "Lỗi bảng mã UTF-8",
        }
    }

    pub fn encoding(self) -> Option<Encoding> {
        match self {
            Legacy::Detect | Legacy::AsIs => None,
            Legacy::Tcvn3 => Some(Encoding::Tcvn3),
            Legacy::Vni => Some(Encoding::Vni),
            Legacy::Mojibake => Some(Encoding::Mojibake),
        }
    }
}

/// An old way to write Vietnamese.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Tcvn3,
    Vni,
    Mojibake,
}

impl Encoding {
    pub const ALL: [Encoding; 3] = [Encoding::Tcvn3, Encoding::Vni, Encoding::Mojibake];

    pub fn index(self) -> usize {
        self as usize
    }

    pub fn legacy(self) -> Legacy {
        match self {
            Encoding::Tcvn3 => Legacy::Tcvn3,
            Encoding::Vni => Legacy::Vni,
            Encoding::Mojibake => Legacy::Mojibake,
        }
    }
}

/// Which code page showed the old bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePage {
    /// Windows-1252.
    Western,
    /// Windows-1258, where some bytes became `ă`, `đ`, `ơ`, `ư` and single marks.
    Vietnamese,
}

/// The encoding that a cell shows beyond doubt.
pub fn telltale(text: &str, page: CodePage) -> Option<Encoding> {
    if text.is_ascii() || is_unicode(text, page) {
        return None;
    }
    let text = western::shown(text, page)?;
    if mojibake::is_certain(&text) {
        Some(Encoding::Mojibake)
    } else if tcvn3::is_certain(&text) {
        Some(Encoding::Tcvn3)
    } else if vni::is_certain(&text) {
        Some(Encoding::Vni)
    } else {
        None
    }
}

/// Whether the text has letters that only Unicode has: such a cell is never converted.
pub fn is_unicode(text: &str, page: CodePage) -> bool {
    let is_marked = |c: char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
    text.chars().any(|c| match c {
        '\u{1ea0}'..='\u{1ef9}' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' => true,
        'ă' | 'Ă' | 'đ' | 'Đ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' => page == CodePage::Western,
        mark => page == CodePage::Western && is_marked(mark),
    })
}

/// Whether the text has Western letters that no Vietnamese word is written with. Alone that proves nothing: names from
/// abroad have them too.
pub fn has_foreign_letters(text: &str) -> bool {
    text.chars().any(|c| "äåæçëîïñöøûüßþðœÄÅÆÇËÎÏÑÖØÛÜÞŒ".contains(c))
}

/// The text in Unicode; `None` when it cannot be of that encoding.
pub fn convert(text: &str, encoding: Encoding, page: CodePage) -> Option<String> {
    if text.is_ascii() && encoding != Encoding::Tcvn3 {
        return Some(text.to_owned());
    }
    let shown = western::shown(text, page)?;
    let converted = match encoding {
        Encoding::Tcvn3 => tcvn3::convert(&shown),
        Encoding::Vni => vni::convert(&shown),
        Encoding::Mojibake => mojibake::convert(&shown)?,
    };
    Some(composed(converted.chars()))
}

#[cfg(test)]
mod tests;
