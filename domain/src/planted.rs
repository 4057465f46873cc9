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
}

impl Mistake {
    pub const ALL: [Mistake; 11] = [
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
    ];
}

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
