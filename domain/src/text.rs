//! Vietnamese text: what is stored, what is compared, what is sorted and what is searched.
//!
//! Stored text is [`clean`]; search and duplicate keys use [`fold`]; lists use [`name_key`] and [`natural_key`].

mod fold;
pub mod legacy;
mod letter;
mod name;
mod normal;
mod order;
mod phone;
mod search;
mod tone;

pub(crate) use fold::fold_keeping_marks;
pub use fold::{clean, fold};
pub use legacy::Legacy;
pub use name::title_case;
pub use order::{NameKey, NaturalKey, name_key, natural_key};
pub use phone::{Phone, PhoneCell, PhoneError};
pub use search::{Entry, Hit, Index, Rank};
pub use tone::normalise_tone;
