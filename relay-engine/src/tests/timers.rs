//! Workflows set timers.

use core::time::Duration;

use relay_protocol::request;
use relay_protocol::types::{TimeoutType, TimerType};

use super::scene::{Scene, strict};
use crate::Config;

fn timer(kind: TimerType, name: &str, timeout: u64, unit: TimeoutType) -> request::SetTimer {
    request::SetTimer::new(name).kind(kind).timeout(timeout).timeout_type(unit)
}

#[test]
fn the_unnamed_timer_repeats_until_it_is_stopped() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], request::StartTimer::new().timeout(60));
    scene.expect(&["run < start_timer", "run < timer", "run < timer", "run < timer"]);
    assert_eq!(scene.now.elapsed(), Duration::from_secs(180));
    scene.ask(run, &[], request::StopTimer::new());
    scene.expect(&["run < stop_timer"]);
    scene.silence(Duration::from_secs(600));
}

#[test]
fn named_timers_fire_once_or_until_they_are_cleared() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], timer(TimerType::Interval, "poll", 5, TimeoutType::Minutes));
    scene.ask(run, &[], timer(TimerType::Timeout, "nap", 1, TimeoutType::Hours));
    scene.ask(run, &[], timer(TimerType::Timeout, "blink", 1500, TimeoutType::Milliseconds));
    scene.ask(run, &[], request::StartTimer::new().timeout(400));
    scene.expect(&["run < set_timer", "run < set_timer", "run < set_timer", "run < start_timer"]);
    scene.expect(&["run < timer_fired blink"]);
    assert_eq!(scene.now.elapsed(), Duration::from_millis(1500));
    scene.expect(&["run < timer_fired poll", "run < timer", "run < timer_fired poll"]);
    scene.ask(run, &[], request::ClearTimer::new("poll"));
    scene.ask(run, &[], request::StopTimer::new());
    scene.expect(&["run < clear_timer", "run < stop_timer", "run < timer_fired nap"]);
    assert_eq!(scene.now.elapsed(), Duration::from_secs(3600));
    scene.ask(run, &[], request::ClearTimer::new("nap"));
    scene.expect(&["run < clear_timer"]);
    scene.silence(Duration::from_secs(7200));
}

#[test]
fn a_timer_of_the_same_name_is_replaced() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], timer(TimerType::Timeout, "nap", 10, TimeoutType::Seconds));
    scene.ask(run, &[], timer(TimerType::Timeout, "nap", 20, TimeoutType::Seconds));
    scene.expect(&["run < set_timer", "run < set_timer", "run < timer_fired nap"]);
    assert_eq!(scene.now.elapsed(), Duration::from_secs(20));
    scene.silence(Duration::from_secs(60));
}

#[test]
fn a_late_clock_does_not_make_up_for_what_it_missed() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], timer(TimerType::Interval, "tick", 10, TimeoutType::Milliseconds));
    scene.expect(&["run < set_timer"]);
    scene.now = scene.now + Duration::from_secs(3600);
    scene.engine.handle_timeout(scene.now);
    scene.expect(&["run < timer_fired tick"]);
    let late = scene.now;
    scene.expect(&["run < timer_fired tick"]);
    assert_eq!(scene.now - late, Duration::from_millis(10));
}

#[test]
fn strict_mode_wants_a_time_and_a_unit() {
    let mut scene = Scene::with(strict(), &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], request::StartTimer::new().timeout(0));
    scene.ask(run, &[], timer(TimerType::Timeout, "nap", 1, "days".into()));
    scene.expect(&[
        "run < start_timer invalid_value: a timer runs for at least 1, got 0",
        "run < set_timer invalid_value: the unit of a timer is ms, secs, mins or hrs, got \"days\"",
    ]);
}

#[test]
fn no_timer_fires_after_the_answer_that_it_is_stopped() {
    let config = Config { response_gap: Duration::from_millis(500), ..Config::default() };
    let mut scene = Scene::with(config, &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], request::StartTimer::new().timeout(1));
    scene.ask(run, &[], request::SetTimer::new("nap").timeout(1));
    scene.wait(Duration::from_millis(900));
    scene.ask(run, &[], request::Translate::new("hello"));
    scene.wait(Duration::from_millis(200)); // both fire, and wait for the gap
    scene.ask(run, &[], request::StopTimer::new());
    scene.ask(run, &[], request::ClearTimer::new("nap"));
    scene.expect(&[
        "run < start_timer",
        "run < set_timer",
        "run < translate \"[es-ES] hello\"",
        "run < stop_timer",
        "run < clear_timer",
    ]);
    scene.silence(Duration::from_secs(10));
}
