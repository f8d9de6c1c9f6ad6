//! Conversations.

use relay_protocol::event::{Button, Prompt, Speech};
use relay_protocol::types::{ButtonName, PromptType, Taps};
use relay_protocol::{Urn, response};
use relay_runtime::types::Language;
use serde_json::json;

use crate::engine::{Engine, patiently, session};
use crate::tables::{HELLO_ALICE, alice};

/// A person who hears what is said and answers.
async fn hears(engine: &mut Engine, text: &str) {
    let request = engine.answer(response::Say::new()).await;
    assert_eq!(request.frame["text"], text);
    engine.emit(Prompt::new(PromptType::Stopped).id(&request.id)).await;
}

async fn says(engine: &mut Engine, text: &str) -> serde_json::Value {
    let request = engine.answer(response::Listen::new()).await;
    engine.emit(Speech::new().request_id(&request.id).text(text)).await;
    request.frame
}

async fn taps(engine: &mut Engine, taps: Taps) {
    let source = Urn::parse(HELLO_ALICE).unwrap();
    engine.emit(Button::new(ButtonName::Action, taps).source_uri(source)).await;
}

#[tokio::test]
async fn a_question_is_repeated_until_somebody_answers() {
    let (cx, mut engine) = session().await;
    let question = alice(&cx).ask("Your name?").attempts(3).again("Sorry, your name?");
    let (heard, ()) = tokio::join!(patiently(question), async {
        hears(&mut engine, "Your name?").await;
        says(&mut engine, "").await;
        hears(&mut engine, "Sorry, your name?").await;
        let listen = says(&mut engine, "bob").await;
        assert_eq!(listen["timeout"], 30);
    });
    assert_eq!(heard.unwrap().text, "bob");
}

#[tokio::test]
async fn a_question_that_nobody_answers_brings_silence() {
    let (cx, mut engine) = session().await;
    let (heard, ()) = tokio::join!(patiently(alice(&cx).ask("Your name?")), async {
        hears(&mut engine, "Your name?").await;
        says(&mut engine, "").await;
    });
    assert!(heard.unwrap().is_silence());
}

#[tokio::test]
async fn yes_and_no_are_asked_for_in_the_language() {
    let (cx, mut engine) = session().await;
    let question = alice(&cx).confirm("Ist das Zimmer sauber?").lang(Language::German);
    let (answer, ()) = tokio::join!(patiently(question), async {
        hears(&mut engine, "Ist das Zimmer sauber?").await;
        let listen = says(&mut engine, "Nein.").await;
        assert_eq!((&listen["phrases"], &listen["alt_lang"]), (&json!(["ja", "nein"]), &json!("de-DE")));
    });
    assert_eq!(answer.unwrap(), Some(false));
}

#[tokio::test]
async fn an_unclear_answer_is_asked_for_again_and_in_the_end_is_none() {
    let (cx, mut engine) = session().await;
    let question = alice(&cx).confirm("Done?").words("done", "not yet").attempts(2);
    let (answer, ()) = tokio::join!(patiently(question), async {
        hears(&mut engine, "Done?").await;
        says(&mut engine, "well").await;
        hears(&mut engine, "Done?").await;
        says(&mut engine, "done, no, not yet").await;
    });
    assert_eq!(answer.unwrap(), None);
}

#[tokio::test]
async fn a_choice_can_be_said() {
    let (cx, mut engine) = session().await;
    let menu = alice(&cx).menu("Coffee or tea?").choice("coffee", 'c').choice("tea", 't');
    let (chosen, ()) = tokio::join!(patiently(menu), async {
        hears(&mut engine, "Coffee or tea?").await;
        says(&mut engine, "milk").await;
        hears(&mut engine, "Coffee or tea?").await;
        let listen = says(&mut engine, "Tea, please!").await;
        assert_eq!(listen["phrases"], json!(["coffee", "tea"]));
    });
    assert_eq!(chosen.unwrap(), Some('t'));
}

#[tokio::test]
async fn a_choice_can_be_tapped_while_the_question_is_spoken() {
    let (cx, mut engine) = session().await;
    let menu = alice(&cx).menu("Coffee or tea?").choice("coffee", 'c').choice("tea", 't').by_taps();
    let (chosen, ()) = tokio::join!(patiently(menu), async {
        engine.answer(response::Say::new()).await;
        taps(&mut engine, Taps::Long).await; // there is no fourth choice
        taps(&mut engine, Taps::Double).await;
        engine.answer(response::StopPlayback::new()).await;
    });
    assert_eq!(chosen.unwrap(), Some('t'));
}

#[tokio::test]
async fn a_choice_can_be_tapped_after_the_question() {
    let (cx, mut engine) = session().await;
    let menu = alice(&cx).menu("Coffee or tea?").choice("coffee", 'c').choice("tea", 't');
    let (chosen, ()) = tokio::join!(patiently(menu), async {
        hears(&mut engine, "Coffee or tea?").await;
        engine.answer(response::Listen::new()).await;
        taps(&mut engine, Taps::Single).await;
    });
    assert_eq!(chosen.unwrap(), Some('c'));
}
