//! Findings below the name of their file, for people.

use super::{Checked, Style, terminal};
use std::fmt::Write;

pub(super) fn grouped(checked: &Checked, style: Style) -> String {
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
        let word = terminal::severity(finding.severity, &format!("{:<7}", finding.severity.word()), style);
        let _ = writeln!(out, "  {place:<7} {word} {} {}", finding.code.code, finding.message);
    }
    out
}
