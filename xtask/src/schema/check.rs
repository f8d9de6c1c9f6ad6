//! The rules that the shape of the files cannot say.

use std::collections::BTreeSet;
use std::iter::once;

use anyhow::{Context, Result, bail, ensure};
use toml::Value as Toml;

use super::{Enum, Field, Presence, Schema, Target, Trigger, Ty};

impl Schema {
    pub(super) fn check(&self) -> Result<()> {
        let types =
            self.enums.iter().map(|e| e.name.as_str()).chain(self.objects.iter().map(|o| o.name.as_str()));
        let types = unique(types, "type")?;
        for e in &self.enums {
            unique(
                e.values.iter().flat_map(|v| once(&v.wire).chain(&v.aliases)),
                &format!("`{}`: word", e.name),
            )?;
            let variants: Vec<_> = e.values.iter().map(super::Value::variant).collect();
            unique(&variants, &format!("`{}`: variant", e.name))?;
        }
        unique(self.events.iter().flat_map(|e| once(&e.name).chain(&e.aliases)), "event")?;
        unique(self.requests.iter().map(|r| &r.name), "request")?;
        unique(self.triggers.iter().flat_map(|t| once(&t.name).chain(&t.aliases)), "trigger")?;

        for (owner, fields) in self.field_lists() {
            let keys = fields.iter().flat_map(|f| once(&f.name).chain(&f.aliases));
            for key in unique(keys, &format!("`{owner}`: key"))? {
                ensure!(!key.starts_with('_'), "`{owner}`: `{key}` would be an envelope key");
            }
            for f in fields {
                self.check_field(f, &types).with_context(|| format!("`{owner}.{}`", f.name))?;
            }
        }
        for e in &self.events {
            for n in &e.narrow {
                let filter = e.fields.iter().find(|f| f.name == n.field && f.filter);
                let filter =
                    filter.with_context(|| format!("`{}` narrows by no filter of `{}`", n.name, e.name))?;
                self.admits(&Ty::read(&filter.ty), &n.value.as_str().into())?;
            }
        }
        for r in &self.requests {
            ensure!(
                (r.target == Target::None) == r.targets.is_none(),
                "request `{}`: `targets` belongs to a request with a target",
                r.name
            );
            for event in &r.follows {
                ensure!(
                    self.events.iter().any(|e| e.name == *event),
                    "request `{}`: no event `{event}`",
                    r.name
                );
            }
        }
        self.triggers
            .iter()
            .try_for_each(|t| self.check_trigger(t).with_context(|| format!("trigger `{}`", t.name)))
    }

    fn field_lists(&self) -> impl Iterator<Item = (&str, &[Field])> {
        let objects = self.objects.iter().map(|o| (o.name.as_str(), o.fields.as_slice()));
        let events = self.events.iter().map(|e| (e.name.as_str(), e.fields.as_slice()));
        let requests = self.requests.iter().map(|r| (r.name.as_str(), r.fields.as_slice()));
        let responses = self.requests.iter().map(|r| (r.name.as_str(), r.response.as_slice()));
        objects.chain(events).chain(requests).chain(responses)
    }

    fn check_field(&self, f: &Field, types: &BTreeSet<&str>) -> Result<()> {
        let ty = Ty::parse(&f.ty, types)?;
        match (&f.default, f.presence) {
            (Some(default), Presence::Default) => self.admits(&ty, default).context("the default")?,
            (Some(_), _) => bail!("a default needs `presence = \"default\"`"),
            (None, Presence::Default) => {
                let has_own = ty != Ty::Urn && !matches!(&ty, Ty::Named(name) if self.is_enum(name));
                ensure!(has_own, "`{}` has no default of its own", f.ty);
            }
            (None, _) => {}
        }
        match &f.example {
            Some(example) => self.admits(&ty, example).context("the example"),
            None => {
                ensure!(f.presence != Presence::Required, "a required field needs an example");
                Ok(())
            }
        }
    }

    /// Whether `value` may stand where `ty` is declared.
    fn admits(&self, ty: &Ty, value: &Toml) -> Result<()> {
        let fits = match (ty, value) {
            (Ty::Text, Toml::String(_)) | (Ty::Int, Toml::Integer(_)) | (Ty::Bool, Toml::Boolean(_)) => true,
            (Ty::Json, _) | (Ty::JsonMap, Toml::Table(_)) | (Ty::Float, Toml::Float(_)) => true,
            (Ty::Urn, Toml::String(text)) => text.starts_with("urn:relay-resource:"),
            (Ty::Uint | Ty::Count, Toml::Integer(n)) => *n >= 0,
            (Ty::TextMap, Toml::Table(table)) => table.values().all(Toml::is_str),
            (Ty::List(inner), Toml::Array(values)) => {
                return values.iter().try_for_each(|v| self.admits(inner, v));
            }
            (Ty::Named(name), value) => match (self.find_enum(name), self.find_object(name), value) {
                (Some(e), _, Toml::String(word)) => has_word(e, word),
                (_, Some(object), Toml::Table(table)) => {
                    for (key, value) in table {
                        let field = object.fields.iter().find(|f| f.name == *key);
                        let field = field.with_context(|| format!("`{name}` has no field `{key}`"))?;
                        self.admits(&Ty::read(&field.ty), value).with_context(|| format!("`{key}`"))?;
                    }
                    true
                }
                _ => false,
            },
            _ => false,
        };
        ensure!(fits, "`{value}` is no {ty}");
        Ok(())
    }

    fn check_trigger(&self, t: &Trigger) -> Result<()> {
        self.admits(&Ty::Named("TriggerType".into()), &t.wire.as_str().into())?;
        let args = self.find_object("TriggerArgs").context("there is no `TriggerArgs`")?;
        for arg in &t.args {
            ensure!(args.fields.iter().any(|f| f.name == *arg), "`TriggerArgs` has no field `{arg}`");
        }
        unique(t.options.iter().map(|o| &o.key), "option")?;
        for o in &t.options {
            let idents = o.words.iter().map(|w| w.split_once('=').map_or(w.as_str(), |(ident, _)| ident));
            let idents: Vec<_> = idents.collect();
            let fits = match o.ty.as_str() {
                "text" | "int" => idents.is_empty(),
                "texts" => true,
                words => words.split('|').eq(idents),
            };
            ensure!(fits, "`{}`: `type` and `words` do not agree", o.key);
        }
        Ok(())
    }
}

fn has_word(e: &Enum, word: &str) -> bool {
    e.values.iter().any(|v| v.wire == word)
}

fn unique<'a, S: AsRef<str> + ?Sized + 'a>(
    names: impl IntoIterator<Item = &'a S>,
    what: &str,
) -> Result<BTreeSet<&'a str>> {
    let mut seen = BTreeSet::new();
    for name in names {
        let name = name.as_ref();
        ensure!(seen.insert(name), "{what} `{name}` stands twice");
    }
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    fn schema() -> Schema {
        Schema::of_workspace().unwrap()
    }

    #[test]
    fn the_wire_is_whole() {
        let schema = schema();
        let requests = |status| schema.requests.iter().filter(|r| r.status == status).count();
        assert_eq!(schema.events.len(), 22);
        assert_eq!(requests(Status::Live), 38);
        assert_eq!(requests(Status::Dormant), 2);
        assert_eq!(requests(Status::Legacy), 1);
        assert_eq!(schema.triggers.len(), 11);
        assert_eq!(schema.find_enum("Language").unwrap().values.len(), 35);
    }

    #[test]
    fn every_type_is_used() {
        let schema = schema();
        let fields: Vec<_> =
            schema.field_lists().flat_map(|(_, fields)| fields).map(|f| Ty::read(&f.ty)).collect();
        let options: Vec<_> =
            schema.triggers.iter().flat_map(|t| &t.options).map(|o| o.ty.as_str()).collect();
        for e in &schema.enums {
            let words: Vec<_> = e.values.iter().map(|v| v.wire.as_str()).collect();
            let of_option = options.contains(&words.join("|").as_str());
            assert!(
                of_option || fields.iter().any(|ty| ty.name() == Some(&e.name)),
                "`{}` is unused",
                e.name
            );
        }
        for o in &schema.objects {
            assert!(fields.iter().any(|ty| ty.name() == Some(&o.name)), "`{}` is unused", o.name);
        }
    }

    fn refused(change: impl FnOnce(&mut Schema)) -> String {
        let mut schema = schema();
        change(&mut schema);
        format!("{:#}", schema.check().unwrap_err())
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let twice = refused(|s| s.requests[1].name = "start_interaction".into());
        assert_eq!(twice, "request `start_interaction` stands twice");

        let word = refused(|s| s.requests[2].fields[1].default = Some("xx-XX".into()));
        assert_eq!(word, "`say.lang`: the default: `\"xx-XX\"` is no Language");

        let ty = refused(|s| s.events[0].fields[0].ty = "list<Tirgger>".into());
        assert!(ty.starts_with("`start.trigger`: `list<Tirgger>` is no type"), "{ty}");

        let envelope = refused(|s| s.events[1].fields[0].name = "_id".into());
        assert_eq!(envelope, "`stop`: `_id` would be an envelope key");

        let arg = refused(|s| s.triggers[0].args.push("weather".into()));
        assert_eq!(arg, "trigger `phrase`: `TriggerArgs` has no field `weather`");
    }
}
