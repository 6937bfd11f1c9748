//! Folders for tests of the command line, and runs of sysd in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of its own for a test; gone when the test is done.
pub struct Place(pub PathBuf);

impl Place {
    pub fn new(name: &str) -> Place {
        let path = std::env::temp_dir().join(format!("sysd-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        // A configuration makes the folder a project's root.
        fs::write(path.join("sysd.toml"), "").expect("a file");
        Place(path)
    }

    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path
    }

    pub fn run(&self, args: &[&str]) -> Output {
        command(&self.0, args).output().expect("sysd starts")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A run of sysd in a folder.
pub fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sysd"));
    command.args(args).current_dir(folder).env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    command
}

/// How it ended.
pub fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

/// What it wrote.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}
