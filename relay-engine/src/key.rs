//! Typed keys. A key is never used again, even after what it named is gone.

slotmap::new_key_type! {
    /// A device of the directory.
    pub struct DeviceKey;
    /// A group of the directory.
    pub struct GroupKey;
    /// A registered workflow.
    pub struct WorkflowKey;
    /// One run of a workflow, which is one connection.
    pub struct InstanceKey;
    /// A notification.
    pub struct NoticeKey;
}

slotmap::new_key_type! {
    /// An interaction on one device. Telephony calls one party's part of a conference its leg.
    pub(crate) struct LegKey;
    /// A call that rings or is connected.
    pub(crate) struct CallKey;
}
