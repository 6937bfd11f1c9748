//! Configurations as files in folders of their own.
#![allow(clippy::disallowed_methods, reason = "tests read and write files of their own")]

use super::*;
use crate::compile::{Options, Said};
use crate::project::ProjectError;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A repository of its own for a test; gone when the test is done.
struct Repository(PathBuf);

impl Repository {
    fn new(name: &str, files: &[(&str, &str)]) -> Repository {
        let path = std::env::temp_dir().join(format!("sysd-config-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join(".git")).expect("a folder");
        for (name, text) in files {
            let file = path.join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("a file");
        }
        Repository(path.canonicalize().expect("there"))
    }

    fn of(&self, folder: &str) -> Result<Arc<Resolved>, ProjectError> {
        self.with(folder, None, &[])
    }

    fn with(&self, folder: &str, file: Option<&str>, pairs: &[&str]) -> Result<Arc<Resolved>, ProjectError> {
        let pairs: Vec<String> = pairs.iter().map(|p| (*p).to_string()).collect();
        Configs::new(file.map(Path::new), &pairs, false, &self.0)?.of(&self.0.join(folder))
    }

    fn options(&self, design: &str, choice: &Choice) -> Options {
        let design = self.0.join(design);
        let folder = design.parent().expect("a folder").strip_prefix(&self.0).expect("inside");
        let resolved = self.of(&folder.to_string_lossy()).expect("a configuration");
        resolved.options(&design, choice).expect("known rules")
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What is said of a code in the end: nothing, off, or a severity.
#[allow(clippy::option_option, reason = "the three are told apart")]
fn level(options: &Options, code: &str) -> Option<Option<Severity>> {
    let said = options.levels.iter().rev().find(|(known, _)| *known == code).map(|(_, said)| *said)?;
    Some(match said {
        Said::At(severity) => Some(severity),
        Said::Off | Said::AsItSays => None,
    })
}

fn error<T: std::fmt::Debug>(result: Result<T, ProjectError>) -> String {
    result.expect_err("this is at fault").to_string()
}

#[test]
fn the_closest_file_counts_alone() {
    let repository = Repository::new(
        "closest",
        &[
            ("sysd.toml", "fail-on = \"warning\"\nignore = [\"REL001\"]\n"),
            ("a/b/sysd.toml", "ignore = [\"CAP\"]\n"),
            ("c/x", ""),
        ],
    );
    assert_eq!(repository.of("c").expect("read").config.fail_on, Some(Level::Warning));
    assert_eq!(repository.of("a/b/c/d").expect("read").config.fail_on, None, "nothing is merged");
    let options = repository.options("a/b/d.sysd", &Choice::default());
    assert_eq!(level(&options, "REL001"), None);
    assert_eq!(level(&options, "CAP001"), Some(None));
}

#[test]
fn a_repository_ends_the_search() {
    let outer = Repository::new(
        "outer",
        &[("sysd.toml", "fail-on = \"info\"\n"), ("inner/.git/x", ""), ("inner/d/x", "")],
    );
    assert_eq!(outer.of("inner/d").expect("read").config.fail_on, None);
}

#[test]
fn extends_joins_tables_and_replaces_lists() {
    let repository = Repository::new(
        "extends",
        &[
            (
                "house/base.toml",
                "ignore = [\"REL\"]\n[rules]\nCAP001 = \"info\"\nCAP002 = \"info\"\n[thresholds]\ndepth = 3\n",
            ),
            (
                "team/sysd.toml",
                "extends = \"../house/base.toml\"\nignore = [\"LAT\"]\n[rules]\nCAP002 = \"error\"\n",
            ),
        ],
    );
    let resolved = repository.of("team").expect("read");
    let options = repository.options("team/d.sysd", &Choice::default());
    assert_eq!(level(&options, "REL001"), None);
    assert_eq!(level(&options, "LAT001"), Some(None));
    assert_eq!(level(&options, "CAP001"), Some(Some(Severity::Info)));
    assert_eq!(level(&options, "CAP002"), Some(Some(Severity::Error)));
    assert_eq!(options.thresholds.depth, 3);
    let origin = |key: &str| resolved.origin(key).to_string();
    assert_eq!(origin("rules.CAP001"), "house/base.toml:3");
    assert_eq!(origin("rules.CAP002"), "team/sysd.toml:4");
    assert_eq!(origin("thresholds.headroom"), "default");
}

#[test]
fn extends_stays_inside_and_ends() {
    let outside = Repository::new("secret", &[("base.toml", "secret words\n")]);
    let path = outside.0.join("base.toml").to_string_lossy().into_owned();
    let repository = Repository::new(
        "circle",
        &[
            ("sysd.toml", "extends = \"a/sysd.toml\"\n"),
            ("a/sysd.toml", "extends = \"../sysd.toml\"\n"),
            ("b/sysd.toml", &format!("extends = {path:?}\n")),
            ("c/sysd.toml", "extends = \"../../secret/base.toml\"\n"),
            ("d/sysd.toml", "extends = \"absent.toml\"\n"),
        ],
    );
    let circle = "in a circle: sysd.toml -> a/sysd.toml -> sysd.toml";
    let configs = Configs::new(None, &[], true, &repository.0).expect("isolated");
    assert!(configs.of(&repository.0).is_ok(), "an isolated run reads no file");
    assert!(error(repository.of("")).contains(circle));
    // The folder that a run starts in is read first; its circle is not what is asked about here.
    fs::write(repository.0.join("sysd.toml"), "").expect("a file");
    for folder in ["b", "c"] {
        let said = error(repository.of(folder));
        assert!(said.contains("it lies outside the project") && !said.contains("secret words"), "{said}");
    }
    assert!(error(repository.of("d")).contains("there is no such file"));
}

#[test]
fn overrides_hold_for_their_paths_and_later_ones_win() {
    let repository = Repository::new(
        "overrides",
        &[(
            "sysd.toml",
            "[rules]\nREL001 = \"warning\"\n[[overrides]]\npaths = [\"drafts/\"]\nignore = [\"DOC\"]\n\
             thresholds = { depth = 9 }\n[[overrides]]\npaths = [\"drafts/**/old_*.sysd\"]\nrules = { REL001 = \"off\" }\n\
             confidence = { low = \"warning\" }\n",
        )],
    );
    let options = |path: &str| repository.options(path, &Choice::default());
    assert_eq!(level(&options("a.sysd"), "REL001"), Some(Some(Severity::Warning)));
    assert_eq!((level(&options("a.sysd"), "DOC001"), options("a.sysd").thresholds.depth), (None, 5));
    let draft = options("drafts/x/new.sysd");
    assert_eq!((level(&draft, "DOC001"), draft.thresholds.depth), (Some(None), 9));
    assert_eq!(level(&draft, "REL001"), Some(Some(Severity::Warning)));
    let old = options("drafts/x/old_1.sysd");
    assert_eq!((level(&old, "REL001"), old.thresholds.depth), (Some(None), 9));
    assert_eq!(old.thresholds.backing.low, Severity::Warning);
}

#[test]
fn the_command_line_wins() {
    let repository =
        Repository::new("line", &[("sysd.toml", "ignore = [\"REL\"]\n[thresholds]\ndepth = 3\n")]);
    let resolved = repository.with("", None, &["thresholds.depth=7", "fail-on=warning"]).expect("read");
    assert_eq!((resolved.config.thresholds.depth, resolved.config.fail_on), (Some(7), Some(Level::Warning)));
    assert_eq!(resolved.origin("thresholds.depth"), Origin::CommandLine);
    let select = Choice { select: vec!["REL".to_string()], ignore: vec!["rel002".to_string()] };
    let options = repository.options("d.sysd", &select);
    assert_eq!(level(&options, "REL001"), None, "selected here, though the file ignores it");
    assert_eq!(level(&options, "REL002"), Some(None));
    assert_eq!(level(&options, "CAP001"), Some(None));
    assert!(error(repository.with("", None, &["fail-onn=warning"])).contains("did you mean `fail-on`?"));
    assert!(error(repository.with("", None, &["extends=x"])).contains("belongs into a file"));
    assert!(error(repository.with("", Some("absent.toml"), &[])).contains("absent.toml"));
}

#[test]
fn prefixes_are_families_with_or_without_digits() {
    let chosen = |name: &str| {
        let choice = Choice { select: Vec::new(), ignore: vec![name.to_string()] };
        let repository = Repository::new(&format!("prefix-{name}"), &[]);
        let resolved = repository.of("").expect("read");
        let options = resolved.options(&repository.0.join("d.sysd"), &choice);
        options.map(|o| o.levels.into_iter().map(|(code, _)| code).collect::<Vec<_>>())
    };
    assert_eq!(chosen("E").expect("known"), ["E018", "E020"], "evolution is another family");
    assert!(chosen("rel00").expect("known").iter().all(|c| c.starts_with("REL00")));
    assert_eq!(chosen("single_point_of_failure").expect("known"), ["REL001"]);
    assert_eq!(chosen("HSE001").expect("known"), ["HSE001"]);
    for name in ["", "RE", "REL9999", "single-point"] {
        assert!(matches!(chosen(name), Err(ConfigError::UnknownRule { .. })), "{name}");
    }
    assert!(matches!(chosen("E001"), Err(ConfigError::NotSuppressible { .. })));
    assert!(matches!(chosen("unknown-name"), Err(ConfigError::NotSuppressible { .. })));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let said = |text: &str| match Repository::new("wrong", &[("sysd.toml", text)]).of("") {
        Ok(_) => format!("taken: {text}"),
        Err(error) => error.to_string(),
    };
    assert_eq!(
        said("\nfail-onn = \"x\"\n"),
        "sysd.toml:2:1: there is no key `fail-onn`; did you mean `fail-on`?"
    );
    assert!(said("zzz = 1\n").contains("the keys here are `extends`, "));
    assert!(
        said("[thresholds]\nheadrom = 1\n")
            .starts_with("sysd.toml:2:1: there is no key `headrom`; did you mean `headroom`?")
    );
    assert!(
        said("ignore = [\"REL001\", \"REL998\"]\n")
            .starts_with("sysd.toml:1: there is no rule `REL998`; did you mean")
    );
    assert!(said("[[overrides]]\nrules = { REL998 = \"off\" }\n").contains("there is no rule `REL998`"));
    assert!(said("[rules]\nE001 = \"off\"\n").starts_with("sysd.toml:2: `E001` cannot be switched off"));
    assert!(
        said("[thresholds]\nheadroom = 1.5\n").starts_with("sysd.toml:2: `thresholds.headroom` is a share")
    );
    assert!(said("thresholds.detection-s = nan\n").contains("above 0"));
    assert!(said("exclude = [\"a{b\"]\n").contains("sysd.toml:1: `a{b` is no pattern"));
    assert!(said("fail-on = \n").starts_with("sysd.toml:1:"));
}

#[test]
fn what_is_shown_is_the_same_configuration() {
    let text = "fail-on = \"warning\"\n[rules]\nREL001 = \"info\"\n[[overrides]]\npaths = [\"x\"]\nignore = [\"CAP\"]\n";
    let repository = Repository::new("shown", &[("sysd.toml", text)]);
    let resolved = repository.of("").expect("read");
    let plain = shown(&resolved, false);
    assert!(toml::from_str::<Config>(&plain).is_ok(), "{plain}");
    let second = Repository::new("shown-again", &[("sysd.toml", &plain)]);
    assert_eq!(shown(&second.of("").expect("read"), false), plain);
    let with_origins = shown(&resolved, true);
    assert!(
        with_origins.contains("# sysd.toml:3\n") && with_origins.contains("# default\n"),
        "{with_origins}"
    );
}
