//! What every handler shares: the store, the clock, chance, the limits and the app's files.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::DocId;

use crate::area_cache::AreaCache;
use crate::clock::{ServerClock, built_ms};
use crate::edge::Edge;
use crate::handlers::files::AppFiles;
use crate::invite;
use crate::rate::Buckets;
use crate::store::{SecretHash, Store};

/// Invites are 128 random bits: nobody guesses one. This only bounds the work.
const JOINS_PER_MINUTE: u32 = 60;
/// A phone that downloads its areas asks about ten times in a row, else once in some minutes.
const SYNCS_PER_MINUTE: u32 = 120;

/// A team behind one address may bring many at once; each costs an opening.
const CAPSULES_PER_MINUTE: u32 = 60;

pub struct App<S> {
    pub store: S,
    pub cache: AreaCache,
    pub files: AppFiles,
    pub joins: Buckets<std::net::IpAddr>,
    pub syncs: Buckets<SecretHash>,
    pub capsules: Buckets<std::net::IpAddr>,
    /// Whether the machine's clock is believed; the loops beside the requests ask it too.
    pub clock: Arc<ServerClock>,
    pub edge: Arc<Edge>,
    /// Phones that a member may have at once.
    pub phones_max: usize,
    now_ms: fn() -> u64,
}

pub type Shared<S> = Arc<App<S>>;

impl<S: Store> App<S> {
    pub fn new(store: S, files: AppFiles) -> Self {
        Self { clock: Arc::new(ServerClock::new(built_ms())), ..Self::with_clock(store, files, wall_ms) }
    }

    /// With another clock than the machine's, for tests; it may show a day before this program was made.
    pub fn with_clock(store: S, files: AppFiles, now_ms: fn() -> u64) -> Self {
        Self {
            store,
            cache: AreaCache::default(),
            files,
            joins: Buckets::new(JOINS_PER_MINUTE),
            syncs: Buckets::new(SYNCS_PER_MINUTE),
            capsules: Buckets::new(CAPSULES_PER_MINUTE),
            clock: Arc::new(ServerClock::new(0)),
            edge: Arc::default(),
            phones_max: invite::PHONES_MAX,
            now_ms,
        }
    }

    /// Behind an edge with settings of its own.
    #[must_use]
    pub fn behind(self, edge: Arc<Edge>) -> Self {
        Self { edge, ..self }
    }

    /// With other limits for every kind of caller, for tests. The usual ones stay where nothing is said.
    #[must_use]
    pub fn with_requests_per_minute(self, limit: Option<u32>) -> Self {
        let Some(limit) = limit else { return self };
        Self { joins: Buckets::new(limit), syncs: Buckets::new(limit), capsules: Buckets::new(limit), ..self }
    }

    pub fn now_ms(&self) -> u64 {
        (self.now_ms)()
    }
}

/// Milliseconds since 1970 by the machine's clock.
pub fn wall_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Random bytes of the operating system.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without chance there are no tokens and no ids: better no server than a guessable one.
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

pub fn random_id() -> DocId {
    DocId::random(u128::from_be_bytes(random_bytes()))
}
