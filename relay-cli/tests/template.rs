//! What `relay new` writes compiles, and its test passes.

#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../templates/main.rs"]
mod project;
