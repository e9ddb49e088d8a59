//! The budget against simulated servers, in virtual time.

mod budget;
mod servers;
