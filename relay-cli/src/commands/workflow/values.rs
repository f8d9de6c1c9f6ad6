//! `--arg`, `--boolean` and `--number`: the arguments of a workflow.

use clap::Args;
use serde_json::{Map, Number, Value};

use crate::error::{CliError, Result};

/// Arguments of a workflow.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Values {
    /// An argument that is text
    #[arg(short, long, value_name = "NAME=VALUE", num_args = 1..)]
    arg: Vec<String>,
    /// An argument that is true or false
    #[arg(short, long, value_name = "NAME=BOOL", num_args = 1..)]
    boolean: Vec<String>,
    /// An argument that is a number
    #[arg(short = 'r', long, value_name = "NAME=NUMBER", num_args = 1..)]
    number: Vec<String>,
}

impl Values {
    /// A number wins over a boolean of the same name, and that over text.
    pub(crate) fn read(&self) -> Result<Map<String, Value>> {
        let mut read = Map::new();
        for pair in &self.arg {
            let (name, value) = split("--arg", pair)?;
            read.insert(name, value.into());
        }
        for pair in &self.boolean {
            let (name, value) = split("--boolean", pair)?;
            let value: bool = value.parse().map_err(|_| {
                CliError::usage(format_args!("--boolean {pair}: `{value}` is neither true nor false"))
            })?;
            read.insert(name, value.into());
        }
        for pair in &self.number {
            let (name, value) = split("--number", pair)?;
            let value = number(value)
                .ok_or_else(|| CliError::usage(format_args!("--number {pair}: `{value}` is no number")))?;
            read.insert(name, Value::Number(value));
        }
        Ok(read)
    }
}

fn split<'a>(flag: &str, pair: &'a str) -> Result<(String, &'a str)> {
    match pair.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value)),
        _ => Err(CliError::usage(format_args!("{flag} {pair}: NAME=VALUE is wanted"))),
    }
}

/// As the official command line reads them, hexadecimal included.
fn number(text: &str) -> Option<Number> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok().map(Number::from);
    }
    text.parse::<i64>().map(Number::from).ok().or_else(|| Number::from_f64(text.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(arg: &[&str], boolean: &[&str], number: &[&str]) -> Result<Value, String> {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let values = Values { arg: own(arg), boolean: own(boolean), number: own(number) };
        values.read().map(Value::Object).map_err(|error| error.to_string())
    }

    #[test]
    fn each_has_its_type() {
        let all = read(&["a=b=c", "empty="], &["on=true"], &["n=2", "x=1.5", "h=0x10"]);
        assert_eq!(all.unwrap(), json!({"a": "b=c", "empty": "", "on": true, "n": 2, "x": 1.5, "h": 16}));
        assert_eq!(read(&["a=1"], &["a=true"], &["a=3"]).unwrap(), json!({"a": 3}));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (arg, boolean, number) in [
            ("a", "b=true", "c=1"),
            ("a=1", "b=yes", "c=1"),
            ("a=1", "b=true", "c=many"),
            ("=1", "b=true", "c=1"),
        ] {
            assert!(read(&[arg], &[boolean], &[number]).is_err());
        }
    }
}
