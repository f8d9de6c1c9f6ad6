//! `relay trigger`: what starts a workflow, done on purpose.

use std::fs;
use std::process::Command;

use clap::Args;
use jiff::Timestamp;
use relay_protocol::manifest::TriggerSpec;
use serde_json::{Value, json};

use super::Cx;
use crate::client::Client;
use crate::error::{CliError, Result};
use crate::registration::{self, Registration};
use crate::stream::Names;

/// Start a workflow by doing what it is registered for: its phrase is spoken, its tag is touched, its place is entered.
///
/// What is done is a list of steps at virtual devices; the values of the last one can be changed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  relay trigger hello --device Bob
  relay trigger hello --set text='hello again'
  relay trigger order --set args.room=231 --set args.urgent=true
  relay trigger patrol --dry-run")]
pub(crate) struct Trigger {
    /// The name or id of the workflow
    workflow: String,
    /// Whose device does it [default: the first that may]
    #[arg(short, long, value_name = "DEVICE")]
    device: Option<String>,
    /// Another value of the last step; JSON, or else text
    #[arg(long = "set", value_name = "PATH=VALUE")]
    values: Vec<String>,
    /// Change the last step in $EDITOR
    #[arg(long)]
    edit: bool,
    /// When: 2027-01-04T08:00:00Z, or in 5m. Without HTTP it takes a server on virtual time
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Show what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    path: Vec<String>,
    body: Value,
}

impl Trigger {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let known = registration::list(&client).await?;
        let workflow = find(&known, &self.workflow)?;
        let devices = Devices::load(&client, self.device.as_deref()).await?;
        let mut steps = plan(&client, workflow, &devices).await?;
        let Some(last) = steps.last_mut() else { return Err(CliError::failed("there is nothing to do")) };
        for value in &self.values {
            set(&mut last.body, value)?;
        }
        if self.edit {
            last.body = edit(&last.body)?;
        }
        let wait = self.at.as_deref().map(|at| time(&client, at));
        let wait = match wait {
            Some(wait) => Some(wait.await?),
            None => None,
        };
        if let (Some((at, _)), true) = (&wait, matches!(workflow.trigger(), Some(TriggerSpec::Http(_)))) {
            last.body["not_before"] = at.to_string().into();
        } else if let Some((_, by)) = wait {
            let advance = Step {
                path: ["v1", "clock", "advance"].map(str::to_owned).into(),
                body: json!({ "by": by }),
            };
            steps.insert(steps.len() - 1, advance);
        }
        let shown = steps
            .iter()
            .map(|step| json!({ "POST": format!("/{}", step.path.join("/")), "body": step.body }));
        if self.dry_run {
            return cx.out.json(&shown.collect());
        }
        let mut answer = Value::Null;
        for step in steps {
            let path: Vec<&str> = step.path.iter().map(String::as_str).collect();
            answer = client.post(&path, step.body).send().await?;
        }
        let run = answer["instance"].as_str().or_else(|| answer.pointer("/0/id").and_then(Value::as_str));
        match run {
            Some(run) => cx.out.result(run, &answer),
            None => {
                cx.out.note("done; no run of a workflow has begun by it yet");
                if cx.out.is_json() { cx.out.json(&answer) } else { Ok(()) }
            }
        }
    }
}

fn find<'a>(known: &'a [Registration], wanted: &str) -> Result<&'a Registration> {
    known.iter().find(|known| known.name() == wanted || known.id() == wanted).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(Registration::name).collect();
        let error = CliError::not_found(format_args!("there is no workflow `{wanted}`"));
        if names.is_empty() { error } else { error.next(format_args!("these are: {}", names.join(", "))) }
    })
}

/// Who does it, and somebody else.
struct Devices {
    id: String,
    name: String,
    other: Option<(String, String)>,
}

impl Devices {
    async fn load(client: &Client, wanted: Option<&str>) -> Result<Self> {
        let names = Names::load(client).await?;
        let wanted = wanted.map(|name| names.device_id(name)).transpose()?;
        let known = client.get(&["v1", "devices"]).send().await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut known: Vec<(String, String)> = known
            .as_array()
            .into_iter()
            .flatten()
            .map(|device| (text(&device["name"]), text(&device["id"])))
            .collect();
        known.sort();
        let at = known.iter().position(|(_, id)| wanted.as_ref().is_none_or(|wanted| wanted == id));
        let Some(at) = at else {
            return Err(CliError::failed("there is no device").next("make one: relay device create NAME"));
        };
        let (name, id) = known.remove(at);
        Ok(Self { id, name, other: known.into_iter().next().map(|(name, id)| (id, name)) })
    }

    fn step(&self, verb: &str, body: Value) -> Step {
        act(&self.id, verb, body)
    }

    fn other(&self) -> Result<&(String, String)> {
        self.other.as_ref().ok_or_else(|| {
            CliError::failed("nobody is there to call").next("make another device: relay device create NAME")
        })
    }
}

fn act(device: &str, verb: &str, body: Value) -> Step {
    Step { path: ["v1", "devices", device, verb].map(str::to_owned).into(), body }
}

/// What has to be done for the workflow to start.
async fn plan(client: &Client, workflow: &Registration, devices: &Devices) -> Result<Vec<Step>> {
    let trigger = workflow.trigger().ok_or_else(|| {
        CliError::failed(format_args!("this version does not know how `{}` is triggered", workflow.name()))
    })?;
    Ok(match trigger {
        TriggerSpec::Phrases(phrases) => {
            let phrase = phrases.first().cloned().unwrap_or_default();
            vec![devices.step("speak", json!({ "text": phrase, "assistant": true }))]
        }
        TriggerSpec::Button(taps) => {
            let taps = taps.trim_start_matches("action_button_").trim_end_matches("_tap").to_owned();
            let tap = devices.step("tap", json!({ "button": "action", "taps": taps }));
            vec![devices.step("turn", json!({ "assistant": {} })), tap]
        }
        TriggerSpec::Http(_) => {
            let path = ["v1", "workflows", workflow.id(), "trigger"].map(str::to_owned);
            vec![Step { path: path.into(), body: json!({ "args": {}, "devices": [devices.id] }) }]
        }
        TriggerSpec::Nfc(content) => {
            let uid = tag(client, &content).await?;
            vec![devices.step("scan", json!({ "uid": uid }))]
        }
        TriggerSpec::BatteryDischarge(level) => {
            let battery = |level: u64| devices.step("charge", json!({ "battery": level, "charging": false }));
            vec![battery((level + 1).min(100)), battery(level)]
        }
        TriggerSpec::BatteryCharge(level) => {
            let battery = |level: u64| devices.step("charge", json!({ "battery": level, "charging": true }));
            vec![battery(level.saturating_sub(1)), battery(level)]
        }
        TriggerSpec::Geofence { geofence_id, transition } => {
            let fence = client.get(&["v1", "geofences", &geofence_id]).send().await?;
            let part = |at: usize| fence["centre"][at].as_f64().unwrap_or_default();
            let place =
                |latitude: f64| devices.step("move", json!({ "latitude": latitude, "longitude": part(1) }));
            // A degree is 111 km.
            let outside = part(0) + (fence["radius"].as_f64().unwrap_or_default() * 2.0 + 1000.0) / 111_000.0;
            either_way(&transition, place(part(0)), place(outside))
        }
        TriggerSpec::Position { venue_id, position_id, transition } => {
            let inside = devices.step("position", json!({ "venue": venue_id, "position": position_id }));
            either_way(&transition, inside, devices.step("position", json!({})))
        }
        TriggerSpec::CallRequest(_) => vec![devices.step("call", json!({ "to": devices.other()?.1 }))],
        TriggerSpec::IncomingCall(_) => {
            vec![act(&devices.other()?.0, "call", json!({ "to": devices.name }))]
        }
        TriggerSpec::DeviceEvent(_) => vec![devices.step("alarm", json!({}))],
        TriggerSpec::Timer(_) => {
            return Err(CliError::usage("a timer is triggered by time")
                .next("run the server on virtual time, and let it pass: relay clock advance 1h"));
        }
        _ => return Err(CliError::failed("this version does not know such triggers")),
    })
}

fn either_way(transition: &str, inside: Step, outside: Step) -> Vec<Step> {
    if transition == "exit" { vec![inside, outside] } else { vec![outside, inside] }
}

/// The identifier of a tag that fits; of one that is made, if there is none.
async fn tag(client: &Client, content: &std::collections::BTreeMap<String, String>) -> Result<String> {
    let known = client.get(&["v1", "tags"]).send().await?;
    let fits = |tag: &&Value| content.iter().all(|(key, value)| tag["content"][key] == *value);
    if let Some(uid) = known.as_array().into_iter().flatten().find(fits).and_then(|tag| tag["uid"].as_str()) {
        return Ok(uid.to_owned());
    }
    let mut content = content.clone();
    content.entry("type".into()).or_insert_with(|| "custom".into());
    let uid = format!("{:016x}", Timestamp::now().as_microsecond());
    client.post(&["v1", "tags"], json!({ "uid": uid, "counter": 0, "content": content })).send().await?;
    Ok(uid)
}

/// Does `a.b=value`.
fn set(body: &mut Value, assignment: &str) -> Result<()> {
    let (path, text) = assignment
        .split_once('=')
        .ok_or_else(|| CliError::usage(format_args!("--set {assignment}: it has no `=`")))?;
    let value = serde_json::from_str(text).unwrap_or_else(|_| text.into());
    let mut place = body;
    for key in path.split('.') {
        if !place.is_object() && !place.is_array() {
            *place = json!({});
        }
        place = match place {
            Value::Array(list) => {
                key.parse().ok().and_then(|at: usize| list.get_mut(at)).ok_or_else(|| {
                    CliError::usage(format_args!("--set {assignment}: there is no item {key}"))
                })?
            }
            object => &mut object[key],
        };
    }
    *place = value;
    Ok(())
}

fn edit(body: &Value) -> Result<Value> {
    let failed = |error: &dyn std::fmt::Display| CliError::failed("the editor did not work").cause(error);
    let dir = tempfile::tempdir().map_err(|error| failed(&error))?;
    let file = dir.path().join("trigger.json");
    fs::write(&file, format!("{body:#}\n")).map_err(|error| failed(&error))?;
    let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok());
    let editor = editor.unwrap_or_else(|| "vi".into());
    let mut words = editor.split_whitespace();
    let status = Command::new(words.next().unwrap_or("vi")).args(words).arg(&file).status();
    if !status.map_err(|error| failed(&error))?.success() {
        return Err(failed(&format_args!("{editor} gave up")));
    }
    let text = fs::read_to_string(&file).map_err(|error| failed(&error))?;
    serde_json::from_str(&text).map_err(|error| CliError::usage("what you wrote is no JSON").cause(error))
}

/// The moment, and how long it is until then by the server's clock.
async fn time(client: &Client, at: &str) -> Result<(Timestamp, String)> {
    let clock = client.get(&["v1", "clock"]).send().await?;
    let now: Timestamp =
        clock["now"].as_str().and_then(|now| now.parse().ok()).unwrap_or_else(Timestamp::now);
    let at = match (at.parse::<Timestamp>(), at.parse::<jiff::SignedDuration>()) {
        (Ok(at), _) => at,
        (_, Ok(span)) => now.checked_add(span).unwrap_or(now),
        _ => {
            return Err(CliError::usage(format_args!("--at {at} is no time"))
                .next("write 2027-01-04T08:00:00Z, or a time span such as 5m"));
        }
    };
    Ok((at, at.duration_since(now).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_json_or_text() {
        let mut body = json!({ "args": {}, "devices": ["a", "b"] });
        for assignment in
            ["args.room=231", "args.who.name=Bob", "devices.1=c", "text=a=b", "args.urgent=true"]
        {
            set(&mut body, assignment).unwrap();
        }
        assert_eq!(
            body,
            json!({
                "args": { "room": 231, "who": { "name": "Bob" }, "urgent": true },
                "devices": ["a", "c"], "text": "a=b",
            })
        );
        assert!(set(&mut body, "devices.7=x").unwrap_err().to_string().contains("no item 7"));
        assert!(set(&mut body, "nothing").unwrap_err().to_string().contains("no `=`"));
    }
}
