//! Findings below the name of their file, for people.

use super::Checked;
use std::fmt::Write;

pub(super) fn grouped(checked: &Checked) -> String {
    let mut out = String::new();
    let mut path = None;
    for item in checked.open() {
        if path != Some(item.path()) {
            if path.is_some() {
                out.push('\n');
            }
            path = Some(item.path());
            let _ = writeln!(out, "{}:", item.path());
        }
        let at = item.start();
        let place = format!("{}:{}", at.line, at.column);
        let finding = item.finding;
        let severity = finding.severity.word();
        let _ = writeln!(out, "  {place:<7} {severity:<7} {} {}", finding.code.code, finding.message);
    }
    out
}
