//! Conversations in a file.
//!
//! ```text
//! # Comments and empty lines do not count.
//! > hello                   says it: to the workflow that listens, else to the Assistant
//! < What is your name?      hears exactly this next
//! <~ name                   hears something that holds this, whatever comes before
//! ! tap 2                   does something: tap, hold, assistant, scan, charge, move, call, …
//! ? ring                    the ring lights up
//! ? vibration               the device vibrates
//! ? end normal              the workflow ends; the reason may be left out
//! ? silence 2s              nothing is heard for so long
//! ```

use std::time::Duration;

use super::act::Act;

/// A conversation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Script(pub(super) Vec<Step>);

/// A line of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    /// From 1.
    pub(super) number: usize,
    pub(super) what: What,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum What {
    Act(Act),
    Expect(Expected),
}

/// What should come of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expected {
    /// To hear exactly this next.
    Hear(String),
    /// To hear something that holds this.
    HearPart(String),
    Ring,
    Vibration,
    /// The end of the run, for this reason if one is given.
    End(Option<String>),
    Silence(Duration),
}

impl Script {
    /// # Errors
    ///
    /// The number of the first line that makes no sense, and why.
    pub(crate) fn parse(text: &str) -> Result<Self, (usize, String)> {
        let lines = (1..).zip(text.lines().map(str::trim));
        let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let steps = lines.map(|(number, line)| match line.parse() {
            Ok(what) => Ok(Step { number, what }),
            Err(why) => Err((number, why)),
        });
        Ok(Self(steps.collect::<Result<_, _>>()?))
    }
}

impl std::str::FromStr for What {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let (sign, rest) = line.split_at(line.find(char::is_whitespace).unwrap_or(line.len()));
        let rest = rest.trim();
        match (sign, rest) {
            (">" | "<" | "<~", "") => Err("there is nothing after the sign".into()),
            (">", text) => Ok(Self::Act(Act::Say(text.into()))),
            ("<", text) => Ok(Self::Expect(Expected::Hear(text.into()))),
            ("<~", text) => Ok(Self::Expect(Expected::HearPart(text.into()))),
            ("!", act) => act.parse().map(Self::Act),
            ("?", expected) => expected.parse().map(Self::Expect),
            _ => Err(format!("a line begins with >, <, <~, ! or ?, and a space, not with `{sign}`")),
        }
    }
}

impl std::str::FromStr for Expected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["ring"] => Ok(Self::Ring),
            ["vibration"] => Ok(Self::Vibration),
            ["end"] => Ok(Self::End(None)),
            ["end", reason] => Ok(Self::End(Some(reason.into()))),
            ["silence", span] => {
                let span = span.parse::<jiff::SignedDuration>().ok().and_then(|span| span.try_into().ok());
                span.map(Self::Silence).ok_or_else(|| format!("`{}` is no time span such as 2s", words[1]))
            }
            _ => Err(format!("nobody can expect `{text}`: there are ring, vibration, end and silence")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_conversation_is_read_line_by_line() {
        let text =
            "# greets\n> hello\n\n<  What is your name?\n<~ Bob\n! tap 2\n? end normal\n? silence 2s\n";
        let script = Script::parse(text).unwrap();
        let expect = What::Expect;
        let what: Vec<What> = script.0.iter().map(|step| step.what.clone()).collect();
        assert_eq!(
            what,
            [
                What::Act(Act::Say("hello".into())),
                expect(Expected::Hear("What is your name?".into())),
                expect(Expected::HearPart("Bob".into())),
                What::Act(Act::Do("tap", json!({ "button": "action", "taps": "double" }))),
                expect(Expected::End(Some("normal".into()))),
                expect(Expected::Silence(Duration::from_secs(2))),
            ]
        );
        assert_eq!(script.0[0].number, 2);
    }

    #[test]
    fn what_makes_no_sense_is_named_by_its_line() {
        for (text, line, why) in [
            ("hello", 1, "a line begins with"),
            ("> a\n>", 2, "nothing after"),
            ("! jump", 1, "nobody can `jump`"),
            ("! tap 4", 1, "one, two or three"),
            ("! charge 101", 1, "from 0 to 100"),
            ("? rain", 1, "nobody can expect `rain`"),
        ] {
            let (number, error) = Script::parse(text).unwrap_err();
            assert_eq!(number, line, "{text}");
            assert!(error.contains(why), "{error}");
        }
    }
}
