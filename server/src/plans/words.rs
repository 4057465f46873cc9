//! What the reader of a plan complains of, in Vietnamese sentences.

/// A file that is not TOML.
pub fn of_syntax(message: &str) -> String {
    if message.contains("duplicate key") {
        return "Mục này có hai lần: bỏ bớt một.".to_owned();
    }
    "Chưa đúng cú pháp TOML: xem lại dấu ngoặc kép quanh chữ, dấu = và dấu ngoặc vuông.".to_owned()
}

pub fn of_stray_key(key: &str, known: &[String]) -> String {
    format!("Không có mục “{key}”. Ở đây có thể ghi: {}.", known.join(", "))
}

/// TOML that is not a plan: what serde says, or a word of our own types, which is Vietnamese.
pub fn of_shape(message: &str) -> String {
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    if message.starts_with("missing field") {
        return format!("Thiếu mục “{}”.", quoted(message));
    }
    if let Some((given, choices)) = message.strip_prefix("unknown variant").and_then(|text| text.split_once(", ")) {
        let choices: Vec<&str> = choices.split('`').skip(1).step_by(2).collect();
        return format!("Không có lựa chọn “{}”. Chọn: {}.", quoted(given), choices.join(", "));
    }
    if message.starts_with("no variant of enum SlotDay") {
        return "Kỳ báo cáo cần một trong ba mục: weekdays, day_of_month hoặc once.".to_owned();
    }
    if message.starts_with("invalid") {
        let wanted = message.rsplit("expected ").next().unwrap_or_default();
        return format!("Giá trị chưa đúng dạng: cần {}.", kind(wanted));
    }
    let mut letters = message.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// What serde calls a kind of value.
fn kind(wanted: &str) -> &'static str {
    match wanted {
        "u32" | "u64" => "một số nguyên từ 0 trở lên, không có dấu chấm",
        "a string" => "chữ trong ngoặc kép",
        "a boolean" => "true hoặc false",
        "a sequence" => "một danh sách trong ngoặc vuông [ ]",
        _ => "một bảng, như trong các kế hoạch mẫu",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serde_says_is_put_into_words() {
        let cases = [
            ("missing field `name`", "Thiếu mục “name”."),
            (
                "unknown variant `more`, expected `more_than` or `at_least`",
                "Không có lựa chọn “more”. Chọn: more_than, at_least.",
            ),
            ("invalid type: string \"expected\", expected a sequence", "danh sách"),
            ("invalid type: integer `2`, expected a boolean", "true hoặc false"),
            ("invalid type: integer `2`, expected struct AgeRule", "một bảng"),
            ("ngày không hợp lệ", "Ngày không hợp lệ."),
        ];
        for (message, words) in cases {
            assert!(of_shape(message).contains(words), "{message}: {}", of_shape(message));
        }
    }
}
