//! Time, real or virtual.
