//! Base45 (RFC 9285): two bytes as three letters of QR's alphanumeric mode, which packs them into 16.5 bits.

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

pub fn encode(bytes: &[u8]) -> String {
    let letter = |value: u32| char::from(ALPHABET[(value % 45) as usize]);
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for pair in bytes.chunks(2) {
        match *pair {
            [high, low] => {
                let value = u32::from(high) * 256 + u32::from(low);
                text.extend([letter(value), letter(value / 45), letter(value / (45 * 45))]);
            }
            [last] => text.extend([letter(last.into()), letter(u32::from(last) / 45)]),
            _ => {}
        }
    }
    text
}

/// `None` for anything that no bytes encode to.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let value_of =
        |letter: &u8| ALPHABET.iter().position(|known| known == letter).and_then(|at| u32::try_from(at).ok());
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for group in text.as_bytes().chunks(3) {
        let values: Vec<u32> = group.iter().map(value_of).collect::<Option<_>>()?;
        match *values.as_slice() {
            [low, middle, high] => bytes.extend(u16::try_from(low + 45 * middle + 45 * 45 * high).ok()?.to_be_bytes()),
            [low, middle] => bytes.push(u8::try_from(low + 45 * middle).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_9285_come_out_as_printed() {
        for (bytes, text) in
            [("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581"), ("ietf!", "QED8WEX0")]
        {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
    }

    #[test]
    fn what_no_bytes_encode_to_is_refused() {
        for bad in ["A", "BB8A", "bb8", ":::", "::", "BBÉ"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
