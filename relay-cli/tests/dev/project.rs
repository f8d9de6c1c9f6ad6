//! Projects of users, built as this workspace is: with its versions and its profile, and where it was built itself, so
//! that most of their dependencies are there already.

use std::fs;
use std::path::Path;

use crate::world::{World, text};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// Our crates are dependencies of the project, and would be optimised as others are.
const QUICK: &str = "
[profile.dev.package.relay-protocol]
opt-level = 0
[profile.dev.package.relay-runtime]
opt-level = 0
";

/// A user in a project as `relay new` makes it, to be worked on. Nobody else may have one of this name.
pub(crate) fn new(name: &str) -> World {
    let mut world = World::new();
    let dir = tmp().join(name);
    let _ = fs::remove_dir_all(&dir);
    world.dir = tmp().into();
    world.prints(&["new", name, "--path", &runtime()]);
    let manifest = fs::read_to_string(dir.join("Cargo.toml")).unwrap();
    settle(&dir, &manifest);
    world.dir = dir;
    world
}

/// A user, and a program that has workflows to practise with.
pub(crate) fn practice() -> (World, String) {
    let mut world = World::new();
    let dir = tmp().join("practice");
    fs::create_dir_all(dir.join("src")).unwrap();
    provide(&dir.join("src/main.rs"), include_str!("practice.rs"));
    let manifest = include_str!("../../templates/Cargo.toml.in").replace("{{name}}", "practice");
    let manifest = manifest.replace("{{source}}", &format!("path = {:?}", runtime()));
    settle(&dir, &manifest.replace("tracing-", "tracing = \"0.1\"\ntracing-"));
    let own = std::mem::replace(&mut world.dir, dir);
    let built = world.command("cargo").args(["build", "--quiet"]).output().unwrap();
    assert!(built.status.success(), "{}", text(&built.stderr));
    world.dir = own;
    (world, target().join("debug/practice").display().to_string())
}

/// Makes what is in the folder a project by itself, although it is in the folder of another one.
fn settle(dir: &Path, manifest: &str) {
    let root = Path::new(HERE).join("..");
    let ours = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let (_, profile) = ours.split_once("[profile.dev]").unwrap();
    let settings = format!("[build]\ntarget-dir = {:?}\n\n[profile.dev]{profile}{QUICK}", target());
    fs::create_dir_all(dir.join(".cargo")).unwrap();
    provide(&dir.join(".cargo/config.toml"), &settings);
    provide(&dir.join("Cargo.lock"), &fs::read_to_string(root.join("Cargo.lock")).unwrap());
    provide(&dir.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"));
}

/// Writes a file at once, and only if it is not as it should be: others may build the same project.
fn provide(file: &Path, text: &str) {
    if fs::read_to_string(file).is_ok_and(|known| known == text) {
        return;
    }
    let new = tempfile::NamedTempFile::new_in(file.parent().unwrap()).unwrap();
    fs::write(new.path(), text).unwrap();
    new.persist(file).unwrap();
}

fn runtime() -> String {
    Path::new(HERE).join("../relay-runtime").display().to_string()
}

/// A folder for tests, kept from run to run.
fn tmp() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn target() -> &'static Path {
    tmp().parent().unwrap()
}
