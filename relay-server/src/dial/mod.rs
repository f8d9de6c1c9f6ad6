//! From a URI to a connected WebSocket, and why not.
