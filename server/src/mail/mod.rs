//! Letters: the words of each notice, the message around them, and the way out. Deliberately absent: when and to whom
//! (the store's outbox), and the sentences of the inbox (the app's catalogue).

pub mod folder;
pub mod layout;
pub mod message;
pub mod render;
pub mod transport;
mod words;

pub use layout::Rendered;
pub use message::Letterhead;
pub use render::render;
pub use transport::{Delivery, Transport};
