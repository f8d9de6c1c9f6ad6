//! The bytes of sounds.

use std::time::Duration;

use serde_json::json;

use super::{Registry, RegistryError};
use crate::model::{Audio, AudioId, SubscriberId};

impl Registry {
    /// Puts the file of a sound, which plays for so long.
    ///
    /// # Errors
    ///
    /// [`RegistryError`]: nothing has changed.
    pub async fn put_audio(
        &self,
        subscriber: &SubscriberId,
        id: &AudioId,
        file: Vec<u8>,
        length: Duration,
    ) -> Result<(), RegistryError> {
        let account = self.account(subscriber)?;
        let _turn = account.registry().await;
        let audio: Option<Audio> = self.store.get(subscriber, id.as_str()).await?;
        let mut audio = audio.ok_or_else(|| RegistryError::not_found("sound", id))?;
        self.store.audio_put_content(subscriber, id, file).await?;
        // Known at the next start without a look into the file.
        audio.length_ms = Some(u64::try_from(length.as_millis()).unwrap_or(u64::MAX));
        self.store.save(subscriber, &audio).await?;
        let data = json!({ "id": audio.id, "name": audio.name });
        self.note_of(subscriber, "audio", "uploaded", data).await;
        account.run(move |platform| platform.save_sound(&audio.name, length)).await?;
        Ok(())
    }
}
