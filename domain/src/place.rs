//! Places: the commune, its areas, their routes and households.

use serde::{Deserialize, Serialize};

use crate::DocId;
use crate::document::{Document, Kind};
use crate::text::fold;

/// What sort of place an area is; its words appear on every screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    #[default]
    ToDanPho,
    Thon,
    Ap,
    Ban,
    Xom,
    Khu,
    School,
    HealthStation,
    PoliceStation,
    OneStopCentre,
    CulturalHouse,
    /// In a province, which holds no households: a commune, by its figures.
    Commune,
}

impl AreaKind {
    /// Residents come here to be helped: nobody lives at it.
    pub fn is_support_point(self) -> bool {
        crate::campaign::Channel::of_area(self) != crate::campaign::Channel::Home
    }

    pub const ALL: [AreaKind; 12] = [
        AreaKind::ToDanPho,
        AreaKind::Thon,
        AreaKind::Ap,
        AreaKind::Ban,
        AreaKind::Xom,
        AreaKind::Khu,
        AreaKind::School,
        AreaKind::HealthStation,
        AreaKind::PoliceStation,
        AreaKind::OneStopCentre,
        AreaKind::CulturalHouse,
        AreaKind::Commune,
    ];

    pub fn label(self) -> &'static str {
        match self {
            AreaKind::ToDanPho => "Tổ dân phố",
            AreaKind::Thon => "Thôn",
            AreaKind::Ap => "Ấp",
            AreaKind::Ban => "Bản",
            AreaKind::Xom => "Xóm",
            AreaKind::Khu => "Khu",
            AreaKind::School => "Trường học",
            AreaKind::HealthStation => "Trạm y tế",
            AreaKind::PoliceStation => "Công an",
            AreaKind::OneStopCentre => "Trung tâm Phục vụ hành chính công",
            AreaKind::CulturalHouse => "Nhà văn hóa",
            AreaKind::Commune => "Xã, phường",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            AreaKind::ToDanPho => "to_dan_pho",
            AreaKind::Thon => "thon",
            AreaKind::Ap => "ap",
            AreaKind::Ban => "ban",
            AreaKind::Xom => "xom",
            AreaKind::Khu => "khu",
            AreaKind::School => "school",
            AreaKind::HealthStation => "health_station",
            AreaKind::PoliceStation => "police_station",
            AreaKind::OneStopCentre => "one_stop_centre",
            AreaKind::CulturalHouse => "cultural_house",
            AreaKind::Commune => "commune",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind that the first words of an area's name tell: "TDP 5", "Thôn Nà Pò", "Làng Kon Rờ Bàng".
    pub fn told_by(area_name: &str) -> Option<Self> {
        let folded = fold(area_name);
        let starts =
            |word: &&str| folded.strip_prefix(*word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let words: [(AreaKind, &[&str]); 6] = [
            (AreaKind::ToDanPho, &["to", "tdp"]),
            (AreaKind::Thon, &["thon", "lang", "buon", "bon", "plei"]),
            (AreaKind::Ap, &["ap", "khom", "soc", "phum"]),
            (AreaKind::Ban, &["ban"]),
            (AreaKind::Xom, &["xom"]),
            (AreaKind::Khu, &["khu", "kp", "khoi"]),
        ];
        words.into_iter().find(|(_, words)| words.iter().any(starts)).map(|(kind, _)| kind)
    }
}

/// Whether a list's "TDP 05" is the area "Tổ dân phố 5": the same words, or one kind and one name.
pub fn is_same_area(left: &str, right: &str) -> bool {
    fold(left) == fold(right)
        || (AreaKind::told_by(left) == AreaKind::told_by(right) && crate::matching::same_cell(left, right))
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commune {
    pub id: DocId,
    pub name: String,
    /// "Xã", "Phường" or "Đặc khu".
    pub kind: String,
    pub province: String,
}

impl Commune {
    pub fn read(document: &Document) -> Option<Self> {
        (document.kind == Kind::Commune).then(|| Self {
            id: document.id,
            name: text(document, "name"),
            kind: text(document, "kind"),
            province: text(document, "province"),
        })
    }

    /// A province, which has communes in the place of areas, and figures only.
    pub fn is_province(&self) -> bool {
        self.kind == "Tỉnh"
    }

    /// "Phường Bắc Kạn".
    pub fn title(&self) -> String {
        format!("{} {}", self.kind, self.name).trim().to_owned()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    pub id: DocId,
    /// The full name as people say it: "Tổ 5", "Thôn Nà Pò".
    pub name: String,
    pub kind: AreaKind,
    pub order: i64,
    /// Overrides the campaign's quota for everyone who works here.
    pub quota: Option<u32>,
    /// The commune whose figures these are, for an area of a province; it must name the province in its own
    /// `reports_to`.
    pub commune: Option<DocId>,
}

impl Area {
    pub fn read(document: &Document) -> Option<Self> {
        (document.kind == Kind::Area).then(|| Self {
            id: document.id,
            name: text(document, "name"),
            kind: document.text("kind").and_then(AreaKind::from_name).unwrap_or_default(),
            order: document.int("order").unwrap_or(0),
            quota: document.int("quota").and_then(|quota| u32::try_from(quota).ok()),
            commune: document.link("commune"),
        })
    }
}

/// An ordered part of an area that is given to members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub id: DocId,
    pub name: String,
    pub order: i64,
    pub members: Vec<DocId>,
    pub deleted: bool,
}

impl Route {
    pub fn read(document: &Document) -> Option<Self> {
        (document.kind == Kind::Route).then(|| Self {
            id: document.id,
            name: text(document, "name"),
            order: document.int("order").unwrap_or(0),
            members: document.links("members"),
            deleted: document.flag("deleted"),
        })
    }
}

/// Who is to be reached first (CD25:59).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Elderly,
    NoTechSavvyRelatives,
    Poor,
    NearPoor,
    PolicyFamily,
    NoSmartphone,
}

impl Priority {
    pub const ALL: [Priority; 6] = [
        Priority::Elderly,
        Priority::NoTechSavvyRelatives,
        Priority::Poor,
        Priority::NearPoor,
        Priority::PolicyFamily,
        Priority::NoSmartphone,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Priority::Elderly => "Người cao tuổi",
            Priority::NoTechSavvyRelatives => "Không có con cháu biết công nghệ",
            Priority::Poor => "Hộ nghèo",
            Priority::NearPoor => "Hộ cận nghèo",
            Priority::PolicyFamily => "Gia đình chính sách",
            Priority::NoSmartphone => "Chưa có điện thoại thông minh",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Priority::Elderly => "elderly",
            Priority::NoTechSavvyRelatives => "no_tech_savvy_relatives",
            Priority::Poor => "poor",
            Priority::NearPoor => "near_poor",
            Priority::PolicyFamily => "policy_family",
            Priority::NoSmartphone => "no_smartphone",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.name() == name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    pub id: DocId,
    /// The head's name as the list has it; residents are documents of their own.
    pub head: String,
    /// House number and alley: "12/3", "Ngõ 5, số 8".
    pub house_no: String,
    pub phone: Option<String>,
    pub route: Option<DocId>,
    /// Place in the walking order within the area; equal numbers are ordered by house number.
    pub order: i64,
    pub priorities: Vec<Priority>,
    pub note: String,
    /// The area that it has moved to: there it is counted, not here.
    pub moved_to: Option<DocId>,
    pub deleted: bool,
}

impl Household {
    pub fn read(document: &Document) -> Option<Self> {
        (document.kind == Kind::Household).then(|| Self {
            id: document.id,
            head: text(document, "head"),
            house_no: text(document, "house_no"),
            phone: document.text("phone").map(ToOwned::to_owned),
            route: document.link("route"),
            order: document.int("order").unwrap_or(0),
            priorities: document.texts("priorities").into_iter().filter_map(Priority::from_name).collect(),
            note: text(document, "note"),
            moved_to: crate::moving::destination(document),
            deleted: document.flag("deleted") || document.erased,
        })
    }
}

pub(crate) fn text(document: &Document, name: &str) -> String {
    document.text(name).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_known_by_its_kind_and_its_name() {
        assert!(is_same_area("TDP 05", "Tổ dân phố 5"));
        assert!(is_same_area("thôn nà pò", "Thôn Nà Pò"));
        assert!(!is_same_area("Thôn Bản 1", "Tổ dân phố 1"));
        assert!(!is_same_area("Tổ 5", "Tổ 15"));
        assert!(!is_same_area("Nà Pò", "Nà Cà"));
    }
}
