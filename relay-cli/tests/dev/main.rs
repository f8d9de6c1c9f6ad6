//! `relay dev` and what belongs to it, as its users see it: processes, a real server, a project that is really built.

mod guard;
mod story;
mod world;
