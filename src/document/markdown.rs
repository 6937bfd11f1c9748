//! Templates: those built in, those that a team puts in their place, and their errors.

use super::cells::escape;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonTruthy, Output, RenderContext, RenderError,
    RenderErrorReason, Renderable, handlebars_helper,
};
use serde::Serialize;
use std::collections::BTreeMap;

macro_rules! templates {
    ($($name:literal)*) => {
        /// The templates that are built in, by name.
        pub const TEMPLATES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $name, ".hbs"))),)*
        ];
    };
}

templates! {
    "adr/decision.md"
    "adr/document.md"
    "arc42/document.md"
    "design-doc/document.md"
    "house_rules.md"
    "inject/diagram.md"
    "inject/requirements.md"
    "inject/summary.md"
    "inject/verdict.md"
    "parts/accepted.md"
    "parts/arithmetic.md"
    "parts/decision.md"
    "parts/element.md"
    "parts/estimate.md"
    "parts/finding.md"
    "parts/flow.md"
    "parts/goals.md"
    "parts/overview.md"
    "parts/picture.md"
    "parts/requirements.md"
    "parts/review.md"
    "parts/scenario.md"
    "parts/scenarios.md"
    "parts/security.md"
    "parts/verdict.md"
    "portal.md"
    "site/page.html"
    "site/script.js"
    "site/style.css"
    "summary/document.md"
}

/// Why a template gives no text.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It does not have the shape of a template.
    #[error("template `{name}`, line {line}: {message}")]
    Malformed {
        /// The template.
        name: String,
        /// Its line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// It asks for something that is not there.
    #[error("template `{name}`, line {line}: {message}")]
    Failed {
        /// The template.
        name: String,
        /// Its line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// There is no template of this name.
    #[error("there is no template `{0}`")]
    Unknown(String),
}

/// Templates, ready to use.
pub struct Templates {
    handlebars: Handlebars<'static>,
}

handlebars_helper!(plain: |text: str| escape(text));

/// `if` and `unless` that, unlike those of the library, do not take what is not there for false.
struct When(bool);

impl HelperDef for When {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let param = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("if", 0))?;
        if param.is_value_missing() {
            return Err(RenderErrorReason::MissingVariable(param.relative_path().cloned()).into());
        }
        let chosen =
            if param.value().is_truthy(false) == self.0 { helper.template() } else { helper.inverse() };
        chosen.map_or(Ok(()), |template| template.render(registry, context, render, out))
    }
}

impl Templates {
    /// The built-in templates, those of the same name replaced by a team's own; a team may add more, to be used
    /// as partials.
    ///
    /// # Errors
    /// [`TemplateError::Malformed`].
    pub fn new(own: &BTreeMap<String, String>) -> Result<Templates, TemplateError> {
        let mut handlebars = Handlebars::new();
        handlebars.set_strict_mode(true);
        handlebars.register_escape_fn(handlebars::no_escape);
        handlebars.register_helper("plain", Box::new(plain));
        handlebars.register_helper("if", Box::new(When(true)));
        handlebars.register_helper("unless", Box::new(When(false)));
        let built_in = TEMPLATES.iter().filter(|(name, _)| !own.contains_key(*name));
        let all = built_in.copied().chain(own.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        for (name, text) in all {
            handlebars.register_template_string(name, text).map_err(|error| TemplateError::Malformed {
                name: name.to_string(),
                line: error.pos().map_or(1, |(line, _)| line),
                message: error.reason().to_string(),
            })?;
        }
        Ok(Templates { handlebars })
    }

    /// The text of a template over a context.
    ///
    /// # Errors
    /// [`TemplateError::Failed`], as for a variable that the context does not have.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String, TemplateError> {
        if !self.handlebars.has_template(name) {
            return Err(TemplateError::Unknown(name.to_string()));
        }
        self.handlebars.render(name, context).map_err(|error| failed(name, &error))
    }
}

fn failed(name: &str, error: &RenderError) -> TemplateError {
    TemplateError::Failed {
        name: error.template_name.clone().unwrap_or_else(|| name.to_string()),
        line: error.line_no.unwrap_or(1),
        message: error.reason().to_string(),
    }
}
