//! One field of a message, and how to find it in a frame.

use serde_json::{Map, Value};

/// A row of the generated table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// Full name of the message that it belongs to.
    pub(crate) message: &'static str,
    /// Keys from the top of the frame, with dots between.
    pub(crate) path: &'static str,
    /// The type as the schema calls it; `word` for every enum, `object` for every object.
    pub(crate) ty: &'static str,
    pub(crate) required: bool,
    pub(crate) personal: bool,
}

impl Field {
    pub(crate) const fn new(message: &'static str, path: &'static str, ty: &'static str) -> Self {
        Self { message, path, ty, required: false, personal: false }
    }

    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(crate) const fn personal(self) -> Self {
        Self { personal: true, ..self }
    }

    pub(crate) fn key(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// The object that holds the field, if the frame has one.
    pub(crate) fn parent<'a>(&self, frame: &'a mut Map<String, Value>) -> Option<&'a mut Map<String, Value>> {
        match self.path.rsplit_once('.') {
            Some((above, _)) => {
                above.split('.').try_fold(frame, |object, key| object.get_mut(key)?.as_object_mut())
            }
            None => Some(frame),
        }
    }

    /// Its value, if the frame has one.
    pub(crate) fn value<'a>(&self, frame: &'a mut Map<String, Value>) -> Option<&'a mut Value> {
        self.parent(frame)?.get_mut(self.key())
    }
}
