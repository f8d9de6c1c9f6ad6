//! Stories: workflows, devices, and what each of them sees.

mod buttons;
mod channels;
mod devices;
mod groups;
mod incidents;
mod interactions;
mod lifecycle;
mod ring;
mod scene;
mod speech;
mod storm;
mod timers;
mod variables;
mod wire;
