//! Files of spreadsheet programs, read into cells. What the cells say is for [`domain::import`].
//!
//! A list comes by mail or Zalo from anywhere, so every file is taken for hostile: whatever its bytes are, reading
//! ends, without a panic, within [`MEMORY_MAX`] beyond the file itself. The format is decided by the content; the
//! extension only breaks ties, for lists are often named `.xls` and are something else.

mod cfb;
mod collect;
mod csv;
mod date;
mod error;
mod html;
mod ods;
mod taken;
mod text;
mod xls;
mod xlsx;
mod xml;
mod xml2003;
mod zip;

pub use error::SheetError;

use domain::import::Cell;

use collect::Collector;
use text::Looks;

/// The largest file, in bytes.
pub const INPUT_MAX: usize = 32 << 20;
/// The largest file of text (CSV, HTML), in bytes: in memory it may become three times as large.
pub const TEXT_FILE_MAX: usize = 24 << 20;
/// What reading may take at most beyond the bytes of the file, in bytes; tested with hostile files.
pub const MEMORY_MAX: usize = 288 << 20;
/// Rows of a sheet, as of an XLS file; a list may have fewer ([`domain::import::ROWS_MAX`]).
pub const ROWS_MAX: usize = 65_536;
/// Columns of a sheet, as of an XLS file; a list may have fewer ([`domain::import::COLUMNS_MAX`]).
pub const COLUMNS_MAX: usize = 256;

/// The sheets of a file, hidden ones too, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workbook {
    pub sheets: Vec<Sheet>,
    /// Sheets that could not be read while others could: a person has to know of them.
    pub refused: Vec<Refused>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub name: String,
    /// From the first row and column of the sheet on, so that places are those that people see. Rows end with their last
    /// filled cell. Of joined cells only the one at the top left holds the value. Error cells hold their name (`#N/A`).
    pub rows: Vec<Vec<Cell>>,
}

/// A sheet that was left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    pub name: String,
    pub why: SheetError,
}

/// How far the reading has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Rows read so far, of all sheets.
    pub rows: usize,
    /// From 0 to 1.
    pub share: f32,
}

/// Reads a file; its name only helps where the content leaves a doubt.
pub fn read(file_name: &str, bytes: &[u8]) -> Result<Workbook, SheetError> {
    read_with(file_name, bytes, &mut |_| {})
}

/// Reads a file and tells now and then how far it has come.
pub fn read_with(file_name: &str, bytes: &[u8], progress: &mut dyn FnMut(Progress)) -> Result<Workbook, SheetError> {
    if bytes.len() > INPUT_MAX {
        return Err(SheetError::TooLarge { max: INPUT_MAX >> 20 });
    }
    let mut collector = Collector::new(progress);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(SheetError::Empty);
    } else if bytes.starts_with(b"PK") {
        read_zip(bytes, &mut collector)?;
    } else if bytes.starts_with(cfb::SIGNATURE) {
        let file = cfb::File::open(bytes)?;
        xls::read(&workbook_stream(&file)?, &mut collector)?;
    } else if xls::is_bare(bytes) {
        xls::read(bytes, &mut collector)?;
    } else {
        read_text(file_name, bytes, &mut collector)?;
    }
    collector.finish()
}

fn read_zip(bytes: &[u8], collector: &mut Collector<'_>) -> Result<(), SheetError> {
    let mut archive = zip::Archive::open(bytes)?;
    if archive.has("xl/workbook.bin") {
        Err(SheetError::SaveAgain)
    } else if archive.has("word/document.xml") {
        Err(SheetError::Other("văn bản Word"))
    } else if archive.has("ppt/presentation.xml") {
        Err(SheetError::Other("bài trình chiếu"))
    } else if archive.has("content.xml") {
        ods::read(&mut archive, collector)
    } else if archive.has_under("xl/") || archive.has("_rels/.rels") {
        xlsx::read(&mut archive, collector)
    } else {
        Err(SheetError::Other("tệp nén"))
    }
}

/// The stream with the cells of an XLS file.
fn workbook_stream(file: &cfb::File<'_>) -> Result<Vec<u8>, SheetError> {
    if file.has("EncryptedPackage") {
        return Err(SheetError::Encrypted);
    }
    if file.has("WordDocument") {
        return Err(SheetError::Other("văn bản Word"));
    }
    file.stream("Workbook").or_else(|| file.stream("Book")).ok_or(SheetError::NotASheet)
}

fn read_text(file_name: &str, bytes: &[u8], collector: &mut Collector<'_>) -> Result<(), SheetError> {
    if let Some(kind) = text::foreign(bytes) {
        return Err(SheetError::Other(kind));
    }
    if bytes.len() > TEXT_FILE_MAX {
        return Err(SheetError::TooLarge { max: TEXT_FILE_MAX >> 20 });
    }
    let text = text::decode(bytes)?;
    match text::looks(&text) {
        Looks::Xml2003 => xml2003::read(&text, collector),
        Looks::FlatOds => ods::read_flat(&text, collector),
        Looks::Html => html::read(&text, collector),
        Looks::Plain => csv::read(&text, is_named_as_text(file_name), collector),
    }
}

fn is_named_as_text(file_name: &str) -> bool {
    let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    matches!(extension.as_str(), "csv" | "tsv" | "tab" | "txt" | "")
}
