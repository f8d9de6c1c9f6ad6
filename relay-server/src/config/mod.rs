//! Settings from a file, the environment and the command line, in one order of precedence.
