//! What is wanted, compared with what is registered: the difference is shown before anything changes.

use relay_protocol::manifest::TriggerSpec;
use serde_json::{Map, Value, json};

use super::lint;
use super::list::installed;
use crate::client::Client;
use crate::commands::Cx;
use crate::error::Result;
use crate::output::{BAD, BOLD, DIM, GOOD, WARN};
use crate::registration::{Installed, Registration, describe, list};

/// A registration as it is wanted. What is none stays as it is.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) uri: String,
    pub(crate) trigger: TriggerSpec,
    pub(crate) args: Option<Map<String, Value>>,
    pub(crate) installed: Option<Installed>,
    pub(crate) transient: Option<bool>,
    pub(crate) hidden: Option<bool>,
    pub(crate) absorb: Vec<String>,
}

/// What has to be done for one registration.
#[derive(Debug)]
enum Step {
    Create(Registration),
    Update(Registration, Vec<Change>),
    Delete(Registration),
    Nothing(Registration),
}

#[derive(Debug)]
struct Change {
    what: &'static str,
    before: String,
    after: String,
}

/// Who says what is wanted, and how far they may go.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Options {
    /// Only shows the difference.
    pub(crate) dry_run: bool,
    /// Deletes what is registered and not wanted.
    pub(crate) prune: bool,
}

impl Wanted {
    /// What to send, so that it replaces `before`.
    pub(crate) fn document(&self, before: Option<&Registration>) -> Registration {
        let mut document = before.map_or_else(|| json!({}), Registration::document);
        let known = |pointer: &str| before.and_then(|before| before.document().pointer(pointer)?.as_bool());
        let transient = self.transient.or_else(|| known("/options/transient")).unwrap_or(true);
        let hidden = self.hidden.or_else(|| known("/options/hidden")).unwrap_or(false);
        let mut options = json!({ "transient": transient, "hidden": hidden });
        if !self.absorb.is_empty() {
            options["absorb_triggers"] = json!(self.absorb);
        }
        let args = self.args.clone().unwrap_or_else(|| before.map(Registration::args).unwrap_or_default());
        let mut trigger = json!({ "start": { "workflow": { "uri": self.uri, "args": args } } });
        let on = serde_json::to_value(&self.trigger).unwrap_or_default();
        for (key, value) in on.as_object().into_iter().flatten() {
            trigger[key] = value.clone();
        }
        document["name"] = self.name.as_str().into();
        document["options"] = options;
        document["config"] = json!({ "trigger": trigger });
        // An object by its making.
        let mut registration = Registration::new(&document).unwrap_or_default();
        match (&self.installed, before) {
            (Some(installed), _) => registration.set_installed(installed),
            (None, Some(before)) => registration.set_installed(&before.installed()),
            (None, None) => registration.set_installed(&Installed::On(Vec::new())),
        }
        registration
    }

    fn step(&self, all: &[Registration]) -> Step {
        let before = all.iter().find(|known| known.name() == self.name);
        let after = self.document(before);
        let Some(before) = before else { return Step::Create(after) };
        let changes = changes(before, &after);
        if changes.is_empty() { Step::Nothing(after) } else { Step::Update(after, changes) }
    }
}

fn changes(before: &Registration, after: &Registration) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut compare = |what, before: String, after: String| {
        if before != after {
            changes.push(Change { what, before, after });
        }
    };
    let trigger = |one: &Registration| one.trigger().map_or_else(|| one.kind(), |trigger| describe(&trigger));
    let args = |one: &Registration| Value::Object(one.args()).to_string();
    let options =
        |one: &Registration| one.document().get("options").map(Value::to_string).unwrap_or_default();
    compare("uri", before.uri().to_owned(), after.uri().to_owned());
    compare("trigger", trigger(before), trigger(after));
    compare("args", args(before), args(after));
    compare("installed on", installed(&before.installed()), installed(&after.installed()));
    compare("options", options(before), options(after));
    changes
}

impl Step {
    fn parts(&self) -> (&'static str, &Registration) {
        match self {
            Self::Create(one) => ("create", one),
            Self::Update(one, _) => ("update", one),
            Self::Delete(one) => ("delete", one),
            Self::Nothing(one) => ("nothing", one),
        }
    }

    fn json(&self) -> Value {
        let (action, one) = self.parts();
        let changes = match self {
            Self::Update(_, changes) => changes
                .iter()
                .map(|change| json!({ "what": change.what, "before": change.before, "after": change.after }))
                .collect(),
            _ => Vec::new(),
        };
        json!({ "action": action, "name": one.name(), "changes": changes })
    }

    fn show(&self, cx: &Cx) -> Result<()> {
        let flat = |text: &str| text.replace('\n', ", ");
        match self {
            Self::Create(one) => {
                cx.out.line(format_args!("{GOOD}+{GOOD:#} {BOLD}{}{BOLD:#}", one.name()))?;
                cx.out.line(format_args!("    uri           {}", one.uri()))?;
                cx.out.line(format_args!("    trigger       {}", flat(&one.kind())))?;
                cx.out.line(format_args!("    installed on  {}", flat(&installed(&one.installed()))))
            }
            Self::Update(one, changes) => {
                cx.out.line(format_args!("{WARN}~{WARN:#} {BOLD}{}{BOLD:#}", one.name()))?;
                changes.iter().try_for_each(|change| {
                    cx.out.line(format_args!(
                        "    {:<12}  {DIM}{}{DIM:#}",
                        change.what,
                        flat(&change.before)
                    ))?;
                    cx.out.line(format_args!("    {:>12}  {}", "→", flat(&change.after)))
                })
            }
            Self::Delete(one) => cx.out.line(format_args!("{BAD}-{BAD:#} {BOLD}{}{BOLD:#}", one.name())),
            Self::Nothing(one) => cx.out.line(format_args!("{DIM}= {}{DIM:#}", one.name())),
        }
    }

    async fn take(&self, client: &Client) -> Result<()> {
        match self {
            Self::Create(one) | Self::Update(one, _) => one.save(client).await.map(drop),
            Self::Delete(one) => client.delete(&["ibot", "workflow", one.id()]).send().await.map(drop),
            Self::Nothing(_) => Ok(()),
        }
    }
}

/// Shows what would change, asks, and changes it.
pub(crate) async fn carry_out(cx: &Cx, wanted: &[Wanted], options: Options) -> Result<()> {
    for one in wanted {
        lint::uri(&one.uri)?.iter().for_each(|warning| cx.out.warn(warning));
    }
    let client = cx.client()?;
    let all = list(&client).await?;
    let mut steps: Vec<Step> = wanted.iter().map(|one| one.step(&all)).collect();
    if options.prune {
        let unwanted = all.iter().filter(|known| !wanted.iter().any(|one| one.name == known.name()));
        steps.extend(unwanted.cloned().map(Step::Delete));
    }
    for step in &steps {
        if !cx.out.is_json() {
            step.show(cx)?;
        }
        let (action, one) = step.parts();
        if action != "delete" && one.nobody_can_trigger() {
            cx.out.warn(format_args!("nobody can trigger `{}`: it is on no device", one.name()));
        }
    }
    let open: Vec<&Step> = steps.iter().filter(|step| !matches!(step, Step::Nothing(_))).collect();
    let whole: Value = steps.iter().map(Step::json).collect();
    if open.is_empty() || options.dry_run {
        cx.out.note(if open.is_empty() { "nothing to do" } else { "nothing was changed" });
        return if cx.out.is_json() { cx.out.json(&whole) } else { Ok(()) };
    }
    let count = open.len();
    cx.out.confirm(if count == 1 {
        "make this change?".to_owned()
    } else {
        format!("make these {count} changes?")
    })?;
    let progress = cx.out.progress("changing");
    for step in open {
        progress.say(step.parts().1.name());
        step.take(&client).await?;
    }
    drop(progress);
    cx.out.note(if count == 1 { "1 change is made".to_owned() } else { format!("{count} changes are made") });
    if cx.out.is_json() { cx.out.json(&whole) } else { Ok(()) }
}
