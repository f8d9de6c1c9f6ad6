//! Which workflow is meant: exactly one, never the first that looks alike.

use clap::Args;

use crate::client::Client;
use crate::error::{CliError, Result};
use crate::registration::{Registration, list};

/// The workflow that a command is about.
#[derive(Debug, Clone, Args)]
pub(crate) struct Which {
    /// The workflow: its id, its name, or a beginning of its id that no other has [RELAY_WORKFLOW_ID]
    #[arg(short, long, value_name = "ID", env = "RELAY_WORKFLOW_ID", hide_env = true)]
    workflow_id: String,
}

impl Which {
    pub(crate) fn of(workflow_id: String) -> Self {
        Self { workflow_id }
    }

    pub(crate) async fn find(&self, client: &Client) -> Result<Registration> {
        pick(list(client).await?, &self.workflow_id)
    }
}

fn pick(mut all: Vec<Registration>, wanted: &str) -> Result<Registration> {
    let by_id = all.iter().position(|workflow| workflow.id() == wanted);
    let by = |matches: &dyn Fn(&Registration) -> bool| -> Vec<usize> {
        all.iter().enumerate().filter(|(_, workflow)| matches(workflow)).map(|(at, _)| at).collect()
    };
    let found = match by_id {
        Some(at) => vec![at],
        None => match by(&|workflow| workflow.name() == wanted) {
            named if !named.is_empty() => named,
            _ => by(&|workflow| !wanted.is_empty() && workflow.id().starts_with(wanted)),
        },
    };
    match found.as_slice() {
        [at] => Ok(all.swap_remove(*at)),
        [] => {
            let error = CliError::not_found(format_args!("there is no workflow `{wanted}`"));
            let near = all
                .iter()
                .find(|workflow| workflow.id().contains(wanted) || workflow.name().contains(wanted));
            Err(match near {
                Some(near) => error.next(format_args!("is `{}` ({}) meant?", near.name(), near.id())),
                None => error.next("`relay workflow list` shows those that there are"),
            })
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|at| all[*at].id()).collect();
            Err(CliError::usage(format_args!("`{wanted}` could be {}", ids.join(" or ")))
                .next("name it by its whole id"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::Exit;

    fn find(wanted: &str) -> Result<String, Exit> {
        let all = ["wf_hello2_b", "wf_hello_a", "wf_other_c"].map(|id| {
            let name = id.split('_').nth(1).unwrap();
            Registration::new(&json!({ "workflow_id": id, "name": name })).unwrap()
        });
        pick(all.into(), wanted).map(|found| found.id().to_owned()).map_err(|error| error.exit())
    }

    #[test]
    fn a_name_is_not_taken_for_the_beginning_of_another() {
        assert_eq!(find("hello").unwrap(), "wf_hello_a");
        assert_eq!(find("wf_hello_a").unwrap(), "wf_hello_a");
        assert_eq!(find("wf_hello2").unwrap(), "wf_hello2_b");
    }

    #[test]
    fn what_is_not_clear_is_refused() {
        assert_eq!(find("wf_hello").unwrap_err(), Exit::Usage);
        assert_eq!(find("ello").unwrap_err(), Exit::NotFound);
        assert_eq!(find("").unwrap_err(), Exit::NotFound);
    }
}
