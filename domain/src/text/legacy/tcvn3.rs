//! TCVN 5712:1993, the ABC fonts (`.VnTime`, `.VnArial`): one byte a letter, `NguyÔn V¨n §øc`.

const LETTERS: [(char, char); 74] = [
    ('µ', 'à'),
    ('¶', 'ả'),
    ('·', 'ã'),
    ('¸', 'á'),
    ('¹', 'ạ'),
    ('¨', 'ă'),
    ('»', 'ằ'),
    ('¼', 'ẳ'),
    ('½', 'ẵ'),
    ('¾', 'ắ'),
    ('Æ', 'ặ'),
    ('©', 'â'),
    ('Ç', 'ầ'),
    ('È', 'ẩ'),
    ('É', 'ẫ'),
    ('Ê', 'ấ'),
    ('Ë', 'ậ'),
    ('®', 'đ'),
    ('Ì', 'è'),
    ('Î', 'ẻ'),
    ('Ï', 'ẽ'),
    ('Ð', 'é'),
    ('Ñ', 'ẹ'),
    ('ª', 'ê'),
    ('Ò', 'ề'),
    ('Ó', 'ể'),
    ('Ô', 'ễ'),
    ('Õ', 'ế'),
    ('Ö', 'ệ'),
    ('×', 'ì'),
    ('Ø', 'ỉ'),
    ('Ü', 'ĩ'),
    ('Ý', 'í'),
    ('Þ', 'ị'),
    ('ß', 'ò'),
    ('á', 'ỏ'),
    ('â', 'õ'),
    ('ã', 'ó'),
    ('ä', 'ọ'),
    ('«', 'ô'),
    ('å', 'ồ'),
    ('æ', 'ổ'),
    ('ç', 'ỗ'),
    ('è', 'ố'),
    ('é', 'ộ'),
    ('¬', 'ơ'),
    ('ê', 'ờ'),
    ('ë', 'ở'),
    ('ì', 'ỡ'),
    ('í', 'ớ'),
    ('î', 'ợ'),
    ('ï', 'ù'),
    ('ñ', 'ủ'),
    ('ò', 'ũ'),
    ('ó', 'ú'),
    ('ô', 'ụ'),
    ('\u{ad}', 'ư'),
    ('õ', 'ừ'),
    ('ö', 'ử'),
    ('÷', 'ữ'),
    ('ø', 'ứ'),
    ('ù', 'ự'),
    ('ú', 'ỳ'),
    ('û', 'ỷ'),
    ('ü', 'ỹ'),
    ('ý', 'ý'),
    ('þ', 'ỵ'),
    ('¡', 'Ă'),
    ('¢', 'Â'),
    ('£', 'Ê'),
    ('¤', 'Ô'),
    ('¥', 'Ơ'),
    ('¦', 'Ư'),
    ('§', 'Đ'),
];

/// A sign of punctuation or a capital inside a word, where this font has its vowels.
pub(super) fn is_certain(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let at = |index: usize| letters.get(index).copied().unwrap_or(' ');
    (0..letters.len()).any(|index| {
        let before = if index == 0 { ' ' } else { at(index - 1) };
        let after = at(index + 1);
        match at(index) {
            'µ' | '¶' | '·' | '¸' | '¹' | 'ª' | '«' | '¬' | 'Þ' => before.is_alphabetic() && !is_code(before),
            '¨' | '©' => after.is_alphabetic(),
            '®' | '§' => !before.is_alphanumeric() && is_letter(after),
            '»' | '¼' | '½' | '¾' | '×' | '÷' => before.is_alphabetic() && after.is_alphabetic(),
            '\u{ad}' => after == '¬',
            'Æ'..='Ì' | 'Î'..='Ö' | 'Ø' | 'Ü' | 'Ý' => before.is_ascii_lowercase(),
            '¡' | '¢' | '£' | '¤' | '¥' | '¦' => before.is_ascii_uppercase() || after.is_ascii_uppercase(),
            _ => false,
        }
    })
}

pub(super) fn convert(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (index, &c) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before)).copied().unwrap_or(' ');
        let after = letters.get(index + 1).copied().unwrap_or(' ');
        // The byte of ư is the soft hyphen, which programs write out: Ph-¬ng, L-u.
        let is_u_horn = c == '-' && before.is_ascii_alphabetic() && (after == '¬' || after.is_ascii_lowercase());
        out.push(if is_u_horn { 'ư' } else { letter(c).unwrap_or(c) });
    }
    // Marked capitals have no bytes of their own but in the fonts of capitals.
    if is_capitals(text) { out.to_uppercase() } else { out }
}

fn letter(c: char) -> Option<char> {
    LETTERS.iter().find(|(shown, _)| *shown == c).map(|(_, letter)| *letter)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || letter(c).is_some()
}

/// Capitals without use here stand in UTF-8 that was misread.
fn is_code(c: char) -> bool {
    matches!(c, 'Ã' | 'Ä' | 'Å' | 'Â')
}

/// Whether all plain letters are capitals, and two of them stand side by side: `NGUYÔN V¡N`, but not `Lª A`.
fn is_capitals(text: &str) -> bool {
    let is_pair = |pair: &[u8]| pair.iter().all(u8::is_ascii_uppercase);
    !text.chars().any(|c| c.is_ascii_lowercase()) && text.as_bytes().windows(2).any(is_pair)
}
