//! Starts the app; all of it is in the library.

fn main() {
    app::start();
}
