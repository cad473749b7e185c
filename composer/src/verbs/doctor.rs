//! `composer doctor`.

use composer_build::Host;
use composer_build::setup::{Finding, Purpose, examine};
use serde::Serialize;

use super::output::{print, print_json};
use crate::exit::{self, End};

/// One requirement, for programs.
#[derive(Serialize)]
struct Row<'a> {
    what: &'a str,
    why: &'a str,
    found: Option<&'a str>,
    optional: bool,
    packages: &'a [&'a str],
    elsewhere: &'a str,
}

/// The document, for programs.
#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    requirements: Vec<Row<'a>>,
}

/// Lists what composer needs and what is missing. Ends with success if only optional things are.
pub(crate) fn doctor(as_json: bool) -> End {
    let purposes =
        [Purpose::Build, Purpose::Run, Purpose::Lint, Purpose::Test, Purpose::Guest, Purpose::Debug];
    let findings = examine(&Host::detect(), &purposes);
    if as_json {
        let requirements = findings.iter().map(row).collect();
        print_json(&Document { schema: 1, requirements });
    } else {
        print(&table(&findings));
    }
    let complete = findings.iter().all(|finding| finding.found.is_some() || finding.optional());
    if complete { exit::OK } else { Ok(exit::wrong()) }
}

fn row(finding: &Finding) -> Row<'_> {
    let requirement = finding.requirement;
    Row {
        what: requirement.what,
        why: requirement.why,
        found: finding.found.as_deref(),
        optional: finding.optional(),
        packages: requirement.packages,
        elsewhere: requirement.elsewhere,
    }
}

fn table(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let requirement = finding.requirement;
        let (mark, found) = match (&finding.found, finding.optional()) {
            (Some(found), _) => ("present", found.as_str()),
            (None, true) => ("absent", "optional"),
            (None, false) => ("MISSING", "composer installs it when a command needs it"),
        };
        text += &format!("{mark:8} {}: {found}\n", requirement.what);
        if finding.found.is_none() {
            text += &format!("         why: {}\n", requirement.why);
            text += &format!(
                "         how: {}; on Debian `apt-get install {}`\n",
                requirement.elsewhere,
                requirement.packages.join(" ")
            );
        }
    }
    text
}
