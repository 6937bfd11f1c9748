//! Tables of text: for the terminal with aligned columns, and for Markdown.

use std::fmt::Write;

/// A table: a row of headings and rows of as many cells.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Headings; a heading that begins with `>` aligns its column to the right.
    pub headings: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings.
    pub fn new(headings: &[&'static str]) -> Self {
        Table { headings: headings.to_vec(), rows: Vec::new() }
    }

    /// Columns in which every row is empty are left out.
    #[must_use]
    pub fn without_empty_columns(&self) -> Table {
        let used = |column: usize| self.rows.iter().any(|r| r.get(column).is_some_and(|c| !c.is_empty()));
        let keep: Vec<usize> = (0..self.headings.len()).filter(|c| *c == 0 || used(*c)).collect();
        let pick = |row: &Vec<String>| keep.iter().filter_map(|c| row.get(*c).cloned()).collect();
        Table {
            headings: keep.iter().filter_map(|c| self.headings.get(*c).copied()).collect(),
            rows: self.rows.iter().map(pick).collect(),
        }
    }

    /// For a terminal: two blanks between columns.
    pub fn text(&self) -> String {
        let heading = |c: usize| self.headings.get(c).map_or("", |h| h.trim_start_matches('>'));
        let width = |c: usize| {
            let cells = self.rows.iter().filter_map(|r| r.get(c)).map(|cell| cell.chars().count());
            cells.chain([heading(c).chars().count()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.headings.len()).map(width).collect();
        let head: Vec<String> = (0..self.headings.len()).map(|c| heading(c).to_string()).collect();
        let mut out = String::new();
        for row in std::iter::once(&head).chain(&self.rows) {
            let mut line = String::new();
            for (c, cell) in row.iter().enumerate() {
                let gap =
                    " ".repeat(widths.get(c).copied().unwrap_or(0).saturating_sub(cell.chars().count()));
                let right = self.headings.get(c).is_some_and(|h| h.starts_with('>'));
                let (before, after) = if right { (gap.as_str(), "") } else { ("", gap.as_str()) };
                let _ = write!(line, "{before}{cell}{after}  ");
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// For Markdown; cells are escaped by [`cell`].
    pub fn markdown(&self) -> String {
        let mut out = String::from("|");
        for heading in &self.headings {
            let _ = write!(out, " {} |", heading.trim_start_matches('>'));
        }
        out.push_str("\n|");
        for heading in &self.headings {
            out.push_str(if heading.starts_with('>') { " ---: |" } else { " --- |" });
        }
        out.push('\n');
        for row in &self.rows {
            out.push('|');
            for text in row {
                let _ = write!(out, " {} |", cell(text));
            }
            out.push('\n');
        }
        out
    }
}

/// Text for a cell of a Markdown table: on one line, with nothing that ends the cell or begins markup of HTML.
pub fn cell(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace(['\n', '\r'], " ")
}
