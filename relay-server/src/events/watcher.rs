//! Somebody who reads the ring at their own pace.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::watch;

use super::cursor::Cursor;
use super::event::{Event, Kind, Published};
use super::hub::{Found, Hub};

/// What a watcher wants to see. The default lets everything through.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// These kinds only; all if empty.
    pub kinds: BTreeSet<Kind>,
    /// This account only.
    pub subscriber: Option<String>,
    /// This run only.
    pub instance: Option<String>,
    /// This device only.
    pub device: Option<String>,
    /// This workflow only.
    pub workflow: Option<String>,
}

impl Filter {
    pub(super) fn lets_through(&self, event: &Event) -> bool {
        let same = |wanted: &Option<String>, is: &Option<String>| wanted.is_none() || wanted == is;
        (self.kinds.is_empty() || self.kinds.contains(&event.kind))
            && self.subscriber.as_ref().is_none_or(|wanted| *wanted == event.subscriber)
            && same(&self.instance, &event.instance)
            && same(&self.device, &event.device)
            && same(&self.workflow, &event.workflow)
    }
}

/// What a watcher sees.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Something happened.
    Event(Arc<Published>),
    /// Something may have happened that is not known any more. To resume after it, hand in the cursor.
    Gap(Cursor),
}

/// Reads the events of a [`Hub`], one after the other.
#[derive(Debug)]
pub struct Watcher {
    pub(super) hub: Hub,
    pub(super) newest: watch::Receiver<u64>,
    pub(super) next: u64,
    /// The cursor that it began with is of another run of the server.
    pub(super) lost: bool,
    pub(super) filter: Filter,
}

impl Watcher {
    /// What comes next. Waits for it. Cancel safe.
    pub async fn next(&mut self) -> Item {
        loop {
            // Before the look, so that what comes after it rings.
            self.newest.mark_unchanged();
            match self.hub.find(self.next, &self.filter) {
                _ if self.lost => {
                    self.lost = false;
                    return Item::Gap(Cursor { boot: self.hub.boot(), sequence: self.next - 1 });
                }
                Found::Gap { until } => {
                    self.next = until;
                    return Item::Gap(Cursor { boot: self.hub.boot(), sequence: until - 1 });
                }
                Found::Event(published) => {
                    self.next = published.cursor.sequence + 1;
                    return Item::Event(published);
                }
                Found::Nothing { until } => self.next = until,
            }
            if self.newest.changed().await.is_err() {
                std::future::pending::<()>().await; // the watcher holds the hub, so it is never closed
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn hub(max_events: usize) -> Hub {
        Hub::new(7, max_events, 1 << 20)
    }

    fn log(line: &str) -> Event {
        Event::new(Kind::Log, "log", 0, "sub").data(json!(line))
    }

    fn line(item: Item) -> String {
        match item {
            Item::Event(published) => published.event.data.as_str().unwrap_or_default().to_owned(),
            Item::Gap(cursor) => format!("gap {cursor}"),
        }
    }

    #[tokio::test]
    async fn what_comes_later_wakes_the_watcher() {
        let hub = hub(10);
        hub.publish(log("before"));
        let mut watcher = hub.watch(None, Filter::default());
        let waits = tokio::spawn(async move { line(watcher.next().await) });
        tokio::task::yield_now().await;
        hub.publish(log("after"));
        assert_eq!(waits.await.unwrap(), "after");
    }

    #[tokio::test]
    async fn a_watcher_resumes_where_it_was() {
        let hub = hub(10);
        for text in ["a", "b", "c"] {
            hub.publish(log(text));
        }
        let mut watcher = hub.watch("7-1".parse().ok(), Filter::default());
        assert_eq!(line(watcher.next().await), "b");
        assert_eq!(line(watcher.next().await), "c");
    }

    #[tokio::test]
    async fn what_fell_out_of_the_ring_is_a_gap() {
        let hub = hub(2);
        let mut slow = hub.watch(None, Filter::default());
        for text in ["a", "b", "c", "d"] {
            hub.publish(log(text));
        }
        assert_eq!(line(slow.next().await), "gap 7-2");
        assert_eq!(line(slow.next().await), "c");
    }

    #[tokio::test]
    async fn a_cursor_of_another_boot_or_from_the_future_is_a_gap() {
        let hub = hub(10);
        hub.publish(log("a"));
        for cursor in ["6-1", "7-99"] {
            let mut watcher = hub.watch(cursor.parse().ok(), Filter::default());
            assert_eq!(line(watcher.next().await), "gap 7-0", "{cursor}");
            assert_eq!(line(watcher.next().await), "a");
        }
    }

    #[tokio::test]
    async fn the_ring_is_bounded_in_bytes() {
        let hub = Hub::new(7, 1000, 10_000);
        for _ in 0..100 {
            hub.publish(log(&"x".repeat(1000)));
        }
        let mut watcher = hub.watch("7-0".parse().ok(), Filter::default());
        assert!(line(watcher.next().await).starts_with("gap 7-9"));
    }

    #[tokio::test]
    async fn a_filter_passes_over_the_rest() {
        let hub = hub(10);
        let filter = Filter {
            kinds: [Kind::Device].into(),
            device: Some("d1".into()),
            subscriber: Some("sub".into()),
            ..Filter::default()
        };
        let mut watcher = hub.watch(None, filter);
        hub.publish(log("no"));
        hub.publish(Event::new(Kind::Device, "heard", 0, "sub").device("d2"));
        hub.publish(Event::new(Kind::Device, "heard", 0, "other").device("d1"));
        hub.publish(Event::new(Kind::Device, "heard", 0, "sub").device("d1").data(json!("yes")));
        assert_eq!(line(watcher.next().await), "yes");
    }
}
