//! Made-up usage, believable and reproducible.
