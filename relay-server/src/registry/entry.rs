//! What is stored as one record each and has no life of its own: devices, users, groups, tags and so on.

use relay_engine::DirectoryError;

use super::{Registry, RegistryError};
use crate::account::Platform;
use crate::model::{Audio, Device, Group, Record, SubscriberId, Tag, User, UserId};

type Checked = Result<(), RegistryError>;

/// A record that people can save and delete as it is.
pub trait Entry: Record + Clone + PartialEq {
    /// What it is, in one word.
    const WORD: &'static str;

    /// What ids begin with that are made for it, as on the platform. Default: nothing.
    const ID_PREFIX: &'static str = "";

    /// Whether it makes sense in this account.
    ///
    /// # Errors
    ///
    /// [`RegistryError`] if it does not.
    fn check(&self, platform: &Platform<'_>) -> Checked;

    /// Makes it so.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] if [`check`](Self::check) missed something.
    fn apply(&self, platform: &mut Platform<'_>) -> Result<(), DirectoryError>;

    /// Makes it be no more.
    fn remove(&self, platform: &mut Platform<'_>);

    /// Who uses it. Default: nobody.
    fn used_by(&self) -> Option<&UserId> {
        None
    }

    /// Whether it must be removed before `next` is applied in its place.
    fn gives_way_to(&self, next: &Self) -> bool {
        let _ = next;
        false
    }
}

impl Registry {
    /// Inserts a record, or replaces the one with its id.
    ///
    /// # Errors
    ///
    /// [`RegistryError`]: nothing has changed.
    pub async fn save<E: Entry>(&self, subscriber: &SubscriberId, entry: E) -> Checked {
        if entry.id().trim().is_empty() || entry.id().len() > 200 {
            return Err(RegistryError::invalid("invalid_id", "an id has from 1 to 200 characters"));
        }
        let account = self.account(subscriber)?;
        let _turn = account.registry().await;
        let checked = entry.clone();
        account.run(move |platform| checked.check(platform)).await??;
        let before: Option<E> = self.store.get(subscriber, entry.id()).await?;
        self.store.save(subscriber, &entry).await?;
        self.note_entry(subscriber, before.as_ref(), Some(&entry)).await;
        let applied = account.run(move |platform| {
            if let Some(before) = before.filter(|before| before.gives_way_to(&entry)) {
                before.remove(platform);
            }
            entry.apply(platform)
        });
        applied.await?.map_err(|error| RegistryError::conflict("not_applied", error.to_string()))
    }

    /// Deletes a record.
    ///
    /// # Errors
    ///
    /// [`RegistryError`]: nothing has changed.
    pub async fn delete<E: Entry>(&self, subscriber: &SubscriberId, id: &str) -> Checked {
        let account = self.account(subscriber)?;
        let _turn = account.registry().await;
        let entry: Option<E> = self.store.get(subscriber, id).await?;
        let entry = entry.ok_or_else(|| RegistryError::not_found(E::WORD, id))?;
        self.store.delete::<E>(subscriber, id).await?;
        self.note_entry(subscriber, Some(&entry), None).await;
        account.run(move |platform| entry.remove(platform)).await?;
        Ok(())
    }
}

fn named(what: &str, name: &str) -> Checked {
    if name.trim().is_empty() || name.chars().count() > 200 {
        let why = format!("the name of a {what} has from 1 to 200 characters");
        return Err(RegistryError::invalid("invalid_name", why));
    }
    Ok(())
}

fn taken(what: &str, name: &str) -> RegistryError {
    let why = format!("there is another {what} named {name:?}, in this or another case: choose another name");
    RegistryError::conflict("name_taken", why)
}

impl Entry for Device {
    const WORD: &'static str = "device";
    // Whoever makes one here has no hardware.
    const ID_PREFIX: &'static str = "VIRT";

    fn check(&self, platform: &Platform<'_>) -> Checked {
        named(Self::WORD, &self.name)?;
        let directory = platform.engine.directory();
        let itself = directory.device_with_id(self.id.as_str());
        if directory.device_named(&self.name).is_some_and(|other| Some(other) != itself) {
            return Err(taken(Self::WORD, &self.name));
        }
        let used = self.user.as_ref().and_then(|user| directory.device_used_by(user.as_str()));
        if let (Some(other), Some(user)) = (used.filter(|other| Some(*other) != itself), &self.user) {
            let other = directory.device(other).map_or("another device", |device| device.name());
            let why = format!("{user} uses {other} already: take them off it first");
            return Err(RegistryError::conflict("user_taken", why));
        }
        if self.battery > 100 || self.volume > 100 {
            return Err(RegistryError::invalid(
                "invalid_level",
                "battery and volume are from 0 to 100 percent",
            ));
        }
        Ok(())
    }

    fn apply(&self, platform: &mut Platform<'_>) -> Result<(), DirectoryError> {
        platform.save_device(self)
    }

    fn remove(&self, platform: &mut Platform<'_>) {
        platform.remove_device(&self.id);
    }

    fn used_by(&self) -> Option<&UserId> {
        self.user.as_ref()
    }
}

impl Entry for User {
    const WORD: &'static str = "user";
    const ID_PREFIX: &'static str = "USER";

    fn check(&self, _: &Platform<'_>) -> Checked {
        named(Self::WORD, &self.name)
    }

    fn apply(&self, _: &mut Platform<'_>) -> Result<(), DirectoryError> {
        Ok(()) // the engine knows users by their devices
    }

    fn remove(&self, _: &mut Platform<'_>) {}
}

impl Entry for Group {
    const WORD: &'static str = "group";

    fn check(&self, platform: &Platform<'_>) -> Checked {
        named(Self::WORD, &self.name)?;
        let directory = platform.engine.directory();
        let itself = directory.group_with_id(self.id.as_str());
        match directory.group_named(&self.name).is_some_and(|other| Some(other) != itself) {
            true => Err(taken(Self::WORD, &self.name)),
            false => Ok(()),
        }
    }

    fn apply(&self, platform: &mut Platform<'_>) -> Result<(), DirectoryError> {
        platform.save_group(self)
    }

    fn remove(&self, platform: &mut Platform<'_>) {
        platform.remove_group(&self.id);
    }
}

impl Entry for Tag {
    const WORD: &'static str = "tag";

    fn check(&self, _: &Platform<'_>) -> Checked {
        match self.uid.bytes().all(|b| b.is_ascii_hexdigit()) && self.uid.len() <= 20 {
            true => Ok(()),
            false => {
                Err(RegistryError::invalid("invalid_uid", "the uid of a tag is up to 20 hex digits: 04a1b2…"))
            }
        }
    }

    fn apply(&self, platform: &mut Platform<'_>) -> Result<(), DirectoryError> {
        platform.save_tag(self);
        Ok(())
    }

    fn remove(&self, platform: &mut Platform<'_>) {
        platform.remove_tag(&self.uid);
    }

    fn gives_way_to(&self, next: &Self) -> bool {
        self.uid != next.uid // the engine knows tags by their stickers
    }
}

impl Entry for Audio {
    const WORD: &'static str = "audio";

    fn check(&self, _: &Platform<'_>) -> Checked {
        named(Self::WORD, &self.name)
    }

    fn apply(&self, _: &mut Platform<'_>) -> Result<(), DirectoryError> {
        Ok(()) // there is no sound yet
    }

    fn remove(&self, platform: &mut Platform<'_>) {
        platform.remove_sound(&self.name);
    }
}
