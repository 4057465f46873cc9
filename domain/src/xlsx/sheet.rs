//! Sheets as the XML that spreadsheets read (ECMA-376). Text is written in place and typed as text, so that nothing a
//! person has typed is ever taken for a formula.

use std::fmt::Write as _;

use crate::table::Cell;

/// Their order is that of `STYLES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Bold = 1,
    Centred,
    CentredBold,
    CentredItalic,
    Title,
    Head,
    Text,
    Number,
    Change,
    /// A figure that is written in words: a share, a dash.
    Figure,
}

/// Font, border, number format, horizontal place: the rows of `Style`, after the default.
const STYLES: [(u32, u32, u32, &str); 11] = [
    (0, 0, 0, "left"),
    (1, 0, 0, "left"),
    (0, 0, 0, "center"),
    (1, 0, 0, "center"),
    (2, 0, 0, "center"),
    (3, 0, 0, "center"),
    (1, 1, 0, "center"),
    (0, 1, 0, "left"),
    (0, 1, 3, "right"),
    (0, 1, 164, "right"),
    (0, 1, 0, "right"),
];
const FONTS: &str = concat!(
    r#"<fonts count="4"><font><sz val="12"/><name val="Times New Roman"/></font>"#,
    r#"<font><b/><sz val="12"/><name val="Times New Roman"/></font>"#,
    r#"<font><i/><sz val="12"/><name val="Times New Roman"/></font>"#,
    r#"<font><b/><sz val="14"/><name val="Times New Roman"/></font></fonts>"#,
);
const FILLS: &str = r#"<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>"#;
const BORDERS: &str = r#"<borders count="2"><border/><border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/></border></borders>"#;
/// One line of 12 points with Vietnamese marks above and below.
const ROW_POINTS: usize = 18;
const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// One sheet, written from top to bottom.
#[derive(Debug)]
pub struct Sheet {
    /// In characters, as spreadsheets measure them.
    widths: Vec<u32>,
    rows: String,
    merges: Vec<String>,
    row: usize,
    is_landscape: bool,
    /// Above and below every printed page, as XML; empty for none.
    around_pages: String,
    /// Rows that every printed page begins with, up to this one.
    repeated: Option<usize>,
}

impl Sheet {
    pub fn new(widths: &[u32], is_landscape: bool) -> Self {
        Self {
            widths: widths.to_vec(),
            rows: String::new(),
            merges: Vec::new(),
            row: 0,
            is_landscape,
            around_pages: String::new(),
            repeated: None,
        }
    }

    /// Texts at the head and at the foot of every printed page; the number of the page follows at the foot. Spreadsheets
    /// cut these at 255 characters with their codes: what is longer is cut here, so that the codes stay whole.
    pub fn around_pages(&mut self, head: &str, foot: &str) {
        const CHARS_MAX: usize = 200;
        // `&` begins a code; a digit after the size would be read as part of it.
        let plain = |text: &str| escaped(&text.chars().take(CHARS_MAX).collect::<String>().replace('&', "&&"));
        self.around_pages = format!(
            "<headerFooter><oddHeader>&amp;C&amp;9 {}</oddHeader><oddFooter>&amp;L&amp;9 {}&amp;R&amp;9 Trang &amp;P/&amp;N</oddFooter></headerFooter>",
            plain(head),
            plain(foot),
        );
    }

    /// Every printed page begins with the rows written so far.
    pub fn repeat_so_far(&mut self) {
        self.repeated = Some(self.row);
    }

    pub fn blank(&mut self) {
        self.row += 1;
    }

    /// A line of texts, each over a number of columns.
    pub fn line(&mut self, texts: &[(usize, Style, &str)]) {
        let texts = texts.iter().map(|(span, style, text)| (*span, *style, text_content(text)));
        self.write(texts.collect());
    }

    /// A row of a table.
    pub fn cells(&mut self, cells: &[Cell], spans: &[usize]) {
        let content = |cell: &Cell| match cell {
            Cell::Number(number) => (Style::Number, Content::Number(number.to_string())),
            Cell::Change(change) => (Style::Change, Content::Number(change.to_string())),
            Cell::Text(text) if cell.is_figure() => (Style::Figure, text_content(text)),
            Cell::Text(text) => (Style::Text, text_content(text)),
            Cell::None => (Style::Figure, text_content(&cell.shown())),
        };
        let cells = cells.iter().zip(spans).map(|(cell, span)| {
            let (style, content) = content(cell);
            (*span, style, content)
        });
        self.write(cells.collect());
    }

    fn write(&mut self, cells: Vec<(usize, Style, Content)>) {
        self.row += 1;
        let row = self.row;
        let height = ROW_POINTS * self.lines_needed(&cells);
        // Writing to a String cannot fail, here and below.
        let _ = write!(self.rows, r#"<row r="{row}" ht="{height}" customHeight="1">"#);
        let mut column = 0;
        for (span, style, content) in cells {
            let (first, last) = (name_of(column), name_of(column + span - 1));
            if span > 1 {
                self.merges.push(format!("{first}{row}:{last}{row}"));
            }
            for offset in 0..span {
                let place = name_of(column + offset);
                let style = style as u32;
                let _ = match &content {
                    Content::Text(text) if offset == 0 => write!(
                        self.rows,
                        r#"<c r="{place}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#
                    ),
                    Content::Number(number) if offset == 0 => {
                        write!(self.rows, r#"<c r="{place}{row}" s="{style}"><v>{number}</v></c>"#)
                    }
                    // The borders of a joined cell are those of all its parts.
                    _ => write!(self.rows, r#"<c r="{place}{row}" s="{style}"/>"#),
                };
            }
            column += span;
        }
        self.rows.push_str("</row>");
    }

    /// Spreadsheets find the height of a row by themselves, but not where cells are joined.
    fn lines_needed(&self, cells: &[(usize, Style, Content)]) -> usize {
        let mut column = 0;
        let mut lines = 1;
        for (span, _, content) in cells {
            let width: u32 = self.widths.iter().skip(column).take(*span).sum();
            column += span;
            if let Content::Text(text) = content {
                lines = lines.max(text.chars().count().div_ceil(usize::try_from(width).unwrap_or(1).max(1)));
            }
        }
        lines
    }

    fn xml(&self) -> String {
        let mut columns = String::new();
        for (index, width) in self.widths.iter().enumerate() {
            let number = index + 1;
            let _ = write!(columns, r#"<col min="{number}" max="{number}" width="{width}" customWidth="1"/>"#);
        }
        let orientation = if self.is_landscape { "landscape" } else { "portrait" };
        let merges: String = self.merges.iter().fold(String::new(), |mut merges, place| {
            let _ = write!(merges, r#"<mergeCell ref="{place}"/>"#);
            merges
        });
        let merges = match self.merges.len() {
            0 => String::new(),
            count => format!(r#"<mergeCells count="{count}">{merges}</mergeCells>"#),
        };
        format!(
            r#"{XML}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><cols>{columns}</cols><sheetData>{}</sheetData>{merges}<pageMargins left="0.6" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="{orientation}" fitToWidth="1" fitToHeight="0"/>{}</worksheet>"#,
            self.rows, self.around_pages,
        )
    }
}

enum Content {
    /// Escaped.
    Text(String),
    Number(String),
}

fn text_content(text: &str) -> Content {
    Content::Text(escaped(text))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\n' | '\t' => escaped.push(letter),
            // XML has no way to write these.
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// "A", …, "Z", "AA", …
fn name_of(mut column: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(b'A' + u8::try_from(column % 26).unwrap_or(0));
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    name.iter().rev().map(|letter| char::from(*letter)).collect()
}

/// The files of a workbook with these sheets.
pub fn parts(sheets: &[(&str, Sheet)]) -> Vec<(String, String)> {
    let (mut listed, mut related, mut overrides) = (String::new(), String::new(), String::new());
    let mut names = String::new();
    let mut files = Vec::new();
    for (index, (name, sheet)) in sheets.iter().enumerate() {
        let number = index + 1;
        let _ = write!(listed, r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#);
        let _ = write!(
            related,
            r#"<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        );
        let _ = write!(
            overrides,
            r#"<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{TYPES}.worksheet+xml"/>"#
        );
        if let Some(row) = sheet.repeated {
            let _ = write!(
                names,
                r#"<definedName name="_xlnm.Print_Titles" localSheetId="{index}">'{name}'!$1:${row}</definedName>"#
            );
        }
        files.push((format!("xl/worksheets/sheet{number}.xml"), sheet.xml()));
    }
    let types = format!(
        r#"{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/>{overrides}</Types>"#
    );
    let root = format!(
        r#"{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    if !names.is_empty() {
        names = format!("<definedNames>{names}</definedNames>");
    }
    let workbook =
        format!(r#"{XML}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets>{names}</workbook>"#);
    let relations = format!(
        r#"{XML}<Relationships xmlns="{PACKAGE}/relationships">{related}<Relationship Id="rId0" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>"#
    );
    // What a zip's first file is tells some programs what it holds.
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), types),
        ("_rels/.rels".to_owned(), root),
        ("xl/workbook.xml".to_owned(), workbook),
        ("xl/_rels/workbook.xml.rels".to_owned(), relations),
        ("xl/styles.xml".to_owned(), styles()),
    ];
    parts.extend(files);
    parts
}

fn styles() -> String {
    let mut formats = String::new();
    for (font, border, number, place) in STYLES {
        let _ = write!(
            formats,
            r#"<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="{border}" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1"><alignment horizontal="{place}" vertical="center" wrapText="1"/></xf>"#
        );
    }
    let count = STYLES.len();
    format!(
        r#"{XML}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="+#,##0;-#,##0;0"/></numFmts>{FONTS}{FILLS}{BORDERS}<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="{count}">{formats}</cellXfs></styleSheet>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_a_spreadsheet() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(name_of), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
