//! Headers before the value: `#![enable(…)]`, `#![type = "…"]` and `#![schema = "…"]`.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::parse::parser::Parser;
use crate::parse::token::TokenKind as Kind;

/// The RON extensions that a document switches on. Composer's own types read alike under all of them;
/// [`Extensions::unwrap_variant_newtypes`] also changes what may stand in `Some(…)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// `unwrap_newtypes`
    pub unwrap_newtypes: bool,
    /// `implicit_some`
    pub implicit_some: bool,
    /// `unwrap_variant_newtypes`
    pub unwrap_variant_newtypes: bool,
    /// `explicit_struct_names`
    pub explicit_struct_names: bool,
}

const NAMES: [&str; 4] =
    ["unwrap_newtypes", "implicit_some", "unwrap_variant_newtypes", "explicit_struct_names"];

impl Extensions {
    fn switch(&mut self, name: &str) -> Option<&mut bool> {
        match name {
            "unwrap_newtypes" => Some(&mut self.unwrap_newtypes),
            "implicit_some" => Some(&mut self.implicit_some),
            "unwrap_variant_newtypes" => Some(&mut self.unwrap_variant_newtypes),
            "explicit_struct_names" => Some(&mut self.explicit_struct_names),
            _ => None,
        }
    }
}

impl Parser<'_, '_> {
    /// Reads all headers.
    pub(super) fn headers(&mut self) {
        while self.at(Kind::Hash) {
            let start = self.here();
            if self.header().is_none() {
                self.skip_line();
                let span = start.to(self.before());
                self.push(
                    Diagnostic::error(Code::BadHeader, "the header is malformed")
                        .primary(span, "cannot be read")
                        .help("headers are `#![enable(…)]`, `#![type = \"…\"]` and `#![schema = \"…\"]`"),
                );
            }
        }
    }

    fn header(&mut self) -> Option<()> {
        for kind in [Kind::Hash, Kind::Bang, Kind::OpenBracket] {
            self.take(kind)?;
        }
        match self.text() {
            "enable" => {
                self.take(Kind::Identifier)?;
                self.take(Kind::OpenParenthesis)?;
                self.extension()?;
                while self.take(Kind::Comma).is_some() && !self.at(Kind::CloseParenthesis) {
                    self.extension()?;
                }
                self.take(Kind::CloseParenthesis)?;
            }
            "type" | "schema" => {
                self.take(Kind::Identifier)?;
                self.take(Kind::Equals)?;
                if !matches!(self.peek().kind, Kind::Text | Kind::RawText) {
                    return None;
                }
                self.value();
            }
            _ => return None,
        }
        self.take(Kind::CloseBracket)
    }

    fn extension(&mut self) -> Option<()> {
        let (name, span) = (self.text(), self.here());
        self.take(Kind::Identifier).or_else(|| self.take(Kind::RawIdentifier))?;
        let name = name.strip_prefix("r#").unwrap_or(name);
        if let Some(switch) = self.extensions.switch(name) {
            *switch = true;
            return Some(());
        }
        let mut diagnostic =
            Diagnostic::error(Code::BadHeader, format!("there is no RON extension `{name}`"));
        diagnostic = match nearest(name, NAMES) {
            Some(meant) => diagnostic.primary(span, format!("did you mean `{meant}`?")).fix(
                format!("write `{meant}`"),
                span,
                meant,
            ),
            None => diagnostic.primary(span, "not known").note(format!("known are {}", NAMES.join(", "))),
        };
        self.push(diagnostic);
        Some(())
    }

    /// Passes over the rest of a header: up to its `]`, but never beyond the line.
    fn skip_line(&mut self) {
        let line_end = self.source[self.here().start..]
            .find('\n')
            .map_or(self.source.len(), |at| self.here().start + at);
        while !self.at(Kind::End) && self.here().start < line_end {
            if self.take(Kind::CloseBracket).is_some() {
                return;
            }
            self.bump();
        }
    }
}
