//! Rows of a JSON document: a list of objects, alone or inside an object. Deliberately absent: numbers as f64; what a cell
//! is given is the number's shortest decimal text.

use std::borrow::Cow;

use crate::columns::nearest_of;
use crate::fault::{Faults, JsonShape, Stop, TableFault, TableProblem};
use crate::json::Json;
use crate::rows::{JsonField, JsonList, Kind, Place, ROWS_MAX, TakesRows, Value};
use crate::source::{ReadAs, Source};
use crate::text::decode;

/// Hands every entry on and counts them.
///
/// # Errors
/// What keeps the file from being read at all.
pub(crate) fn read(
    source: Source<'_>,
    kind: &Kind,
    taker: &mut dyn TakesRows,
    faults: &mut Faults,
    read_as: &mut ReadAs,
) -> Result<usize, Stop> {
    let (text, encoding) = decode(source.bytes)?;
    read_as.encoding = Some(encoding);
    let document = Json::parse(&text)?;
    let mut entries = Entries { kind, taker, faults, rows: 0 };
    match &document {
        Json::List(list) => {
            if let Some(known) = kind.lists.first() {
                entries.list(known, None, list)?;
            }
        }
        Json::Object(keys) => entries.document(keys)?,
        _ => return Err(TableFault::of_file(TableProblem::WrongShape { wanted: JsonShape::Document }).into()),
    }
    Ok(entries.rows)
}

struct Entries<'a> {
    kind: &'a Kind,
    taker: &'a mut dyn TakesRows,
    faults: &'a mut Faults,
    rows: usize,
}

impl Entries<'_> {
    fn document(&mut self, keys: &[(String, Json)]) -> Result<(), Stop> {
        let mut seen = Vec::new();
        for (key, value) in keys {
            let at = |problem| TableFault { column: Some(key.clone()), ..TableFault::of_file(problem) };
            let Some(known) = self.kind.lists.iter().find(|list| list.name == key) else {
                let nearest = nearest_of(self.kind.lists.iter().map(|list| list.name), key);
                self.faults.say(at(TableProblem::UnknownField { name: key.clone(), nearest }));
                continue;
            };
            if seen.contains(&known.name) {
                self.faults.say(at(TableProblem::DuplicateField { first: key.clone() }));
                continue;
            }
            seen.push(known.name);
            match value {
                Json::List(list) => self.list(known, Some(known.name), list)?,
                _ => self.faults.say(at(TableProblem::WrongShape { wanted: JsonShape::List })),
            }
        }
        Ok(())
    }

    fn list(&mut self, known: &JsonList, sheet: Option<&str>, list: &[Json]) -> Result<(), Stop> {
        let mut labels: Vec<String> = self.kind.columns.iter().map(|column| column.key.clone()).collect();
        for field in &known.fields {
            if let Some(label) = labels.get_mut(field.column) {
                *label = path(field.group, &field.key);
            }
        }
        for (index, entry) in list.iter().enumerate() {
            let place = Place { sheet, list: Some(known.name), row: index + 1, labels: &labels };
            if self.rows >= ROWS_MAX {
                let problem = TableProblem::TooManyRows { max: ROWS_MAX };
                return Err(TableFault { column: None, ..place.fault(0, problem) }.into());
            }
            self.rows += 1;
            let Json::Object(keys) = entry else {
                let problem = TableProblem::WrongShape { wanted: JsonShape::Object };
                self.faults.say(TableFault { column: None, ..place.fault(0, problem) });
                continue;
            };
            let mut cells: Vec<Option<Value<'_>>> = vec![None; self.kind.columns.len()];
            self.object(&known.fields, None, keys, &place, &mut cells);
            let cells: Vec<Value<'_>> = cells.into_iter().map(|cell| cell.unwrap_or(Value::Empty)).collect();
            self.taker.take(&place, &cells, self.faults);
        }
        Ok(())
    }

    /// Puts the values of one object (the entry, or a group in it) into their cells.
    fn object<'j>(
        &mut self,
        fields: &[JsonField],
        group: Option<&'static str>,
        keys: &'j [(String, Json)],
        place: &Place<'_>,
        cells: &mut [Option<Value<'j>>],
    ) {
        let mut groups = Vec::new();
        for (key, value) in keys {
            let say = |faults: &mut Faults, problem| {
                faults.say(TableFault { column: Some(path(group, key)), ..place.fault(0, problem) });
            };
            if let Some(field) = fields.iter().find(|field| field.group == group && field.key == *key) {
                let Some(cell) = cells.get_mut(field.column) else { continue };
                if cell.is_some() {
                    say(self.faults, TableProblem::DuplicateField { first: path(group, key) });
                    continue;
                }
                *cell = Some(value_of(value).unwrap_or_else(|problem| {
                    say(self.faults, problem);
                    Value::Faulty
                }));
                continue;
            }
            let inner = fields.iter().filter_map(|field| field.group).find(|name| name == key);
            match (inner.filter(|_| group.is_none()), value) {
                (Some(inner), _) if groups.contains(&inner) => {
                    say(self.faults, TableProblem::DuplicateField { first: inner.to_owned() });
                }
                (Some(inner), Json::Object(keys)) => {
                    groups.push(inner);
                    self.object(fields, Some(inner), keys, place, cells);
                }
                (Some(_), Json::Null) => {}
                (Some(_), _) => say(self.faults, TableProblem::WrongShape { wanted: JsonShape::Object }),
                (None, _) => {
                    let siblings = fields.iter().filter(|field| field.group == group);
                    let nearest = nearest_of(siblings.map(|field| field.key.as_str()), key);
                    say(self.faults, TableProblem::UnknownField { name: key.clone(), nearest });
                }
            }
        }
    }
}

fn path(group: Option<&str>, key: &str) -> String {
    group.map_or_else(|| key.to_owned(), |group| format!("{group}.{key}"))
}

fn value_of(json: &Json) -> Result<Value<'_>, TableProblem> {
    match json {
        Json::Null => Ok(Value::Empty),
        Json::Bool(value) => Ok(Value::Bool(*value)),
        Json::Number(number) => Ok(Value::Text(Cow::Owned(number.to_string()))),
        Json::Text(text) if text.trim().is_empty() => Ok(Value::Empty),
        Json::Text(text) => match crate::rows::too_long(text) {
            Some(actual) => Err(TableProblem::TooLong { max: crate::rows::CELL_MAX, actual }),
            None => Ok(Value::Text(Cow::Borrowed(text.trim()))),
        },
        Json::List(list) => {
            let texts = list.iter().map(|entry| match entry {
                Json::Text(text) => Ok(text.trim()),
                _ => Err(TableProblem::WrongShape { wanted: JsonShape::ListOfTexts }),
            });
            texts.collect::<Result<_, _>>().map(Value::List)
        }
        Json::Object(_) => Err(TableProblem::WrongShape { wanted: JsonShape::TextOrNumber }),
    }
}
