//! Characters that HTML writes by name or number.

/// From U+00C0 on, one after another.
const LETTERS: &str = "Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute \
    Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig \
    agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde \
    ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
const SIGNS: [(&str, char); 23] = [
    ("nbsp", '\u{a0}'),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bull", '•'),
    ("middot", '·'),
    ("deg", '°'),
    ("shy", '\u{ad}'),
    ("Abreve", 'Ă'),
    ("abreve", 'ă'),
    ("Dstrok", 'Đ'),
    ("dstrok", 'đ'),
    ("Itilde", 'Ĩ'),
    ("itilde", 'ĩ'),
];
/// The longest name or number with its `;`.
const LENGTH_MAX: usize = 10;

/// The text with its characters; what is not known stays as it is.
pub(super) fn decode(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = rest.bytes().take(LENGTH_MAX).position(|byte| byte == b';');
        if let Some((length, character)) = length.and_then(|length| Some((length, character(&rest[1..length])?))) {
            plain.push(character);
            rest = &rest[length + 1..];
        } else {
            plain.push('&');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    plain
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(number).filter(|character| *character != '\0');
    }
    let letter = || {
        let place = LETTERS.split_ascii_whitespace().position(|letter| letter == name)?;
        char::from_u32(0xc0 + u32::try_from(place).ok()?)
    };
    SIGNS.iter().find(|(sign, _)| *sign == name).map(|(_, character)| *character).or_else(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_become_characters() {
        assert_eq!(decode("L&ecirc; &Aacute;nh &#7873; &#x1EA1; &yuml;&"), "Lê Ánh ề ạ ÿ&");
        assert_eq!(decode("&không; &#99999999; a&b;c"), "&không; &#99999999; a&b;c");
    }
}
