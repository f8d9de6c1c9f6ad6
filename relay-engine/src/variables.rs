//! The variables of a run.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use relay_protocol::{request, response};

use crate::engine::Engine;
use crate::instance::Ask;
use crate::refusal::Refusal;

/// What a workflow stores on the platform for as long as it runs.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    values: BTreeMap<String, String>,
    /// Names and values together.
    bytes: usize,
}

impl Variables {
    /// Starts with the arguments of the registration, which a run may overwrite for itself.
    pub(crate) fn new(args: &BTreeMap<String, String>) -> Self {
        let bytes = args.iter().map(|(name, value)| name.len() + value.len()).sum();
        Self { values: args.clone(), bytes }
    }

    /// The bytes that there would be if this were set.
    fn bytes_with(&self, name: &str, value: &str) -> usize {
        self.bytes - self.size(name) + name.len() + value.len()
    }

    fn size(&self, name: &str) -> usize {
        self.values.get(name).map_or(0, |value| name.len() + value.len())
    }
}

impl Engine {
    pub(crate) fn set_var(&mut self, ask: &Ask, set: request::SetVar) -> Result<response::SetVar, Refusal> {
        let limit = self.config.max_variable_bytes;
        if set.name.is_empty() {
            return Err(Refusal::invalid_value("a variable needs a name, got an empty one"));
        }
        let response = response::SetVar::new().name(set.name.as_str()).value(set.value.as_str());
        if let Some(instance) = self.instances.get_mut(ask.instance) {
            let variables = &mut instance.variables;
            let bytes = variables.bytes_with(&set.name, &set.value);
            if bytes > limit {
                return Err(Refusal::limit_exceeded(format!(
                    "the variables of a run may have {limit} bytes together, with {:?} they would have {bytes}",
                    set.name
                )));
            }
            variables.bytes = bytes;
            variables.values.insert(set.name, set.value);
        }
        Ok(response)
    }

    pub(crate) fn get_var(&self, ask: &Ask, get: &request::GetVar) -> response::GetVar {
        let instance = self.instances.get(ask.instance);
        let value = instance.and_then(|instance| instance.variables.values.get(&get.name));
        // One that was never set is no error: official SDKs then give the caller's default.
        value.map_or_else(response::GetVar::new, |value| response::GetVar::new().value(value.as_str()))
    }

    pub(crate) fn unset_var(&mut self, ask: &Ask, unset: &request::UnsetVar) -> response::UnsetVar {
        if let Some(instance) = self.instances.get_mut(ask.instance) {
            let variables = &mut instance.variables;
            variables.bytes -= variables.size(&unset.name);
            variables.values.remove(&unset.name);
        }
        response::UnsetVar::new()
    }
}
