//! Ways to break bytes.

use crate::fleet::rng::Rng;

/// No input grows beyond this, so that many can be tried.
const LENGTH_MAX: usize = 400_000;
const NUMBERS: [&str; 16] = [
    "0",
    "1",
    "-1",
    "2",
    "59",
    "60",
    "255",
    "256",
    "257",
    "65535",
    "65536",
    "1048576",
    "4294967295",
    "18446744073709551615",
    "1e999",
    "NaN",
];
const CSV: [&str; 24] = [
    ";",
    ",",
    "\t",
    "|",
    "\"",
    "\"\"",
    "\r",
    "\n",
    "\r\n",
    "sep=;\n",
    "\u{feff}",
    "Họ và tên",
    "Chủ hộ",
    "Tổ 5",
    "STT",
    "01/01/1957",
    "0912 345 678",
    "\u{a0}",
    "\u{301}",
    "Nguyeãn",
    "NguyÔn",
    "Nguyá»…n",
    "Năm sinh",
    "\0",
];
const HTML: [&str; 22] = [
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "</td>",
    "<th rowspan=2>",
    "<td colspan=3>",
    "<br>",
    "<p>",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<td rowspan=\"65536\" colspan=256>",
    "&#x1EA1;",
    "&ecirc;",
    "&",
    "<",
    ">",
    "\"",
    "charset=windows-1258",
];
const XML: [&str; 30] = [
    "<row>",
    "</row>",
    "<c r=\"A1\" t=\"s\">",
    "<v>",
    "</v>",
    "</c>",
    "<c t=\"inlineStr\"><is><t>x</t></is></c>",
    " r=\"XFD1048576\"",
    " t=\"e\"",
    " t=\"d\"",
    " s=\"1\"",
    "<si>",
    "</si>",
    "<t>",
    "<rPh>",
    "_x000D_",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "&b;",
    "&#0;",
    "&#x110000;",
    "<table:table-row table:number-rows-repeated=\"99999999\">",
    "table:number-columns-repeated=\"16384\"",
    "<text:p>",
    "<text:s text:c=\"999999\"/>",
    "<office:annotation>",
    "office:value-type=\"date\"",
    "ss:Index=\"99999\"",
    "ss:MergeDown=\"9\"",
];

/// What the bytes are, which decides on the words that are put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Csv,
    Html,
    Xml,
    Binary,
}

/// Breaks bytes in some places.
pub(super) fn break_bytes(bytes: &mut Vec<u8>, kind: Kind, rng: &mut Rng) {
    // Few breaks reach deep, many shake the surface.
    let most = if rng.chance(200) { 30 } else { 4 };
    let count = rng.between(1, most);
    for _ in 0..count {
        break_once(bytes, kind, rng);
        bytes.truncate(LENGTH_MAX);
    }
}

fn break_once(bytes: &mut Vec<u8>, kind: Kind, rng: &mut Rng) {
    let at = rng.index(bytes.len() + 1);
    let range = {
        let length = if rng.chance(800) { rng.index(40) } else { rng.index(2_000) };
        at..(at + length).min(bytes.len())
    };
    match rng.below(11) {
        0 => flip(bytes, rng),
        1 => drop(bytes.drain(range)),
        2 => {
            let copy = bytes[range].to_vec();
            let to = rng.index(bytes.len() + 1);
            insert(bytes, to, &copy);
        }
        3 => {
            let most = if rng.chance(50) { 2_000 } else { 20 };
            let copy = bytes[range].repeat(1 + rng.index(most));
            insert(bytes, at, &copy[..copy.len().min(LENGTH_MAX)]);
        }
        4 if rng.chance(300) => bytes.truncate(at),
        5 => change_number(bytes, at, rng),
        6 if rng.chance(300) => {
            let byte = u8::try_from(rng.below(256)).unwrap_or(0);
            bytes[range].fill(byte);
        }
        _ => {
            let words: &[&str] = match kind {
                Kind::Csv => &CSV,
                Kind::Html => &HTML,
                Kind::Xml => &XML,
                Kind::Binary => return flip(bytes, rng),
            };
            let word = rng.pick(words).copied().unwrap_or_default();
            insert(bytes, at, word.as_bytes());
        }
    }
}

fn flip(bytes: &mut [u8], rng: &mut Rng) {
    let at = rng.index(bytes.len());
    let Some(byte) = bytes.get_mut(at) else { return };
    *byte = match rng.below(4) {
        0 => *byte ^ (1 << rng.below(8)),
        1 => rng.pick(&[0, 1, 0x7f, 0x80, 0xff, b'<', b'"']).copied().unwrap_or(0),
        2 => byte.wrapping_add(1),
        _ => u8::try_from(rng.below(256)).unwrap_or(0),
    };
}

/// Another number in place of the next one.
fn change_number(bytes: &mut Vec<u8>, at: usize, rng: &mut Rng) {
    let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|offset| at + offset) else { return };
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = rng.pick(&NUMBERS).copied().unwrap_or("0");
    bytes.splice(start..start + length, number.bytes());
}

fn insert(bytes: &mut Vec<u8>, at: usize, what: &[u8]) {
    bytes.splice(at..at, what.iter().copied());
}
