//! What the server knows, as plain data.
