//! What workflows ask about groups, and change.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use relay_protocol::types::GroupQueryType;
use relay_protocol::urn::{DeviceUrn, GroupUrn, ResourceId, UrnKind};
use relay_protocol::{RequestBody, Urn, request, response};

use crate::action::Change;
use crate::engine::Engine;
use crate::instance::Ask;
use crate::key::{DeviceKey, GroupKey};
use crate::refusal::Refusal;
use crate::target::called;

impl Engine {
    pub(crate) fn group_query(
        &self,
        ask: &Ask,
        query: &request::GroupQuery,
    ) -> Result<response::GroupQuery, Refusal> {
        let urn = &query.group_uri;
        match &query.query {
            GroupQueryType::ListMembers => {
                let members = self.members(self.group_key(ask, urn)?);
                Ok(response::GroupQuery::new().member_uris(members))
            }
            GroupQueryType::IsMember => {
                let Some(device) = urn.device().filter(|_| urn.kind() == UrnKind::GroupMember) else {
                    return Err(Refusal::invalid_target(format!(
                        "is_member needs the URN of a group member, which is that of the group with the device's as \
                         its device parameter; got the URN of {}: {urn}",
                        urn.kind()
                    )));
                };
                let group = self.directory.group(self.group_key(ask, urn)?);
                // A device that does not exist is no member of anything.
                let device = self.directory.device_of(&device);
                let is_member = group.zip(device).is_some_and(|(group, device)| group.contains(device));
                Ok(response::GroupQuery::new().is_member(is_member))
            }
            GroupQueryType::Unknown(word) => Err(Refusal::invalid_value(format!(
                "{word:?} is no query about groups, which are list_members and is_member"
            ))),
            _ => Err(Refusal::not_supported(ask.request)),
        }
    }

    /// What one official SDK asks in place of `group_query`.
    pub(crate) fn list_group_members(
        &self,
        ask: &Ask,
        list: &request::ListGroupMembers,
    ) -> Result<response::ListGroupMembers, Refusal> {
        let urn = GroupUrn::name(&list.group_name)
            .map_err(|_| Refusal::invalid_value("list_group_members needs the name of a group"))?;
        let group = self.directory.group(self.group_key(ask, &urn)?);
        let members = group.into_iter().flat_map(|group| group.members());
        let names = members.filter_map(|key| Some(self.directory.device(key)?.name()));
        Ok(response::ListGroupMembers::new().device_names(names))
    }

    pub(crate) fn create_group(
        &mut self,
        create: request::CreateGroup,
    ) -> Result<response::CreateGroup, Refusal> {
        let limit = self.config.max_groups;
        if self.directory.groups().count() >= limit {
            return Err(Refusal::limit_exceeded(format!("there are {limit} groups")));
        }
        let id = self.fresh_id("g");
        let urn = GroupUrn::id(&id).map_err(Refusal::invalid_value)?;
        let key = self.directory.add_group(create.name, id)?;
        self.changed(Change::GroupAdded(key));
        Ok(response::CreateGroup::new(urn))
    }

    pub(crate) fn delete_group(
        &mut self,
        ask: &Ask,
        delete: &request::DeleteGroup,
    ) -> Result<response::DeleteGroup, Refusal> {
        let key = self.group_key(ask, &delete.uri)?;
        if let Some(group) = self.directory.remove_group(key) {
            self.changed(Change::GroupRemoved { id: group.id().to_string() });
        }
        Ok(response::DeleteGroup::new())
    }

    pub(crate) fn add_group_members(
        &mut self,
        ask: &Ask,
        add: &request::AddGroupMembers,
    ) -> Result<response::AddGroupMembers, Refusal> {
        let key = self.group_key(ask, &add.group_uri)?;
        for device in self.devices(ask, request::AddGroupMembers::TARGETS)? {
            self.directory.add_member(key, device)?;
        }
        self.changed(Change::GroupMembers(key));
        Ok(response::AddGroupMembers::new())
    }

    pub(crate) fn remove_group_members(
        &mut self,
        ask: &Ask,
        remove: &request::RemoveGroupMembers,
    ) -> Result<response::RemoveGroupMembers, Refusal> {
        let key = self.group_key(ask, &remove.group_uri)?;
        for device in self.devices(ask, request::RemoveGroupMembers::TARGETS)? {
            self.directory.remove_member(key, device);
        }
        self.changed(Change::GroupMembers(key));
        Ok(response::RemoveGroupMembers::new())
    }

    fn members(&self, key: GroupKey) -> Vec<DeviceUrn> {
        let members = self.directory.group(key).into_iter().flat_map(|group| group.members());
        members.filter_map(|key: DeviceKey| self.directory.device(key)?.urn()).collect()
    }

    /// The group that a URN names, itself or as the group of a member.
    fn group_key(&self, ask: &Ask, urn: &Urn) -> Result<GroupKey, Refusal> {
        let id = match (urn.kind(), urn.id()) {
            (UrnKind::Group | UrnKind::GroupMember, Some(id)) => id,
            (kind, _) => {
                return Err(Refusal::invalid_target(format!(
                    "{} needs a group URN, got the URN of {kind}: {urn}",
                    ask.request
                )));
            }
        };
        let found = self.directory.group_by(&id).or_else(|| self.group_escaped_twice(&id));
        found.ok_or_else(|| Refusal::not_found(format!("there is no group {}", called(urn))))
    }

    /// The official JS SDK escapes the name of the group twice when it asks whether a device is a member.
    fn group_escaped_twice(&self, id: &ResourceId<'_>) -> Option<GroupKey> {
        let ResourceId::Name(name) = id else { return None };
        let once = Urn::parse(format!("urn:relay-resource:name:group:{name}")).ok()?;
        self.directory.group_by(&once.id()?)
    }

    /// A new id that shows what it is of.
    pub(crate) fn fresh_id(&mut self, of: &str) -> String {
        format!("{of}-{:x}", self.ids.next())
    }
}
