//! A person's form as it is typed: text that may still be wrong.

use domain::people::Gone;
use serde::{Deserialize, Serialize};

use crate::state::ResidentForm;

pub const RELATIONS: [&str; 8] = ["Chủ hộ", "Vợ", "Chồng", "Con", "Bố", "Mẹ", "Cháu", "Khác"];
pub const OTHER: &str = "Khác";

/// As typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    pub name: String,
    pub year: String,
    pub relation: String,
    pub other: String,
    pub phone: String,
    #[serde(default)]
    pub groups: Vec<String>,
    #[serde(default)]
    pub address: String,
}

impl Typed {
    pub fn of(form: &ResidentForm) -> Self {
        let is_usual = RELATIONS.contains(&form.relation.as_str()) || form.relation.is_empty();
        Self {
            name: form.name.clone(),
            year: form.birth_year.map(|year| year.to_string()).unwrap_or_default(),
            relation: if is_usual { form.relation.clone() } else { OTHER.to_owned() },
            other: if is_usual { String::new() } else { form.relation.clone() },
            phone: form.phone.clone().unwrap_or_default(),
            groups: form.groups.clone(),
            address: form.address.clone(),
        }
    }

    /// The year, or the sentence that says what is wrong with it.
    pub fn birth_year(&self, this_year: i64) -> Result<Option<i64>, &'static str> {
        match self.year.trim() {
            "" => Ok(None),
            text => match text.parse::<i64>() {
                Ok(year) if (1900..=this_year).contains(&year) => Ok(Some(year)),
                _ => Err("Ghi đủ bốn chữ số, ví dụ 1958; chưa rõ thì để trống"),
            },
        }
    }

    /// What is to be stored; a person who is not here any more stays so.
    pub fn form(&self, birth_year: Option<i64>, gone: Option<Gone>) -> ResidentForm {
        ResidentForm {
            name: self.name.clone(),
            birth_year,
            relation: self.relation(),
            phone: Some(self.phone.clone()).filter(|phone| !phone.trim().is_empty()),
            gone,
            groups: self.groups.clone(),
            address: self.address.clone(),
        }
    }

    pub fn relation(&self) -> String {
        if self.relation == OTHER && !self.other.trim().is_empty() { self.other.clone() } else { self.relation.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(text: &str) -> Result<Option<i64>, &'static str> {
        Typed { year: text.to_owned(), ..Typed::default() }.birth_year(2026)
    }

    #[test]
    fn a_year_is_four_digits_of_a_living_person_or_unknown() {
        assert_eq!(year(" 1958 "), Ok(Some(1958)));
        assert_eq!(year(""), Ok(None));
        for wrong in ["58", "2027", "1899", "năm 1958"] {
            assert!(year(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_unusual_relation_survives_the_chips() {
        let form = ResidentForm { relation: "Con dâu".to_owned(), ..ResidentForm::default() };
        let typed = Typed::of(&form);
        assert_eq!((typed.relation.as_str(), typed.relation().as_str()), (OTHER, "Con dâu"));
        assert_eq!(Typed::of(&ResidentForm::default()).relation(), "");
    }
}
