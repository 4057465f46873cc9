//! One file per page; a page reads the state and arranges components.

mod commune;
mod coverage;
mod door;
mod go_to;
mod hand_over;
mod home;
mod household_form;
mod join;
mod needs_network;
mod not_found;
mod phone;
mod plan;
mod point;
mod report;
mod resident_form;
mod results;
mod route;
mod routes;

pub use commune::CommunePage;
pub use coverage::CoveragePage;
pub use door::{DoorPage, PersonAtPointPage};
pub use hand_over::HandOverPage;
pub use home::HomePage;
pub use household_form::{HouseholdEditPage, HouseholdNewPage};
pub use join::JoinPage;
pub use needs_network::NeedsNetworkPage;
pub use not_found::NotFoundPage;
pub use phone::PhonePage;
pub use plan::PlanPage;
pub use point::PointPage;
pub use report::ReportPage;
pub use resident_form::{ResidentEditPage, ResidentNewPage};
pub use results::ResultsPage;
pub use route::RoutePage;
pub use routes::RoutesPage;
