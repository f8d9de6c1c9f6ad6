//! `relay workflow delete`.

use clap::Args;
use serde_json::json;

use super::find::Which;
use crate::commands::Cx;
use crate::error::Result;

/// Take a workflow off the server.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    which: Which,
}

impl Delete {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let workflow = self.which.find(&client).await?;
        cx.out.confirm(format_args!("delete `{}` ({})?", workflow.name(), workflow.id()))?;
        client.delete(&["ibot", "workflow", workflow.id()]).send().await?;
        cx.out.result(
            format_args!("`{}` ({}) is deleted", workflow.name(), workflow.id()),
            &json!({ "deleted": workflow.id() }),
        )
    }
}
