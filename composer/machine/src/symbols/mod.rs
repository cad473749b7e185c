//! From addresses in a report to instances, functions and lines of source.

mod guest;
mod program;
mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;

use composer_build::{Built, BuiltDomain, BuiltGuest};

use guest::Guests;
pub use program::{Frame, Program};

use crate::report::{Report, Reporter};

/// Knows the programs of one image. Files are read when a report first needs them.
#[derive(Debug)]
pub struct Symboliser {
    kernel: PathBuf,
    domains: Vec<BuiltDomain>,
    checkout: PathBuf,
    programs: BTreeMap<PathBuf, Option<Program>>,
    machines: Vec<BuiltGuest>,
    /// What the reports of guests' deaths are about.
    guests: Guests,
}

impl Symboliser {
    /// The programs of an image.
    pub fn new(built: &Built) -> Self {
        Self {
            kernel: built.kernel.clone(),
            domains: built.domains.clone(),
            checkout: built.checkout.clone(),
            programs: BTreeMap::new(),
            machines: built.guests.clone(),
            guests: Guests::new(built),
        }
    }

    /// Says in lines for people where the report's addresses lie.
    pub fn describe(&mut self, report: &Report) -> Vec<String> {
        let domain = match report.reporter {
            Reporter::Kernel => None,
            Reporter::Domain => self.domains.iter().find(|domain| domain.name == report.name).cloned(),
        };
        let (checkout, machines) = (self.checkout.clone(), self.machines.clone());
        let program = match (report.reporter, &domain) {
            (Reporter::Kernel, _) => self.program(self.kernel.clone()),
            (Reporter::Domain, Some(domain)) => self.program(domain.elf.clone()),
            (Reporter::Domain, None) => None,
        };
        words::describe(report, domain.as_ref(), program, &machines, &checkout)
    }

    /// What the console shows, with names below the lines that a guest's death is reported in.
    pub(crate) fn named(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut named = Vec::with_capacity(bytes.len());
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            named.extend_from_slice(piece);
            named.extend(self.guests.take(piece).unwrap_or_default().into_bytes());
        }
        named
    }

    fn program(&mut self, path: PathBuf) -> Option<&Program> {
        self.programs.entry(path).or_insert_with_key(|path| Program::open(path)).as_ref()
    }
}
