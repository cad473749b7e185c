//! A virtual machine on the host: a monitor's tests say what its guest does.

use std::boxed::Box;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::vec;
use std::vec::Vec;

use abi::vcpu::VcpuState;
use abi::{Badge, Words};

use crate::vm::{
    Devices, GuestMemory, KernelImage, OutOfRange, Reaction, Translation, VirtualMachine, VmSpec, offset,
};
use crate::{Bits, Message, WireError};

/// What happens when the guest runs: it changes state and memory as a guest and the kernel would, and answers the bits
/// that end the run.
pub type Guest = Box<dyn FnMut(&mut VcpuState, &mut HostMemory) -> Bits>;

/// A guest's RAM as bytes of the host.
#[derive(Clone, Debug)]
pub struct HostMemory {
    base: u64,
    bytes: Vec<u8>,
}

impl HostMemory {
    /// RAM of zeros.
    pub fn new(base: u64, bytes: u32) -> Self {
        Self { base, bytes: vec![0; bytes as usize] }
    }

    /// All of it.
    pub fn all(&self) -> &[u8] {
        &self.bytes
    }
}

impl GuestMemory for HostMemory {
    fn base(&self) -> u64 {
        self.base
    }

    fn bytes(&self) -> u32 {
        self.bytes.len() as u32
    }

    fn read(&self, physical: u64, into: &mut [u8]) -> Result<(), OutOfRange> {
        let start = offset(self.base, self.bytes(), physical, into.len())?;
        into.copy_from_slice(&self.bytes[start..start + into.len()]);
        Ok(())
    }

    fn write(&mut self, physical: u64, from: &[u8]) -> Result<(), OutOfRange> {
        let start = offset(self.base, self.bytes(), physical, from.len())?;
        self.bytes[start..start + from.len()].copy_from_slice(from);
        Ok(())
    }

    fn clear(&mut self, physical: u64, bytes: u32) -> Result<(), OutOfRange> {
        let start = offset(self.base, self.bytes(), physical, bytes as usize)?;
        self.bytes[start..start + bytes as usize].fill(0);
        Ok(())
    }
}

/// A virtual machine whose guest is a closure.
pub struct HostMachine {
    /// The state that monitor and guest share.
    pub state: Box<VcpuState>,
    /// The guest's RAM.
    pub memory: HostMemory,
    /// What a run does.
    pub guest: Guest,
    /// The pages of 4 KiB that the guest's TLB maps: from the effective address of each.
    pub pages: BTreeMap<u32, Translation>,
    /// What the spec says of the machine; its time base is that of QEMU's `bamboo`.
    pub spec: VmSpec<'static>,
    /// Who calls, and what they want; a call ends a run, or a wait, with [`HostMachine::CALLS`].
    pub callers: Rc<RefCell<VecDeque<(Badge, u16, Words)>>>,
    /// What they were answered.
    pub answers: Rc<RefCell<Vec<Result<Words, WireError>>>>,
    /// What happens while the guest stands still: the bits that end the wait.
    pub idle: Box<dyn FnMut() -> Bits>,
    deferred: Bits,
    /// How many of the callers have been reported.
    reported: usize,
}

impl HostMachine {
    /// The bits of a call.
    pub const CALLS: Bits = Bits(1 << 30);

    /// A machine with `bytes` of RAM at 0, nothing to start, and a guest that a closure plays.
    pub fn new(bytes: u32, guest: impl FnMut(&mut VcpuState, &mut HostMemory) -> Bits + 'static) -> Self {
        Self {
            state: Box::new(VcpuState::ZERO),
            memory: HostMemory::new(0, bytes),
            guest: Box::new(guest),
            pages: BTreeMap::new(),
            spec: VmSpec {
                kernel: KernelImage { bytes: &[], load: 0, entry: 0 },
                initrd: None,
                command_line: "",
                devices: Devices::default(),
                disks: &[],
                number: 0,
                frequency: 400_000_000,
                on_reset: Reaction::Stop,
                on_panic: None,
                on_death: Reaction::Stop,
            },
            callers: Rc::default(),
            answers: Rc::default(),
            idle: Box::new(|| panic!("nothing would ever end this wait")),
            deferred: Bits::NONE,
            reported: 0,
        }
    }

    /// Whether somebody calls who was not reported yet: a notification tells it once.
    fn is_called(&mut self) -> bool {
        let callers = self.callers.borrow().len();
        core::mem::replace(&mut self.reported, callers) < callers
    }
}

impl VirtualMachine for HostMachine {
    type Memory = HostMemory;

    fn state(&mut self) -> &mut VcpuState {
        &mut self.state
    }

    fn run(&mut self) -> Bits {
        let deferred = core::mem::take(&mut self.deferred);
        if !deferred.is_empty() {
            return deferred;
        }
        if self.is_called() {
            return Self::CALLS;
        }
        (self.guest)(&mut self.state, &mut self.memory)
    }

    fn wait(&mut self) -> Bits {
        if self.is_called() { Self::CALLS } else { (self.idle)() }
    }

    fn defer(&mut self, bits: Bits) {
        self.deferred = self.deferred | bits;
    }

    fn calls(&self) -> Bits {
        Self::CALLS
    }

    fn serve(&mut self, mut answer: impl FnMut(Badge, u16, &Words) -> Result<Message, WireError>) {
        loop {
            // A call's answer may be that another calls.
            let caller = self.callers.borrow_mut().pop_front();
            let Some((badge, operation, words)) = caller else { break };
            let answered = answer(badge, operation, &words);
            self.answers.borrow_mut().push(answered.map(|message| *message.registers()));
        }
        self.reported = 0;
    }

    fn translate(&mut self, effective: u32) -> Option<Translation> {
        let page = self.pages.get(&(effective & !0xFFF))?;
        Some(Translation { physical: page.physical | u64::from(effective & 0xFFF), ..*page })
    }

    fn memory(&mut self) -> &mut HostMemory {
        &mut self.memory
    }

    fn parts(&mut self) -> (&mut VcpuState, &mut HostMemory) {
        (&mut self.state, &mut self.memory)
    }

    fn spec(&self) -> &VmSpec<'_> {
        &self.spec
    }
}
