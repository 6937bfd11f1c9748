//! Pages that show what sysd writes: the outputs in them are checked, and written anew by `UPDATE=1 cargo test`.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Compares a file of the repository with what it should be, or writes it.
pub fn checked(name: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, wanted).expect("written");
        return;
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == wanted, "{name} is out of date; run `UPDATE=1 cargo test`");
}

/// The text of a page with the output of each command that a paragraph above an output block names. Designs of
/// the page are written to `design` in the folder, so that a later one takes the place of an earlier one.
pub fn with_real_output(page: &str, folder: &Path, design: Option<&str>) -> String {
    let mut out = String::new();
    let mut command: Option<String> = None;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(start) = line.find("`sysd ") {
            command = line.get(start + 1..).and_then(|rest| rest.split('`').next()).map(str::to_string);
        }
        out.push_str(line);
        out.push('\n');
        match (line, design) {
            ("```sysd", Some(name)) => {
                let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                let text = body.join("\n") + "\n";
                fs::write(folder.join(name), &text).expect("written");
                out.push_str(&text);
                out.push_str("```\n");
            }
            ("```text", _) => {
                if let Some(command) = command.take() {
                    for line in lines.by_ref() {
                        if line == "```" {
                            break;
                        }
                    }
                    out.push_str(&run(&command, folder));
                    out.push_str("```\n");
                }
            }
            _ => {}
        }
    }
    out
}

fn run(command: &str, folder: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sysd"))
        .args(words(command).iter().skip(1))
        .arg("--quiet")
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("sysd starts");
    assert!(output.status.code() != Some(2), "`{command}`: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The words of a command; what stands in quotes is one.
fn words(command: &str) -> Vec<String> {
    let pieces = command.split('"').enumerate();
    pieces
        .flat_map(|(at, piece)| match at % 2 {
            0 => piece.split_whitespace().map(str::to_string).collect(),
            _ => vec![piece.to_string()],
        })
        .collect()
}
