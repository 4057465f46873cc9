//! Figures in rows and columns; the first column stays in sight while the rest scrolls sideways.

use leptos::{either::Either, prelude::*};

/// A column's head and how its cells stand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    pub label: String,
    pub numeric: bool,
}

impl Column {
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false }
    }

    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: true }
    }

    fn kind(&self) -> &'static str {
        if self.numeric { "number" } else { "text" }
    }
}

/// A row: its head in the first column, a cell for each of the others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableRow {
    pub key: String,
    pub header: String,
    pub href: Option<String>,
    pub cells: Vec<String>,
    pub total: bool,
}

impl TableRow {
    pub fn new(key: impl Into<String>, header: impl Into<String>, cells: Vec<String>) -> Self {
        Self { key: key.into(), header: header.into(), href: None, cells, total: false }
    }

    /// The head leads somewhere.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// The sum of the others.
    #[must_use]
    pub fn into_total(mut self) -> Self {
        self.total = true;
        self
    }
}

/// The table, in a box that scrolls when it is too wide.
#[component]
pub fn DataTable(
    #[prop(into)] caption: Signal<String>,
    #[prop(into)] columns: Signal<Vec<Column>>,
    #[prop(into)] rows: Signal<Vec<TableRow>>,
    #[prop(into, default = "data-table".to_owned())] testid: String,
) -> impl IntoView {
    let heads = move || {
        let head = |column: Column| {
            let kind = column.kind();
            view! { <th scope="col" data-kind=kind>{column.label}</th> }
        };
        columns.get().into_iter().map(head).collect_view()
    };
    view! {
        // Without a tab stop the columns outside could not be reached by keyboard.
        <div class="data-table" role="region" aria-label=caption tabindex="0" data-testid=testid>
            <table class="data-table__table">
                <caption class="data-table__caption">{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>
                    <For
                        each=move || rows.get()
                        key=Clone::clone
                        children=move |row| table_row(row, columns)
                    />
                </tbody>
            </table>
        </div>
    }
}

fn table_row(row: TableRow, columns: Signal<Vec<Column>>) -> impl IntoView {
    let TableRow { key, header, href, cells, total } = row;
    let kinds = columns.with(|columns| columns.iter().skip(1).map(Column::kind).collect::<Vec<_>>());
    let cells = cells.into_iter().enumerate();
    let cells = cells.map(|(place, cell)| view! { <td data-kind=kinds.get(place).copied()>{cell}</td> }).collect_view();
    let head = match href {
        Some(href) => Either::Left(view! { <a href=href>{header}</a> }),
        None => Either::Right(header),
    };
    view! {
        <tr data-testid=format!("row-{key}") data-total=total.then_some("")>
            <th scope="row">{head}</th>
            {cells}
        </tr>
    }
}
