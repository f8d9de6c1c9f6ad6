//! The runner of the durable queue: due triggers are started, retried, given up.
