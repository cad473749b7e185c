//! A virtual machine whose virtual CPU is the kernel's.

#![expect(
    unsafe_code,
    reason = "the page that kernel and monitor share lies at an address that composer has chosen"
)]

use abi::vcpu::VcpuState;
use abi::{Badge, Slot, Words};

use super::turn::Turns;
use super::{Arrived, GuestRam, Slice, Translation, VirtualMachine, VmSpec};
use crate::system::{self, Received};
use crate::{Bits, Inbox, Message, WireError};

/// Where composer has put a virtual machine, and what the spec says of it.
#[derive(Clone, Copy, Debug)]
pub struct VmAt<'a> {
    /// The virtual CPU's capability.
    pub vcpu: Slot,
    /// Virtual address of the state page.
    pub state: usize,
    /// What the spec says of the machine.
    pub spec: VmSpec<'a>,
    /// How it learns of calls, if somebody can call.
    pub calls: Option<Calls>,
    /// Its turns with others of its priority, if there are any.
    pub slice: Option<Slice>,
}

/// How a monitor learns of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calls {
    /// Its endpoint.
    pub endpoint: Slot,
    /// What its thread is signalled when somebody calls.
    pub bits: Bits,
}

/// What a guest starts with, where composer has put it.
///
/// # Safety
///
/// 1. The `bytes` bytes from `address`, which is not zero, are mapped, readable, for as long as the program runs.
/// 2. Nobody ever writes them.
pub const unsafe fn image(address: usize, bytes: usize) -> &'static [u8] {
    // SAFETY: the caller's promises are those of a slice that lives for ever.
    unsafe { core::slice::from_raw_parts(core::ptr::with_exposed_provenance(address), bytes) }
}

/// A virtual machine of the kernel.
///
/// Holding one proves that its state page is mapped and is reached through it alone.
#[derive(Debug)]
pub struct Vm<'a> {
    inbox: Inbox<'a>,
    arrived: &'a Arrived,
    memory: GuestRam,
    turns: Turns,
    at: VmAt<'a>,
}

impl<'a> Vm<'a> {
    /// The machine at its place. `inbox` hands what arrives to `arrived`.
    ///
    /// # Safety
    ///
    /// 1. A page of [`VcpuState`] is mapped at `at.state`, a multiple of its size, readable and writable, for as long
    ///    as the program runs.
    /// 2. It is the page of the virtual CPU that `at.vcpu` names, so that the kernel changes it during a run only, and
    ///    there is one such value for it.
    pub const unsafe fn at(inbox: Inbox<'a>, arrived: &'a Arrived, memory: GuestRam, at: VmAt<'a>) -> Self {
        Self { inbox, arrived, memory, turns: Turns::new(at.slice), at }
    }
}

impl Vm<'_> {
    /// Runs the guest, with a look before at what has arrived.
    #[inline(never)]
    fn run_on(&mut self) -> Bits {
        self.turns.begin();
        self.inbox.look_aside();
        loop {
            let arrived = self.arrived.take();
            if !arrived.is_empty() {
                let others = self.turns.pass(arrived);
                if !others.is_empty() {
                    return others;
                }
            }
            let bits = system::run_vcpu(self.at.vcpu);
            if bits.is_empty() {
                return Bits::NONE;
            }
            self.inbox.arrived(bits);
        }
    }
}

impl VirtualMachine for Vm<'_> {
    type Memory = GuestRam;

    fn state(&mut self) -> &mut VcpuState {
        let state = core::ptr::with_exposed_provenance_mut::<VcpuState>(self.at.state);
        // SAFETY: the page is mapped and aligned, any bytes are a state, and the exclusive borrow of this only way to it
        // lasts as long as the reference: no run can begin meanwhile.
        unsafe { &mut *state }
    }

    #[inline(always)]
    fn run(&mut self) -> Bits {
        if self.turns.has_begun() && self.inbox.is_idle() && self.arrived.is_empty() {
            let bits = system::run_vcpu(self.at.vcpu);
            if bits.is_empty() {
                return bits;
            }
            self.inbox.arrived(bits);
        }
        self.run_on()
    }

    fn wait(&mut self) -> Bits {
        self.inbox.look_aside();
        loop {
            let arrived = self.turns.end(self.arrived.take());
            if !arrived.is_empty() {
                return arrived;
            }
            self.inbox.hear();
        }
    }

    fn defer(&mut self, bits: Bits) {
        self.arrived.add(bits);
    }

    fn serve(&mut self, mut answer: impl FnMut(Badge, u16, &Words) -> Result<Message, WireError>) {
        let Some(Calls { endpoint, .. }) = self.at.calls else { return };
        // The kernel never lets this thread wait for a call: when nobody is left, it says no bits.
        let mut answered = system::receive(endpoint);
        loop {
            answered = match Received::from(answered) {
                Received::Message { badge, operation, words } => {
                    let reply = answer(badge, operation, &words).unwrap_or_else(Message::refusal);
                    system::reply_receive(endpoint, &reply)
                }
                Received::Notified(bits) if !bits.is_empty() => {
                    self.inbox.arrived(bits);
                    system::receive(endpoint)
                }
                Received::ClientGone => system::receive(endpoint),
                Received::Notified(_) | Received::Refused => return,
            };
        }
    }

    fn calls(&self) -> Bits {
        self.at.calls.map_or(Bits::NONE, |calls| calls.bits)
    }

    fn translate(&mut self, effective: u32) -> Option<Translation> {
        system::translate(self.at.vcpu, effective)
    }

    fn memory(&mut self) -> &mut GuestRam {
        &mut self.memory
    }

    fn parts(&mut self) -> (&mut VcpuState, &mut GuestRam) {
        let state = core::ptr::with_exposed_provenance_mut::<VcpuState>(self.at.state);
        // SAFETY: as in `state`; the page is no part of the guest's RAM.
        (unsafe { &mut *state }, &mut self.memory)
    }

    fn spec(&self) -> &VmSpec<'_> {
        &self.at.spec
    }
}
