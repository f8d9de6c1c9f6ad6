//! The HTTP interface: the endpoints that official clients call, and our own.
