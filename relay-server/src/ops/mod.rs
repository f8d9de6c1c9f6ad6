//! For those who run the server: metrics, health, shutdown, backup.
