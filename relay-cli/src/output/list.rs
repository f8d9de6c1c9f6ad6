//! Lists: which columns and rows are shown, in which order and form.

use std::cmp::Ordering;

use clap::{Args, ValueEnum};
use regex_lite::Regex;
use serde_json::{Map, Value};

use super::{Column, Out, Table};
use crate::error::{CliError, Result};

/// How a list is shown. The flags are those of the official command line.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "How the list is shown")]
pub(crate) struct ListArgs {
    /// Only these columns, by their headers
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', conflicts_with = "extended")]
    columns: Vec<String>,
    /// By these columns; `-` before a name turns the order round
    #[arg(long, value_name = "[-]COLUMN", value_delimiter = ',', allow_hyphen_values = true)]
    sort: Vec<String>,
    /// Only rows whose cell matches the regular expression; `-` before the column: only the others
    #[arg(long, value_name = "[-]COLUMN=REGEX", allow_hyphen_values = true)]
    filter: Vec<String>,
    /// The cells for a program (`--json` prints whole objects)
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "json")]
    output: Option<Format>,
    /// Same as --output csv
    #[arg(long, conflicts_with_all = ["output", "json"])]
    csv: bool,
    /// All columns
    #[arg(short = 'x', long)]
    extended: bool,
    /// Lines as long as they are, also on a terminal
    #[arg(long)]
    no_truncate: bool,
    /// Rows only
    #[arg(long)]
    no_header: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Json,
    Yaml,
}

impl Out {
    /// A list: `whole` as JSON, else the table; or what there is to say when it is empty.
    pub(crate) fn list(&self, args: &ListArgs, table: &Table, whole: &Value, empty: &str) -> Result<()> {
        if self.is_json() {
            return self.json(whole);
        }
        let shown = args.pick(args.order(args.only(table.clone())?)?)?;
        match args.output.or(args.csv.then_some(Format::Csv)) {
            Some(Format::Json) => self.json(&objects(&shown)),
            Some(Format::Yaml) => self.line(yaml(&shown)),
            Some(Format::Csv) => self.line(csv(&shown, !args.no_header)),
            None if table.is_empty() => {
                self.note(empty);
                Ok(())
            }
            None => {
                let width = if args.no_truncate { None } else { self.width() };
                self.line(shown.render(width, !args.no_header))
            }
        }
    }
}

impl ListArgs {
    fn only(&self, mut table: Table) -> Result<Table> {
        for filter in &self.filter {
            let (negated, filter) = negation(filter);
            let (column, pattern) = filter
                .split_once('=')
                .ok_or_else(|| CliError::usage(format_args!("--filter {filter}: it has no `=`")))?;
            let at = position(&table, column)?;
            let pattern = Regex::new(pattern).map_err(|error| {
                CliError::usage(format_args!("--filter: bad regular expression: {error}"))
            })?;
            table.rows.retain(|row| pattern.is_match(&row[at]) != negated);
        }
        Ok(table)
    }

    fn order(&self, mut table: Table) -> Result<Table> {
        let mut keys = Vec::new();
        for key in &self.sort {
            let (reversed, column) = negation(key);
            keys.push((position(&table, column)?, reversed));
        }
        table.rows.sort_by(|a, b| {
            let orders = keys.iter().map(|(at, reversed)| {
                let order = compare(&a[*at], &b[*at]);
                if *reversed { order.reverse() } else { order }
            });
            orders.fold(Ordering::Equal, Ordering::then)
        });
        Ok(table)
    }

    fn pick(&self, table: Table) -> Result<Table> {
        let kept: Vec<usize> = if self.columns.is_empty() {
            let shown = |at: &usize| self.extended || !table.columns[*at].extended;
            (0..table.columns.len()).filter(shown).collect()
        } else {
            self.columns.iter().map(|column| position(&table, column)).collect::<Result<_>>()?
        };
        let rows = table.rows.iter().map(|row| kept.iter().map(|at| row[*at].clone()).collect()).collect();
        Ok(Table { columns: kept.iter().map(|at| table.columns[*at]).collect(), rows })
    }
}

fn negation(text: &str) -> (bool, &str) {
    text.strip_prefix('-').map_or((false, text), |rest| (true, rest))
}

fn position(table: &Table, column: &str) -> Result<usize> {
    let column = column.trim();
    let found = table.columns.iter().position(|known| known.header.eq_ignore_ascii_case(column));
    found.ok_or_else(|| {
        let headers: Vec<&str> = table.columns.iter().map(|column| column.header).collect();
        CliError::usage(format_args!("there is no column `{column}`"))
            .next(format_args!("these are: {}", headers.join(", ")))
    })
}

/// Numbers by their value, all else as text.
fn compare(a: &str, b: &str) -> Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => a.to_lowercase().cmp(&b.to_lowercase()),
    }
}

fn objects(table: &Table) -> Value {
    let object = |row: &Vec<String>| {
        let cells = table.columns.iter().zip(row);
        Value::Object(
            cells
                .map(|(column, cell)| (column.header.to_lowercase(), cell.clone().into()))
                .collect::<Map<_, _>>(),
        )
    };
    table.rows.iter().map(object).collect()
}

/// Every text of JSON is one of YAML, and needs no rules of its own.
fn yaml(table: &Table) -> String {
    let line = |column: &Column, cell: &String| {
        format!("{}: {}", Value::from(column.header.to_lowercase()), Value::from(cell.as_str()))
    };
    let item = |row: &Vec<String>| {
        let lines: Vec<String> =
            table.columns.iter().zip(row).map(|(column, cell)| line(column, cell)).collect();
        format!("- {}", lines.join("\n  "))
    };
    let items: Vec<String> = table.rows.iter().map(item).collect();
    if items.is_empty() { "[]".to_owned() } else { items.join("\n") }
}

fn csv(table: &Table, header: bool) -> String {
    let header = header.then(|| table.columns.iter().map(|column| column.header.to_owned()).collect());
    let lines = header.iter().chain(&table.rows);
    let lines: Vec<String> = lines
        .map(|row: &Vec<String>| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","))
        .collect();
    lines.join("\n")
}

/// As RFC 4180 has it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
