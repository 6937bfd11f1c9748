//! The `sysd` binary: hands over to [`sysd::cli`].

fn main() -> std::process::ExitCode {
    sysd::cli::run()
}
