//! The expansion depends on nothing that surrounds it: names, preludes, where the runtime is found.

#![deny(warnings, missing_docs, unreachable_pub, clippy::pedantic)]
#![allow(clippy::unused_async)]

mod facade {
    pub(crate) use relay_runtime as runtime;
}

mod shadowed {
    #![allow(dead_code, non_camel_case_types, non_upper_case_globals)]

    use relay_runtime::workflow;

    struct Ok;
    struct Result;
    struct Box;
    struct Arc;
    struct Option;
    struct String;
    mod std {}
    mod core {}
    const this: u8 = 1;
    const routes: u8 = 2;
    const args: u8 = 3;

    #[workflow(phrase = "hello")]
    pub(crate) async fn hello(cx: relay_runtime::Context) {
        drop(cx);
    }

    #[derive(Default)]
    pub(crate) struct Checkin;

    #[workflow(crate = crate::facade::runtime)]
    impl Checkin {
        #[trigger(any)]
        async fn begin(&self, cx: relay_runtime::Context) {
            drop(cx);
        }
    }
}

mod generic {
    use relay_runtime::workflow;

    pub(crate) trait Log: Default + Send + Sync + 'static {}
    impl Log for () {}

    #[derive(Default)]
    pub(crate) struct Recorder<T> {
        log: T,
    }

    #[workflow]
    impl<T> Recorder<T>
    where
        T: Log,
    {
        #[relay_runtime::trigger(http)]
        async fn begin(&self) {
            let _ = &self.log;
        }
    }
}

fn main() {
    use relay_runtime::workflow::IntoWorkflow;

    let names = [
        shadowed::hello.into_workflow(),
        shadowed::Checkin::default.into_workflow(),
        generic::Recorder::<()>::default.into_workflow(),
    ]
    .map(|entry| entry.manifest().name.clone());
    assert_eq!(names, ["hello", "checkin", "recorder"]);
}
