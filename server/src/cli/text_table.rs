//! Tables of text, aligned by terminal columns. Deliberately absent: frames and colours; a table survives being
//! copied into a letter.

use tables::{Cell, OutSheet};

use super::shown::{plain, shortened, width};

/// Blanks between two columns.
const GAP: &str = "  ";

/// How one column is set.
#[derive(Clone, Debug)]
pub struct Column {
    title: String,
    to_the_right: bool,
    /// Widest a cell may get on a terminal; `None` is never shortened.
    limit: Option<usize>,
}

impl Column {
    /// Words, from the left.
    pub fn words(title: &str) -> Self {
        Self { title: plain(title), to_the_right: false, limit: None }
    }

    /// Figures, to the right.
    pub fn figures(title: &str) -> Self {
        Self { title: plain(title), to_the_right: true, limit: None }
    }

    /// On a terminal, at most this wide.
    #[must_use]
    pub fn at_most(mut self, columns: usize) -> Self {
        self.limit = Some(columns);
        self
    }
}

/// A head and its rows; cells are taken as text, whatever they hold.
#[derive(Clone, Debug)]
pub struct TextTable {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl TextTable {
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// A row; missing cells stay empty, those beyond the columns are dropped.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells.iter().map(|cell| plain(cell)).collect());
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// As a worksheet: what stands to the right and is a number becomes one, everything else is text.
    pub fn worksheet(&self, name: &str) -> OutSheet {
        let cell = |(column, text): (&Column, &String)| match text.parse::<f64>() {
            _ if text.is_empty() => Cell::Empty,
            Ok(number) if column.to_the_right && number.is_finite() => Cell::Number(number),
            _ => Cell::Text(text.clone()),
        };
        let rows = self.rows.iter().map(|row| self.columns.iter().zip(row).map(cell).collect()).collect();
        let header = self.columns.iter().map(|column| column.title.clone()).collect();
        OutSheet { name: name.to_owned(), header, rows }
    }

    /// Lines with a rule under the head. Long cells are shortened only where `for_terminal`.
    pub fn lines(&self, for_terminal: bool) -> Vec<String> {
        let cut = |column: &Column, cell: &str| match column.limit {
            Some(limit) if for_terminal => shortened(cell, limit),
            _ => cell.to_owned(),
        };
        let head: Vec<String> = self.columns.iter().map(|column| cut(column, &column.title)).collect();
        let body: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| self.columns.iter().zip(row).map(|(column, cell)| cut(column, cell)).collect())
            .collect();
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|index| {
                let cells = body.iter().filter_map(|row| row.get(index)).map(|cell| width(cell));
                cells.chain(head.get(index).map(|title| width(title))).max().unwrap_or(0)
            })
            .collect();
        let rule: Vec<String> = widths.iter().map(|columns| "-".repeat(*columns)).collect();
        let mut lines = vec![self.line(&head, &widths), rule.join(GAP)];
        lines.extend(body.iter().map(|row| self.line(row, &widths)));
        lines
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut out = String::new();
        for (index, (column, wide)) in self.columns.iter().zip(widths).enumerate() {
            let cell = cells.get(index).map_or("", String::as_str);
            let blanks = " ".repeat(wide.saturating_sub(width(cell)));
            if index > 0 {
                out.push_str(GAP);
            }
            if column.to_the_right {
                out.push_str(&blanks);
                out.push_str(cell);
            } else {
                out.push_str(cell);
                out.push_str(&blanks);
            }
        }
        out.truncate(out.trim_end().len());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_under_chinese_and_long_cells_are_cut_only_for_a_terminal() {
        let mut table = TextTable::new(vec![
            Column::figures("No"),
            Column::words("名称").at_most(7),
            Column::figures("分"),
        ]);
        table.row(vec!["1".into(), "重晶石综合回收".into(), "88.50".into()]);
        table.row(vec!["12".into(), "A\u{1b}".into()]);
        assert_eq!(
            table.lines(true),
            ["No  名称        分", "--  -------  -----", " 1  重晶石…  88.50", "12  A\\u{1b}"]
        );
        assert_eq!(table.lines(false)[2], " 1  重晶石综合回收  88.50");
    }
}
