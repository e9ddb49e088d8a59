//! The HTTP surface: health for now.
