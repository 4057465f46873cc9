//! Ids that tie a label to its control: unique within the page, of no meaning.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A new id such as `field-7`.
pub fn element_id(prefix: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
