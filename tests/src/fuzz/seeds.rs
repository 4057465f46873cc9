//! What inputs are made from: the small list in every format, and lists as text.

use std::fs;
use std::path::Path;

use super::mutate::{Kind, break_bytes};
use super::{records, zip};
use crate::fleet::rng::Rng;

const LISTS: [&str; 3] = [
    "ỦY BAN NHÂN DÂN XÃ;;;;;\nDANH SÁCH HỘ DÂN;;;;;\nSTT;Họ và tên;Ngày sinh;Quan hệ;Số nhà;Điện thoại\nTổ 5;;;;;\n\
     1;Nông Văn Tằng;04/03/1956;Chủ hộ;12;0912345678\n2;\"Hoàng Thị Ết; bà\";1958;Vợ;12;+84 912 345 678\n\
     3;Triệu Tài Sính;80;Chủ hộ;14/2;0168 123 4567 - 0912345679\nTổng cộng: 3;;;;;\nNGƯỜI LẬP;;;TM. UBND;;\n",
    "TT\tHọ đệm\tTên\tNăm sinh\t\tGhi chú\n\t\t\tNam\tNữ\t\n(1)\t(2)\t(3)\t(4)\t(5)\t(6)\n1\tLò Văn\tPao\t1957\t\tchết\n\
     2\tVàng Thị\tMỷ\t\t1960\t\"dòng 1\ndòng 2\"\n",
    "Mã hộ,Chủ hộ,Thành viên,NTNS,CCCD,Dân tộc,BHYT,VNeID\nH1,Sùng A Tủa,Sùng A Tủa,1/1/1957,006057000000,x,x,x\n\
     ,,Giàng Thị Dở,00/00/1961,,x,,Mức 2\nH2,Cụ Ma Văn Ướt (đi làm xa),,1949,,,,\n",
];

pub(super) struct Seeds {
    /// Entries of zip files, unpacked.
    packages: Vec<(&'static str, Vec<zip::Entry>)>,
    /// Whole files.
    files: Vec<(&'static str, Kind, Vec<u8>)>,
    /// Records of XLS files.
    streams: Vec<Vec<u8>>,
}

impl Seeds {
    pub fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/sheet/tests/files");
        let file = |name: &str| fs::read(folder.join(name)).expect("a fixture of the sheet crate");
        let packages = ["ho.xlsx", "ho-1904.xlsx", "ho.ods"].map(|name| (name, zip::unpack(&file(name)))).to_vec();
        let texts =
            [("ho-html.xls", Kind::Html), ("ho-xml.xls", Kind::Xml), ("ho.fods", Kind::Xml), ("ho.xls", Kind::Binary)];
        let files = texts.map(|(name, kind)| (name, kind, file(name))).to_vec();
        let streams = ["ho.xls", "ho-1904.xls"].map(|name| stream(&file(name))).to_vec();
        Self { packages, files, streams }
    }

    /// One broken file with its name.
    pub fn broken(&self, rng: &mut Rng) -> (&'static str, Vec<u8>) {
        match rng.below(100) {
            0..50 => ("danh-sach.csv", broken_text(rng)),
            50..70 => {
                let Some((name, kind, bytes)) = rng.pick(&self.files) else { return ("", Vec::new()) };
                let mut bytes = bytes.clone();
                break_bytes(&mut bytes, *kind, rng);
                (name, bytes)
            }
            70..88 => self.broken_package(rng),
            _ => {
                let Some(stream) = rng.pick(&self.streams) else { return ("", Vec::new()) };
                ("ho.xls", records::break_stream(stream, rng))
            }
        }
    }

    fn broken_package(&self, rng: &mut Rng) -> (&'static str, Vec<u8>) {
        let Some((name, entries)) = rng.pick(&self.packages) else { return ("", Vec::new()) };
        let mut entries = entries.clone();
        // The cells more often than the rest.
        let cells = entries.iter().position(|entry| entry.name.contains("sheet1") || entry.name == "content.xml");
        for _ in 0..=rng.below(2) {
            let any = rng.index(entries.len());
            let at = cells.filter(|_| rng.chance(500)).unwrap_or(any);
            break_bytes(&mut entries[at].plain, Kind::Xml, rng);
        }
        let mut bytes = zip::pack(&entries, rng.chance(300));
        if rng.chance(100) {
            break_bytes(&mut bytes, Kind::Binary, rng);
        }
        (name, bytes)
    }
}

fn broken_text(rng: &mut Rng) -> Vec<u8> {
    let list = rng.pick(&LISTS).copied().unwrap_or_default();
    let mut bytes = list.as_bytes().to_vec();
    if rng.chance(300) {
        let separator = rng.pick(b";,\t|").copied().unwrap_or(b';');
        bytes.iter_mut().filter(|byte| **byte == b';').for_each(|byte| *byte = separator);
    }
    break_bytes(&mut bytes, Kind::Csv, rng);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match rng.below(8) {
        0 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        1 => [b"\xff\xfe".to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
        2 => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        // One byte a character: old fonts, or nonsense.
        3 => text.chars().map(|character| u8::try_from(u32::from(character) & 0xff).unwrap_or(0)).collect(),
        _ => bytes,
    }
}

/// The records in an XLS file, which stand one behind the other in small ones.
fn stream(file: &[u8]) -> Vec<u8> {
    let start = file.windows(4).position(|bytes| bytes == [9, 8, 16, 0]).unwrap_or(0);
    file[start..].to_vec()
}
