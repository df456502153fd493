//! What anyone may read. A challenge is here once it was published, and a decided one looks like one in review.

mod challenge;
mod home;
mod lists;
mod race;
mod results;
mod search;
mod search_sql;

pub use challenge::challenge;
pub use home::home;
pub use lists::{list, lists};
pub use race::race;
pub use results::results;
pub use search::search;
