//! Who is behind a request, a person's own pages, and what organisers and auditors look after.

mod inbox;
mod oversight;
mod page;
mod visitor;

pub use inbox::{count_unread, inbox};
pub use oversight::{AuditRow, DeadLetter, audit_log, dead_letters};
pub use page::{account, invitation};
pub use visitor::{Visitor, find_actor};
