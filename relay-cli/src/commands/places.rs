//! `relay venues`, `positions` and `geofence`: where devices may be.

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::Cx;
use super::entries::{cell, delete, items};
use crate::error::{CliError, Result};
use crate::output::{Column, ListArgs, Table};

/// How positions are marked that are none. The official command line hides them, too.
const PLACEHOLDER: &str = "placeholder12345";

/// List the buildings.
#[derive(Debug, Args)]
pub(crate) struct Venues {
    #[command(flatten)]
    list: ListArgs,
}

impl Venues {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let mut venues = items(cx.client()?.get(&["ibot", "indoor_venue"]).send().await?)?;
        venues.sort_by_key(|venue| cell(venue, "venue_name"));
        let mut table = Table::new([Column::exact("ID"), Column::new("Name")]);
        for venue in &venues {
            table.row([cell(venue, "venue_id"), cell(venue, "venue_name")]);
        }
        cx.out.list(&self.list, &table, &venues.into(), "there is no venue")
    }
}

/// List the places in a building.
#[derive(Debug, Args)]
pub(crate) struct Positions {
    /// The building, as `relay venues` shows it
    #[arg(short, long, value_name = "ID")]
    venue_id: String,
    /// Also those that only hold a place
    #[arg(short, long)]
    placeholders: bool,
    #[command(flatten)]
    list: ListArgs,
}

impl Positions {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let mut positions =
            items(cx.client()?.get(&["ibot", "indoor_position", &self.venue_id]).send().await?)?;
        let tags = |position: &Value| -> Vec<String> {
            let tags = position["tags"].as_array().into_iter().flatten();
            tags.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        if !self.placeholders {
            positions
                .retain(|one| !tags(one).last().is_some_and(|last| last.eq_ignore_ascii_case(PLACEHOLDER)));
        }
        let mut table = Table::new([Column::exact("ID"), Column::new("Name")]);
        for position in &positions {
            let tags = tags(position);
            let name = if tags.is_empty() { "Unknown".to_owned() } else { tags.join(" > ") };
            table.row([cell(position, "position_id"), name]);
        }
        cx.out.list(&self.list, &table, &positions.into(), "there is no position")
    }
}

/// List, make and delete areas on the map.
#[derive(Debug, Subcommand)]
pub(crate) enum Geofence {
    /// List them
    List(GeofenceList),
    /// Make one
    Create(GeofenceCreate),
    /// Delete one
    Delete(GeofenceDelete),
}

#[derive(Debug, Args)]
pub(crate) struct GeofenceList {
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
pub(crate) struct GeofenceCreate {
    /// Its name
    #[arg(short, long)]
    name: String,
    /// How far it reaches, in metres
    #[arg(short, long, value_parser = clap::value_parser!(u32).range(1..))]
    radius: u32,
    /// Its middle as a street address
    #[arg(short, long, conflicts_with_all = ["latitude", "longitude"])]
    address: Option<String>,
    /// Its middle in degrees, north is positive
    #[arg(short = 't', long, requires = "longitude", allow_negative_numbers = true)]
    latitude: Option<f64>,
    /// Its middle in degrees, east is positive
    #[arg(short = 'g', long, requires = "latitude", allow_negative_numbers = true)]
    longitude: Option<f64>,
    /// Show what would be sent
    #[arg(short = 'N', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GeofenceDelete {
    /// Its id
    #[arg(short, long)]
    id: String,
}

impl Geofence {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        match self {
            Self::List(command) => {
                let geofences = items(cx.client()?.get(&["ibot", "geofence"]).send().await?)?;
                let mut table = Table::new([
                    Column::exact("ID"),
                    Column::new("Name"),
                    Column::new("Radius").right(),
                    Column::new("Address"),
                    Column::new("Coordinates"),
                ]);
                for one in &geofences {
                    table.row([
                        cell(one, "geofence_id"),
                        cell(one, "label"),
                        cell(one, "radius"),
                        cell(one, "address"),
                        format!("{}, {}", cell(one, "lat"), cell(one, "long")),
                    ]);
                }
                cx.out.list(&command.list, &table, &geofences.into(), "there is no geofence")
            }
            Self::Create(command) => command.run(cx).await,
            Self::Delete(command) => {
                let client = cx.client()?;
                delete(cx, &client, "geofence", &command.id, &["ibot", "geofence", &command.id]).await
            }
        }
    }
}

impl GeofenceCreate {
    async fn run(self, cx: &Cx) -> Result<()> {
        let mut body = Map::from_iter([
            ("label".to_owned(), json!(self.name)),
            ("radius".to_owned(), json!(self.radius)),
        ]);
        match (self.address, self.latitude.zip(self.longitude)) {
            (Some(address), _) => _ = body.insert("address".into(), address.into()),
            (None, Some((latitude, longitude))) => {
                if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
                    return Err(CliError::usage(format_args!("{latitude}, {longitude} is nowhere on Earth"))
                        .next("latitude comes first and is at most 90 degrees"));
                }
                body.insert("lat".into(), latitude.into());
                body.insert("long".into(), longitude.into());
            }
            (None, None) => {
                return Err(CliError::usage("nobody says where its middle is")
                    .next("add --latitude and --longitude, or --address"));
            }
        }
        let body = Value::Object(body);
        if self.dry_run {
            return cx.out.json(&body);
        }
        let made = cx.client()?.post(&["ibot", "geofence"], body).send().await?;
        let id = made["geofence_id"].as_str().unwrap_or_default();
        cx.out.result(format_args!("the geofence {id} is made"), &made)
    }
}
