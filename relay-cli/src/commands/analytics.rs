//! `relay analytics`: what workflows and the platform have logged.

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::Cx;
use crate::client::Client;
use crate::error::{CliError, Result};
use crate::output::{Column, ListArgs, Table};

/// The most pages that are asked for: a server whose cursor leads in circles is not followed for ever.
const PAGES: usize = 10_000;

/// Show what workflows and the platform have logged.
#[derive(Debug, Args)]
pub(crate) struct Analytics {
    #[command(flatten)]
    query: Query,
    /// How many events; 0 for all
    #[arg(short, long, default_value_t = 20)]
    limit: usize,
    /// Show the content as it is, without reading it as JSON
    #[arg(long)]
    no_parse: bool,
    /// Read the content as JSON if it is any [default]
    #[arg(short, long, overrides_with = "no_parse", hide = true)]
    parse: bool,
    #[command(flatten)]
    list: ListArgs,
}

/// Which events.
#[derive(Debug, Default, Args)]
pub(crate) struct Query {
    /// Only of this category
    category: Option<String>,
    /// Only of this workflow
    #[arg(short, long, value_name = "ID", env = "RELAY_WORKFLOW_ID", hide_env = true)]
    workflow_id: Option<String>,
    /// Only of this run
    #[arg(short = 'i', long, value_name = "ID")]
    workflow_instance_id: Option<String>,
    /// Only of this device or user
    #[arg(short, long, value_name = "ID")]
    user_id: Option<String>,
    /// Only what the platform, or what workflows have logged
    #[arg(short, long, value_enum)]
    r#type: Option<Source>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Source {
    System,
    User,
}

impl Query {
    /// All events of a category.
    pub(crate) fn of(category: &str) -> Self {
        Self { category: Some(category.to_owned()), ..Self::default() }
    }

    /// The events, in the order in which the server gives them; at most `limit`.
    pub(crate) async fn ask(&self, client: &Client, limit: Option<usize>) -> Result<Vec<Value>> {
        let source = self.r#type.map(|source| match source {
            Source::System => "system",
            Source::User => "user",
        });
        let (mut events, mut cursor) = (Vec::new(), None::<String>);
        for _ in 0..PAGES {
            let call = client
                .get(&["ibot", "workflow_analytics_events"])
                .maybe("workflow_id", self.workflow_id.as_ref())
                .maybe("workflow_instance_id", self.workflow_instance_id.as_ref())
                .maybe("user_id", self.user_id.as_ref())
                .maybe("source_type", source)
                .maybe("category", self.category.as_ref())
                .maybe("limit", limit.map(|limit| (limit - events.len()).to_string()))
                .maybe("cursor", cursor.as_ref());
            let mut answer = call.send().await?;
            let Value::Array(page) = answer["data"].take() else {
                return Err(CliError::failed("the server's list of events is no list"));
            };
            let nothing = page.is_empty();
            events.extend(page);
            let next =
                answer["cursor"].as_str().filter(|next| !next.is_empty() && cursor.as_deref() != Some(next));
            let enough = limit.is_some_and(|limit| events.len() >= limit);
            match next {
                Some(next) if !enough && !nothing => cursor = Some(next.to_owned()),
                _ => break,
            }
        }
        events.truncate(limit.unwrap_or(usize::MAX));
        Ok(events)
    }
}

impl Analytics {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let progress = cx.out.progress("reading events");
        let events = self.query.ask(&client, (self.limit > 0).then_some(self.limit)).await?;
        drop(progress);
        let mut table = Table::new([
            Column::new("Workflow ID"),
            Column::new("Type"),
            Column::new("Category"),
            Column::new("Instance ID"),
            Column::new("Timestamp"),
            Column::new("User ID"),
            Column::new("Content"),
            Column::new("Analytic ID").extended(),
            Column::new("Content Type").extended(),
        ]);
        for event in &events {
            let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
            let content = if self.no_parse {
                text("content")
            } else {
                readable(&text("content_type"), &text("content"))
            };
            table.row([
                text("workflow_id"),
                text("source_type"),
                text("category"),
                text("workflow_instance_id"),
                text("timestamp"),
                text("user_id"),
                content,
                text("id"),
                text("content_type"),
            ]);
        }
        cx.out.list(&self.list, &table, &events.into(), "nothing was logged")
    }
}

/// JSON as one line for each of its keys; anything else as it is.
fn readable(kind: &str, content: &str) -> String {
    if !kind.ends_with("json") {
        return content.to_owned();
    }
    match serde_json::from_str(content) {
        Ok(Value::Object(object)) => {
            let lines = object.iter().map(|(key, value)| match value.as_str() {
                Some(text) => format!("{key}: {text}"),
                None => format!("{key}: {value}"),
            });
            lines.collect::<Vec<_>>().join("\n")
        }
        _ => content.to_owned(),
    }
}
