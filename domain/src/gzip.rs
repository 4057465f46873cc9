//! Requests in gzip form (RFC 1952). The deflater is the one of the capsules, so it costs the app nothing, and no browser
//! has to have one.

use miniz_oxide::deflate::compress_to_vec;

/// No name, no time, unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
/// Documents repeat one another: higher levels save a slow phone nothing.
const LEVEL: u8 = 6;

/// `plain` as a gzip file of one member.
pub fn pack(plain: &[u8]) -> Vec<u8> {
    let mut packed = HEADER.to_vec();
    packed.extend(compress_to_vec(plain, LEVEL));
    packed.extend(crc32fast::hash(plain).to_le_bytes());
    // By the format the length counts modulo 2^32.
    let [a, b, c, d, ..] = plain.len().to_le_bytes();
    packed.extend([a, b, c, d]);
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_has_the_form_of_a_gzip_file() {
        // As `printf 123456789 | gzip -n` ends: CRC 0xcbf43926, length 9.
        let packed = pack(b"123456789");
        assert_eq!(packed[..4], [0x1f, 0x8b, 8, 0]);
        assert_eq!(packed[packed.len() - 8..], [0x26, 0x39, 0xf4, 0xcb, 9, 0, 0, 0]);
        let body = &packed[HEADER.len()..packed.len() - 8];
        assert_eq!(miniz_oxide::inflate::decompress_to_vec(body).ok().as_deref(), Some(&b"123456789"[..]));
    }

    #[test]
    fn documents_shrink_to_a_fraction() {
        let door = r#"{"id":"6261636b-616e-4000-8000-000000000001","k":"visit","at":"19dfd6-0-feed","f":{"day":"2026-05-06"}}"#;
        assert!(pack(door.repeat(20).as_bytes()).len() * 5 < door.len() * 20);
    }
}
