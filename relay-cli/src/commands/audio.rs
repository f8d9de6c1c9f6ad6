//! `relay audio`: sounds of one's own.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::Cx;
use super::entries::{cell, delete, items};
use crate::error::{CliError, Result};
use crate::output::{Column, ListArgs, Table};

/// List, upload and delete sounds, played as relay-static://NAME.
#[derive(Debug, Subcommand)]
pub(crate) enum Audio {
    /// List them
    List(List),
    /// Upload one
    Create(Create),
    /// Delete one
    Delete(Delete),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Its name, which no other has
    #[arg(short, long)]
    name: String,
    /// WAV: 16 kHz, 16 bit, mono, less than 30 s
    #[arg(short, long)]
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Its id
    #[arg(short, long)]
    id: String,
}

impl Audio {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        match self {
            Self::List(command) => {
                let sounds = items(cx.client()?.get(&["ibot", "custom_audio"]).send().await?)?;
                let mut table = Table::new([Column::exact("ID"), Column::new("Name"), Column::new("Format")]);
                for sound in &sounds {
                    table.row([cell(sound, "id"), cell(sound, "short_name"), cell(sound, "audio_format")]);
                }
                cx.out.list(&command.list, &table, &sounds.into(), "there is no sound")
            }
            Self::Create(command) => command.run(cx).await,
            Self::Delete(command) => {
                let client = cx.client()?;
                delete(cx, &client, "sound", &command.id, &["ibot", "custom_audio", &command.id]).await
            }
        }
    }
}

impl Create {
    async fn run(self, cx: &Cx) -> Result<()> {
        let file = fs::read(&self.file).map_err(|error| {
            CliError::usage(format_args!("cannot read {}", self.file.display())).cause(error)
        })?;
        remarks(&self.file, &file)?.iter().for_each(|remark| cx.out.warn(remark));
        let client = cx.client()?;
        let account = client.account().await?;
        let body = json!({ "audio_format": "wave", "subscriber_id": account, "short_name": self.name });
        let made = client.post(&["ibot", "custom_audio"], body).send().await?;
        let id = cell(&made["result"], "id");
        let url = made["s3_upload_url"].as_str().unwrap_or_default();
        let progress = cx.out.progress(format!("uploading {} bytes", file.len()));
        client.upload(url, "audio/wave", file).await?;
        drop(progress);
        cx.out
            .result(format_args!("{id}: workflows play it as relay-static://{}", self.name), &made["result"])
    }
}

/// What a Relay device may not like about the sound.
///
/// # Errors
///
/// When it is no WAV at all.
fn remarks(name: &Path, file: &[u8]) -> Result<Vec<String>> {
    let not_wav = || {
        CliError::usage(format_args!("{} is no WAV file", name.display()))
            .next("ffmpeg -i FILE -ar 16000 -ac 1 -c:a pcm_s16le out.wav")
    };
    let format = Format::read(file).ok_or_else(not_wav)?;
    let mut remarks = Vec::new();
    let mut expect = |what: &str, is: u32, wanted: u32| {
        if is != wanted {
            remarks.push(format!("it has {is} {what}, where {wanted} is wanted"));
        }
    };
    expect("channels", format.channels, 1);
    expect("samples a second", format.rate, 16_000);
    expect("bits a sample", format.bits, 16);
    let bytes_a_second = format.channels * format.rate * format.bits / 8;
    if format.data / bytes_a_second.max(1) >= 30 {
        remarks.push("it is longer than 30 s".to_owned());
    }
    Ok(remarks)
}

struct Format {
    channels: u32,
    rate: u32,
    bits: u32,
    /// Bytes of sound.
    data: u32,
}

impl Format {
    fn read(file: &[u8]) -> Option<Self> {
        let number = |at: usize, length: usize| -> Option<u32> {
            let bytes = file.get(at..at + length)?;
            Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
        };
        if file.get(..4)? != b"RIFF" || file.get(8..12)? != b"WAVE" {
            return None;
        }
        let (mut at, mut format) = (12, None::<Self>);
        while let Some(kind) = file.get(at..at + 4) {
            let length = number(at + 4, 4)?;
            let begin = at + 8;
            match kind {
                b"fmt " => {
                    let (channels, rate, bits) =
                        (number(begin + 2, 2)?, number(begin + 4, 4)?, number(begin + 14, 2)?);
                    format = Some(Self { channels, rate, bits, data: 0 });
                }
                b"data" => format.as_mut()?.data = length,
                _ => {}
            }
            // Chunks are padded to even lengths.
            at = begin + usize::try_from(length).ok()?.checked_add(1)? / 2 * 2;
        }
        format
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(channels: u16, rate: u32, bits: u16, data: u32) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0".to_vec();
        file.extend(channels.to_le_bytes());
        file.extend(rate.to_le_bytes());
        file.extend([0; 6]);
        file.extend(bits.to_le_bytes());
        file.extend(b"data");
        file.extend(data.to_le_bytes());
        file
    }

    #[test]
    fn a_sound_is_measured() {
        let remarks = |file: &[u8]| remarks(Path::new("a.wav"), file).unwrap();
        assert_eq!(remarks(&wav(1, 16_000, 16, 32_000)), [""; 0]);
        assert_eq!(
            remarks(&wav(2, 44_100, 24, 9_000_000)),
            [
                "it has 2 channels, where 1 is wanted",
                "it has 44100 samples a second, where 16000 is wanted",
                "it has 24 bits a sample, where 16 is wanted",
                "it is longer than 30 s",
            ]
        );
    }

    #[test]
    fn what_is_no_wav_is_refused() {
        for file in [&b""[..], b"ID3", b"RIFF\0\0\0\0AVI ", &wav(1, 16_000, 16, 0)[..30]] {
            assert!(remarks(Path::new("a.wav"), file).is_err());
        }
    }
}
