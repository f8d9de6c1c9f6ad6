//! What happens, told to whoever listens, with a cursor to go on from.
