//! The remote end of gdb. A core is a thread: core 0 is thread 1.
//!
//! The protocol is `gdbstub`'s; here is what it asks of a node. The node stands still while gdb thinks, in virtual time
//! as well. A step goes one core an instruction further while the others stand; going on goes on for all.

mod registers;
mod target;
mod wire;

use super::signals::Signals;
use bgp_sim::{Event, Node};
use gdbstub::common::{Signal, Tid};
use gdbstub::conn::ConnectionExt as _;
use gdbstub::stub::run_blocking::{self, BlockingEventLoop, WaitForStopReasonError};
use gdbstub::stub::{DisconnectReason, GdbStub, MultiThreadStopReason};
use std::convert::Infallible;
use std::io::Write as _;
use std::marker::PhantomData;
use target::{Debuggee, thread_of};
use wire::Wire;

/// Virtual cycles between looks at what gdb says.
const SLICE: u64 = 1_000_000;

/// Hears of what happens in a node, as whoever runs it does.
pub(super) trait Hears {
    /// An event; the exit status if the node can go no further.
    fn take(&mut self, event: Event) -> Option<u8>;
}

/// How a debugger left a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// It goes on without a debugger.
    Detached,
    /// The run has ended, with this status or the debugger's wish.
    Ended(Option<u8>),
    /// A signal asks to end.
    Signalled,
}

/// What a core that is not to go on has stopped for.
type Stopped = MultiThreadStopReason<u32>;

/// Waits for gdb at a port or a socket and obeys it.
///
/// # Errors
/// The place cannot be listened at, or the protocol is broken.
pub(super) fn obey(node: &mut Node, hears: &mut dyn Hears, place: &str) -> Result<Left, String> {
    let Some(wire) = Wire::accept(place, Signals::take())? else { return Ok(Left::Signalled) };
    node.bus.debugger = Some(Box::default());
    let mut debuggee = Debuggee::new(node, hears);
    let farewell = wire.second();
    let outcome = GdbStub::new(wire).run_blocking::<Loop<'_>>(&mut debuggee);
    let status = debuggee.status;
    node.bus.debugger = None;
    match outcome {
        Ok(DisconnectReason::Disconnect) => Ok(Left::Detached),
        Ok(DisconnectReason::Kill) => {
            // gdb waits for an answer to `vKill`, which the stub gives in extended mode only. If it does not wait, it is gone.
            let _ = farewell.and_then(|mut stream| stream.write_all(b"$OK#9a"));
            Ok(Left::Ended(None))
        }
        Ok(DisconnectReason::TargetExited(_) | DisconnectReason::TargetTerminated(_)) => {
            Ok(Left::Ended(status))
        }
        Err(error) if error.is_connection_error() => match error.into_connection_error() {
            Some((error, _)) if error.kind() == std::io::ErrorKind::Interrupted => Ok(Left::Signalled),
            // gdb is gone without a word.
            _ => Ok(Left::Ended(None)),
        },
        Err(error) => Err(format!("gdb's protocol: {error}")),
    }
}

/// Lets the node run while gdb is silent.
struct Loop<'a>(PhantomData<&'a ()>);

impl<'a> BlockingEventLoop for Loop<'a> {
    type Target = Debuggee<'a>;
    type Connection = Wire;
    type StopReason = Stopped;

    fn wait_for_stop_reason(
        target: &mut Debuggee<'a>,
        wire: &mut Wire,
    ) -> Result<run_blocking::Event<Stopped>, WaitForStopReasonError<Infallible, std::io::Error>> {
        loop {
            if let Some(stopped) = advance(target) {
                return Ok(run_blocking::Event::TargetStopped(stopped));
            }
            if wire.peek().map_err(WaitForStopReasonError::Connection)?.is_some() {
                let byte = wire.read().map_err(WaitForStopReasonError::Connection)?;
                return Ok(run_blocking::Event::IncomingData(byte));
            }
        }
    }

    fn on_interrupt(_: &mut Debuggee<'a>) -> Result<Option<Stopped>, Infallible> {
        Ok(Some(Stopped::Signal(Signal::SIGINT)))
    }
}

/// Has the node do what gdb asked for, for a while; why it stopped, if it did.
fn advance(target: &mut Debuggee<'_>) -> Option<Stopped> {
    let trap = |core: usize, signal| Stopped::SignalWithThread { tid: thread_of(core), signal };
    let (events, stepped) = match target.stepping {
        Some(core) => (target.node.step(core), Some(core)),
        None => {
            let time = target.node.time().saturating_add(SLICE);
            (target.node.run_until(time), None)
        }
    };
    let mut stopped = stepped.map(|core| trap(core, Signal::SIGTRAP));
    for event in events {
        let why = match &event {
            Event::Stopped { core } if stepped.is_none() => Some(Stopped::SwBreak(thread_of(*core))),
            Event::Unmodelled(what) => Some(trap(what.core, Signal::SIGSYS)),
            Event::Undeliverable(_) => Some(Stopped::Signal(Signal::SIGSYS)),
            Event::Idle => Some(Stopped::Signal(Signal::SIGSTOP)),
            _ => None,
        };
        let reset = matches!(event, Event::Reset { .. });
        // A stop at a breakpoint concerns nobody else.
        let status = if matches!(event, Event::Stopped { .. }) { None } else { target.hears.take(event) };
        if reset {
            target.status = status;
            return Some(Stopped::Exited(status.unwrap_or(0)));
        }
        stopped = why.or(stopped);
    }
    stopped
}

/// The core of a thread.
fn core_of(thread: Tid) -> usize {
    thread.get() - 1
}
