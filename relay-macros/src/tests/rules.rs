//! What the attributes refuse, and in which words. That each points at the right token is shown by the ui tests of
//! `relay-runtime`.

use super::{expand, read};
use crate::generated::{EVENTS, TRIGGERS};
use crate::ir::Subject;
use crate::names::Takes;

/// The messages for a method with these attributes, in a workflow that has a trigger.
fn method(source: &str) -> Vec<String> {
    errors(&format!("#[workflow] impl W {{ #[trigger(emergency)] async fn first(&self) {{}} {source} }}"))
}

fn errors(source: &str) -> Vec<String> {
    expand(source).1
}

/// Exactly one message, which contains this.
#[track_caller]
fn one(messages: Vec<String>, part: &str) {
    assert!(
        matches!(&*messages, [only] if only.contains(part)),
        "{part:?} is not what was said: {messages:#?}"
    );
}

#[test]
fn all_errors_are_reported_at_once() {
    let messages = errors(
        "#[workflow(nam = \"x\")] impl W {
            #[trigger(phrase = \"Hello\")] fn first(&mut self) {}
            #[on(buton)] async fn second<T>(self, event: &Button) {}
            #[on(button, tabs = double, taps = duble)] async fn third(&self) {}
        }",
    );
    assert_eq!(messages.len(), 10, "{messages:#?}");
}

#[test]
fn the_item_is_handed_on_without_our_attributes_whatever_is_wrong() {
    let (tokens, errors) = expand(
        "#[workflow] impl W {
            #[on(buton)] #[inline] async fn first(&self) {}
            #[relay_runtime::trigger(nothing)] const X: u8 = 1;
            fn helper(&self) {}
        }",
    );
    let text = tokens.to_string();
    assert!(!errors.is_empty());
    for kept in ["# [inline] async fn first", "const X : u8 = 1", "fn helper", "Workflow for W"] {
        assert!(text.contains(kept), "{kept:?} is gone: {text}");
    }
    assert!(!text.contains("buton") && !text.contains("trigger"), "{text}");
}

#[test]
fn a_handler_that_is_right_keeps_its_route_beside_one_that_is_not() {
    let (tokens, _) = expand(
        "#[workflow] impl W { #[trigger(http)] async fn good(&self) {} #[on(button)] fn bad(&self) {} }",
    );
    let text = tokens.to_string();
    assert!(text.contains("\"good\"") && !text.contains("\"bad\""), "{text}");
}

#[test]
fn words_of_the_other_attribute_say_where_they_belong() {
    one(method("#[on(phrase = \"hello\")] async fn f(&self) {}"), "`phrase` is a trigger, not an event");
    one(method("#[trigger(interaction_started)] async fn f(&self) {}"), "`interaction_started` is an event");
    one(method("#[on(start)] async fn f(&self) {}"), "a start event goes to a trigger");
    one(method("#[on(progress)] async fn f(&self) {}"), "a progress event has no handler");
}

#[test]
fn unknown_words_name_the_known_ones() {
    one(
        method("#[on(buton)] async fn f(&self) {}"),
        "there is no event `buton`, did you mean `button`? known: ",
    );
    one(
        method("#[on(button, tap = double)] async fn f(&self) {}"),
        "`button` has no setting `tap`, did you mean `taps`? known: `button`, `taps` and `interaction`",
    );
    one(
        method("#[on(button, taps = Taps::Double)] async fn f(&self) {}"),
        "`taps` cannot be `Double`, did you mean `double`? known: `single`, `double`, `triple` and `long`",
    );
    one(method("#[on(timer, name = nap)] async fn f(&self) {}"), "`timer` has no settings");
}

#[test]
fn values_have_the_shape_that_the_setting_takes() {
    one(method("#[on(timer_fired, name)] async fn f(&self) {}"), "`name` needs a value: text");
    one(method("#[on(timer_fired, name = 3)] async fn f(&self) {}"), "`name` takes text");
    one(method("#[on(timer_fired, name = \"\")] async fn f(&self) {}"), "`name` is empty");
    one(method("#[on(timer_fired, name = [])] async fn f(&self) {}"), "`name` takes at least one value");
    one(
        method("#[on(timer_fired = \"nap\")] async fn f(&self) {}"),
        "its settings follow after a comma: `name`",
    );
    one(method("#[on(button, taps = double, taps = single)] async fn f(&self) {}"), "`taps` is set twice");
    one(method("#[trigger(battery, charge = \"90\")] async fn f(&self) {}"), "`charge` takes a whole number");
    one(
        method("#[trigger(button, taps = [single])] async fn f(&self) {}"),
        "`taps` takes one value, without brackets",
    );
    one(
        method("#[trigger(button, taps = long)] async fn f(&self) {}"),
        "known: `single`, `double` and `triple`",
    );
    one(
        method("#[trigger(geofence)] async fn f(&self) {}"),
        "`geofence` needs `geofence_id = ..`, for example",
    );
    one(
        method("#[on(interaction_started, type = ended)] async fn f(&self) {}"),
        "`interaction_started` already means `type = started`",
    );
}

#[test]
fn phrases_are_what_the_recogniser_gives() {
    one(
        method("#[trigger(phrase = [\"hi\", \"Good Morning\"])] async fn f(&self) {}"),
        "the speech recogniser gives lower case, so the phrase is `good morning`",
    );
    one(method("#[trigger(phrase = \"  \")] async fn f(&self) {}"), "a phrase has at least one word");
    one(method("#[trigger(phrase)] async fn f(&self) {}"), "`phrase` needs `phrase = ..`, for example");
}

#[test]
fn no_two_handlers_want_the_same() {
    let pair =
        |a: &str, b: &str| method(&format!("#[{a}] async fn f(&self) {{}} #[{b}] async fn g(&self) {{}}"));
    one(pair("on(button)", "on(button)"), "`f` handles `button` already");
    one(pair("on(interaction_ended)", "on(interaction_lifecycle, type = ended)"), "`f` handles");
    one(
        pair("on(button, taps = [single, double])", "on(button, taps = [triple, double])"),
        "`f` handles `button, taps = double` already",
    );
    one(
        pair("trigger(phrase = \"hello\")", "trigger(phrase = [\"hi\", \"hello\"])"),
        "`f` handles `phrase = \"hello\"` already",
    );
    for (a, b) in [
        ("on(button, taps = double)", "on(button)"),
        ("on(button, taps = double)", "on(button, taps = single)"),
        ("on(button, taps = double)", "on(button, button = action)"),
        ("on(timer)", "trigger(timer)"),
        ("on(any)", "trigger(any)"),
    ] {
        assert_eq!(pair(a, b), Vec::<String>::new(), "{a} {b}");
    }
    let by_cfg =
        "#[cfg(unix)] #[on(sms)] async fn f(&self) {} #[cfg(windows)] #[on(sms)] async fn g(&self) {}";
    assert_eq!(method(by_cfg), Vec::<String>::new());
}

#[test]
fn a_handler_owns_what_it_gets_and_shares_the_value() {
    one(method("#[on(sms)] fn f(&self) {}"), "a handler is an `async fn`");
    one(method("#[on(sms)] async fn f(&self, event: &Sms) {}"), "no references");
    one(method("#[on(sms)] async fn f(&self, event: impl Any) {}"), "name the type");
    one(method("#[on(sms)] async fn f<T>(&self) {}"), "no generic parameters");
    one(method("#[on(sms)] async fn f<'a>(&'a self) {}"), "no lifetime parameters");
    one(method("#[on(sms)] async fn f(&mut self) {}"), "put what changes into a `Mutex` or an atomic");
    one(method("#[on(sms)] async fn f(self: Arc<Self>) {}"), "not `self: Arc<Self>`");
    one(method("#[on(sms)] async fn f() {}"), "`async fn f(&self, ..)`");
    one(method("#[on(sms)] async unsafe fn f(&self) {}"), "cannot be `unsafe`");
    one(
        method("#[on(sms)] async fn f(&self, a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I) {}"),
        "at most 8",
    );
}

#[test]
fn a_workflow_has_something_that_starts_it() {
    one(errors("#[workflow] impl W {}"), "this workflow has no handlers");
    one(errors("#[workflow] impl W { #[on(button)] async fn f(&self) {} }"), "nothing starts this workflow");
    one(errors("#[workflow] impl W { #[trigger] async fn f(&self) {} }"), "says what the handler is for");
}

#[test]
fn the_attribute_goes_on_an_async_fn_or_an_inherent_impl() {
    one(
        errors("#[workflow] struct W;"),
        "goes on an `async fn` with a body, or on the `impl` block of a type",
    );
    one(
        errors("#[workflow] impl Clone for W { #[trigger(http)] async fn f(&self) {} }"),
        "not on the implementation",
    );
    one(errors("#[workflow(http)] async fn f(&self) {}"), "goes on the `impl` block");
    one(errors("#[workflow(http)] impl W { #[trigger(http)] async fn f(&self) {} }"), "stand on its methods");
    one(errors("#[workflow(phrase = \"hi\")] fn f() {}"), "a handler is an `async fn`");
}

#[test]
fn names_and_paths_can_be_dialled() {
    one(errors("#[workflow(path = \"hello\")] async fn f() {}"), "a path begins with `/`");
    one(errors("#[workflow(path = \"/a b\")] async fn f() {}"), "has no spaces");
    one(errors("#[workflow(name = \"a b\")] async fn f() {}"), "cannot stand in a path");
    one(errors("#[workflow(name = 3)] async fn f() {}"), "`name` is a string");
    one(errors("#[workflow(name = \"a\", name = \"b\")] async fn f() {}"), "`name` is set twice");
    one(
        errors("#[workflow(nmae = \"a\")] async fn f() {}"),
        "no trigger or setting `nmae`, did you mean `name`?",
    );
    one(errors("#[workflow(crate)] async fn f() {}"), "`crate` takes the path");
    assert_eq!(errors("#[workflow(name = \"a b\", path = \"/ab\")] async fn f() {}"), Vec::<String>::new());
}

#[test]
fn slips_in_the_grammar_are_explained() {
    one(method("#[on(\"button\")] async fn f(&self) {}"), "expected a word, such as `button`");
    one(method("#[on(button(double))] async fn f(&self) {}"), "is not written with brackets");
    one(method("#[on(button, taps: double)] async fn f(&self) {}"), "settings look like `taps = value`");
    one(method("#[on(button, taps =)] async fn f(&self) {}"), "`taps =` needs a value");
    one(
        method("#[on(button, taps = single | double)] async fn f(&self) {}"),
        "several values stand in brackets",
    );
    one(method("#[on(button taps = single)] async fn f(&self) {}"), "settings look like `button = value`");
    one(method("#[on(button,, taps = single)] async fn f(&self) {}"), "expected a word");
    assert_eq!(method("#[on(button, taps = single,)] async fn f(&self) {}"), Vec::<String>::new());
}

/// `every_word.rs` is compiled by the ui tests of the runtime.
#[test]
fn every_word_is_tried_out() {
    let source = include_str!("../../../relay-runtime/tests/ui/pass/every_word.rs");
    let workflow = read(source);
    let selectors: Vec<_> = workflow.handlers.iter().flat_map(|handler| &handler.selectors).collect();
    let subjects = TRIGGERS.iter().map(Subject::Trigger).chain(EVENTS.iter().map(Subject::Event));
    for subject in subjects {
        let of_subject = selectors.iter().filter(|selector| {
            selector.subject.name() == subject.name() && selector.subject.is_trigger() == subject.is_trigger()
        });
        assert!(of_subject.clone().count() > 0, "{}", subject.name());
        for key in subject.keys() {
            let tried: Vec<_> = of_subject.clone().filter_map(|selector| selector.term(key.name)).collect();
            assert!(!tried.is_empty(), "{}, {}", subject.name(), key.name);
            let Takes::Words { words, .. } = key.takes else { continue };
            for (word, _) in words {
                let is_tried = tried.iter().any(|term| term.values.iter().any(|value| value.text() == *word));
                assert!(is_tried, "{}, {} = {word}", subject.name(), key.name);
            }
        }
    }
}
