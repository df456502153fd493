//! What speaks HTTP and is no page: files, sessions, headers, health, the door of the server functions.

pub mod assets;
pub mod body;
pub mod dev_clock;
pub mod dev_mail;
pub mod faults;
pub mod functions;
pub mod headers;
pub mod health;
pub mod kept;
pub mod session;
