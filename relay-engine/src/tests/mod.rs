//! Stories: a workflow, some devices, and what each of them sees.

mod interactions;
mod lifecycle;
mod scene;
