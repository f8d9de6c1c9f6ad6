//! Dialling real sockets: what goes wrong, and what the user reads about it.

mod certificates;
mod failures;
mod signed;
mod stand;
