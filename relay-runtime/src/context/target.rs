//! Whom an action is for.

use relay_protocol::Urn;
use relay_protocol::types::LifecycleType;
use relay_protocol::urn::{DeviceUrn, GroupUrn, InteractionUrn};

use super::{Device, Group, Interaction, Interactions};

/// One device: its URN, its handle, or an interaction on it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one device",
    label = "not a device",
    note = "a device is named by `DeviceUrn`, `Device`, or an `Interaction` on it, also by reference; read a URN with \
            `.parse::<DeviceUrn>()`, or make one with `DeviceUrn::name`"
)]
pub trait ToDevice {
    /// The URN of the device.
    fn to_device(&self) -> Urn;
}

impl<T: ToDevice + ?Sized> ToDevice for &T {
    fn to_device(&self) -> Urn {
        (**self).to_device()
    }
}

impl ToDevice for DeviceUrn {
    fn to_device(&self) -> Urn {
        self.into()
    }
}

/// The device that the interaction is on. If its URN does not name one, it stands for the device itself: Relay accepts
/// that, by the words of an official migration guide, as long as it can tell which is meant.
impl ToDevice for InteractionUrn {
    fn to_device(&self) -> Urn {
        self.device().map_or_else(|| self.into(), Urn::from)
    }
}

impl ToDevice for Device {
    fn to_device(&self) -> Urn {
        self.urn().clone()
    }
}

impl ToDevice for Interaction {
    fn to_device(&self) -> Urn {
        self.urn().to_device()
    }
}

/// Devices and groups: whom a notification is for, or where interactions are started.
///
/// Made from one of them or several by [`IntoTarget`]:
///
/// ```
/// # use relay_runtime::prelude::*;
/// # use relay_runtime::{Group, Target};
/// # async fn f(cx: Context, cleaning: Group, alice: DeviceUrn, bob: DeviceUrn) -> Result<()> {
/// cx.broadcast(&cleaning, "Lunch is ready").await?;
/// cx.broadcast([alice, bob], "Lunch is ready").await?;
/// cx.broadcast(Target::all_devices(), "Lunch is ready").await?;
/// # Ok(()) }
/// ```
///
/// A text is no target: whether it is a name or an id, of a device or of a group, is for you to say.
///
/// ```compile_fail,E0277
/// # use relay_runtime::prelude::*;
/// # async fn f(cx: Context) -> Result<()> {
/// cx.broadcast("Alice", "Lunch is ready").await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(Vec<Urn>);

impl Target {
    /// Every device of the account.
    pub fn all_devices() -> Self {
        Self(vec![Urn::all_devices()])
    }

    /// The devices on which an interaction of this session is in this state.
    pub fn with_status(interaction: &InteractionUrn, status: LifecycleType) -> Self {
        Self(interaction.with_status(status.as_str()).into_iter().collect())
    }

    /// The URNs, in the order in which they were given.
    pub fn urns(&self) -> &[Urn] {
        &self.0
    }

    pub(crate) fn into_urns(self) -> Vec<Urn> {
        self.0
    }
}

/// What can be turned into a [`Target`]: a device or a group by URN or handle, an interaction (which stands for its
/// device), and arrays, slices and vectors of those.
#[diagnostic::on_unimplemented(
    message = "`{Self}` names neither devices nor groups",
    label = "not a target",
    note = "a target is a `DeviceUrn`, `GroupUrn`, `Device`, `Group`, `Interaction` or `Target`, also by reference, or \
            an array, slice or vector of one of them"
)]
pub trait IntoTarget {
    /// The devices and groups.
    fn into_target(self) -> Target;
}

impl IntoTarget for Target {
    fn into_target(self) -> Target {
        self
    }
}

/// By value and by reference alike.
macro_rules! one {
    ($($ty:ty: $urn:expr;)*) => {$(
        impl IntoTarget for &$ty {
            fn into_target(self) -> Target {
                let urn: fn(&$ty) -> Urn = $urn;
                Target(vec![urn(self)])
            }
        }

        impl IntoTarget for $ty {
            fn into_target(self) -> Target {
                (&self).into_target()
            }
        }
    )*};
}

one! {
    DeviceUrn: |urn| urn.into();
    GroupUrn: |urn| urn.into();
    Device: ToDevice::to_device;
    Group: |group| group.urn().into();
    Interaction: ToDevice::to_device;
}

/// The devices that the interactions are on.
impl IntoTarget for &Interactions {
    fn into_target(self) -> Target {
        Target(self.iter().map(ToDevice::to_device).collect())
    }
}

impl<T: IntoTarget> IntoTarget for Vec<T> {
    fn into_target(self) -> Target {
        Target(self.into_iter().flat_map(|each| each.into_target().0).collect())
    }
}

impl<T: IntoTarget, const N: usize> IntoTarget for [T; N] {
    fn into_target(self) -> Target {
        Target(self.into_iter().flat_map(|each| each.into_target().0).collect())
    }
}

impl<'a, T> IntoTarget for &'a [T]
where
    &'a T: IntoTarget,
{
    fn into_target(self) -> Target {
        Target(self.iter().flat_map(|each| each.into_target().0).collect())
    }
}

impl<'a, T> IntoTarget for &'a Vec<T>
where
    &'a T: IntoTarget,
{
    fn into_target(self) -> Target {
        self.as_slice().into_target()
    }
}
