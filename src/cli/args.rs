//! The arguments of every command.

use super::build::BuildArgs;
use super::ci::CiArgs;
use super::diff::DiffArgs;
use super::init::InitArgs;
use super::shell::{CompletionsArgs, ManArgs};
use super::template::TemplateArgs;
use crate::project::Level;
use crate::report::findings::Format;
use crate::words;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The design document that checks itself.
#[derive(Debug, Parser)]
#[command(name = "sysd", version, about, max_term_width = 100, propagate_version = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Flags that every command takes.
#[derive(Clone, Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Global {
    /// The configuration file, in place of the closest sysd.toml, or a key of it; may be given several times.
    #[arg(long, global = true, value_name = "PATH|KEY=VALUE", env = "SYSD_CONFIG")]
    pub(super) config: Vec<String>,
    /// Reads no configuration file.
    #[arg(long, global = true, env = "SYSD_ISOLATED", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) isolated: bool,
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", env = "SYSD_COLOR")]
    pub(super) color: When,
    /// Checks so many designs at once; as many as there are processors where not given. The output is the same.
    #[arg(short, long, global = true, value_name = "N", env = "SYSD_JOBS", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) jobs: Option<u16>,
    /// Says on standard error what is looked at, and by which configuration.
    #[arg(short, long, global = true, env = "SYSD_VERBOSE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) verbose: bool,
    /// Says only results.
    #[arg(short, long, global = true, env = "SYSD_QUIET", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) quiet: bool,
    /// Passes over these paths, in the syntax of .gitignore.
    #[arg(long, global = true, value_name = "GLOB", env = "SYSD_EXCLUDE", value_delimiter = ',')]
    pub(super) exclude: Vec<String>,
    /// Passes over excluded paths also where they are named outright, as pre-commit does.
    #[arg(long, global = true, env = "SYSD_FORCE_EXCLUDE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) force_exclude: bool,
    /// The name of a design that is read from standard input.
    #[arg(long, global = true, value_name = "PATH", env = "SYSD_STDIN_FILENAME")]
    pub(super) stdin_filename: Option<String>,
    /// The day against which the dates of `allow` are held, as 2027-06-30; today where not given.
    #[arg(long, global = true, value_name = "DATE", env = "SYSD_TODAY")]
    pub(super) today: Option<String>,
}

/// When something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// Where the terminal can.
    Auto,
    /// In any case.
    Always,
    /// In no case.
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Parses, analyses and lints designs.
    Check(CheckArgs),
    /// Checks designs, their form and their documents; changes none of them.
    Ci(CiArgs),
    /// Writes a design to begin with.
    Init(InitArgs),
    /// Checks designs and writes their documents.
    Build(BuildArgs),
    /// Says what changed between two versions.
    Diff(DiffArgs),
    /// Formats designs.
    Fmt(FmtArgs),
    /// Draws the diagrams of a design.
    Render(RenderArgs),
    /// Prints every number of a design.
    Report(ReportArgs),
    /// Prints the derivation of one number.
    Why(WhyArgs),
    /// Lists the templates of the documents, or writes them out to be changed.
    Template(TemplateArgs),
    /// Propagates uncertain inputs: percentiles of every number, and what moves them.
    Estimate(EstimateArgs),
    /// Prints a JSON Schema.
    Schema(SchemaArgs),
    /// Prints the configuration that is in force.
    Config(ConfigArgs),
    /// Writes a design in the format of another tool.
    Export(ExportArgs),
    /// Lays out a graph of boxes and edges, to compare layout engines.
    #[command(hide = true)]
    Layout(LayoutArgs),
    /// Computes an expression with units.
    Eval(EvalArgs),
    /// Explains a rule, or an error of the language.
    Explain(ExplainArgs),
    /// Lists the rules.
    Rules(RulesArgs),
    /// Shows technologies and what is known about them.
    Catalog(CatalogArgs),
    /// Prints completions for a shell.
    Completions(CompletionsArgs),
    /// Prints the manual page, or writes one for each command.
    Man(ManArgs),
    /// Says which version this is.
    Version,
}

/// A report that is written beside the output: `sarif=findings.sarif`.
#[derive(Clone, Debug)]
pub(super) struct ReportTo {
    pub(super) format: Format,
    pub(super) path: PathBuf,
}

impl std::str::FromStr for ReportTo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) =
            text.split_once('=').ok_or("write it as FORMAT=FILE, as in `sarif=findings.sarif`")?;
        let known = || Format::value_variants().iter().filter_map(|f| f.to_possible_value());
        let names: Vec<String> = known().map(|v| v.get_name().to_string()).collect();
        let format = Format::from_str(format, true).map_err(|_| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let hint = words::did_you_mean(format, names.iter().copied())
                .unwrap_or_else(|| format!("the formats are {}", words::enumeration(&names)));
            format!("there is no format `{format}`; {hint}")
        })?;
        if path.is_empty() {
            return Err("name the file behind the `=`".to_string());
        }
        Ok(ReportTo { format, path: path.into() })
    }
}

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct CheckArgs {
    /// Designs, or folders to search for them; `-` reads standard input.
    #[arg(default_value = ".", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How findings are written.
    #[arg(long, value_name = "FORMAT", default_value = "full", env = "SYSD_OUTPUT_FORMAT")]
    pub(super) output_format: Format,
    /// Writes the findings to this file in place of standard output.
    #[arg(short, long, value_name = "FILE", env = "SYSD_OUTPUT")]
    pub(super) output: Option<PathBuf>,
    /// Writes a report beside the output, as in `sarif=findings.sarif`; may be given several times.
    #[arg(long, value_name = "FORMAT=FILE", env = "SYSD_REPORT", value_delimiter = ',')]
    pub(super) report: Vec<ReportTo>,
    /// Fails at findings of this severity or above.
    #[arg(long, value_name = "SEVERITY", env = "SYSD_FAIL_ON")]
    pub(super) fail_on: Option<Level>,
    /// Looks only at these rules: codes, names, prefixes or ALL.
    #[arg(long, value_name = "CODES", value_delimiter = ',', env = "SYSD_SELECT")]
    pub(super) select: Vec<String>,
    /// Passes over these rules.
    #[arg(long, value_name = "CODES", value_delimiter = ',', env = "SYSD_IGNORE")]
    pub(super) ignore: Vec<String>,
    /// Leaves out the findings that this file knows; entries that nothing answers to any more are named.
    #[arg(long, value_name = "FILE", env = "SYSD_BASELINE")]
    pub(super) baseline: Option<PathBuf>,
    /// Writes what is found now to the baseline in place of reporting it.
    #[arg(long, conflicts_with_all = ["select", "ignore", "since"])]
    pub(super) write_baseline: bool,
    /// Looks only at designs that have changed since this commit, branch or tag, or import what has, and reports
    /// only what is new; counted from where the two have grown apart.
    #[arg(long, value_name = "REF", env = "SYSD_SINCE")]
    pub(super) since: Option<String>,
    /// Applies the safe answers to findings, and reports what is left; a design from standard input is written to
    /// standard output.
    #[arg(long, env = "SYSD_FIX", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) fix: bool,
    /// Applies also answers that change the design: read what they write.
    #[arg(long, env = "SYSD_UNSAFE_FIXES", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) unsafe_fixes: bool,
    /// Shows what `--fix` (or `--unsafe-fixes`) would change, and writes nothing; fails where that is anything.
    #[arg(long, conflicts_with = "write_baseline")]
    pub(super) diff: bool,
    /// Checks again whenever a design, an import of one or a sysd.toml changes, until interrupted.
    #[arg(long, conflicts_with_all = ["write_baseline", "diff"])]
    pub(super) watch: bool,
    /// Counts findings by rule, most first.
    #[arg(long, env = "SYSD_STATISTICS", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) statistics: bool,
}

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// The expression: `500M * 12/day`.
    pub(super) expression: String,
    /// The unit of the result.
    #[arg(long = "in", value_name = "UNIT")]
    pub(super) unit: Option<String>,
    /// A design whose `let`s may be named.
    #[arg(long, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// How the result is written.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: TextOrJson,
}

/// Text for people, or JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TextOrJson {
    /// For people.
    Text,
    /// For machines.
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// A code (`REL001`), a name (`single-point-of-failure`), or a keyword of the language.
    pub(super) subject: String,
    /// A design whose rules of the house are known as well.
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// A design whose rules of the house are listed as well.
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// How the list is written.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: TextOrJson,
}

#[derive(Debug, Args)]
pub(super) struct CatalogArgs {
    /// A technology; all of them where not given.
    pub(super) name: Option<String>,
}

/// Formats of `render`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Picture {
    /// A picture for browsers and documents.
    Svg,
    /// A Mermaid flowchart or sequence diagram.
    Mermaid,
    /// Graphviz.
    Dot,
    /// D2.
    D2,
    /// PlantUML.
    Plantuml,
    /// PlantUML with the C4 library.
    C4Plantuml,
    /// Text for the terminal.
    Ascii,
}

/// Colours of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Colors {
    /// Light, and dark where the viewer prefers it.
    Auto,
    /// Light only.
    Light,
    /// Dark only.
    Dark,
}

#[derive(Debug, Args)]
pub(super) struct RenderArgs {
    /// The design.
    pub(super) file: PathBuf,
    /// The file, or with several views the folder, that is written; standard output where not given.
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) drawing: Drawing,
    /// The view: context, containers, deployment, data, trust, flow_NAME, utilization, growth, cost, latency_NAME,
    /// reads_NAME, fault_tree_NAME, blocks_NAME, blast_NAME, tornado_TARGET, group_GROUP of a
    /// design too large for one picture, or one of the design's own.
    #[arg(long, value_name = "NAME", conflicts_with = "all")]
    pub(super) view: Option<String>,
    /// Every view.
    #[arg(long, requires = "output")]
    pub(super) all: bool,
    /// Keeps the drawings in `FILE.layout`, which later drawings stay close to.
    #[arg(long, env = "SYSD_LOCK", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) lock: bool,
}

/// How a picture is written.
#[derive(Debug, Args)]
pub(super) struct Drawing {
    /// The format.
    #[arg(long, value_name = "FORMAT", default_value = "svg", env = "SYSD_TO")]
    pub(super) to: Picture,
    /// The colours.
    #[arg(long, value_name = "THEME", default_value = "auto")]
    pub(super) theme: Colors,
    /// Where the font of an SVG comes from: `embed`, `link` (the two files beside it) or `none`.
    #[arg(long, value_name = "SOURCE", default_value = "embed")]
    pub(super) font: Font,
}

/// Where the font of an SVG comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Font {
    /// Inside the picture.
    Embed,
    /// From files beside it.
    Link,
    /// From the page or the machine.
    None,
}

/// Formats of `report`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// For people.
    Text,
    /// For machines; `sysd schema report` describes it.
    Json,
    /// For documents.
    Markdown,
}

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// The design; `-` reads standard input.
    pub(super) file: PathBuf,
    /// How the report is written.
    #[arg(long, value_name = "FORMAT", default_value = "text", env = "SYSD_FORMAT")]
    pub(super) format: ReportFormat,
}

#[derive(Debug, Args)]
pub(super) struct EstimateArgs {
    /// The design; `-` reads standard input.
    pub(super) file: PathBuf,
    /// How many samples, from 100 to 1 000 000; rounded up to a multiple of ten.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000), env = "SYSD_SAMPLES")]
    pub(super) samples: u32,
    /// The seed: the same seed gives the same samples.
    #[arg(long, value_name = "N", default_value_t = 1, env = "SYSD_SEED")]
    pub(super) seed: u64,
    /// The number whose movers are shown, as `api.utilization.peak`; those of the targets where not given.
    #[arg(long, value_name = "QUANTITY")]
    pub(super) of: Vec<String>,
    /// How the estimate is written.
    #[arg(long, value_name = "FORMAT", default_value = "text", env = "SYSD_FORMAT")]
    pub(super) format: ReportFormat,
}

#[derive(Debug, Args)]
pub(super) struct WhyArgs {
    /// The design; `-` reads standard input.
    pub(super) file: PathBuf,
    /// The number: `api.utilization.peak`, `view_feed.availability`.
    pub(super) quantity: String,
}

/// What has a JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaSubject {
    /// `sysd report --format json`.
    Report,
    /// `sysd estimate --format json`.
    Estimate,
    /// `sysd check --output-format json`.
    Check,
    /// What a template of a document may show.
    #[value(alias = "model")]
    Document,
    /// `sysd.toml`.
    Config,
}

#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    /// The design or folder that is asked about.
    #[arg(default_value = ".", value_name = "PATH")]
    pub(super) path: PathBuf,
    /// Says where each key is set.
    #[arg(long)]
    pub(super) show_origin: bool,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// What is described.
    pub(super) subject: SchemaSubject,
}

#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    /// Designs, or folders to search for them; `-` formats standard input to standard output.
    #[arg(default_value = ".", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Writes nothing; fails if a file is not formatted.
    #[arg(long)]
    pub(super) check: bool,
    /// Writes nothing; shows what would change.
    #[arg(long)]
    pub(super) diff: bool,
}

/// Formats of `export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
    /// Open-PSA fault trees, one for each flow.
    OpenPsa,
    /// Recording rules and alerts for Prometheus.
    Prometheus,
    /// Objectives in the form of OpenSLO 1.
    Openslo,
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The format.
    pub(super) format: ExportFormat,
    /// The design.
    pub(super) file: PathBuf,
    /// The flow; every flow where not given, which needs `-o` for open-psa.
    #[arg(long, value_name = "NAME")]
    pub(super) flow: Option<String>,
    /// The file; for open-psa without `--flow` the folder, with a file for each flow.
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct LayoutArgs {
    /// The graph, as JSON.
    pub(super) graph: PathBuf,
    /// The file for the graph with its coordinates; standard output where not given.
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// From how many starting points it is placed; the best wins.
    #[arg(long, value_name = "N")]
    pub(super) seeds: Option<u64>,
}
