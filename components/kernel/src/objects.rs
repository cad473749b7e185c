//! The kernel's objects as they change: one array for each kind, sized by the spec.

use crate::context::Context;
use crate::list::{Linked, Links, List, ThreadId};
use abi::Badge;

/// What a thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// It has ended, or its domain has.
    Stopped,
    /// It could run; it is on its core's ready queue.
    Ready,
    /// It runs.
    Running,
    /// It waits for its notification.
    Waiting,
    /// It waits for a message on an endpoint or for its notification.
    Receiving,
    /// It has called, and waits on the endpoint's queue until the server takes the message.
    Queued {
        /// The endpoint.
        endpoint: u16,
    },
    /// It has called, and the server owes it the reply.
    AwaitingReply {
        /// The server.
        server: ThreadId,
    },
}

/// A thread.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Thread {
    /// Its registers. First, so that the address of a thread is the address of its registers.
    pub context: Context,
    /// What it is doing.
    pub run: Run,
    /// Its neighbours on the ready queue or on an endpoint's queue.
    pub links: Links,
    /// The caller that it owes a reply: at most one, and always in [`Run::AwaitingReply`] of this thread.
    pub owes: Option<ThreadId>,
    /// While queued on an endpoint: the badge that goes with its message.
    pub badge: Badge,
}

impl Thread {
    /// A thread that has not started.
    pub const STOPPED: Self =
        Self { context: Context::ZERO, run: Run::Stopped, links: Links::NONE, owes: None, badge: Badge(0) };
}

impl Linked for [Thread] {
    fn links(&mut self, id: ThreadId) -> &mut Links {
        &mut self[id.index()].links
    }
}

/// The storage of all objects, for a system of the given numbers.
#[derive(Debug)]
pub struct Storage<
    const THREADS: usize,
    const DOMAINS: usize,
    const ENDPOINTS: usize,
    const NOTIFICATIONS: usize,
    const TIMERS: usize,
> {
    threads: [Thread; THREADS],
    running: [bool; DOMAINS],
    callers: [List; ENDPOINTS],
    signals: [u32; NOTIFICATIONS],
    deadlines: [Option<u64>; TIMERS],
}

impl<const T: usize, const D: usize, const E: usize, const N: usize, const C: usize> Storage<T, D, E, N, C> {
    /// Objects of a system that has not started.
    pub const fn new() -> Self {
        Self {
            threads: [Thread::STOPPED; T],
            running: [false; D],
            callers: [List::EMPTY; E],
            signals: [0; N],
            deadlines: [None; C],
        }
    }

    /// The objects, without their numbers in the type.
    pub fn objects(&mut self) -> Objects<'_> {
        Objects {
            threads: &mut self.threads,
            running: &mut self.running,
            callers: &mut self.callers,
            signals: &mut self.signals,
            deadlines: &mut self.deadlines,
        }
    }
}

impl<const T: usize, const D: usize, const E: usize, const N: usize, const C: usize> Default
    for Storage<T, D, E, N, C>
{
    fn default() -> Self {
        Self::new()
    }
}

/// All objects of a system; each slice has the length of the table that describes it.
#[derive(Debug)]
pub struct Objects<'a> {
    /// Threads.
    pub threads: &'a mut [Thread],
    /// Whether each domain runs.
    pub running: &'a mut [bool],
    /// The callers that wait at each endpoint.
    pub callers: &'a mut [List],
    /// The bits that are set in each notification.
    pub signals: &'a mut [u32],
    /// The deadline of each timer that is armed, in time-base ticks.
    pub deadlines: &'a mut [Option<u64>],
}
