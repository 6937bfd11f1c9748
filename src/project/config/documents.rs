//! How documents are written, as `sysd.toml` and the flags of `sysd build` spell it.

use crate::document::{Diagrams, Flavour, Layout};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares the words for an enumeration of the documents.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident for $of:ident { $($(#[$each:meta])* $word:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema, clap::ValueEnum)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $($(#[$each])* $word,)*
        }

        impl From<$name> for $of {
            fn from(word: $name) -> $of {
                match word {
                    $($name::$word => $of::$word,)*
                }
            }
        }
    };
}

words! {
    /// Which documents are written.
    DocumentLayout for Layout {
        /// The whole design, as it is circulated for review.
        DesignDoc,
        /// The twelve sections of arc42.
        Arc42,
        /// The log of decisions, a file each.
        Adr,
        /// One page.
        Summary,
    }
}

words! {
    /// For whom the Markdown is written.
    DocumentFlavour for Flavour {
        /// GitHub, and HTML beside it.
        Github,
        /// GitLab, and HTML beside it.
        Gitlab,
        /// The docs folder of MkDocs.
        Mkdocs,
        /// The source folder of mdBook.
        Mdbook,
        /// The docs folder of Docusaurus.
        Docusaurus,
        /// CommonMark with tables and without HTML in it, and HTML beside it.
        Plain,
    }
}

words! {
    /// The form of the pictures in Markdown.
    DocumentDiagrams for Diagrams {
        /// Files beside the document.
        Svg,
        /// Mermaid in the text; charts stay files.
        Mermaid,
    }
}
