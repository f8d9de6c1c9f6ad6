//! When a timer fires: pure functions of a registration and a time.
