//! Honest requests made wrong: bytes flipped, fields dropped, doubled, retyped, numbers and texts that no phone writes.

use serde_json::{Value, json};

use super::wire::Request;
use crate::fleet::rng::Rng;

/// One to three faults in the body.
pub fn body(request: &mut Request, rng: &mut Rng) {
    for _ in 0..rng.between(1, 3) {
        match serde_json::from_slice::<Value>(&request.body) {
            Ok(mut value) if rng.chance(700) => {
                let steps = rng.between(1, 12);
                value_in(&mut value, steps, rng);
                request.body = value.to_string().into_bytes();
            }
            _ => bytes(&mut request.body, rng),
        }
    }
}

fn bytes(body: &mut Vec<u8>, rng: &mut Rng) {
    let place = rng.index(body.len().max(1)).min(body.len().saturating_sub(1));
    match rng.below(7) {
        0 => body.truncate(place),
        1 => body.insert(place.min(body.len()), b'\0'),
        2 => {
            // What JSON allows and serde does not show: a name twice, half of a pair, a fraction, a huge number.
            const INSERTED: [&str; 7] = [
                r#""push":[],"push":[],"#,
                r#""\ud800""#,
                "1.5",
                "1e400",
                "-99999999999999999999",
                "[[[[[[[[[[",
                "\u{feff}",
            ];
            let text = rng.pick(&INSERTED).copied().unwrap_or_default();
            body.splice(place..place, text.bytes());
        }
        3 => {
            let depth = 1 + rng.index(300);
            body.splice(place..place, std::iter::repeat_n(b'[', depth));
        }
        4 => body.extend_from_within(..),
        _ => {
            if let Some(byte) = body.get_mut(place) {
                *byte ^= 1 << rng.below(8);
            }
        }
    }
}

/// Walks some steps into the value and changes what is there.
fn value_in(value: &mut Value, steps: u64, rng: &mut Rng) {
    if steps > 0 {
        match value {
            Value::Array(items) if !items.is_empty() => {
                let place = rng.index(items.len());
                return value_in(&mut items[place], steps - 1, rng);
            }
            Value::Object(fields) if !fields.is_empty() => {
                let place = rng.index(fields.len());
                let Some((name, field)) = fields.iter_mut().nth(place) else { return };
                if steps > 1 && rng.chance(800) {
                    return value_in(field, steps - 1, rng);
                }
                let name = name.clone();
                return field_of(fields, &name, rng);
            }
            _ => {}
        }
    }
    *value = strange(rng);
}

fn field_of(fields: &mut serde_json::Map<String, Value>, name: &str, rng: &mut Rng) {
    match rng.below(4) {
        0 => drop(fields.remove(name)),
        1 => {
            let value = fields.remove(name).unwrap_or_default();
            fields.insert(format!("{name}x"), value);
        }
        2 => drop(fields.insert("unknown".to_owned(), strange(rng))),
        _ => drop(fields.insert(name.to_owned(), strange(rng))),
    }
}

fn strange(rng: &mut Rng) -> Value {
    match rng.below(14) {
        0 => Value::Null,
        1 => json!(-1),
        2 => json!(u64::MAX),
        3 => json!(i64::MIN),
        4 => json!(0.5),
        5 => json!(1e300),
        6 => json!(""),
        7 => json!("\u{0}"),
        8 => json!("x".repeat(rng.index(70_000))),
        9 => json!("\u{202e}\u{200b}đ\u{301}"),
        10 => json!([]),
        11 => json!({}),
        12 => (0..rng.below(40)).fold(json!(1), |inner, _| json!([inner])),
        _ => json!(true),
    }
}
