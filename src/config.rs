//! Settings: embedded defaults, then a file, then the environment.
