//! One file per page.

mod doubles;
mod handouts;
mod holders;
mod home;
mod import;
mod not_found;
mod paper;

pub use doubles::DoublesPage;
pub use handouts::HandoutsPage;
pub use holders::HoldersPage;
pub use home::HomePage;
pub use import::ImportPage;
pub use not_found::NotFoundPage;
pub use paper::PaperPage;
