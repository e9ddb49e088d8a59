//! The `recap` binary.

use recap::cli;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    // Fails only where a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(cli::run(env::args_os())),
        Err(error) => cli::fail(&error.into()),
    }
}
