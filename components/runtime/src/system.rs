//! The system calls, each as a function. What they need stands in the tables of the `abi` crate.
//!
//! A misused capability (an empty slot, another kind of object, a missing right) does not return: the
//! kernel ends the domain with a report. Components never call these; the types of this crate do.

use abi::{Badge, Call, SELF_SLOT, Slot, Status, Tag, Words};

use crate::arch::{self, system_call};
use crate::vm::Translation;
use crate::{Answer, Bits, Inspection, Message, WireError};

/// Enters the kernel and leaves it again, for benchmarks.
#[inline(always)]
pub fn null() {
    system_call(Call::Null, SELF_SLOT, &Message::call(0, []));
}

/// Sends a message and waits for the reply's words.
///
/// # Errors
///
/// What the server replied, or [`WireError::PeerGone`] if its domain stopped first.
#[inline(always)]
pub fn call(endpoint: Slot, message: &Message) -> Result<Words, WireError> {
    let answer = arch::call(Call::Call, endpoint, message);
    let outcome = Tag::from_bits(answer.tag).outcome();
    if answer.status | u32::from(outcome) == 0 { Ok(answer.words) } else { Err(call_error(&answer)) }
}

#[cold]
fn call_error(answer: &Answer) -> WireError {
    match Status::from_number(answer.status) {
        Some(Status::Ok) => WireError::from_outcome(Tag::from_bits(answer.tag).outcome()),
        Some(Status::PeerGone) => WireError::PeerGone,
        Some(Status::Notified | Status::Hardware) | None => WireError::Hardware,
    }
}

/// What ended a server's wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// A client calls.
    Message {
        /// Which port and which client.
        badge: Badge,
        /// The method's number.
        operation: u16,
        /// The words; unsent ones are zero.
        words: Words,
    },
    /// Bits of the thread's own notification.
    Notified(Bits),
    /// The client that was owed a reply has gone; nothing was received.
    ClientGone,
    /// The kernel refused.
    Refused,
}

impl From<Answer> for Received {
    #[inline(always)]
    fn from(answer: Answer) -> Self {
        const OK: u32 = Status::Ok as u32;
        const NOTIFIED: u32 = Status::Notified as u32;
        const PEER_GONE: u32 = Status::PeerGone as u32;
        match answer.status {
            OK => Self::Message {
                badge: Badge(answer.badge),
                operation: Tag::from_bits(answer.tag).operation(),
                words: answer.words,
            },
            NOTIFIED => Self::Notified(Bits(answer.words[0])),
            PEER_GONE => Self::ClientGone,
            _ => Self::Refused,
        }
    }
}

/// Waits for a message or for bits of the thread's notification. [`Received`] is what came.
#[inline(always)]
pub fn receive(endpoint: Slot) -> Answer {
    arch::receive(Call::Recv, endpoint, &Message::call(0, []))
}

/// Replies to the client that is owed a reply, then waits as [`receive`].
#[inline(always)]
pub fn reply_receive(endpoint: Slot, reply: &Message) -> Answer {
    arch::receive(Call::ReplyRecv, endpoint, reply)
}

/// Sets the capability's bits in its notification.
pub fn signal(notification: Slot) {
    system_call(Call::Signal, notification, &Message::call(0, []));
}

/// Waits for bits of the thread's own notification, and takes them.
pub fn wait(notification: Slot) -> Bits {
    Bits(system_call(Call::Wait, notification, &Message::call(0, [])).words[0])
}

/// Takes the notification's bits without waiting; perhaps none.
pub fn poll(notification: Slot) -> Bits {
    Bits(system_call(Call::Poll, notification, &Message::call(0, [])).words[0])
}

/// Says that the interrupt's device has been served.
pub fn acknowledge(irq: Slot) {
    system_call(Call::IrqAck, irq, &Message::call(0, []));
}

/// Signals the timer's bits once the time base has reached the deadline, in ticks.
pub fn arm(timer: Slot, deadline: u64) {
    arm_every(timer, deadline, 0);
}

/// The same, and again after each period, in ticks; 0 is once.
pub fn arm_every(timer: Slot, first: u64, period: u64) {
    let words = [(first >> 32) as u32, first as u32, (period >> 32) as u32, period as u32];
    system_call(Call::TimerArm, timer, &Message::call(0, words));
}

/// Forgets the timer's deadline.
pub fn cancel(timer: Slot) {
    system_call(Call::TimerCancel, timer, &Message::call(0, []));
}

/// Lets the others of the thread's priority run first.
pub fn give_way() {
    system_call(Call::Yield, SELF_SLOT, &Message::call(0, []));
}

/// Stops a domain; one that has stopped stays so.
///
/// # Errors
///
/// What the kernel answers; today nothing but done.
pub fn stop(domain: Slot) -> Result<(), WireError> {
    words(&system_call(Call::Stop, domain, &Message::call(0, []))).map(drop)
}

/// Starts a domain afresh, whether it runs or has stopped.
///
/// # Errors
///
/// What the kernel answers; today nothing but done.
pub fn restart(domain: Slot) -> Result<(), WireError> {
    words(&system_call(Call::Restart, domain, &Message::call(0, []))).map(drop)
}

/// Says what a domain is at.
pub fn inspect(domain: Slot) -> Inspection {
    let [running, generation, faults, ..] = system_call(Call::Inspect, domain, &Message::call(0, [])).words;
    Inspection { running: running != 0, generation, faults }
}

/// A domain's counters, in the order of [`abi::Counter`].
pub fn counters(domain: Slot) -> Words {
    system_call(Call::Counters, domain, &Message::call(0, [])).words
}

/// Eight registers of a thread from the first on.
pub fn read_registers(thread: Slot, first: u32) -> Words {
    system_call(Call::ReadRegisters, thread, &Message::call(0, [first])).words
}

/// Writes a register of a thread that waits for its fault handler.
///
/// # Errors
///
/// [`WireError::PeerGone`] if it does not.
pub fn write_register(thread: Slot, register: u32, value: u32) -> Result<(), WireError> {
    words(&system_call(Call::WriteRegister, thread, &Message::call(0, [register, value]))).map(drop)
}

/// The physical address of a region, and its bytes.
pub fn locate(region: Slot) -> (u64, u32) {
    let [upper, lower, bytes, ..] = system_call(Call::Locate, region, &Message::call(0, [])).words;
    (u64::from(upper) << 32 | u64::from(lower), bytes)
}

/// Reads a device control register by its number within the range.
///
/// # Errors
///
/// [`WireError::Hardware`] if the machine has no such register.
pub fn read_dcr(range: Slot, number: u32) -> Result<u32, WireError> {
    words(&system_call(Call::DcrRead, range, &Message::call(0, [number]))).map(|[value, ..]| value)
}

/// Writes a device control register by its number within the range.
///
/// # Errors
///
/// Those of [`read_dcr`].
pub fn write_dcr(range: Slot, number: u32, value: u32) -> Result<(), WireError> {
    words(&system_call(Call::DcrWrite, range, &Message::call(0, [number, value]))).map(drop)
}

/// Becomes the guest of a virtual CPU until it exits, which is no bits, or until bits of the thread's notification are
/// signalled, which are taken.
#[inline(always)]
pub fn run_vcpu(vcpu: Slot) -> Bits {
    Bits(arch::call(Call::VcpuRun, vcpu, &Message::call(0, [])).words[0])
}

/// Translates an effective address as the guest's next data access would.
pub fn translate(vcpu: Slot, effective: u32) -> Option<Translation> {
    let words = system_call(Call::VcpuTranslate, vcpu, &Message::call(0, [effective])).words;
    let [found, upper, lower, rights, ..] = words;
    let physical = u64::from(upper) << 32 | u64::from(lower);
    (found != 0).then_some(Translation { physical, rights })
}

/// What a call without a peer's reply answers.
fn words(answer: &Answer) -> Result<Words, WireError> {
    if answer.status == Status::Ok as u32 { Ok(answer.words) } else { Err(call_error(answer)) }
}

/// Ends the node's run with an exit code.
pub fn halt(node: Slot, code: u32) -> ! {
    arch::leave(Call::HaltNode, node, [code, 0])
}

/// Ends the calling thread with an exit code.
pub fn exit(code: u32) -> ! {
    arch::leave(Call::Exit, SELF_SLOT, [code, 0])
}

/// Ends the calling domain with a report that carries the text.
pub fn fail(text: &str) -> ! {
    arch::leave(Call::Fail, SELF_SLOT, [text.as_ptr() as usize as u32, text.len() as u32])
}

/// The time base: ticks since the node started.
#[inline]
pub fn now() -> u64 {
    arch::time()
}
