//! The phones of the team, as the server knows them. It is asked each time: what a phone last said is no document.

use domain::DocId;
use domain::protocol::{CheckNumber, CheckRequest, DeviceEnd, DeviceLine, DevicesReply, RevokeRequest};

use super::AppState;
use super::enrol::JoinFailure;
use crate::sync;

impl AppState {
    /// The phones of a member, the newest first.
    pub async fn devices(&self, member: DocId) -> Result<Vec<DeviceLine>, JoinFailure> {
        let reply: DevicesReply = sync::get(&format!("/api/devices/{member}")).await?;
        Ok(reply.devices)
    }

    /// This member's own phones, the newest first.
    pub async fn own_devices(&self) -> Result<Vec<DeviceLine>, JoinFailure> {
        let reply: DevicesReply = sync::get("/api/devices/own").await?;
        Ok(reply.devices)
    }

    /// Says that a phone shows the number that its owner reads out; answers the member's phones as they are then.
    pub async fn check_device(
        &self,
        member: DocId,
        device: DocId,
        check: CheckNumber,
    ) -> Result<Vec<DeviceLine>, JoinFailure> {
        let reply: DevicesReply = sync::ask("/api/devices/check", &CheckRequest { member, device, check }).await?;
        Ok(reply.devices)
    }

    /// Shuts out one phone; answers the member's phones as they are then.
    pub async fn end_device(
        &self,
        member: DocId,
        device: DocId,
        reason: DeviceEnd,
    ) -> Result<Vec<DeviceLine>, JoinFailure> {
        let request = RevokeRequest { member, device, reason };
        let reply: DevicesReply = sync::ask("/api/devices/revoke", &request).await?;
        Ok(reply.devices)
    }
}
