//! What people change: checked, stored, then applied to the engine.
