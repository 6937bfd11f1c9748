//! `sysd diff`: two versions of designs, from files, folders or commits of the repository.

use super::args::{Drawing, Global};
use super::common::{Project, complain, say, show_language_errors, slashed};
use super::git::{Commit, git};
use super::{Failure, Outcome, render};
use crate::compile::{Design, compile};
use crate::diff::diff;
use crate::report::difference::{Named, json, markdown, text};
use crate::source::Loader;
use crate::views::{View, difference};
use clap::{Args, ValueEnum};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Formats of `diff`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

/// What is compared, and how it is written.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The version before: a design, a folder, or `git:REF` (a commit, branch or tag), perhaps with a path
    /// (`git:REF:PATH`).
    old: String,
    /// The version after, likewise.
    #[arg(default_value = ".")]
    new: String,
    /// How the changes are written.
    #[arg(long, value_name = "FORMAT", default_value = "text", env = "SYSD_FORMAT")]
    format: DiffFormat,
    /// Fails where a change breaks others.
    #[arg(long)]
    breaking: bool,
    /// Draws what changed in this view in place of telling it: context, containers, deployment, data, trust, or one
    /// of the design's own.
    #[arg(long, value_name = "NAME")]
    view: Option<String>,
    /// The file that the picture is written to, or with several designs the folder; standard output where not given.
    #[arg(short, long, value_name = "PATH", requires = "view")]
    output: Option<PathBuf>,
    #[command(flatten)]
    drawing: Drawing,
}

/// Where a version comes from.
enum Side {
    /// Files as they are.
    Disk(PathBuf),
    /// A commit, and a path from the repository's root; `None` for that of the other side.
    Commit(Commit, Option<String>),
}

/// One version of a design: where it is read from.
enum Version {
    Disk(PathBuf),
    Commit(String),
}

pub(super) fn run(args: &DiffArgs, global: &Global) -> Result<Outcome, Failure> {
    let project = Project::open(global)?;
    let (old, new) = (Side::of(&args.old)?, Side::of(&args.new)?);
    let versions = [old.versions(&new, &project)?, new.versions(&old, &project)?];
    let single = versions.iter().all(|v| v.len() <= 1 && v.keys().all(String::is_empty));
    let mut names: Vec<&String> = versions.iter().flat_map(BTreeMap::keys).collect();
    names.sort();
    names.dedup();
    let (mut designs, mut pictures, mut complaints) = (Vec::new(), Vec::new(), Vec::new());
    let mut broken = false;
    for name in names {
        let mut read =
            |side: &Side, versions: &BTreeMap<String, Version>| -> Result<Option<Design>, Failure> {
                let Some(version) = versions.get(name) else { return Ok(None) };
                let design = side.compile(version, &project)?;
                if design.has_language_errors() {
                    show_language_errors(&design, global);
                    broken = true;
                }
                Ok(Some(design))
            };
        let pair = (read(&old, &versions[0])?, read(&new, &versions[1])?);
        if [&pair.0, &pair.1].into_iter().flatten().any(Design::has_language_errors) {
            continue;
        }
        let shown = if single { shown_name(&args.old, &args.new) } else { name.clone() };
        let there = (pair.0.is_some(), pair.1.is_some());
        let diff = diff(pair.0.as_ref(), pair.1.as_ref());
        if let Some(view) = &args.view
            && (single || !diff.is_empty())
        {
            match difference(pair.0.as_ref(), pair.1.as_ref(), view) {
                Ok(view) => pictures.push((name.clone(), view)),
                Err(why) => complaints.push(if single { why.to_string() } else { format!("{name}: {why}") }),
            }
        }
        designs.push(Named { name: shown, there, diff });
    }
    if args.view.is_some() {
        draw(&pictures, &complaints, single, args)?;
    } else {
        tell(&designs, args.format);
    }
    let breaks = args.breaking && designs.iter().any(|d| !d.diff.breaking.is_empty());
    Ok(if broken || breaks { Outcome::AtFault } else { Outcome::Fine })
}

fn tell(designs: &[Named], format: DiffFormat) {
    say(&match format {
        DiffFormat::Text => text(designs),
        DiffFormat::Json => json(designs),
        DiffFormat::Markdown => markdown(designs),
    });
}

/// Writes the pictures of what changed; one that is asked for and cannot be drawn is a failure.
fn draw(
    pictures: &[(String, View)],
    complaints: &[String],
    single: bool,
    args: &DiffArgs,
) -> Result<(), Failure> {
    if let Some(why) = complaints.first().filter(|_| single || pictures.is_empty()) {
        return Err(Failure::Argument(why.clone()));
    }
    for why in complaints {
        complain(why);
    }
    if pictures.is_empty() {
        complain("no difference to draw");
    }
    for (name, view) in pictures {
        let parts = render::drawn(view, &args.drawing, None);
        let file = format!("{}.{}", view.name, render::extension(&args.drawing));
        let to = args.output.as_ref().map(|path| match single {
            true if !path.is_dir() => path.clone(),
            true => path.join(file),
            false => path.join(format!("{}.{file}", name.trim_end_matches(".sysd"))),
        });
        render::write(&parts, to.as_deref())?;
    }
    Ok(())
}

/// The name of the only design that is compared.
fn shown_name(old: &str, new: &str) -> String {
    let last = if new.starts_with("git:") { old } else { new };
    last.replace('\\', "/")
}

impl Side {
    fn of(written: &str) -> Result<Side, Failure> {
        let Some(reference) = written.strip_prefix("git:") else {
            return Ok(Side::Disk(PathBuf::from(written)));
        };
        let (reference, path) = match reference.split_once(':') {
            Some((reference, path)) => (reference, Some(path.to_string())),
            None => (reference, None),
        };
        Ok(Side::Commit(Commit::find(reference, written)?, path))
    }

    /// Every design of this side by its path below the one that is compared; the empty path for a file.
    fn versions(&self, other: &Side, project: &Project) -> Result<BTreeMap<String, Version>, Failure> {
        match self {
            Side::Disk(path) if path.is_dir() => {
                let found = project.designs(std::slice::from_ref(path))?;
                let inside = |p: &PathBuf| slashed(p.strip_prefix(path).unwrap_or(p));
                Ok(found.into_iter().map(|p| (inside(&p), Version::Disk(p))).collect())
            }
            Side::Disk(path) => Ok(BTreeMap::from([(String::new(), Version::Disk(path.clone()))])),
            Side::Commit(commit, path) => {
                let path = match (path, other) {
                    (Some(path), _) => path.trim_end_matches('/').to_string(),
                    (None, Side::Disk(path)) => commit.inside(path)?,
                    (None, Side::Commit(..)) => String::new(),
                };
                commit.versions(&path)
            }
        }
    }

    fn compile(&self, version: &Version, project: &Project) -> Result<Design, Failure> {
        match (self, version) {
            (Side::Commit(commit, _), Version::Commit(path)) => {
                let bytes = commit.load(path).map_err(|why| {
                    Failure::Argument(format!("cannot read `{path}` of `{}`: {why}", commit.written))
                })?;
                let options = project.options(&commit.root.join(path))?;
                Ok(compile(path, &bytes, commit, &options))
            }
            (_, Version::Disk(path)) => project.compile(path),
            (Side::Disk(path), Version::Commit(_)) => project.compile(path),
        }
    }
}

impl Commit {
    /// A path of the disk as it is called from the repository's root.
    fn inside(&self, path: &Path) -> Result<String, Failure> {
        let outside = || {
            Failure::Argument(format!(
                "`{}` lies outside the repository; name the path, as in `{}:PATH`",
                path.display(),
                self.written
            ))
        };
        let full = path
            .canonicalize()
            .map_err(|e| Failure::Argument(format!("cannot read `{}`: {e}", path.display())))?;
        let root = self.root.canonicalize().map_err(|_| outside())?;
        full.strip_prefix(&root).map(slashed).map_err(|_| outside())
    }

    fn versions(&self, path: &str) -> Result<BTreeMap<String, Version>, Failure> {
        let at = format!("{}:{path}", self.hash);
        let kind = git(&self.root, &["cat-file", "-t", &at]).unwrap_or_default();
        match String::from_utf8_lossy(&kind).trim() {
            "blob" => Ok(BTreeMap::from([(String::new(), Version::Commit(path.to_string()))])),
            "tree" => {
                let listed = git(&self.root, &["ls-tree", "-r", "-z", "--name-only", "--full-tree", &at])
                    .map_err(|why| Failure::Argument(format!("cannot list `{}`: {why}", self.written)))?;
                let listed = String::from_utf8_lossy(&listed).into_owned();
                let designs = listed
                    .split('\0')
                    .filter(|name| Path::new(name).extension().is_some_and(|e| e == "sysd"));
                let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
                Ok(designs
                    .map(|name| (name.to_string(), Version::Commit(format!("{prefix}{name}"))))
                    .collect())
            }
            // It was not there yet.
            _ => Ok(BTreeMap::new()),
        }
    }
}
