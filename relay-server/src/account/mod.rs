//! One task a subscriber, which owns its engine and handles what the engine wants.
