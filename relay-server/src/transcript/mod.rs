//! What is kept of each instance.
