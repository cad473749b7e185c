//! What a linked program needs of its stack, as layout takes it.

use std::path::Path;

use crate::shown::shown;
use composer_layout::{StackFrame, StackNeed};
use composer_model::{Domain, PointerKind, System};
use composer_stack::{Call, Claim, Depth, Need, Pointer, Unknown};

/// What the components of a domain say of their calls through pointers.
pub(crate) fn claims(system: &System, domain: &Domain) -> Vec<Claim> {
    let components = domain.instances.iter().map(|&instance| &system[system[instance].component]);
    let said = components.flat_map(|component| &component.pointers);
    said.map(|(function, kinds)| Claim {
        function: function.clone(),
        pointers: kinds
            .iter()
            .map(|kind| match kind {
                PointerKind::Function => Pointer::Function,
                PointerKind::Dyn(of) => Pointer::Dyn(of.clone()),
            })
            .collect(),
    })
    .collect()
}

/// What a program needs, as layout takes it.
pub(crate) fn need(need: Need, checkout: &Path) -> StackNeed {
    match need {
        Need::Bounded(Depth { bytes, path }) => {
            let path = path.into_iter();
            let path = path.map(|frame| StackFrame { function: frame.function, bytes: frame.bytes });
            StackNeed::Bounded { bytes, path: path.collect() }
        }
        Need::Unknown(mut unknown) => {
            if let Unknown::Pointer(Call { place: Some((file, _)), .. }) = &mut unknown {
                *file = shown(file, checkout);
            }
            let cycle = match &unknown {
                Unknown::Frame(_) | Unknown::Pointer(_) => Vec::new(),
                Unknown::Recursion(steps) => steps
                    .iter()
                    .map(|step| match step.indirect {
                        true => format!("{} (through a pointer)", step.function),
                        false => step.function.clone(),
                    })
                    .collect(),
            };
            let cure = match &unknown {
                Unknown::Pointer(call) => Some(format!(
                    "say in the component's manifest what kind of pointer it is: `pointers: {{\"{}\": [Fn]}}`, or \
                     `[Dyn(\"Trait\")]`",
                    call.path()
                )),
                Unknown::Frame(_) | Unknown::Recursion(_) => None,
            };
            StackNeed::Unbounded { why: unknown.to_string(), cycle, cure }
        }
    }
}
