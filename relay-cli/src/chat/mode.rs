//! The mode of the terminal while somebody converses: it shows nothing of what is typed, and gives it out at once. However
//! we leave, it is as it was.

pub(super) use imp::Mode;

#[cfg(unix)]
mod imp {
    use std::io::stdin;
    use std::sync::{Arc, Mutex, PoisonError};

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::Errno;
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// Holds the mode from before, until it is restored.
    #[derive(Clone)]
    pub(in crate::chat) struct Mode(Arc<Mutex<Option<Termios>>>);

    pub(in crate::chat) struct Restored(Mode);

    impl Mode {
        pub(in crate::chat) fn new() -> Self {
            let before = tcgetattr(stdin()).ok();
            if let Some(mut mode) = before.clone() {
                // Ctrl-C is a key as well: as a signal it would also reach the shell script that runs us.
                mode.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
                let _ = tcsetattr(stdin(), OptionalActions::Now, &mode);
            }
            Self(Arc::new(Mutex::new(before)))
        }

        /// Restores it when dropped.
        pub(in crate::chat) fn restored(&self) -> Restored {
            Restored(self.clone())
        }

        /// Waits for a key, and reads it. None once the mode is restored.
        ///
        /// Reading changes the mode for as long as it takes, and puts it back. So it must not wait, and not begin when
        /// we have left: the shell would be given a terminal that shows nothing.
        pub(in crate::chat) fn when_typed<T>(&self, read: impl FnOnce() -> T) -> Option<T> {
            let stdin = stdin();
            while let Err(error) = poll(&mut [PollFd::new(&stdin, PollFlags::IN)], None) {
                if error != Errno::INTR {
                    return None;
                }
            }
            let before = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            before.is_some().then(read)
        }
    }

    impl Drop for Restored {
        fn drop(&mut self) {
            let mut before = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(mode) = before.take() {
                let _ = tcsetattr(stdin(), OptionalActions::Now, &mode);
            }
        }
    }
}

#[cfg(not(unix))]
mod imp {
    #[derive(Clone)]
    pub(in crate::chat) struct Mode;

    impl Mode {
        pub(in crate::chat) fn new() -> Self {
            Self
        }

        pub(in crate::chat) fn restored(&self) {}

        pub(in crate::chat) fn when_typed<T>(&self, read: impl FnOnce() -> T) -> Option<T> {
            Some(read())
        }
    }
}
