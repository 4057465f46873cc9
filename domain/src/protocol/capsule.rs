//! What the server answers to whoever brings a capsule: counts, since the carrier may be anybody.

use serde::{Deserialize, Serialize};

/// `POST /api/capsules` takes the bytes of a capsule, not JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapsuleReply {
    /// Documents that the server has now, also those that it had before.
    pub taken: u32,
    /// Documents that it did not take. Their author's phone hears why with its own sync, if it still has them.
    pub refused: u32,
}

impl CapsuleReply {
    /// Nothing of the capsule is missing on the server.
    pub fn is_whole(&self) -> bool {
        self.refused == 0
    }
}

/// `GET /api/time`: for who must know the time before sending what another clock has stamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeReply {
    pub server_ms: u64,
}
