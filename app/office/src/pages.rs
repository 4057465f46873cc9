//! One file per page.

mod doubles;
mod holders;
mod home;
mod not_found;

pub use doubles::DoublesPage;
pub use holders::HoldersPage;
pub use home::HomePage;
pub use not_found::NotFoundPage;
