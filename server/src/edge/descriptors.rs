//! How many files and connections the process may have open.

/// Raises the soft limit to the hard one, since systemd starts services with 1,024; answers what it is now.
#[cfg(unix)]
pub fn raise() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let now = if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
    now.map_or(usize::MAX, |now| usize::try_from(now).unwrap_or(usize::MAX))
}

/// Nothing to raise.
#[cfg(not(unix))]
pub fn raise() -> usize {
    usize::MAX
}
