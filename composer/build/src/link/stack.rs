//! What a linked program needs of its stack, as layout takes it.

use composer_layout::{StackFrame, StackNeed};
use composer_stack::{Depth, Need, Unknown};

/// Reads a linked program's need by one of `composer-stack`'s functions.
pub(crate) fn need(file: &[u8], measure: fn(&[u8]) -> Result<Need, String>) -> Result<StackNeed, String> {
    Ok(match measure(file)? {
        Need::Bounded(Depth { bytes, path }) => {
            let path = path.into_iter();
            let path = path.map(|frame| StackFrame { function: frame.function, bytes: frame.bytes });
            StackNeed::Bounded { bytes, path: path.collect() }
        }
        Need::Unknown(unknown) => {
            let cycle = match &unknown {
                Unknown::Frame(_) => Vec::new(),
                Unknown::Recursion(steps) => steps
                    .iter()
                    .map(|step| match step.indirect {
                        true => format!("{} (through a pointer)", step.function),
                        false => step.function.clone(),
                    })
                    .collect(),
            };
            StackNeed::Unbounded { why: unknown.to_string(), cycle }
        }
    })
}
