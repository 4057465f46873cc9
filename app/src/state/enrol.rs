//! Joining and leaving: whose phone this is.

use domain::protocol::{CheckNumber, ErrorCode, InviteReply, InviteRequest, JoinReply, JoinRequest};
use domain::replica::{Enrolment, Event, Meta, StoreError};
use domain::{DocId, InstallId};
use leptos::prelude::*;

use super::{AppState, HandOverFailure, NotSaved, runtime};
use crate::device::keeping::{self, Moment};
use crate::sync::{self, AskError};

/// Why a phone did not join.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinFailure {
    #[error("Mã mời không đúng. Xem lại liên kết, hoặc xin tổ trưởng mã mới.")]
    InviteUnknown,
    #[error("Mã mời này đã dùng rồi. Xin tổ trưởng mã mới.")]
    InviteUsed,
    #[error("Mã mời đã hết hạn. Xin tổ trưởng mã mới.")]
    InviteExpired,
    #[error(
        "Lời mời này là của người khác. Vào lại bằng lời mời của người đang dùng máy này; mọi thứ đã ghi vẫn giữ nguyên."
    )]
    InviteForOther,
    #[error("Chưa nối được tới máy chủ. Bật mạng, hoặc ra chỗ có sóng, rồi thử lại.")]
    NoNetwork,
    #[error("{0}")]
    Server(String),
    #[error("{0}")]
    NotSaved(#[from] NotSaved),
}

impl JoinFailure {
    pub fn sentence(&self) -> String {
        self.to_string()
    }

    /// Whether another code is what helps.
    pub fn is_about_the_code(&self) -> bool {
        matches!(self, Self::InviteUnknown | Self::InviteUsed | Self::InviteExpired | Self::InviteForOther)
    }
}

impl From<AskError> for JoinFailure {
    fn from(error: AskError) -> Self {
        match error {
            AskError::NoNetwork => Self::NoNetwork,
            AskError::Ours(error) => match error.code {
                ErrorCode::InviteUnknown => Self::InviteUnknown,
                ErrorCode::InviteUsed => Self::InviteUsed,
                ErrorCode::InviteExpired => Self::InviteExpired,
                ErrorCode::InviteForOther => Self::InviteForOther,
                _ => Self::Server(error.message),
            },
        }
    }
}

impl AppState {
    /// Redeems an invite. A phone that the server does not know any more keeps all it has, and so takes an invite of its
    /// own member only; one that the server knows is emptied for the next member, if it has nothing unsettled.
    pub async fn join(&self, code: String) -> Result<(), JoinFailure> {
        let runtime = self.runtime.get_value();
        let install = runtime.install().ok_or(NotSaved::NotReady)?;
        let is_unknown = self.sources.status.with_untracked(|status| status.is_device_unknown);
        let own = self.enrolled_as();
        if own.is_some() && !is_unknown {
            return self.join_anew(code).await;
        }
        let Redeemed { enrolment, check } = redeem(code, install, own).await?;
        let member = enrolment.member;
        if own.is_some_and(|own| own != member) {
            // A server that could not be asked for one member only: its records must not become another's.
            return Err(JoinFailure::InviteForOther);
        }
        // Before the next page is drawn, which shows it.
        keeping::note_check(check);
        self.has_just_joined.set_value(true);
        runtime.settle(Event::Joined(enrolment)).await;
        runtime.equip();
        if self.enrolled_as() == Some(member) {
            keeping::note_joined();
            keeping::ask_to_persist(Moment::Joined);
            Ok(())
        } else {
            Err(NotSaved::Failed("the enrolment".to_owned()).into())
        }
    }

    /// Asks the server for an invite for a member; answers the whole link.
    pub async fn invite(&self, member: DocId) -> Result<String, JoinFailure> {
        let reply: InviteReply = sync::ask("/api/invites", &InviteRequest { member }).await?;
        let origin = window().location().origin().map_err(|_| JoinFailure::NoNetwork)?;
        Ok(format!("{origin}{}", reply.path))
    }

    /// True once after joining: whoever comes from the invite goes on to the start page.
    pub fn take_just_joined(&self) -> bool {
        self.has_just_joined.try_update_value(std::mem::take).unwrap_or(false)
    }

    /// The invite is redeemed first: a wrong one costs nothing. What is unsent is sealed and stays on this phone until it
    /// has arrived, under the name of who wrote it. Then all is replaced in one transaction.
    async fn join_anew(&self, code: String) -> Result<(), JoinFailure> {
        self.check_can_be_emptied()?;
        // An attempt whose answer was lost is made again as the same one: the server would take another for a stranger.
        let tried = self.attempt.get_value().filter(|(tried, _)| *tried == code);
        let install = tried.map_or_else(|| InstallId(runtime::random_u64()), |(_, install)| install);
        self.attempt.set_value(Some((code.clone(), install)));
        let Redeemed { enrolment, check } = redeem(code, install, None).await?;
        self.hand_on(Meta { enrolment: Some(enrolment), ..Meta::new(install) }).await?;
        keeping::note_check(check);
        crate::device::restart("/");
        Ok(())
    }

    /// Empties this phone. What is unsent or waits to be looked at stays on it, sealed, until it has arrived; refused where
    /// it cannot be sealed.
    pub async fn leave(&self) -> Result<(), NotSaved> {
        self.check_can_be_emptied()?;
        self.hand_on(Meta::new(InstallId(runtime::random_u64()))).await?;
        crate::device::restart("/vao");
        Ok(())
    }

    /// Puts `next` in the place of all that is stored here. Somebody may write until the last moment, also in another tab:
    /// then that is sealed too.
    async fn hand_on(&self, mut next: Meta) -> Result<(), NotSaved> {
        const TRIES: usize = 5;
        let runtime = self.runtime.get_value();
        let install = runtime.install();
        for _ in 0..TRIES {
            runtime.at_rest().await;
            let rescued = self.revision();
            self.check_can_be_emptied()?;
            self.rescue_unsettled().await?;
            runtime.at_rest().await;
            if self.revision() != rescued {
                continue;
            }
            // The transactions are counted on, so that a tab that slept meanwhile finds out.
            next.generation = self.read(|replica| replica.meta().generation).unwrap_or(0) + 1;
            match self.storage().replace(&next).await {
                Err(StoreError::Outdated(stored)) if Some(stored.meta.install()) != install => {
                    return Err(NotSaved::Failed("the phone changed hands in another tab".to_owned()));
                }
                Err(StoreError::Outdated(stored)) => runtime.take_over(stored),
                outcome => {
                    outcome?;
                    // Where the last member was, and in which area, is nobody's business now.
                    crate::device::forget_preferences();
                    runtime.leave_other_tabs();
                    return Ok(());
                }
            }
        }
        Err(NotSaved::Failed("something goes on writing".to_owned()))
    }

    fn check_can_be_emptied(&self) -> Result<(), NotSaved> {
        if self.is_settled()? || self.can_rescue() { Ok(()) } else { Err(NotSaved::Unsettled) }
    }

    async fn rescue_unsettled(&self) -> Result<(), NotSaved> {
        if self.is_settled()? {
            return Ok(());
        }
        self.rescue().await.map_err(|failure| match failure {
            HandOverFailure::NotSaved(error) => error,
            HandOverFailure::NoKey | HandOverFailure::Nothing => NotSaved::Unsettled,
        })
    }

    fn is_settled(&self) -> Result<bool, NotSaved> {
        let status = self.read(domain::replica::Replica::status).ok_or(NotSaved::NotReady)?;
        Ok(status.unsent + status.offers + status.refused == 0)
    }

    /// Grows with everything that is written on this phone.
    fn revision(&self) -> Option<u64> {
        self.read(|replica| replica.meta().rev)
    }

    fn enrolled_as(&self) -> Option<DocId> {
        self.read(|replica| replica.meta().enrolment.as_ref().map(|own| own.member)).flatten()
    }
}

/// The purpose of an invite.
struct Redeemed {
    enrolment: Enrolment,
    /// To be read out to whoever invited. No part of the enrolment: after a day nobody asks for it.
    check: Option<CheckNumber>,
}

async fn redeem(code: String, install: InstallId, only_for: Option<DocId>) -> Result<Redeemed, JoinFailure> {
    let reply: JoinReply = sync::ask("/api/join", &JoinRequest { code, install, only_for }).await?;
    let enrolment = Enrolment {
        member: reply.member,
        commune: reply.commune,
        role: reply.role,
        name: reply.name,
        commune_name: reply.commune_name,
    };
    Ok(Redeemed { enrolment, check: reply.check })
}
