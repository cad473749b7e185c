//! A domain's notification has 32 bits, which its wires, devices and timers share.

use composer_syntax::{Code, Diagnostic, Diagnostics};
use manifest::{GrantKind, Manifest};

use crate::draft::Draft;
use crate::system::WireKind;

/// Bits of a notification.
const BITS: usize = 32;

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    for domain in 0..draft.domains.len() {
        let shares = shares(draft, domain);
        let sum: usize = shares.iter().map(|share| share.bits).sum();
        if sum > BITS {
            found.push(too_many(draft, domain, &shares, sum));
        }
    }
}

/// Bits that one instance takes.
struct Share {
    instance: usize,
    bits: usize,
    of: String,
}

fn shares(draft: &Draft<'_>, domain: usize) -> Vec<Share> {
    let members = draft.domains[domain].instances.iter();
    let share = |&instance: &usize| {
        let required = draft.wires.iter().filter(|wire| wire.client == instance && wire.is_remote());
        let served = draft.wires.iter().filter(|wire| wire.provider == instance && wire.is(WireKind::Ring));
        let wires = required.map(|wire| client_bits(draft, wire)).sum::<usize>() + served.count();
        let devices = draft.devices.iter().filter(|device| device.instance == instance);
        let irqs = devices
            .filter(|device| draft.board.is_some_and(|board| board.devices[device.device.0].irq.is_some()))
            .count();
        let timers = draft.instances[instance].manifest.map_or(0, |manifest| manifest.timers.len());
        // A machine may have to take turns with its equals, and may be called.
        let has_vm = draft.instances[instance].manifest.is_some_and(|manifest| manifest.vm.is_some());
        let (wires, timers) = (wires + usize::from(has_vm), timers + usize::from(has_vm));
        let ends = draft.instances[instance].manifest.map_or(0, controls);
        let mut of = format!("{wires} for wires, {irqs} for interrupts, {timers} for timers");
        if ends > 0 {
            of += &format!(", {ends} for `Control`");
        }
        Share { instance, bits: wires + irqs + timers + ends, of }
    };
    members.map(share).collect()
}

/// One bit for each domain whose end an instance learns.
fn controls(manifest: &Manifest) -> usize {
    manifest.grants.iter().filter(|port| port.value == GrantKind::Control).count()
}

/// One bit for each event of a wire and, if it has any, one that says that the provider is gone. A ring
/// has that one always, and one more that wakes its client.
fn client_bits(draft: &Draft<'_>, wire: &crate::draft::Wire<'_>) -> usize {
    let speaks = &draft.required(wire).value;
    let interface =
        draft.interfaces.iter().find(|one| one.name == speaks.name && one.version == speaks.version);
    let events = interface.map_or(0, |interface| interface.events.len());
    match wire.is(WireKind::Ring) {
        true => events + 2,
        false if events > 0 => events + 1,
        false => 0,
    }
}

fn too_many(draft: &Draft<'_>, domain: usize, shares: &[Share], sum: usize) -> Diagnostic {
    let name = &draft.domains[domain].name.value;
    let message = format!("the domain `{name}` needs {sum} notification bits; there are {BITS}");
    let largest = (0..shares.len()).rev().max_by_key(|&index| shares[index].bits);
    let mut diagnostic = Diagnostic::error(Code::TooManySignals, message)
        .note("each timer, each interrupt, each `Control` and each event of a wire to another domain takes one, and a wire with events one more; a `Ring` takes two beside its events, and one at its provider")
        .help("divide the instances over more domains");
    for (index, share) in shares.iter().enumerate().filter(|(_, share)| share.bits > 0) {
        let label = format!("`{}` takes {}: {}", draft.name(share.instance), share.bits, share.of);
        let span = draft.instances[share.instance].key.span;
        diagnostic = match Some(index) == largest {
            true => diagnostic.primary(span, label),
            false => diagnostic.secondary(span, label),
        };
    }
    diagnostic
}
