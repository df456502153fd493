//! The tables as SeaORM entities: one file each, no methods, no queries. Documents are JSON text whose type is named at
//! the column. Ids are UUID version 7, times are milliseconds since 1970 in UTC, money is fen, scores are milli-points.

pub mod attempt;
pub mod audit;
pub mod bid;
pub mod challenge;
pub mod challenge_event;
pub mod challenge_list;
pub mod conflict;
pub mod decision;
pub mod follow;
pub mod form_echo;
pub mod gate;
pub mod gate_line;
pub mod membership;
pub mod notice;
pub mod organisation;
pub mod person;
pub mod racing_team;
pub mod review;
pub mod search_term;
pub mod seat;
pub mod session;
pub mod stamp;
pub mod token;
