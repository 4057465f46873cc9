//! Numbers as the domain writes them, for what components count.

/// "1.605"
pub fn grouped(count: usize) -> String {
    domain::number::grouped(u64::try_from(count).unwrap_or(u64::MAX))
}
