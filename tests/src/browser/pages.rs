//! The screens in their own words: what a journey says to a phone, and what it reads there.

mod badge;
mod door;
mod forms;
mod hand_over;
mod join;
mod office;
mod own;
mod plan;
mod point;
mod report;
mod route;
mod team;

pub use badge::Badge;
pub use door::{DoorPage, Person, SERVICES};
pub use forms::{HouseholdForm, ResidentForm};
pub use hand_over::saved_capsule;
pub use join::JoinPage;
pub use office::PaperLine;
pub use own::{PhonePage, ResultsPage, Tally};
pub use plan::PlanPage;
pub use point::{PointPage, VisitorPage};
pub use report::ReportPage;
pub use route::{RoutePage, Row};
pub use team::{CommunePage, CoveragePage, RoutesPage};

/// The figure in words like "1.605 hộ": the first number, without its thousands points.
pub fn figure(text: &str) -> Option<u64> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let number = text[start..].chars().take_while(|letter| letter.is_ascii_digit() || *letter == '.');
    number.filter(char::is_ascii_digit).collect::<String>().parse().ok()
}

/// All figures of a sentence, in order.
pub fn figures(text: &str) -> Vec<u64> {
    let words = text.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    words.filter_map(figure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_they_are_written() {
        assert_eq!(figure("Đã tiếp cận 1.605 trên 2.000 hộ"), Some(1_605));
        assert_eq!(figures("Đã tiếp cận 120 trên 1.330 hộ (9%)."), [120, 1_330, 9]);
        assert_eq!(figure("chưa rõ"), None);
    }
}
