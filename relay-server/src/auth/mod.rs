//! Who may call the interface: tokens, and how often somebody may guess.
