//! One file per page.

mod handouts;
mod home;
mod not_found;
mod paper;

pub use handouts::HandoutsPage;
pub use home::HomePage;
pub use not_found::NotFoundPage;
pub use paper::PaperPage;
