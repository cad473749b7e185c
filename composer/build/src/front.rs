//! The part of a build that compiles nothing: read, resolve, check, plan.

use std::path::Path;

use composer_layout::Plan;
use composer_model::{Checkout, Run, System};
use composer_payload::Request;
use composer_syntax::{Diagnostic, SourceMap};

use crate::assemble::requests;
use crate::failure::{Blame, Failure};

/// A spec, read and judged.
#[derive(Debug)]
pub struct Checked {
    /// What spans point into.
    pub sources: SourceMap,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// The system and its plan, if nothing is an error.
    pub planned: Option<(System, Plan)>,
}

/// Reads a spec and says everything that can be said about it without compiling.
pub fn check(checkout: &Checkout, spec: &Path, platform: Option<&str>) -> Checked {
    let loaded = composer_model::load(checkout, spec, platform);
    let mut diagnostics = loaded.diagnostics;
    // Without a system, what its regions claim can still be judged: all errors come in one run.
    let can_be_built = loaded.system.is_some();
    let planned =
        loaded.system.or(loaded.outline).and_then(|system| match composer_layout::plan_growing(system) {
            Ok((system, plan)) => {
                diagnostics.extend(plan.warnings.iter().cloned());
                can_be_built.then_some((system, plan))
            }
            Err(found) => {
                diagnostics.extend(found);
                None
            }
        });
    diagnostics.sort_by_key(|one| one.span().map(|span| (span.file, span.start)));
    Checked { sources: loaded.sources, diagnostics, planned }
}

impl Checked {
    /// What the guests of the spec start with, each once.
    pub fn payloads(&self) -> Vec<Request> {
        self.planned.as_ref().map(|(system, _)| requests(system)).unwrap_or_default()
    }

    /// Whether its image runs under QEMU. A spec that cannot be built runs nowhere.
    pub fn runs_on_qemu(&self) -> bool {
        self.planned.as_ref().is_some_and(|(system, _)| matches!(system.board.run, Run::Qemu { .. }))
    }

    /// The failure, if the spec cannot be built.
    pub fn failure(self) -> Option<Failure> {
        self.into_plan().err()
    }

    /// The system and its plan, with warnings apart; else the failure.
    pub(crate) fn into_plan(self) -> Result<(System, Plan, SourceMap, Vec<Diagnostic>), Failure> {
        let Self { sources, diagnostics, planned } = self;
        match planned {
            Some((system, plan)) => Ok((system, plan, sources, diagnostics)),
            None => Err(Failure { blame: Blame::User, sources, diagnostics, output: None }),
        }
    }
}
