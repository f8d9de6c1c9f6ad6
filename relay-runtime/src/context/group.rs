//! Groups of devices.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use relay_protocol::request::{AddGroupMembers, CreateGroup, DeleteGroup, GroupQuery, RemoveGroupMembers};
use relay_protocol::types::GroupQueryType;
use relay_protocol::urn::{DeviceUrn, GroupUrn};
use relay_protocol::{RequestBody, Urn};

use super::{Action, Context, ToDevice};
use crate::error::Cause;
use crate::session::Shared;

/// A group of devices, from [`Context::group`] or [`Context::create_group`].
///
/// It can also be the target of [notifications](Context::broadcast) and of
/// [interactions](Context::start_interactions).
///
/// ```
/// # use relay_runtime::prelude::*;
/// # async fn f(cx: Context, alice: DeviceUrn) -> Result<()> {
/// let night = cx.create_group("Night shift").await?;
/// night.add([&alice]).await?;
/// cx.broadcast(&night, "Good evening").await?;
///
/// let cleaning = cx.group(GroupUrn::name("Cleaning")?);
/// if !cleaning.is_member(&alice).await? {
///     cleaning.add([&alice]).await?;
/// }
/// # Ok(()) }
/// ```
///
/// Cheap to clone. Actions wait 5 s for Relay's answer.
#[derive(Clone)]
pub struct Group {
    shared: Arc<Shared>,
    urn: GroupUrn,
}

impl Context {
    /// A group, by its URN.
    pub fn group(&self, group: impl Borrow<GroupUrn>) -> Group {
        Group { shared: self.shared.clone(), urn: group.borrow().clone() }
    }

    /// Makes a group without members.
    pub fn create_group(&self, name: impl Into<String>) -> Action<CreateGroup, Group> {
        Action::new(&self.shared, Vec::new(), CreateGroup::new(name)).named(|body| &body.name).finish(
            |done| {
                let shared = done.shared.clone();
                let urn = done.response()?.uri.try_into().map_err(|_| Cause::BadAnswer("URN of a group"))?;
                Ok(Group { shared, urn })
            },
        )
    }
}

impl Group {
    /// The URN of the group.
    pub fn urn(&self) -> &GroupUrn {
        &self.urn
    }

    /// Who is in it.
    pub fn members(&self) -> Action<GroupQuery, Vec<DeviceUrn>> {
        self.query(GroupQueryType::ListMembers, Urn::from(&self.urn)).finish(|done| {
            let members = done.response()?.member_uris.unwrap_or_default();
            let devices =
                members.iter().map(|urn| urn.device().ok_or(Cause::BadAnswer("device as a member")));
            devices.collect()
        })
    }

    /// Whether a device is in it.
    ///
    /// # Errors
    ///
    /// [`Cause::BadArgument`] for an interaction that does not say which device it is on, and those of every
    /// [`Action`].
    pub fn is_member(&self, device: impl ToDevice) -> Action<GroupQuery, bool> {
        let device = device.to_device().device();
        let subject = device.as_ref().map_or(Urn::from(&self.urn), |device| self.urn.member(device).into());
        let query = self.query(GroupQueryType::IsMember, subject);
        let query = match device {
            Some(_) => query,
            None => query.refuse("device", "the interaction does not name its device: give a `DeviceUrn`"),
        };
        query.finish(|done| done.response()?.is_member.ok_or(Cause::BadAnswer("is_member")))
    }

    /// Puts devices into it.
    pub fn add(&self, devices: impl IntoIterator<Item = impl ToDevice>) -> Action<AddGroupMembers> {
        self.on(devices, AddGroupMembers::new(&self.urn))
    }

    /// Takes devices out of it.
    pub fn remove(&self, devices: impl IntoIterator<Item = impl ToDevice>) -> Action<RemoveGroupMembers> {
        self.on(devices, RemoveGroupMembers::new(&self.urn))
    }

    /// Deletes the group, for good.
    pub fn delete(&self) -> Action<DeleteGroup> {
        Action::new(&self.shared, Vec::new(), DeleteGroup::new(&self.urn))
    }

    fn query(&self, query: GroupQueryType, subject: Urn) -> Action<GroupQuery> {
        Action::new(&self.shared, Vec::new(), GroupQuery::new(query, subject))
    }

    fn on<R: RequestBody>(&self, devices: impl IntoIterator<Item = impl ToDevice>, body: R) -> Action<R> {
        let devices = devices.into_iter().map(|device| device.to_device());
        Action::new(&self.shared, devices, body).for_somebody()
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Group").field(&self.urn).finish()
    }
}
