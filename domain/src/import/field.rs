//! What a column can hold, with the key under which a choice is kept and the words of the menu that offers it.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::place::Priority;
use crate::service::Step;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Ordinal,
    HouseholdCode,
    Head,
    Name,
    FamilyName,
    GivenName,
    Birth,
    BirthMale,
    BirthFemale,
    Relation,
    Phone,
    HouseNo,
    Cell,
    /// A yes-column of one priority.
    Priority(Priority),
    /// Priorities in words: "HN", "Gia đình chính sách".
    PriorityText,
    /// Has a smartphone; "no" is a priority, blank is not.
    Smartphone,
    /// A yes-column of one step.
    Step(Step),
    /// "BHYT": the card itself or its integration, which only the other columns can tell.
    Insurance,
    /// Who issued a certificate: VNPT, Viettel and others. Read from lists of holders only.
    Provider,
    /// From when a certificate is valid. Read from lists of holders only.
    IssuedOn,
    /// Until when a certificate is valid. Read from lists of holders only.
    ExpiresOn,
    Note,
    /// Căn cước, CMND: dropped, or its last four digits kept where the coordinator asks for that.
    IdNumber,
    /// Not kept on purpose: numbers of cards and accounts, ethnicity, religion.
    Private,
    /// Known, but nothing here needs it: sex, age, residence.
    Unused,
}

/// A key that names no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("không có loại cột này")]
pub struct UnknownField;

impl Field {
    /// Fields without a part of their own, with key and label.
    const PLAIN: [(Field, &'static str, &'static str); 23] = [
        (Field::Ordinal, "ordinal", "Số thứ tự"),
        (Field::HouseholdCode, "household_code", "Mã hộ, số hộ"),
        (Field::Head, "head", "Họ tên chủ hộ"),
        (Field::Name, "name", "Họ và tên"),
        (Field::FamilyName, "family_name", "Họ và chữ đệm"),
        (Field::GivenName, "given_name", "Tên"),
        (Field::Birth, "birth", "Ngày sinh hoặc năm sinh"),
        (Field::BirthMale, "birth_male", "Năm sinh (nam)"),
        (Field::BirthFemale, "birth_female", "Năm sinh (nữ)"),
        (Field::Relation, "relation", "Quan hệ với chủ hộ"),
        (Field::Phone, "phone", "Số điện thoại"),
        (Field::HouseNo, "house_no", "Số nhà, địa chỉ"),
        (Field::Cell, "cell", "Tổ, thôn, ấp"),
        (Field::PriorityText, "priority", "Diện ưu tiên ghi bằng chữ"),
        (Field::Smartphone, "smartphone", "Có điện thoại thông minh"),
        (Field::Insurance, "insurance", "Thẻ BHYT"),
        (Field::Provider, "provider", "Nhà cung cấp chữ ký số"),
        (Field::IssuedOn, "issued_on", "Ngày cấp chứng thư số"),
        (Field::ExpiresOn, "expires_on", "Ngày hết hạn chứng thư số"),
        (Field::Note, "note", "Ghi chú"),
        (Field::IdNumber, "id_number", "Số căn cước"),
        (Field::Private, "private", "Thông tin riêng, không nhập"),
        (Field::Unused, "unused", "Không dùng đến"),
    ];

    /// Stable: choices are kept under it.
    pub fn key(self) -> String {
        match self {
            Field::Priority(priority) => format!("priority:{}", priority.name()),
            Field::Step(step) => format!("step:{}", step.name()),
            plain => plain.plain().map_or_else(String::new, |(key, _)| key.to_owned()),
        }
    }

    pub fn from_key(key: &str) -> Result<Self, UnknownField> {
        match key.split_once(':') {
            Some(("priority", name)) => Priority::from_name(name).map(Field::Priority),
            Some(("step", name)) => Step::from_name(name).map(Field::Step),
            Some(_) => None,
            None => Self::PLAIN.into_iter().find(|(_, plain, _)| *plain == key).map(|(field, ..)| field),
        }
        .ok_or(UnknownField)
    }

    /// For a menu of columns.
    pub fn label(self) -> String {
        match self {
            Field::Priority(priority) => format!("Ưu tiên: {}", priority.label()),
            Field::Step(step) => format!("{}: {}", step.service().short_label(), step.label()),
            plain => plain.plain().map_or_else(String::new, |(_, label)| label.to_owned()),
        }
    }

    fn plain(self) -> Option<(&'static str, &'static str)> {
        Self::PLAIN.into_iter().find(|(field, ..)| *field == self).map(|(_, key, label)| (key, label))
    }

    /// What a coordinator can choose for a column of a household list, in the order of a menu. To leave a column out is
    /// no field.
    pub fn choices() -> Vec<Field> {
        let is_offered = |field: &Field| {
            !matches!(field, Field::Provider | Field::IssuedOn | Field::ExpiresOn | Field::Private | Field::Unused)
        };
        let plain = Self::PLAIN.into_iter().map(|(field, ..)| field).filter(is_offered);
        plain.chain(Priority::ALL.map(Field::Priority)).chain(Step::ALL.map(Field::Step)).collect()
    }

    /// The same for a provider's list of holders of certificates.
    pub fn holder_choices() -> Vec<Field> {
        vec![
            Field::Ordinal,
            Field::Name,
            Field::FamilyName,
            Field::GivenName,
            Field::Birth,
            Field::BirthMale,
            Field::BirthFemale,
            Field::Phone,
            Field::HouseNo,
            Field::Cell,
            Field::Provider,
            Field::IssuedOn,
            Field::ExpiresOn,
        ]
    }

    /// Fields of which a list has one column; a second one is not used.
    pub(super) fn is_single(self) -> bool {
        use Field as F;
        matches!(
            self,
            F::Ordinal
                | F::HouseholdCode
                | F::Head
                | F::Name
                | F::FamilyName
                | F::GivenName
                | F::Birth
                | F::BirthMale
                | F::BirthFemale
                | F::Relation
        )
    }

    pub(super) fn is_name(self) -> bool {
        matches!(self, Field::Head | Field::Name | Field::FamilyName | Field::GivenName)
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.key())
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_key(&key).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_field_survives_its_key_and_has_words_of_its_own() {
        let plain = Field::PLAIN.map(|(field, ..)| field).into_iter();
        let all: Vec<Field> =
            plain.chain(Priority::ALL.map(Field::Priority)).chain(Step::ALL.map(Field::Step)).collect();
        for &field in &all {
            assert_eq!(Field::from_key(&field.key()), Ok(field));
            let json = serde_json::to_string(&field).expect("a text");
            assert_eq!(serde_json::from_str::<Field>(&json).expect("a field"), field);
        }
        let labels: HashSet<String> = all.iter().map(|field| field.label()).collect();
        assert_eq!(labels.len(), all.len());
        assert_eq!(Field::Step(Step::Activated).key(), "step:activated");
        assert_eq!(Field::from_key("step:tổ"), Err(UnknownField));
    }
}
