//! What guests start with: payloads, made before anything is compiled.

use std::fs;

use composer_layout::{GuestPart, GuestPayload};
use composer_model::{self as model, Checkout, Disk, InstanceId, System, Vm};
use composer_payload::{Cache, Context, Files, Payload, Request, Tools};
use composer_syntax::{Code, Diagnostic, Size};

use super::user;
use crate::failure::Failure;
use crate::progress::{Progress, Watched};

/// A guest's payload.
#[derive(Debug)]
pub(super) struct Guest {
    /// The instance that runs it.
    pub(super) instance: InstanceId,
    /// What it starts with.
    payload: Payload,
    /// First contents of its disks, in their order; nothing of those that are zero.
    disks: Vec<Vec<u8>>,
}

/// The payloads that a system needs.
pub(crate) fn requests(system: &System) -> Vec<Request> {
    let vms = system.instances.iter().filter_map(|instance| instance.vm.as_ref());
    let mut requests = Vec::new();
    for request in vms.map(request) {
        if !requests.contains(&request) {
            requests.push(request);
        }
    }
    requests
}

fn request(vm: &Vm) -> Request {
    match &vm.guest {
        model::Guest::Recipe { name, variant } => {
            Request::Recipe { name: name.clone(), variant: variant.clone() }
        }
        model::Guest::Files { kernel, initrd } => {
            Request::Files { kernel: kernel.clone(), initrd: initrd.clone() }
        }
    }
}

/// Prepares the payloads of all guests. What was made before is found.
pub(super) fn prepare(
    system: &System,
    checkout: &Checkout,
    progress: &mut dyn Progress,
) -> Result<Vec<Guest>, Failure> {
    let mut guests: Vec<Guest> = Vec::new();
    for (index, instance) in system.instances.iter().enumerate() {
        let Some(vm) = &instance.vm else { continue };
        progress.step("Preparing", &format!("the guest of {}", instance.name));
        let mut context = Context {
            checkout: checkout.root(),
            cache: Cache::of_user(),
            tools: Tools::of_machine(),
            watch: &mut Watched(progress),
        };
        let payload = composer_payload::prepare(&request(vm), &mut context)?;
        let disks = vm.disks.iter().map(contents).collect::<Result<_, _>>()?;
        guests.push(Guest { instance: InstanceId(index), payload, disks });
    }
    Ok(guests)
}

/// The first contents of a disk.
fn contents(disk: &Disk) -> Result<Vec<u8>, Failure> {
    let Some(path) = &disk.image else { return Ok(Vec::new()) };
    let failed = |why: &str| {
        let message = format!("cannot read `{}`: {why}", path.display());
        let diagnostic = Diagnostic::error(Code::CannotRead, message);
        user(vec![diagnostic.primary(disk.origin.span, "the disk begins with its contents")])
    };
    let bytes = fs::read(path).map_err(|error| failed(&error.to_string()))?;
    // Its size has been checked and given room.
    if bytes.len() as u64 == disk.bytes { Ok(bytes) } else { Err(failed("it has just changed")) }
}

/// Each kernel must lie in its guest's memory.
pub(super) fn fit(system: &System, guests: &[Guest]) -> Result<(), Failure> {
    let misfits = guests.iter().filter_map(|guest| {
        let vm = system[guest.instance].vm.as_ref()?;
        let why = guest.payload.kernel.fits(vm.memory).err()?;
        let message = format!("the guest's kernel does not fit its memory: {why}");
        let diagnostic = Diagnostic::error(Code::BadPayload, message)
            .primary(vm.memory_origin.span, format!("the guest has {}", Size(vm.memory)));
        Some(diagnostic.help(why.cure()))
    });
    let misfits: Vec<Diagnostic> = misfits.collect();
    if misfits.is_empty() { Ok(()) } else { Err(user(misfits)) }
}

impl Guest {
    /// The files that it is made of.
    pub(super) fn files(&self) -> &Files {
        &self.payload.files
    }

    /// What layout needs to know of it.
    pub(super) fn measured(&self) -> GuestPayload {
        let kernel = &self.payload.kernel;
        GuestPayload {
            instance: self.instance,
            kernel: kernel.bytes.len() as u64,
            load: kernel.load,
            entry: kernel.entry,
            initrd: self.payload.initrd.as_ref().map(|initrd| initrd.len() as u64),
        }
    }
}

/// The bytes of a part of a payload.
pub(super) fn bytes(guests: &[Guest], instance: InstanceId, part: GuestPart) -> &[u8] {
    let guest = guests.iter().find(|guest| guest.instance == instance);
    let guest = guest.expect("layout places what was measured");
    match part {
        GuestPart::Kernel => &guest.payload.kernel.bytes,
        GuestPart::Initrd => guest.payload.initrd.as_deref().unwrap_or_default(),
        GuestPart::Disk(number) => &guest.disks[number],
    }
}
