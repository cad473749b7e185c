//! Holds what threads need of their stacks to what they are given.

use composer_model::{Domain, System};

use super::tables::FIRST_FRAME;
use crate::input::{DomainImage, KernelImage, StackNeed};
use crate::plan::{Findings, Plan};
use crate::{diagnose, window};

/// A thread's stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// The domain, or `kernel`.
    pub owner: String,
    /// Bytes that it has, whole pages less what lies above the first frame.
    pub given: u64,
    /// What it must hold.
    pub need: StackNeed,
}

/// The stacks of all domains.
pub(super) fn of_domains(
    system: &System,
    plan: &Plan,
    images: &[DomainImage],
    findings: &mut Findings,
) -> Vec<Stack> {
    let domains = system.domains.iter().zip(&plan.program.domains).enumerate();
    domains
        .map(|(index, (domain, lowered))| {
            let mut own = images.iter().filter(|image| image.domain.0 == index);
            let need = own.next().expect("each domain has an image").stack.clone();
            let stack = Stack { owner: domain.name.clone(), given: lowered.stack.size - FIRST_FRAME, need };
            check(domain, &stack, findings);
            stack
        })
        .collect()
}

fn check(domain: &Domain, stack: &Stack, findings: &mut Findings) {
    match &stack.need {
        StackNeed::Bounded { bytes, path } if *bytes > stack.given => {
            findings.add(diagnose::stack_overflow(domain, stack.given, *bytes, path));
        }
        StackNeed::Unbounded { why, cycle, cure } if domain.stack_origin.is_none() => {
            findings.add(diagnose::unbounded_stack(domain, why, cycle, cure.as_deref()));
        }
        // Where nobody can say, the spec's word stands.
        StackNeed::Bounded { .. } | StackNeed::Unbounded { .. } => {}
    }
}

/// The kernel's stack, of which nothing may be unknown.
pub(super) fn of_kernel(system: &System, image: &KernelImage, findings: &mut Findings) -> Stack {
    let given = window::KERNEL_STACK;
    if !matches!(image.stack, StackNeed::Bounded { bytes, .. } if bytes <= given) {
        findings.add(diagnose::kernel_stack(system, given, &image.stack));
    }
    Stack { owner: "kernel".to_owned(), given, need: image.stack.clone() }
}
