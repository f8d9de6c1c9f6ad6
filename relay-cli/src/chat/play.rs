//! A conversation as a script has it.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::act::Act;
use super::person::{Person, Taken};
use super::script::{Expected, Script, What};
use crate::error::{CliError, Exit, Result};
use crate::output::{DIM, GOOD, Out};
use crate::stream::{Event, Story};

/// Plays all of it. Each line has to come true within `patience`.
///
/// # Errors
///
/// [`Exit::Findings`] with the line that did not come true, and what happened instead.
pub(crate) async fn play(out: &Out, person: &mut Person, script: &Script, patience: Duration) -> Result<()> {
    let mut scene = Scene { out, person, heard: VecDeque::new(), seen: VecDeque::new(), sounding: false };
    for step in &script.0 {
        let until = Instant::now() + patience;
        let done = match &step.what {
            What::Act(act) => scene.act(act, until).await?,
            What::Expect(expected) => scene.expect(expected, until).await?,
        };
        if let Err(why) = done {
            return Err(CliError::new(Exit::Findings, format_args!("line {}: {why}", step.number)));
        }
    }
    let expected = script.0.iter().filter(|step| matches!(step.what, What::Expect(_))).count();
    out.note(format_args!("{GOOD}all {expected} expectations came true{GOOD:#}"));
    Ok(())
}

/// What has happened and nobody has asked for yet.
struct Scene<'a> {
    out: &'a Out,
    person: &'a mut Person,
    /// Sounds, of which the last may go on.
    heard: VecDeque<String>,
    seen: VecDeque<Event>,
    sounding: bool,
}

impl Scene<'_> {
    async fn act(&mut self, act: &Act, until: Instant) -> Result<Result<(), String>> {
        if !self.out.is_json() {
            self.out.line(format_args!("{DIM}>{DIM:#} {act}"))?;
        }
        loop {
            while matches!(act, Act::Say(_)) && !self.person.can_speak() {
                if !self.wait(until).await? {
                    return Ok(Err(format!("nobody listens to \"{act}\" being said")));
                }
            }
            if self.person.act(act).await? != Taken::NotNow {
                return Ok(Ok(()));
            }
        }
    }

    async fn expect(&mut self, expected: &Expected, until: Instant) -> Result<Result<(), String>> {
        let until = match expected {
            Expected::Silence(span) => Instant::now() + *span,
            _ => until,
        };
        loop {
            match self.verdict(expected) {
                Some(verdict) => return Ok(verdict),
                None if self.wait(until).await? => {}
                None => return Ok(self.too_late(expected)),
            }
        }
    }

    /// Whether it came true or never will; none if that is open.
    fn verdict(&mut self, expected: &Expected) -> Option<Result<(), String>> {
        match expected {
            Expected::Hear(text) => match self.heard.front() {
                Some(heard) if heard != text => Some(Err(format!("heard {heard:?}, not {text:?}"))),
                // It is over when it has been spoken.
                Some(_) if self.heard.len() == 1 && self.sounding => None,
                Some(_) => Some(self.take_sound()),
                None => None,
            },
            Expected::HearPart(part) => {
                while self.heard.front().is_some_and(|heard| !heard.contains(&**part)) {
                    self.heard.pop_front();
                }
                (!self.heard.is_empty() && (self.heard.len() > 1 || !self.sounding))
                    .then(|| self.take_sound())
            }
            Expected::Ring => self.look_for(|event| event.is("device", "ring") && !event.data.is_null()),
            Expected::Vibration => self.look_for(|event| event.is("device", "vibration")),
            Expected::End(reason) => {
                let ends = |event: &Event| event.is("instance", "ended");
                let ended = self.seen.iter().position(ends)?;
                let event = self.seen.drain(..=ended).next_back()?;
                let found = event.text("reason").unwrap_or_default().to_owned();
                Some(match reason {
                    Some(reason) if *reason != found => Err(format!("it ended: {found}, not {reason}")),
                    _ => Ok(()),
                })
            }
            Expected::Silence(_) => {
                self.heard.front().map(|heard| Err(format!("heard {heard:?}, where silence was expected")))
            }
        }
    }

    fn take_sound(&mut self) -> Result<(), String> {
        self.heard.pop_front();
        Ok(())
    }

    fn look_for(&mut self, fits: impl Fn(&Event) -> bool) -> Option<Result<(), String>> {
        let at = self.seen.iter().position(fits)?;
        self.seen.drain(..=at);
        Some(Ok(()))
    }

    fn too_late(&self, expected: &Expected) -> Result<(), String> {
        let rest = match self.person.has_run() {
            true => "the workflow goes on",
            false => "no workflow runs",
        };
        match expected {
            Expected::Silence(_) => Ok(()),
            Expected::Hear(text) => Err(format!("did not hear {text:?}; {rest}")),
            Expected::HearPart(part) => Err(format!("heard nothing with {part:?} in it; {rest}")),
            Expected::Ring => Err(format!("saw no light in the ring; {rest}")),
            Expected::Vibration => Err(format!("felt no vibration; {rest}")),
            Expected::End(_) => Err(format!("saw no end; {rest}")),
        }
    }

    /// Takes notice of what happens next. False when it is too late.
    async fn wait(&mut self, until: Instant) -> Result<bool> {
        let Ok(event) = timeout_at(until, self.person.next()).await else { return Ok(false) };
        let event = event?;
        if self.out.is_json() {
            self.out.line(serde_json::json!(event))?;
        } else if let Some(line) = Story::default().tell(&event, &self.person.names) {
            self.out.line(line)?;
        }
        if event.device.as_deref() == Some(&*self.person.id) && event.is("device", "sound_started") {
            let sound = event.text("text").or(event.text("file")).unwrap_or_default();
            self.heard.push_back(sound.to_owned());
            self.sounding = true;
        } else if event.is("device", "sound_stopped") {
            self.sounding = false;
        }
        self.seen.push_back(event);
        Ok(true)
    }
}
