//! `sysd build`: check, then write the documents.

use super::args::Global;
use super::common::{Project, colored, complain, slashed, width};
use super::{Failure, Outcome, lock, template};
use crate::compile::Design;
use crate::diagnostic::{Code, Severity};
use crate::document::{
    Diagrams, Document, Earlier, Entry, Files, Flavour, HOUSE_PAGE, Layout, Named, Setting, Site, Templates,
    build, context_without_pictures, fragment, injected, page, portal, rule_page, sections,
};
use crate::layout::lock::Lock;
use crate::project::{
    DocumentDiagrams, DocumentFlavour, DocumentLayout, Level, Owned, read, write_atomically,
};
use crate::report::terminal::{self, Style};
use crate::rules;
use crate::views::{system_title, views};
use clap::Args;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What is built, and how.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct BuildArgs {
    /// Designs, or folders to search for them.
    #[arg(default_value = ".", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The folder for the documents.
    #[arg(short, long, value_name = "OUT", env = "SYSD_OUT", required_unless_present = "inject")]
    output: Option<PathBuf>,
    /// Fails at findings of this severity or above.
    #[arg(long, value_name = "SEVERITY", env = "SYSD_FAIL_ON")]
    fail_on: Option<Level>,
    /// Writes nothing; fails if the documents in OUT are not what would be written.
    #[arg(long)]
    check: bool,
    /// Which documents are written; `layout` in sysd.toml where not given, else design-doc.
    #[arg(long, value_name = "LAYOUT", env = "SYSD_LAYOUT")]
    layout: Option<DocumentLayout>,
    /// For whom the Markdown is written; `flavour` in sysd.toml where not given, else github.
    #[arg(long, value_name = "FLAVOUR", env = "SYSD_FLAVOUR")]
    flavour: Option<DocumentFlavour>,
    /// The form of the pictures in Markdown; `diagrams` in sysd.toml where not given, else svg.
    #[arg(long, value_name = "FORM", env = "SYSD_DIAGRAMS")]
    diagrams: Option<DocumentDiagrams>,
    /// Leaves the font out of the pictures beside the Markdown: smaller, and drawn with the font of the viewer.
    #[arg(long, env = "SYSD_NO_FONTS", value_parser = clap::builder::FalseyValueParser::new())]
    no_fonts: bool,
    /// A folder with templates that take the place of those of sysd, file by file.
    #[arg(long, value_name = "DIR", env = "SYSD_TEMPLATES")]
    templates: Option<PathBuf>,
    /// A text in which the parts between `<!-- sysd DESIGN PART -->` and `<!-- /sysd -->` are written anew.
    #[arg(long, value_name = "FILE")]
    inject: Vec<PathBuf>,
    /// Keeps the drawings of each design in `DESIGN.layout`, which later drawings stay close to.
    #[arg(long, conflicts_with = "check", env = "SYSD_LOCK", value_parser = clap::builder::FalseyValueParser::new())]
    lock: bool,
    /// Replaces files in OUT that sysd did not write.
    #[arg(long)]
    overwrite: bool,
}

impl BuildArgs {
    /// The flags over the configuration around the current folder.
    fn setting(&self, project: &Project) -> Result<Setting, Failure> {
        let resolved = project.config(Path::new("."))?;
        let config = &resolved.config;
        Ok(Setting {
            layout: self.layout.or(config.layout).unwrap_or(DocumentLayout::DesignDoc).into(),
            flavour: self.flavour.or(config.flavour).unwrap_or(DocumentFlavour::Github).into(),
            diagrams: self.diagrams.or(config.diagrams).unwrap_or(DocumentDiagrams::Svg).into(),
            fonts: !self.no_fonts,
            rules: true,
            folder: String::new(),
            document_file: String::new(),
            others: Vec::new(),
            users: Vec::new(),
            earlier: None,
            successors: Vec::new(),
            lock: None,
        })
    }
}

pub(super) fn run(args: &BuildArgs, global: &Global) -> Result<Outcome, Failure> {
    let project = Project::open(global)?;
    let own = args.templates.as_deref().map(template::of).transpose()?.unwrap_or_default();
    let templates = Templates::new(&own)?;
    let mut drifted = Vec::new();
    let mut failed = false;
    if let Some(output) = &args.output {
        let built = documents(args, &project, &templates, global)?;
        failed = built.at_fault;
        let owned = Owned::open(output)?;
        if args.check {
            drifted = owned.drift(&built.files);
        } else {
            owned.write(&built.files, args.overwrite)?;
            if !global.quiet {
                let (files, documents) = (built.files.len(), built.documents);
                let plural = if documents == 1 { "" } else { "s" };
                complain(&format!(
                    "wrote {files} files for {documents} design{plural} to {}",
                    output.display()
                ));
            }
        }
    }
    for path in &args.inject {
        let (text, parts_fail) = with_parts(path, args, &project, &templates)?;
        failed |= parts_fail;
        if !args.check {
            write_atomically(path, text.as_bytes())?;
        } else if read(path)? != text.as_bytes() {
            drifted.push((path.clone(), "is not what the designs say"));
        }
    }
    for (path, what) in &drifted {
        complain(&format!("{} {what}", path.display()));
    }
    Ok(if failed || !drifted.is_empty() { Outcome::AtFault } else { Outcome::Fine })
}

struct Built {
    files: Files,
    documents: usize,
    at_fault: bool,
}

/// A design that is built.
struct Subject {
    design: Design,
    /// The folder of its document.
    folder: String,
    lock: Option<Lock>,
    earlier: Option<Earlier>,
}

impl Subject {
    fn read(path: &Path, args: &BuildArgs, project: &Project, global: &Global) -> Result<Subject, Failure> {
        let design = project.compile(path)?;
        show(&design, global);
        let kept = lock::read(path)?;
        if args.lock && documented(&design) {
            lock::write(path, kept.as_ref(), &views(&design))?;
        }
        let earlier = match &design.lowered.model.system.supersedes {
            Some(earlier) => {
                let (_, root, _) = project.source(path)?;
                Some(Earlier::of(&project.compile(&root.join(earlier.as_str()))?, &design))
            }
            None => None,
        };
        Ok(Subject { folder: folder(path, &args.paths), design, lock: kept, earlier })
    }

    /// Its path, as its loader knows it.
    fn path(&self) -> Option<&str> {
        self.design.lowered.sources.iter().next().map(|(_, file)| file.path.as_str())
    }

    /// Whether it imports the design with this path.
    fn imports(&self, other: Option<&str>) -> bool {
        self.design.lowered.sources.iter().skip(1).any(|(_, file)| Some(file.path.as_str()) == other)
    }
}

fn documented(design: &Design) -> bool {
    !design.has_language_errors() && !is_library(design)
}

/// Every document of the designs that paths name, and the pages around them.
fn documents(
    args: &BuildArgs,
    project: &Project,
    templates: &Templates,
    global: &Global,
) -> Result<Built, Failure> {
    let mut subjects = Vec::new();
    let mut failed = false;
    for path in project.designs(&args.paths)? {
        let subject = Subject::read(&path, args, project, global)?;
        failed |= at_fault(&subject.design, project.fail_on(&path, args.fail_on)?);
        subjects.push(subject);
    }
    let shown: Vec<&Subject> = subjects.iter().filter(|s| documented(&s.design)).collect();
    let others: Vec<(String, String)> =
        shown.iter().filter_map(|s| Some((s.path()?.to_string(), s.folder.clone()))).collect();
    let mut files = Files::new();
    let mut entries = Vec::new();
    for subject in &shown {
        let own = subject.path();
        let users = shown.iter().filter(|other| other.imports(own));
        let later = shown
            .iter()
            .filter(|other| own.is_some() && other.design.lowered.model.system.supersedes.as_deref() == own);
        let setting = Setting {
            folder: subject.folder.clone(),
            others: others.clone(),
            users: users.map(|user| user.folder.clone()).collect(),
            earlier: subject.earlier.clone(),
            successors: later.map(|s| (system_title(&s.design), s.folder.clone())).collect(),
            lock: subject.lock.clone(),
            ..args.setting(project)?
        };
        entries.push(entry(&subject.design, &setting));
        for (name, bytes) in build(&subject.design, &setting, templates)? {
            files.insert(format!("{}/{name}", subject.folder), bytes);
        }
    }
    around(&mut files, &entries, &subjects, args.setting(project)?.flavour, templates)?;
    Ok(Built { files, documents: entries.len(), at_fault: failed })
}

/// The page over all designs, the pages of the rules that findings name, the list that mdBook asks for.
fn around(
    files: &mut Files,
    entries: &[Entry],
    subjects: &[Subject],
    flavour: Flavour,
    templates: &Templates,
) -> Result<(), Failure> {
    let front = portal(entries, templates)?;
    let gone = subjects.iter().filter_map(|s| s.earlier.as_ref()?.diff()).flat_map(|d| &d.gone_findings);
    let open = subjects.iter().flat_map(|s| &s.design.findings);
    let named: BTreeSet<Code> = open.chain(gone.map(|noted| &noted.finding)).map(|f| f.code).collect();
    let rules: Vec<(String, String)> = named
        .iter()
        .filter_map(|code| Some(rule_page(*code, rules::page_of(code.code)?.1, flavour)))
        .collect();
    if flavour.wants_html() {
        let names: Vec<serde_json::Value> = entries
            .iter()
            .flat_map(|e| e.names.iter().map(move |n| (e, n)))
            .map(|(e, n)| serde_json::json!({ "title": n.title, "where": e.title, "path": n.path }))
            .collect();
        let numbers = serde_json::json!({ "names": names });
        let site = Site { title: "Designs", numbers, ..Site::default() };
        files.insert("index.html".to_string(), page(&front, &site, templates)?.into_bytes());
        for (name, text) in &rules {
            let title = text.lines().next().unwrap_or("").trim_start_matches("# ");
            let site = Site { title, home: Some("../index.html".to_string()), ..Site::default() };
            files.insert(name.replace(".md", ".html"), page(text, &site, templates)?.into_bytes());
        }
    }
    if flavour == Flavour::Mdbook {
        files.insert("SUMMARY.md".to_string(), book(entries, &rules).into_bytes());
    }
    files.insert(
        flavour.index().to_string(),
        (flavour.front_matter("Designs") + &flavour.adapted(front)).into_bytes(),
    );
    files.extend(rules.into_iter().map(|(name, text)| (name, text.into_bytes())));
    Ok(())
}

/// The table of contents that mdBook reads.
fn book(entries: &[Entry], rules: &[(String, String)]) -> String {
    let mut out = String::from("# Summary\n\n- [Designs](README.md)\n");
    for entry in entries {
        let title = crate::document::plain(&entry.title);
        let _ = writeln!(out, "  - [{title}]({}/{})", entry.path, entry.index);
        for page in &entry.pages {
            let _ = writeln!(out, "    - [{}]({})", crate::document::plain(&page.title), page.path);
        }
    }
    if !rules.is_empty() {
        out.push_str("- [Rules]()\n");
    }
    for (name, text) in rules {
        let title = text.lines().next().unwrap_or("").trim_start_matches("# ");
        let _ = writeln!(out, "  - [{title}]({name})");
    }
    out
}

/// A text with its parts written anew, and whether a design in it is at fault.
fn with_parts(
    path: &Path,
    args: &BuildArgs,
    project: &Project,
    templates: &Templates,
) -> Result<(String, bool), Failure> {
    let at = |what: &dyn std::fmt::Display| Failure::Argument(format!("{}: {what}", path.display()));
    let text = String::from_utf8(read(path)?).map_err(|_| at(&"it is no UTF-8 text"))?;
    let places = sections(&text).map_err(|e| at(&e))?;
    if places.is_empty() {
        return Err(at(
            &"there is no marker in it; write `<!-- sysd shop.sysd verdict -->` and `<!-- /sysd -->`",
        ));
    }
    let mut parts = Vec::new();
    let mut failed = false;
    for place in &places {
        let folder = path.parent().unwrap_or(Path::new(""));
        let file = folder.join(&place.design);
        let design = project.compile(&file)?;
        if design.has_language_errors() {
            return Err(at(&format!(
                "line {}: `{}` has errors; `sysd check` shows them",
                place.line, place.design
            )));
        }
        failed |= at_fault(&design, project.fail_on(&file, args.fail_on)?);
        // The text stands elsewhere than the documents: it links to none, and draws its own pictures.
        let setting = Setting {
            layout: Layout::Summary,
            diagrams: Diagrams::Mermaid,
            rules: false,
            ..args.setting(project)?
        };
        parts.push(fragment(&design, &place.part, &setting, templates).map_err(|e| at(&e))?);
    }
    Ok((injected(&text, &places, &parts), failed))
}

fn at_fault(design: &Design, fail_on: Option<Severity>) -> bool {
    design.open_findings().any(|f| fail_on.is_some_and(|least| f.severity >= least))
}

/// A file that others import and that draws nothing of its own: archetypes, roles, rules of the house.
fn is_library(design: &Design) -> bool {
    design.lowered.model.elements.is_empty()
}

/// Errors and warnings, a line each: the document has them in full.
fn show(design: &Design, global: &Global) {
    let sources = &design.lowered.sources;
    let style = Style { color: colored(global.color), width: width() };
    for finding in design.open_findings() {
        if finding.code.code.starts_with("E0") && finding.severity == Severity::Error {
            complain(terminal::full(finding, sources, style).trim_end());
        } else if finding.severity >= Severity::Warning && !global.quiet {
            complain(&terminal::concise(finding, sources, Style::PLAIN));
        }
    }
}

/// The folder of a design's document: its path below the folder that was named, without the ending.
fn folder(path: &Path, roots: &[PathBuf]) -> String {
    let inside =
        roots.iter().find_map(|root| path.strip_prefix(root).ok()).filter(|p| !p.as_os_str().is_empty());
    let stem = path.with_extension("");
    let shown = match inside {
        Some(inside) => inside.with_extension(""),
        None => stem.file_name().map(PathBuf::from).unwrap_or_default(),
    };
    slashed(&shown)
}

/// The pages of a document beside the first.
fn pages(document: &Document, setting: &Setting) -> Vec<Named> {
    let page = |title: &str, file: &str| Named {
        title: title.to_string(),
        path: format!("{}/{file}", setting.folder),
    };
    let mut pages = Vec::new();
    if setting.layout == Layout::Adr {
        pages.extend(document.decisions.iter().map(|d| page(&d.title, &d.file)));
    } else if setting.layout != Layout::Summary && !document.house_rule_sections.is_empty() {
        pages.push(page("Rules of the house", HOUSE_PAGE));
    }
    pages
}

fn entry(design: &Design, setting: &Setting) -> Entry {
    let count = |severity| design.open_findings().filter(|f| f.severity == severity).count();
    let document = context_without_pictures(design, setting);
    let folder = &setting.folder;
    let elements = document.elements.iter().map(|e| (&e.title, &e.anchor));
    let flows = document.flows.iter().map(|f| (&f.title, &f.anchor));
    let names = elements
        .chain(flows)
        .map(|(title, anchor)| Named { title: title.clone(), path: format!("{folder}/index.html#{anchor}") });
    let imported = design.lowered.sources.iter().skip(1).filter_map(|(_, file)| {
        let (_, other) = setting.others.iter().find(|(path, _)| *path == file.path)?;
        Some(Named { title: other.clone(), path: format!("{other}/{}", setting.flavour.index()) })
    });
    Entry {
        path: folder.clone(),
        index: setting.flavour.index(),
        state: document.state,
        verdict: document.verdict.clone(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        imports: imported.collect(),
        pages: pages(&document, setting),
        names: names.collect(),
        title: document.title,
    }
}
