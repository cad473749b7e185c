//! The first step, before anything is compiled: every number that is compiled into a domain.
//!
//! A domain's program is linked at fixed places of its own space, and everything whose size somebody
//! declared has its effective address now. So no address depends on a measured size, and the second step,
//! [`place`](crate::place()), needs no fixpoint.

mod bits;
mod lower;
mod numbers;
mod objects;
pub(crate) mod physical;
mod slices;
mod slots;
mod spaces;
mod trace;
mod vms;

#[cfg(test)]
mod tests;

use composer_model::{DomainId, InstanceId, Origin, System};
use composer_syntax::{Diagnostic, Severity};
use ppc440::tlb::Attributes;

pub(crate) use numbers::TooMany;
pub(crate) use objects::{Objects, VcpuObject};
pub(crate) use physical::{DeviceGrant, ram};

use crate::input::GuestPayload;
use crate::lowered::{GuestImage, Program};
use crate::{Access, Claim, IntervalMap, Owner, Range, Space, User, diagnose, window};
use numbers::Numbers;
use spaces::Spaces;

/// Everything that is decided before compiling.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who owns what so far: all effective addresses but those of programs; of the physical ones, the
    /// board's, the kernel's and the pinned.
    pub map: IntervalMap,
    /// What generation prints of the domains.
    pub program: Program,
    /// What is likely not meant, though it can be built.
    pub warnings: Vec<Diagnostic>,
    /// RAM that waits for its physical place.
    pub(crate) declared: Vec<Declared>,
    /// Pages of devices.
    pub(crate) devices: Vec<DeviceMapping>,
    /// What guests start with, once that is known.
    pub(crate) guests: Vec<GuestPayload>,
    /// The kernel's objects.
    pub(crate) objects: Objects,
    /// Physical address of the first core's data.
    pub(crate) core: u64,
}

/// RAM of a declared size, which domains map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Declared {
    /// What it is.
    pub(crate) owner: Owner,
    /// Bytes, whole pages.
    pub(crate) size: u64,
    /// Its physical address, if the spec pins it: then the map has it already.
    pub(crate) pin: Option<u64>,
    /// Who sees it where.
    pub(crate) mappings: Vec<Mapping>,
    /// Who asked for it.
    pub(crate) origin: Origin,
    /// Who reaches it, if not one domain alone.
    pub(crate) users: Vec<User>,
    /// What may be done with it.
    pub(crate) access: Access,
    /// What it holds when the node starts, if not zeros.
    pub(crate) contents: Option<DiskContents>,
}

/// A disk whose first contents lie in the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DiskContents {
    /// The instance that runs the guest.
    pub(crate) instance: InstanceId,
    /// Which of its disks.
    pub(crate) number: usize,
    /// Bytes of contents.
    pub(crate) bytes: u64,
}

/// A view of a domain on memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    /// The domain.
    pub(crate) domain: DomainId,
    /// Effective address.
    pub(crate) virt: u64,
}

/// A view of a domain on devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeviceMapping {
    /// The domain.
    pub(crate) domain: DomainId,
    /// Effective address of the first page.
    pub(crate) virt: u64,
    /// Physical address of the first page.
    pub(crate) physical: u64,
    /// Bytes, whole pages.
    pub(crate) size: u64,
    /// Rights and attributes.
    pub(crate) attributes: Attributes,
    /// What lies there.
    pub(crate) owner: String,
}

impl Plan {
    /// The same plan with what guests start with.
    ///
    /// # Panics
    ///
    /// When a payload is for an instance that runs no guest.
    #[must_use]
    pub fn with_guests(mut self, system: &System, guests: Vec<GuestPayload>) -> Self {
        for guest in &guests {
            let domain = &mut self.program.domains[system[guest.instance].domain.0];
            let name = &system[guest.instance].name;
            let instance = domain.instances.iter_mut().find(|instance| instance.name == *name);
            let vm = instance.and_then(|instance| instance.vm.as_mut()).expect("it runs a guest");
            vm.load = guest.load;
            vm.entry = guest.entry;
            vm.kernel.size = guest.kernel as u32;
            let address = window::GUEST_INITRD as u32;
            vm.initrd = guest.initrd.map(|bytes| GuestImage { address, size: bytes as u32 });
        }
        self.guests = guests;
        self
    }

    /// Where a space has the trace's ring, if it sees one.
    pub(crate) fn trace_in(&self, space: &Space) -> Option<Range> {
        self.map.claims(space).find(|claim| claim.owner == Owner::Trace).map(|claim| claim.range)
    }
}

/// What a pass finds, errors and warnings.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    found: Vec<Diagnostic>,
}

impl Findings {
    /// Adds one.
    pub(crate) fn add(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Enters a claim, or says why not.
    pub(crate) fn claim(&mut self, map: &mut IntervalMap, claim: Claim) {
        if let Err(refusal) = map.claim(claim) {
            self.found.push(diagnose::refused(refusal));
        }
    }

    /// The warnings, if there is no error.
    ///
    /// # Errors
    ///
    /// Everything found, if one of them is an error.
    pub(crate) fn finish(self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        let failed = self.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        if failed { Err(self.found) } else { Ok(self.found) }
    }
}

/// Plans a system.
///
/// # Errors
///
/// Everything that does not fit, is claimed twice, or breaks a rule of protection.
pub fn plan(system: &System) -> Result<Plan, Vec<Diagnostic>> {
    let numbers = Numbers::of(system).map_err(|error| vec![diagnose::too_many(system, &error)])?;
    let mut findings = Findings::default();
    let mut map = IntervalMap::new();

    physical::claim_board(system, &mut findings, &mut map);
    physical::claim_pins(system, &mut findings, &mut map);
    physical::claim_kernel_views(system, &mut findings, &mut map);
    let core = physical::claim_cores(system, &mut findings, &mut map);
    physical::check_console_page(system, &mut findings);
    let mut spaces = Spaces::default();
    vms::claim(system, &mut findings, &mut map, &mut spaces);
    spaces::assign(system, &mut findings, &mut map, &mut spaces);
    trace::claim(system, &mut findings, &mut map, &mut spaces);

    // Whether what is declared fits beside the kernel does not depend on how large programs turn out.
    crate::place::declared_fits(system, &spaces.declared, &map, &mut findings);
    let warnings = findings.finish()?;

    let bits: Vec<_> = system.domains.iter().map(|domain| bits::assign(system, domain)).collect();
    let slots = slots::assign(system, &numbers, &bits);
    let program = lower::program(system, &numbers, &bits, &slots, &spaces);
    let objects = objects::of(system, &numbers, &bits, slots);
    let core = core.expect("an error says why it has no place");
    Ok(Plan {
        map,
        program,
        warnings,
        declared: spaces.declared,
        devices: spaces.device_mappings,
        guests: vec![],
        objects,
        core,
    })
}
