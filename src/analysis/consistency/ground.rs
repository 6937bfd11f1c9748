//! What a conclusion rests on: a fact, where it is from, and how far it can be trusted.

use crate::catalog::{Confidence, Known, Technology};
use crate::model::{Element, Prop};
use crate::source::Span;
use ecow::{EcoString, eco_format};
use std::fmt::Display;

/// One fact that a conclusion rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// The fact: `PostgreSQL: replica_read eventual`.
    pub text: EcoString,
    /// Where it is from.
    pub source: EcoString,
    /// What a finding may rest on it.
    pub confidence: Confidence,
    /// What a design states to override it: `technology postgresql { replica_read … }` names `replica_read`;
    /// empty for what the design states itself and for theorems.
    pub fact: EcoString,
    /// Where the design states it.
    pub span: Option<Span>,
}

impl Ground {
    /// What the design states.
    pub fn stated(text: impl Into<EcoString>, span: Span) -> Ground {
        Ground {
            text: text.into(),
            source: "stated by the design".into(),
            confidence: Confidence::High,
            fact: EcoString::new(),
            span: Some(span),
        }
    }

    /// A property of an element as the design states it.
    pub fn property(element: &Element, prop: &Prop, value: impl Display) -> Ground {
        Ground::stated(eco_format!("{}: {} {value}", element.head.name, prop.key), prop.span)
    }

    /// What the catalogue knows of a technology.
    pub fn catalogue<T>(technology: &Technology, known: &Known<T>, value: impl Display) -> Ground {
        Ground {
            text: eco_format!("{}: {} {value}", technology.name, known.fact),
            source: known.source.as_str().into(),
            confidence: known.confidence,
            fact: known.fact.as_str().into(),
            span: None,
        }
    }

    /// A published result.
    pub fn theorem(text: impl Into<EcoString>, source: &'static str) -> Ground {
        Ground {
            text: text.into(),
            source: source.into(),
            confidence: Confidence::High,
            fact: EcoString::new(),
            span: None,
        }
    }

    /// What is read out of the structure of the design and may be meant otherwise.
    pub fn inferred(text: impl Into<EcoString>, span: Span) -> Ground {
        Ground {
            text: text.into(),
            source: "inferred from the design".into(),
            confidence: Confidence::Medium,
            fact: EcoString::new(),
            span: Some(span),
        }
    }
}

/// As much as the weakest ground can carry; high where there is none to doubt.
pub fn confidence(grounds: &[Ground]) -> Confidence {
    grounds.iter().map(|g| g.confidence).min().unwrap_or(Confidence::High)
}

/// Something that is not known, as a reader would state it.
pub type Needs = EcoString;

/// What the catalogue would have to know about the technology of an element.
pub fn needs(element: &Element, key: &str) -> Needs {
    match element.tech() {
        Some(technology) => eco_format!("{key} of {}", technology.name),
        None => eco_format!("{}: a technology", element.head.name),
    }
}
