//! What was said, once more: shown, kept, replayed, made a test.

use std::fs;

use crate::project;
use crate::world::text;

const TALK: &str = "> hello\n< What is your name?\n> Ada\n< Hello Ada\n? end normal\n";

#[test]
fn a_run_is_replayed_against_the_code_of_today() {
    let world = project::new("replayed");
    let mut dev = world.start(&["dev", "--port", "0"]);
    dev.says("ready");
    let (code, error) = world.fails(&["transcript", "show"]);
    assert_eq!((code, error.contains("there is no run `last`")), (3, true), "{error}");
    world.chats("Alice", TALK);

    let listed =
        world.prints(&["transcript", "list", "--csv", "--no-header", "--columns", "instance,workflow"]);
    let (id, workflow) = listed.trim().split_once(',').unwrap();
    assert_eq!(workflow, "hello");
    let shown = world.prints(&["transcript", "show", id]);
    assert_eq!(world.prints(&["transcript", "show", &id[id.len() - 4..]]), shown);
    assert!(shown.contains("workflow  say on hello@Alice lang=\"en-US\" text=\"Hello Ada\""), "{shown}");
    world.prints(&["transcript", "export", id, "--output", "run.relay.jsonl"]);
    let private = world.prints(&["transcript", "export", id, "--redact"]);
    assert!(world.read("run.relay.jsonl").contains("Ada") && !private.contains("Ada"), "{private}");

    for args in [&["replay"] as &[&str], &["transcript", "replay", id], &["replay", "run.relay.jsonl"]] {
        let output = world.relay(args).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stdout));
        assert!(text(&output.stderr).contains("the workflow does the same"));
    }
    // A test of it passes in the project, and would not with other code.
    let exported = world.relay(&["replay", id, "--export-test"]).output().unwrap();
    assert!(exported.status.success(), "{}", text(&exported.stderr));
    let code = world.read("src/main.rs");
    let with_test = format!("{code}\n{}", text(&exported.stdout));
    let test = || world.command("cargo").args(["test", "--quiet"]).output().unwrap();
    world.save("src/main.rs", &with_test);
    let tested = test();
    assert!(tested.status.success(), "{}{}", text(&tested.stdout), text(&tested.stderr));
    assert!(text(&tested.stdout).contains("2 passed"), "{}", text(&tested.stdout));

    world.save("src/main.rs", &with_test.replace("Hello {heard}", "Welcome {heard}"));
    dev.says("new runs use the new code");
    let replayed = world.relay(&["replay", id]).output().unwrap();
    assert_eq!(replayed.status.code(), Some(6));
    let diff = text(&replayed.stdout);
    let changed: Vec<&str> = diff.lines().filter(|line| line.starts_with(['-', '+'])).collect();
    assert_eq!(changed.len(), 2, "{diff}");
    assert!(changed[0].starts_with("- ") && changed[0].ends_with("text=\"Hello Ada\""), "{diff}");
    assert!(changed[1].starts_with("+ ") && changed[1].ends_with("text=\"Welcome Ada\""), "{diff}");
    assert_eq!(text(&replayed.stderr), "error: the workflow does not do the same: 2 lines differ\n");
    let tested = test();
    assert!(text(&tested.stdout).contains("Welcome Ada"), "{}", text(&tested.stdout));

    fs::write(world.dir.join("bad.jsonl"), "{\"relay_transcript\":1").unwrap();
    let (code, error) = world.fails(&["replay", "bad.jsonl"]);
    assert_eq!((code, error.contains("bad.jsonl cannot be replayed")), (2, true), "{error}");
}
