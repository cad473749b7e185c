//! The second step, after the domains have been linked: physical places, by measured size.
//!
//! From them follow each domain's pages, the kernel's tables and the image. Nothing in a domain depends on
//! what is decided here.

mod guests;
mod image;
pub(crate) mod pages;
mod pinned;
mod programs;
mod ram;
mod stacks;
mod tables;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod translation_tests;
#[cfg(test)]
mod vm_tests;

use composer_model::System;
use composer_syntax::Diagnostic;

pub use image::{Contents, ImagePlan, ImageSegment};
pub(crate) use pinned::Entries;
pub(crate) use ram::declared_fits;
pub use stacks::Stack;

use crate::input::{DomainImage, KernelImage, KernelNeeds};
use crate::lowered::Kernel;
use crate::plan::{Findings, Plan};
use crate::{IntervalMap, diagnose};

/// Everything that is decided after linking the domains.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Who owns what: every address of every space.
    pub map: IntervalMap,
    /// What generation prints of the kernel.
    pub kernel: Kernel,
    /// What lies where in the image, beside the kernel's own program.
    pub image: ImagePlan,
    /// The stacks: the domains', in their order, then the kernel's, once it is linked.
    pub stacks: Vec<Stack>,
}

/// Places the linked domains.
///
/// # Errors
///
/// Everything that does not fit, and whatever the linked files ask for that no domain may have.
///
/// # Panics
///
/// When `plan` is not the plan of `system`, or a domain has no image or two.
pub fn place(
    system: &System,
    plan: &Plan,
    images: &[DomainImage],
    needs: &KernelNeeds,
) -> Result<Placed, Vec<Diagnostic>> {
    let mut findings = Findings::default();
    let mut map = plan.map.clone();
    check_kernel(system, needs.text, needs.data, &mut findings);

    let programs = programs::measure(system, images, &mut findings);
    let segments = ram::place_programs(system, &programs, &mut map, &mut findings);
    let declared = ram::place_declared(system, &plan.declared, &mut map, &mut findings);
    let mut windows = plan.devices.clone();
    let guests = guests::place(system, plan, &mut map, &mut windows, &mut findings);
    let stacks = stacks::of_domains(system, plan, images, &mut findings);
    findings.finish()?;

    let mut mappings = tables::Mappings::new(system);
    mappings.programs(&segments);
    mappings.declared(&plan.declared, &declared);
    mappings.devices(&windows);
    let kernel = tables::kernel(system, plan, &programs, &declared, mappings);
    let mut findings = Findings::default();
    pinned::check(system, &kernel, &mut findings);
    findings.finish()?;
    let image = image::of(system, plan, &segments, &guests, &declared);
    Ok(Placed { map, kernel, image, stacks })
}

/// Holds the linked kernel to the room that [`place`](place()) gave it, and enters its stack.
///
/// # Errors
///
/// One diagnostic for each part that is too large.
pub fn kernel_fits(system: &System, placed: &mut Placed, image: &KernelImage) -> Result<(), Vec<Diagnostic>> {
    let mut findings = Findings::default();
    let link = &placed.kernel.link;
    let (text, data) =
        (image.text_end.saturating_sub(link.text.start), image.data_end.saturating_sub(link.data.start));
    check_kernel(system, text, data, &mut findings);
    placed.stacks.push(stacks::of_kernel(system, image, &mut findings));
    findings.finish().map(|_| ())
}

fn check_kernel(system: &System, text: u64, data: u64, findings: &mut Findings) {
    let room = &system.board.kernel;
    for (what, has, needs) in [("text", room.text, text), ("data", room.data, data)] {
        if needs > has {
            findings.add(diagnose::kernel_too_large(system, what, has, needs));
        }
    }
}
