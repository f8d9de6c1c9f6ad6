//! Tables, as wide as the terminal at most.

use std::fmt::Write;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width, presets};
use console::measure_text_width;

use super::{BOLD, DIM};

/// No column becomes narrower than this; where that does not fit, each row becomes a block of lines.
const NARROWEST: usize = 20;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(super) header: &'static str,
    pub(super) extended: bool,
    exact: bool,
    right: bool,
}

impl Column {
    pub(crate) const fn new(header: &'static str) -> Self {
        Self { header, extended: false, exact: false, right: false }
    }

    /// Holds ids, which people copy: never broken over lines.
    pub(crate) const fn exact(header: &'static str) -> Self {
        Self { exact: true, ..Self::new(header) }
    }

    /// Shown with `--extended` only.
    pub(crate) const fn extended(self) -> Self {
        Self { extended: true, ..self }
    }

    /// Holds numbers.
    pub(crate) const fn right(self) -> Self {
        Self { right: true, ..self }
    }
}

/// Rows of text under headers.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// A cell for each column; what is missing is empty.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut cells: Vec<String> = cells.into_iter().collect();
        cells.resize(self.columns.len(), String::new());
        self.rows.push(cells);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The text of the table, without a line break at its end.
    pub(super) fn render(&self, width: Option<usize>, header: bool) -> String {
        match width {
            Some(width) if self.least_width() > width => self.blocks(width),
            _ => self.grid(width, header),
        }
    }

    fn widest(&self, column: usize) -> usize {
        let cells = self.rows.iter().flat_map(|row| row[column].lines()).map(measure_text_width);
        cells.chain([measure_text_width(self.columns[column].header)]).max().unwrap_or_default()
    }

    fn least_width(&self) -> usize {
        let columns = self.columns.iter().enumerate().map(|(at, column)| {
            let widest = self.widest(at);
            if column.exact { widest } else { widest.min(NARROWEST) }
        });
        columns.sum::<usize>() + 2 * self.columns.len().saturating_sub(1)
    }

    fn grid(&self, width: Option<usize>, header: bool) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            // The padding of the last column is cut off at the end.
            table.set_width(u16::try_from(width + 2).unwrap_or(u16::MAX));
        }
        if header {
            table.set_header(self.columns.iter().map(|column| column.header));
        }
        table.add_rows(&self.rows);
        table.discover_columns();
        for (at, column) in self.columns.iter().enumerate() {
            let Some(shown) = table.column_mut(at) else { continue };
            shown.set_padding((0, 2));
            if column.exact {
                shown.set_constraint(ColumnConstraint::Absolute(Width::Fixed(
                    u16::try_from(self.widest(at) + 2).unwrap_or(u16::MAX),
                )));
            }
            if column.right {
                shown.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut text = String::new();
        let mut lines = table.lines();
        if header && let Some(first) = lines.next() {
            let _ = writeln!(text, "{BOLD}{}{BOLD:#}", first.trim_end());
        }
        for line in lines {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text.truncate(text.trim_end().len());
        text
    }

    /// For narrow terminals: a line for each cell, an empty one between rows.
    fn blocks(&self, width: usize) -> String {
        let label =
            self.columns.iter().map(|column| measure_text_width(column.header)).max().unwrap_or_default();
        let mut text = String::new();
        for (at, row) in self.rows.iter().enumerate() {
            if at > 0 {
                let _ = writeln!(text, "{DIM}{}{DIM:#}", "─".repeat(width.min(20)));
            }
            for (column, cell) in self.columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
                for (number, line) in cell.lines().enumerate() {
                    let header = if number == 0 { column.header } else { "" };
                    let gap = " ".repeat(label - measure_text_width(header));
                    let _ = writeln!(text, "{BOLD}{header}{BOLD:#}{gap}  {line}");
                }
            }
        }
        text.truncate(text.trim_end().len());
        text
    }
}
