//! Presentational pieces. Each takes finished values and draws; none loads, decides or knows a session.
//! Builders end in `.draw(..)`, plain pieces are functions; both give an [`AnyView`](leptos::prelude::AnyView).

pub mod badge;
pub mod breadcrumbs;
pub mod button;
pub mod card;
pub mod empty;
pub mod error_summary;
pub mod facets;
pub mod facts;
pub mod field;
pub mod form;
pub mod hash;
pub mod heading;
pub mod layout;
pub mod markdown;
pub mod money;
pub mod notice;
pub mod pager;
pub mod stepper;
pub mod table;
pub mod tabs;
pub mod text_area;
pub mod when;

pub use badge::{Tone, badge};
pub use breadcrumbs::breadcrumbs;
pub use button::{Button, button_link, buttons};
pub use card::Card;
pub use empty::Empty;
pub use error_summary::error_summary;
pub use facets::{Facet, FacetValue, SearchBox, facets};
pub use facts::Facts;
pub use field::{Choice, Field, field_id, group};
pub use form::{Form, Echo};
pub use hash::hash;
pub use heading::{Heading, section};
pub use layout::{Frame, Place, Reader, page};
pub use markdown::markdown;
pub use money::{points, wan, wan_cell, yuan};
pub use notice::{Flash, Notice};
pub use pager::Pager;
pub use stepper::{Step, StepState, stepper};
pub use table::{Column, Table, cell};
pub use tabs::{Tab, tabs};
pub use text_area::TextArea;
pub use when::{day, when};
