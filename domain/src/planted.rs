//! Known mistakes that a test can plant, to prove that the fleet would find them. Without the feature `planted` every
//! question is answered "no" at compile time and nothing of this is in the program.

/// One slip each that loses, doubles or miscounts records (the list of design part 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// The server moves a stamp from the future to its own time in place of refusing it.
    ServerClampsFutureStamps,
    /// An acknowledgement clears the unsent mark although the document was edited again meanwhile.
    UnsentClearedById,
    /// A pulled document replaces the phone's own, edits and all.
    PullReplaces,
    /// The document and its unsent mark are stored in two transactions.
    TwoTransactions,
    /// The cursor is stored before the documents of its page.
    CursorBeforeDocuments,
    /// The cursor handed out is the scope's newest number, not that of the page's last row.
    CursorOfScope,
    /// The reply leaves out the documents that the phone itself has just pushed.
    ReplyOmitsOwn,
    /// The number of a row is taken before its transaction has the lock, and can commit late.
    SequenceBeforeLock,
    /// An area's figures are counted from what was pushed, not from what is stored after merging.
    SummaryFromPushed,
    /// The server is restored from a backup and keeps its epoch.
    RestoreKeepsEpoch,
    /// A record that arrives for a household after it has moved stays in the area that it has left.
    LateFactNotCarried,
    /// The phone deletes everything when the server does not know it.
    UnknownDeviceWipes,
    /// After a restore the phone downloads anew, and offers nothing.
    NewEpochWithoutOffer,
    /// The server believes a cursor from before it was restored.
    CursorOutlivesEpoch,
    /// The answer to a request that was given up is taken for that to the newest.
    LateReplyTaken,
    /// What the server refuses is dropped in place of laid into the tray.
    RefusedDropped,
    /// The phone is wiped because its member left an area.
    WipeOnLeave,
    /// What is unsent goes with the area that it is for.
    UnsentDeletedWithArea,
    /// What was settled stays on the phone when its member has left the area.
    LeftAreaKept,
    /// What a member made before leaving an area is refused.
    WorkBeforeLeavingRefused,
    /// The phone drops the fields that it does not know.
    UnknownDroppedByPhone,
    /// The server drops the fields that it does not know.
    UnknownDroppedByServer,
    /// A corrected clock also moves the stamps of what may be with the server already.
    RestampAfterSending,
    /// After some failures the phone tries no more.
    GivesUp,
    /// One document that is refused has those after it refused.
    RefusalSpreads,
    /// What the server has already gets a number again.
    AgainIsNumbered,
    /// An older version of an erased document brings it back.
    ErasedComesBack,
    /// The digest that comes with a page is not looked at.
    DigestNotCompared,
    /// The server changes the area that it remembers before it has committed the change, and only then its number.
    CachedBeforeCommit,
    /// A receipt is believed whatever it says.
    ReceiptNotChecked,
    /// With a receipt anybody brings a document back, also to an area that is not theirs.
    ReceiptFromAnybody,
    /// What a member makes after leaving an area is taken there.
    LeaverGoesOn,
    /// The server believes its clock, whatever it shows.
    ServerClockBelieved,
    /// A file that was put back is not found out.
    RollbackUnseen,
    /// Of an area that the server does not know phones are told that they hold it no longer.
    UnknownScopeRevoked,
    /// An answer that a sleeping phone reads hours later teaches it the time.
    HelloAfterSleep,
    /// What is refused on the way is sent again and again, with all that waits behind it.
    FilterStopsPhone,
    /// Any day is believed.
    DayNotChecked,
    /// Whoever may write may write without end.
    QuotaNotCounted,
    /// A name that a member takes over is not kept.
    OldNameForgotten,
    /// Everybody who reaches the scope has the right of this row of `access::RIGHTS`.
    RightLoosened(usize),
}

impl Mistake {
    pub const ALL: [Mistake; 40] = [
        Mistake::ServerClampsFutureStamps,
        Mistake::UnsentClearedById,
        Mistake::PullReplaces,
        Mistake::TwoTransactions,
        Mistake::CursorBeforeDocuments,
        Mistake::CursorOfScope,
        Mistake::ReplyOmitsOwn,
        Mistake::SequenceBeforeLock,
        Mistake::SummaryFromPushed,
        Mistake::RestoreKeepsEpoch,
        Mistake::LateFactNotCarried,
        Mistake::UnknownDeviceWipes,
        Mistake::NewEpochWithoutOffer,
        Mistake::CursorOutlivesEpoch,
        Mistake::LateReplyTaken,
        Mistake::RefusedDropped,
        Mistake::WipeOnLeave,
        Mistake::UnsentDeletedWithArea,
        Mistake::LeftAreaKept,
        Mistake::WorkBeforeLeavingRefused,
        Mistake::UnknownDroppedByPhone,
        Mistake::UnknownDroppedByServer,
        Mistake::RestampAfterSending,
        Mistake::GivesUp,
        Mistake::RefusalSpreads,
        Mistake::AgainIsNumbered,
        Mistake::ErasedComesBack,
        Mistake::DigestNotCompared,
        Mistake::CachedBeforeCommit,
        Mistake::ReceiptNotChecked,
        Mistake::ReceiptFromAnybody,
        Mistake::LeaverGoesOn,
        Mistake::ServerClockBelieved,
        Mistake::RollbackUnseen,
        Mistake::UnknownScopeRevoked,
        Mistake::HelloAfterSleep,
        Mistake::FilterStopsPhone,
        Mistake::DayNotChecked,
        Mistake::QuotaNotCounted,
        Mistake::OldNameForgotten,
    ];
}

/// A planted mistake: the document without the fields that this version does not know. Those of the fleet's newer phones
/// begin with `x_`.
#[cfg(feature = "planted")]
pub fn drop_unknown(document: &mut crate::Document) {
    match &mut document.body {
        crate::Body::Description(registers) => registers.retain(|name, _| !name.starts_with("x_")),
        crate::Body::Fact { fields, .. } => fields.retain(|name, _| !name.starts_with("x_")),
    }
}

#[cfg(not(feature = "planted"))]
#[inline]
pub const fn drop_unknown(_document: &mut crate::Document) {}

#[cfg(feature = "planted")]
mod switch {
    use super::Mistake;
    use std::cell::Cell;

    thread_local! {
        static PLANTED: Cell<Option<Mistake>> = const { Cell::new(None) };
    }

    /// Plants `mistake` in this thread, or none.
    pub fn plant(mistake: Option<Mistake>) {
        PLANTED.with(|planted| planted.set(mistake));
    }

    pub fn is_planted(mistake: Mistake) -> bool {
        PLANTED.with(Cell::get) == Some(mistake)
    }
}

#[cfg(feature = "planted")]
pub use switch::{is_planted, plant};

#[cfg(not(feature = "planted"))]
#[inline]
pub const fn is_planted(_mistake: Mistake) -> bool {
    false
}
