//! The program `unveil`: everything is in the library, so that tests can have it too.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    server::cli::run(std::env::args_os()).await
}
