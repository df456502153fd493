//! Real tables: caption, head, body, numbers to the right. Deliberately absent: sorting in the browser.

use leptos::prelude::*;

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    title: String,
    number: bool,
    head: bool,
    quiet: bool,
}

impl Column {
    pub fn text(title: impl Into<String>) -> Self {
        Self { title: title.into(), number: false, head: false, quiet: false }
    }

    /// Figures: right-aligned, digits of equal width.
    pub fn number(title: impl Into<String>) -> Self {
        Self { number: true, ..Self::text(title) }
    }

    /// The column that names the row.
    pub fn head(title: impl Into<String>) -> Self {
        Self { head: true, ..Self::text(title) }
    }

    /// The title only for screen readers: a column of buttons.
    pub fn quiet(title: impl Into<String>) -> Self {
        Self { quiet: true, ..Self::text(title) }
    }
}

/// Any content as a cell.
pub fn cell(content: impl IntoView + 'static) -> AnyView {
    content.into_view().into_any()
}

/// How the table behaves where it does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Narrow {
    /// Each row becomes a small card with the column titles beside the values.
    Stack,
    /// Scrolls sideways inside a focusable region.
    Scroll,
    /// Stacks, and on screens in between scrolls.
    StackOrScroll,
}

/// A table under construction. Stacks on narrow screens unless [`Table::scroll`].
pub struct Table {
    id: String,
    caption: String,
    caption_quiet: bool,
    columns: Vec<Column>,
    rows: Vec<(Option<&'static str>, Vec<AnyView>)>,
    foot: Option<Vec<AnyView>>,
    narrow: Narrow,
}

impl Table {
    /// `id` is unique on the page; the caption says what the table shows.
    pub fn new(id: impl Into<String>, caption: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            caption: caption.into(),
            caption_quiet: false,
            columns: Vec::new(),
            rows: Vec::new(),
            foot: None,
            narrow: Narrow::Stack,
        }
    }

    /// The caption only for screen readers, when a heading directly above says the same.
    #[must_use]
    pub fn quiet_caption(mut self) -> Self {
        self.caption_quiet = true;
        self
    }

    /// Scrolls sideways instead of stacking: for matrices, where columns are compared.
    #[must_use]
    pub fn scroll(mut self) -> Self {
        self.narrow = Narrow::Scroll;
        self
    }

    /// Stacks on narrow screens, and scrolls where it is too wide for the others: for rows with many columns.
    #[must_use]
    pub fn stack_or_scroll(mut self) -> Self {
        self.narrow = Narrow::StackOrScroll;
        self
    }

    #[must_use]
    pub fn columns(mut self, columns: Vec<Column>) -> Self {
        self.columns = columns;
        self
    }

    #[must_use]
    pub fn row(mut self, cells: Vec<AnyView>) -> Self {
        self.rows.push((None, cells));
        self
    }

    /// A row that stands out: the reader's own, the winner's.
    #[must_use]
    pub fn marked_row(mut self, cells: Vec<AnyView>) -> Self {
        self.rows.push((Some("row-marked"), cells));
        self
    }

    /// A row that is out: cut, withdrawn, not eligible. The cells must say so in words.
    #[must_use]
    pub fn faded_row(mut self, cells: Vec<AnyView>) -> Self {
        self.rows.push((Some("row-faded"), cells));
        self
    }

    /// Sums.
    #[must_use]
    pub fn foot(mut self, cells: Vec<AnyView>) -> Self {
        self.foot = Some(cells);
        self
    }

    pub fn draw(self) -> AnyView {
        let caption_id = format!("{}-caption", self.id);
        let stack = self.narrow != Narrow::Scroll;
        let heads: Vec<AnyView> = self.columns.iter().map(head_cell).collect();
        let columns = &self.columns;
        let rows: Vec<AnyView> =
            self.rows.into_iter().map(|(class, cells)| body_row(columns, class, cells)).collect();
        let foot =
            self.foot.map(|cells| view! { <tfoot role="rowgroup">{body_row(columns, None, cells)}</tfoot> });
        let caption_class = if self.caption_quiet { "visually-hidden" } else { "" };
        let table = view! {
            <table class=if stack { "table table-stack" } else { "table" } role="table" id=self.id>
                <caption class=caption_class id=caption_id.clone()>{self.caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{heads}</tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
                {foot}
            </table>
        };
        if self.narrow == Narrow::Stack {
            return view! { <div class="table-frame">{table}</div> }.into_any();
        }
        let class =
            if stack { "table-frame table-scroll table-scroll-wide" } else { "table-frame table-scroll" };
        view! {
            <div class=class role="region" tabindex="0" aria-labelledby=caption_id>
                {table}
            </div>
        }
        .into_any()
    }
}

fn head_cell(column: &Column) -> AnyView {
    let class = column.number.then_some("number");
    let title = column.title.clone();
    let title = if column.quiet {
        view! { <span class="visually-hidden">{title}</span> }.into_any()
    } else {
        title.into_any()
    };
    view! { <th scope="col" role="columnheader" class=class>{title}</th> }.into_any()
}

/// The roles are repeated because narrow screens lay the table out as blocks, and then browsers forget them.
fn body_row(columns: &[Column], class: Option<&'static str>, cells: Vec<AnyView>) -> AnyView {
    let cells: Vec<AnyView> = cells
        .into_iter()
        .enumerate()
        .map(|(index, content)| {
            let column = columns.get(index);
            let label = column.filter(|column| !column.quiet).map(|column| column.title.clone());
            let number = column.is_some_and(|column| column.number).then_some("number");
            if column.is_some_and(|column| column.head) {
                view! { <th scope="row" role="rowheader" data-label=label>{content}</th> }.into_any()
            } else {
                view! { <td role="cell" class=number data-label=label>{content}</td> }.into_any()
            }
        })
        .collect();
    view! { <tr role="row" class=class>{cells}</tr> }.into_any()
}
