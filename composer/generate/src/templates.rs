//! The templates, embedded in the program.

use handlebars::Handlebars;
use serde::Serialize;

use crate::helpers;

/// Every template, by the name that callers print it under.
const SOURCES: [(&str, &str); 10] = [
    ("workspace.toml", include_str!("../templates/workspace.toml.hbs")),
    ("package.toml", include_str!("../templates/package.toml.hbs")),
    ("build.rs", include_str!("../templates/build.rs.hbs")),
    ("domain.ld", include_str!("../templates/domain.ld.hbs")),
    ("domain_main.rs", include_str!("../templates/domain_main.rs.hbs")),
    ("instance.rs", include_str!("../templates/instance.rs.hbs")),
    ("ring.rs", include_str!("../templates/ring.rs.hbs")),
    ("construction.rs", include_str!("../templates/construction.rs.hbs")),
    ("kernel.ld", include_str!("../templates/kernel.ld.hbs")),
    ("kernel_main.rs", include_str!("../templates/kernel_main.rs.hbs")),
];

/// The templates, compiled.
#[derive(Debug)]
pub(crate) struct Templates {
    registry: Handlebars<'static>,
}

impl Templates {
    /// Compiles all templates.
    ///
    /// # Panics
    ///
    /// When one does not parse: they are part of this program, and a test compiles them.
    pub(crate) fn new() -> Self {
        let mut registry = Handlebars::new();
        // A name that a template misspells is an error, and nothing here is HTML.
        registry.set_strict_mode(true);
        registry.register_escape_fn(handlebars::no_escape);
        helpers::register(&mut registry);
        for (name, source) in SOURCES {
            registry.register_template_string(name, source).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        Self { registry }
    }

    /// Prints a template.
    ///
    /// # Panics
    ///
    /// When the template asks for what `data` does not have; the types of both are part of this program.
    pub(crate) fn print<T: Serialize>(&self, name: &str, data: &T) -> String {
        self.registry.render(name, data).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_templates_compile() {
        let templates = Templates::new();
        assert_eq!(templates.registry.get_templates().len(), SOURCES.len());
    }

    #[test]
    #[should_panic(expected = "package.toml")]
    fn a_missing_name_is_an_error() {
        Templates::new().print("package.toml", &());
    }

    #[test]
    fn no_template_uses_html_escapes_or_lacks_an_end() {
        for (name, source) in SOURCES {
            assert!(source.ends_with('\n') && !source.ends_with("\n\n"), "{name}");
        }
    }
}
