//! The program as a whole, without a browser: letters against a real mail server, the layers, the command line.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, reason = "tests may stop")]

mod access;
mod access_forms;
mod cli;
mod cli_export;
mod cli_scoring;
mod cli_scoring_assign;
mod cli_scoring_figures;
mod cli_scoring_package;
mod cli_scoring_race;
mod cli_scoring_race_package;
mod hostile_doors;
mod hostile_forms;
mod hostile_sealed;
mod layers;
mod letters;
mod life_kept;
mod life_site;
mod life_story;
mod mail;
mod package_property;
mod schema;
mod smtp;
mod support;
