//! Moving a household or a person to another area: the office does it, so it needs a connection.

use domain::DocId;
use domain::protocol::{MoveReply, MoveRequest, WhatMoves};

use super::AppState;
use crate::sync::{self, AskError};

impl AppState {
    /// Asks the server to move; what has changed comes with the next update. Answers how many people have moved, or a
    /// sentence that says why nobody has.
    pub async fn move_to_area(&self, what: WhatMoves, to_area: DocId) -> Result<u64, String> {
        let request = MoveRequest { what, to_area, to_household: None };
        let reply: Result<MoveReply, AskError> = sync::ask("/api/lists/moves", &request).await;
        match reply {
            Ok(reply) => {
                self.sync_now();
                Ok(reply.people)
            }
            Err(AskError::Ours(error)) => Err(error.message),
            Err(AskError::NoNetwork) => {
                Err("Chưa nối được tới máy chủ, nên chưa chuyển. Ra chỗ có sóng rồi chuyển lại.".to_owned())
            }
        }
    }
}
