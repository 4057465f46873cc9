//! VNI-Windows (VNI-Times): a plain letter, then a letter that is its marks, `Nguyeãn Vaên Ñöùc`.

/// Marks of a tone alone: on every vowel.
const TONES: [(char, &str); 5] =
    [('ø', "\u{300}"), ('ù', "\u{301}"), ('û', "\u{309}"), ('õ', "\u{303}"), ('ï', "\u{323}")];
/// The hat with a tone: on a, e, o.
const HATS: [(char, &str); 6] = [
    ('â', "\u{302}"),
    ('á', "\u{302}\u{301}"),
    ('à', "\u{302}\u{300}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{302}\u{323}"),
];
/// The breve with a tone: on a.
const BREVES: [(char, &str); 6] = [
    ('ê', "\u{306}"),
    ('é', "\u{306}\u{301}"),
    ('è', "\u{306}\u{300}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
    ('ë', "\u{306}\u{323}"),
];
const LETTERS: [(char, char); 9] =
    [('ñ', 'đ'), ('ô', 'ơ'), ('ö', 'ư'), ('í', 'í'), ('ì', 'ì'), ('æ', 'ỉ'), ('ó', 'ĩ'), ('ò', 'ị'), ('î', 'ỵ')];

/// A vowel with its mark after it, as no Vietnamese word in Unicode has; or the đ or ư of this font.
pub(super) fn is_certain(text: &str) -> bool {
    let letters: Vec<char> = text.chars().map(lower).collect();
    let at = |index: usize| letters.get(index).copied().unwrap_or(' ');
    (0..letters.len()).any(|index| {
        let before = if index == 0 { ' ' } else { at(index - 1) };
        match (at(index), at(index + 1)) {
            // Hoà, hoá, hoã.
            ('o', 'à' | 'á' | 'ã') => false,
            (vowel, mark) if marks(vowel, mark).is_some() => true,
            ('ñ', after) => !before.is_alphabetic() && matches!(after, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'ô' | 'ö'),
            ('ö', after) => before.is_alphabetic() && matches!(after, 'a' | 'c' | 'i' | 'm' | 'n' | 'u' | 'ô'),
            _ => false,
        }
    })
}

pub(super) fn convert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let base = LETTERS.iter().find(|(shown, _)| *shown == lower(c)).map_or(c, |(_, letter)| cased(*letter, c));
        out.push(base);
        if let Some(marks) = letters.peek().and_then(|next| marks(lower(c), lower(*next))) {
            out.push_str(marks);
            letters.next();
        }
    }
    out
}

/// What `mark` puts on `vowel`, both in small letters of the font.
fn marks(vowel: char, mark: char) -> Option<&'static str> {
    let find = |table: &[(char, &'static str)]| table.iter().find(|(shown, _)| *shown == mark).map(|(_, marks)| *marks);
    let tone = || find(&TONES);
    match vowel {
        'a' => tone().or_else(|| find(&HATS)).or_else(|| find(&BREVES)),
        'e' | 'o' => tone().or_else(|| find(&HATS)),
        'u' | 'y' | 'ô' | 'ö' => tone(),
        _ => None,
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn cased(letter: char, like: char) -> char {
    if like.is_uppercase() { letter.to_uppercase().next().unwrap_or(letter) } else { letter }
}
