//! What there is before a script begins: workflows on the one side, people and things on the other.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use relay_engine::DeviceInfo;
use relay_protocol::manifest::WorkflowManifest;
use relay_server::model::{Device, Group, LastLocation, Rest, SubscriberId, Tag, UserId, Workflow};
use relay_server::store::{Store, StoreError};
use sdk::server::{Listening, Server, ServerBuilder};
use sdk::workflow::{AfterError, IntoWorkflow, OnHandlerError};

use super::stage::CERTIFICATE;

/// What is known when the server starts.
pub(super) struct Setup {
    server: ServerBuilder,
    /// With the constants of the registration.
    workflows: Vec<(WorkflowManifest, Vec<(String, String)>)>,
    pub(super) devices: Vec<Device>,
    groups: Vec<Group>,
    tags: Vec<Tag>,
    pub(super) sounds: Vec<(String, Duration)>,
    /// What handlers have failed with.
    pub(super) failures: Arc<Mutex<Vec<String>>>,
}

impl Setup {
    pub(super) fn new() -> Self {
        let failures: Arc<Mutex<Vec<String>>> = Arc::default();
        let failed = failures.clone();
        let note = OnHandlerError::custom(move |failure| {
            failed.lock().unwrap().push(failure.error.to_string());
            AfterError::Stop
        });
        Self {
            server: Server::builder().on_handler_error(note),
            workflows: Vec::new(),
            devices: Vec::new(),
            groups: Vec::new(),
            tags: Vec::new(),
            sounds: Vec::new(),
            failures,
        }
    }

    pub(super) fn workflow<M>(&mut self, workflow: impl IntoWorkflow<M>) {
        let workflow = workflow.into_workflow();
        self.workflows.push((workflow.manifest().clone(), Vec::new()));
        self.serve(|server| server.workflow(workflow));
    }

    pub(super) fn serve(&mut self, change: impl FnOnce(ServerBuilder) -> ServerBuilder) {
        self.server = change(std::mem::replace(&mut self.server, Server::builder()));
    }

    pub(super) fn args(&mut self, args: impl IntoIterator<Item = (String, String)>) {
        self.workflows.last_mut().expect("the workflow comes first").1.extend(args);
    }

    /// The id of the device of this name, a new one if there is none yet.
    pub(super) fn device(&mut self, name: &str, change: impl FnOnce(&mut DeviceInfo)) -> String {
        if let Some(known) = self.devices.iter().find(|device| device.name == name) {
            return known.id.to_string();
        }
        let id = format!("99000756000{:04}", self.devices.len());
        let mut info = DeviceInfo::new(name, id.as_str());
        change(&mut info);
        let mut device = Device::new(id.as_str(), name);
        device.user = info.user.as_deref().map(UserId::from);
        device.battery = info.battery;
        device.location_enabled = info.location_enabled;
        device.location =
            LastLocation { address: info.location.address, latlong: info.location.latlong, indoor: None };
        self.devices.push(device);
        id
    }

    pub(super) fn group(&mut self, name: &str, members: Vec<String>) {
        self.groups.push(Group { id: name.into(), name: name.to_owned(), members, rest: Rest::new() });
    }

    pub(super) fn tag(&mut self, uid: &str, content: impl IntoIterator<Item = (String, String)>) {
        self.tags.push(Tag {
            id: uid.into(),
            uid: uid.to_owned(),
            counter: 0,
            content: content.into_iter().collect(),
            rest: Rest::new(),
        });
    }

    /// Serves the workflows.
    pub(super) async fn listen(&mut self) -> Listening {
        let server = std::mem::replace(&mut self.server, Server::builder());
        let certificate = CERTIFICATE.clone();
        let server = server.tls_pem(certificate.certificate, certificate.key).bind(([127, 0, 0, 1], 0));
        server.listen().await.unwrap()
    }

    /// Puts all of it into a registry, the workflows as those of a server at `uri`. They are called as
    /// [`registered`] says.
    pub(super) async fn store(
        &self,
        store: &Store,
        account: &SubscriberId,
        uri: &str,
    ) -> Result<(), StoreError> {
        for device in &self.devices {
            store.save(account, device).await?;
        }
        for group in &self.groups {
            store.save(account, group).await?;
        }
        for tag in &self.tags {
            store.save(account, tag).await?;
        }
        for (manifest, args) in &self.workflows {
            for (n, trigger) in manifest.triggers.iter().enumerate() {
                let id = registered(&manifest.name, n);
                let uri = format!("{uri}{}", manifest.path);
                let mut workflow = Workflow::new(id.as_str(), &*manifest.name, uri, trigger.clone());
                workflow.install_rule = Some("urn:relay-resource:all:device".to_owned());
                let args = args.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
                workflow.config.trigger.start.workflow.args.extend(args);
                store.save(account, &workflow).await?;
            }
        }
        Ok(())
    }
}

/// The id of a workflow's registration for one of its triggers.
pub(super) fn registered(workflow: &str, trigger: usize) -> String {
    format!("wf_{workflow}_{trigger}")
}
