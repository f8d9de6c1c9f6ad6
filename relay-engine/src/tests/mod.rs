//! Stories: workflows, devices, and what each of them sees.

mod analytics;
mod announcements;
mod buttons;
mod calls;
mod channels;
mod devices;
mod examples;
mod faults;
mod groups;
mod hostile;
mod inbox;
mod incidents;
mod interactions;
mod lifecycle;
mod notifications;
mod ring;
mod scene;
mod sms;
mod speech;
mod storm;
mod timers;
mod triggers;
mod variables;
mod wire;
mod words;
