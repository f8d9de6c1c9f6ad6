//! What people can do, and perceive.
