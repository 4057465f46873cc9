//! Unsent work that leaves this phone by another way than its own sync.

use domain::capsule::{Content, Portion, PublicKey};
use domain::replica::Replica;
use leptos::prelude::*;

use super::{AppState, NotSaved, runtime};
use crate::outbox;

/// Why nothing could be handed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandOverFailure {
    #[error("Máy này chưa nhận được khóa niêm phong của máy chủ. Có mạng một lần, bấm “Gửi ngay”, rồi thử lại.")]
    NoKey,
    #[error("Không còn gì chưa gửi trên máy này.")]
    Nothing,
    #[error("{0}")]
    NotSaved(#[from] NotSaved),
}

impl AppState {
    /// Capsules of what is on this phone only. From here on it counts as sent, wherever the bytes go.
    pub async fn hand_over(&self, portion: Portion) -> Result<Vec<Vec<u8>>, HandOverFailure> {
        let key = self.key()?;
        let contents = self.runtime.get_value().hand_over(portion).await?;
        let capsules: Vec<Vec<u8>> =
            contents.iter().filter_map(|content: &Content| content.seal(&key, runtime::random_bytes()).ok()).collect();
        if capsules.is_empty() { Err(HandOverFailure::Nothing) } else { Ok(capsules) }
    }

    fn key(&self) -> Result<PublicKey, HandOverFailure> {
        self.read(|replica| replica.meta().capsule_key).flatten().ok_or(HandOverFailure::NoKey)
    }

    /// Whether what is sealed now would be taken although this phone itself forgot everything: the server must know its
    /// courier, and must not have forgotten it since.
    pub fn can_rescue(&self) -> bool {
        let is_known = |replica: &Replica| {
            let meta = replica.meta();
            meta.capsule_key.is_some() && meta.courier.is_some_and(|courier| courier.told)
        };
        self.read(|replica| is_known(replica) && !replica.status().is_device_unknown).unwrap_or(false)
    }

    /// Seals everything that is only on this phone and keeps it among what the phone carries, where emptying does not
    /// reach it.
    pub(super) async fn rescue(&self) -> Result<(), HandOverFailure> {
        let key = self.key()?;
        let contents = self.runtime.get_value().hand_over(Portion::RESCUE).await?;
        Ok(outbox::rescue(&contents, &key).await.map_err(NotSaved::from)?)
    }
}
