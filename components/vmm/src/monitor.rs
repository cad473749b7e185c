//! The monitor of one machine: it runs the guest, and completes what the guest asks of devices.

mod bytes;
mod words;

use abi::vcpu::{Exit, ExitReason, REQUEST_FLOATS};
use interfaces::console;
use interfaces::{Console, Ethernet, machine};
use runtime::vm::{GuestMemory, VirtualMachine, VmSpec};
use runtime::{Bits, Buffer, Choice, Client, Off, Timer, WireError};

use crate::access::{self, Operation, Pages, Reached, Reservation};
use crate::boot::{self, BootError};
use crate::costs::Meter;
use crate::devices::{Devices, Slots};
use crate::exits::Exits;
use crate::interrupt::{self, MSR_ME};
use crate::lifecycle::Lifecycle;
use crate::panic::Listener;
use crate::policy::Policy;

/// DBCR0: the guest has reset its processor (PPC440 user's manual, debug control register 0).
const DBCR0_RST: u32 = 0x3000_0000;

/// Orders have no slices.
const NO_BUFFERS: [Buffer<'static>; 0] = [];

/// Why a guest has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It has reset its processor.
    Reset,
    /// Its watchdog has.
    Watchdog,
    /// One of the two, after it has said that it panics; only where the spec tells that apart.
    Panic,
    /// It cannot go on.
    Died(&'static str),
    /// It could go on, but somebody has ordered otherwise.
    Ordered,
}

/// The monitor of one machine.
pub struct Monitor<V, C, T, N, M: Choice = Off> {
    vm: V,
    console: C,
    timer: T,
    devices: Devices<N>,
    exits: Exits,
    /// What exits cost, if the spec asks for it.
    meter: M::Of<Meter>,
    /// Listens to what the guest says, if the spec wants to know of panics.
    listener: Option<Listener>,
    reservation: Reservation,
    /// Whether the guest is to run, as others order.
    pub life: Lifecycle,
    /// The console may hold input.
    has_input: bool,
    /// The timer will show what has been written.
    is_armed: bool,
}

impl<V: VirtualMachine, C: Console, T: Timer, N: Ethernet, M: Choice> Monitor<V, C, T, N, M> {
    /// A machine that is off, on a network if there is one.
    pub fn new(vm: V, console: C, timer: T, network: Option<N>) -> Self {
        let virtio = Slots::new(&vm, network);
        let listener = vm.spec().on_panic.map(|_| Listener::new());
        Self {
            vm,
            console,
            timer,
            devices: Devices::new(virtio),
            exits: Exits::new(),
            meter: M::of(Meter::new()),
            listener,
            reservation: None,
            life: Lifecycle::new(),
            has_input: true,
            is_armed: false,
        }
    }

    /// The machine.
    pub const fn vm(&mut self) -> &mut V {
        &mut self.vm
    }

    /// What the spec wants when the guest ends.
    pub fn policy(&self) -> Policy {
        let VmSpec { on_reset, on_panic, on_death, .. } = *self.vm.spec();
        Policy::new(on_reset, on_panic, on_death)
    }

    /// Asks the network which address the guest has, if it gives it one.
    ///
    /// # Errors
    ///
    /// What the network answers.
    pub fn join_network(&mut self) -> Result<(), WireError> {
        self.devices.virtio.join(&self.vm)
    }

    /// Copies kernel, device tree and first file system and resets processor and devices.
    ///
    /// # Errors
    ///
    /// [`BootError`]; the guest must not run then.
    pub fn boot(&mut self) -> Result<(), BootError> {
        self.devices.reset::<V::Memory>();
        self.reservation = None;
        self.pause();
        self.hear_afresh();
        self.life.begins();
        boot::boot(&mut self.vm, self.devices.virtio.windows())
    }

    /// Waits for orders while the guest stands still.
    ///
    /// # Errors
    ///
    /// What the console answers.
    pub fn rest(&mut self) -> Result<(), WireError> {
        self.pause();
        let bits = self.vm.wait();
        self.look_outside(bits)
    }

    /// What the guest has said before is of an earlier life.
    fn hear_afresh(&mut self) {
        self.listener = self.listener.map(|_| Listener::new());
    }

    /// Nobody works for the guest now.
    fn pause(&mut self) {
        if let Some(meter) = M::get(&mut self.meter) {
            meter.pauses();
        }
    }

    /// Lets the guest run once, and measures that if the spec asks for it.
    #[inline(always)]
    fn enter(&mut self) -> Bits {
        if let Some(meter) = M::get(&mut self.meter) {
            meter.enters(&mut self.vm.state().costs, self.timer.now());
        }
        let bits = self.vm.run();
        if let Some(meter) = M::get(&mut self.meter) {
            meter.leaves(self.vm.state(), bits, self.timer.now());
        }
        bits
    }

    /// Runs the guest until it cannot go on, or is not to.
    ///
    /// # Errors
    ///
    /// What the console answers.
    pub fn run(&mut self) -> Result<End, WireError> {
        loop {
            self.vm.state().lines = self.devices.uic.lines();
            let bits = self.enter();
            if !bits.is_empty() {
                self.look_outside(bits)?;
                if !self.life.goes_on() {
                    return Ok(End::Ordered);
                }
                continue;
            }
            let state = self.vm.state();
            let exit = state.exit;
            self.exits.record(&exit, state.pc);
            match ExitReason::from_number(exit.reason) {
                Some(ExitReason::DcrRead) => {
                    let target = (exit.instruction >> 21 & 31) as usize;
                    state.gpr[target] = self.devices.read_register(exit.physical);
                    state.pc = state.pc.wrapping_add(4);
                }
                Some(ExitReason::DcrWrite) => {
                    let source = (exit.instruction >> 21 & 31) as usize;
                    self.devices.write_register(exit.physical, state.gpr[source]);
                    state.pc = state.pc.wrapping_add(4);
                }
                Some(ExitReason::Access) => {
                    let (state, memory) = self.vm.parts();
                    if access::perform_plainly(state, &exit, &mut self.devices, memory).is_some() {
                        state.pc = state.pc.wrapping_add(4);
                    } else {
                        self.access(&exit)?;
                    }
                    self.serve_devices()?;
                }
                Some(ExitReason::Fetch) => {
                    if !interrupt::fetch_error(state) {
                        return Ok(End::Died(
                            "it jumped to where there is no memory, with machine checks off",
                        ));
                    }
                }
                Some(ExitReason::Reset) if self.listener.is_some_and(|it| it.has_panicked()) => {
                    return Ok(End::Panic);
                }
                // Only the guest itself writes there.
                Some(ExitReason::Reset) if state.dbcr[0] & DBCR0_RST != 0 => return Ok(End::Reset),
                Some(ExitReason::Reset) => return Ok(End::Watchdog),
                Some(ExitReason::Signalled) => {}
                Some(ExitReason::Step | ExitReason::Breakpoint | ExitReason::Instruction) | None => {
                    return Ok(End::Died("its run ended for a reason that nobody asked for"));
                }
            }
        }
    }

    /// Completes any load, store or cache instruction that met no RAM.
    #[inline(never)]
    fn access(&mut self, exit: &Exit) -> Result<(), WireError> {
        let Some(instruction) = access::decode(self.instruction(exit)) else {
            interrupt::illegal(self.vm.state());
            return Ok(());
        };
        if instruction.operation.is_float() && exit.floats == 0 {
            self.fetch_floats();
        }
        let outcome = access::extent(self.vm.state(), &instruction).and_then(|extent| {
            let operation = instruction.operation;
            if operation == Operation::Cache {
                return Ok(());
            }
            let pages = Pages::find(&mut self.vm, exit, extent, operation.is_store())?;
            let (state, memory) = self.vm.parts();
            let checks = state.msr & MSR_ME != 0;
            let mut space = Reached { pages, memory, bus: &mut self.devices, checks, has_failed: false };
            access::perform(state, &instruction, extent, &mut space, &mut self.reservation)?;
            if space.has_failed {
                interrupt::note_bus_error(state);
            }
            Ok(())
        });
        let state = self.vm.state();
        match outcome {
            Ok(()) => state.pc = state.pc.wrapping_add(4),
            Err(trap) => interrupt::deliver(state, instruction.operation, trap),
        }
        Ok(())
    }

    /// The instruction of an exit. The kernel says 0, which is none, if it could not look without a miss.
    fn instruction(&mut self, exit: &Exit) -> u32 {
        if exit.instruction != 0 {
            return exit.instruction;
        }
        let pc = self.vm.state().pc;
        let physical = self.vm.translate(pc).map(|translation| translation.physical);
        physical.and_then(|physical| self.vm.memory().read_u32(physical).ok()).unwrap_or(0)
    }

    /// Has the kernel put the floating-point registers into the state.
    fn fetch_floats(&mut self) {
        let mut meanwhile = Bits::NONE;
        loop {
            self.vm.state().requests |= REQUEST_FLOATS;
            let bits = self.vm.run();
            if bits.is_empty() {
                break;
            }
            meanwhile = meanwhile | bits;
        }
        // The instruction is finished first: who stops the guest must not see it go on.
        if !meanwhile.is_empty() {
            self.vm.defer(meanwhile);
        }
    }

    /// Something has come from outside: an order, input, or the time to show what was written.
    fn look_outside(&mut self, bits: Bits) -> Result<(), WireError> {
        let calls = self.vm.calls();
        if bits.intersects(calls) {
            let life = &mut self.life;
            self.vm.serve(|badge, operation, words| {
                machine::dispatch(life, Client::of(badge), operation, words, &NO_BUFFERS)
            });
            if bits.without(calls).is_empty() {
                return Ok(());
            }
        }
        if !self.console.pending(console::READABLE.into())?.is_empty() {
            self.has_input = true;
        }
        self.devices.virtio.look_outside(self.vm.memory());
        if self.is_armed {
            // Whether it was the timer or not: the guest has paused, or is about to.
            self.timer.cancel();
            self.is_armed = false;
            self.show()?;
        }
        self.serve_devices()
    }

    /// Moves what devices hold, and looks at their interrupts.
    #[inline(always)]
    fn serve_devices(&mut self) -> Result<(), WireError> {
        let uart = &self.devices.uart;
        let has_output = uart.is_line_whole() || !self.is_armed && !uart.output().is_empty();
        if has_output || self.has_input || self.devices.virtio.has_console() {
            self.move_bytes()?;
        }
        self.devices.update::<V::Memory>();
        Ok(())
    }
}
