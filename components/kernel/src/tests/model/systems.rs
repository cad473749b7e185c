//! Small systems for the model test: a few threads that may call everyone above them in the table, signal
//! everyone, and stop everyone.

use super::super::{MAP, PADDED, cap, own};
use crate::tables::{
    Budget, Dcr, Domain, Handler, Irq, Map, Mourner, OnFault, Region, Tables, Thread, Timer,
};
use abi::{Badge, Cap, Kind, Object, Rights};
use std::sync::OnceLock;

/// The line that interrupts the last thread.
pub(super) const LINE: u16 = 5;

/// The first device control register, of three; the last of them does not exist.
pub(super) const FIRST_DCR: u16 = 0xC0;

/// Whether the kernel has budgets.
pub(super) const BUDGETS: bool = cfg!(feature = "budget");

/// What the threads get that have one: the least that composer lets a spec ask for, and a few steps' time.
const BUDGET: Budget = Budget { ticks: 1024, period: 3000 };

/// Threads, each by its domain and its priority. Calls go from a lower number to a higher one, so that no circle
/// of calls exists: composer lets none through.
const SHAPES: &[&[(u16, u8)]] = &[
    // A client and a server above it.
    &[(0, 10), (1, 20), (2, 10)],
    // A chain of servers, each below its client: the longest way for a donation.
    &[(0, 25), (1, 20), (2, 15), (3, 10), (4, 5)],
    // The same, upside down.
    &[(0, 5), (1, 10), (2, 15), (3, 20), (4, 25)],
    // Equals.
    &[(0, 10), (1, 10), (2, 10), (3, 10), (4, 10), (5, 10)],
    // The classical inversion: high, low, middle, and what they share.
    &[(0, 30), (1, 5), (2, 15), (3, 1)],
    // Two middle servers over a last one, clients of both.
    &[(0, 20), (1, 20), (2, 5), (3, 8), (4, 8), (5, 3)],
    // Domains of two threads.
    &[(0, 10), (0, 20), (1, 10), (1, 5), (2, 15)],
];

/// The systems.
pub(super) fn systems() -> &'static [Tables] {
    static SYSTEMS: OnceLock<Vec<Tables>> = OnceLock::new();
    SYSTEMS.get_or_init(|| SHAPES.iter().map(|shape| system(shape)).collect())
}

fn system(shape: &'static [(u16, u8)]) -> Tables {
    let domains = shape.iter().map(|(domain, _)| domain + 1).max().unwrap_or(0);
    let last = shape.len() as u16 - 1;
    let tables = Tables {
        system: "model",
        domains: leak((0..domains).map(|number| domain(number, shape))),
        threads: leak(shape.iter().enumerate().map(|(index, (domain, priority))| Thread {
            domain: *domain,
            priority: *priority,
            entry: 0x10_0000,
            stack_pointer: 0x4000_0FF0,
            serves: Some(1 + 2 * index as u32),
            // Every second one, if the kernel has budgets.
            budget: BUDGETS.then_some(BUDGET).filter(|_| index % 2 == 1),
        })),
        irqs: leak([Irq { line: LINE, notification: last, bits: 1 << 29, domain: shape[last as usize].0 }]),
        timers: leak([0, last].map(|thread| Timer {
            notification: thread,
            bits: 1 << 30,
            domain: shape[thread as usize].0,
        })),
        regions: leak([Region { physical: 0x7_2000_0000, bytes: 0x4000 }]),
        fast_path: true,
        dcrs: leak([Dcr { first: FIRST_DCR, count: 3 }]),
        #[cfg(feature = "vm")]
        vcpus: &[],
        trace: None,
    };
    tables.check();
    tables
}

/// Slot 0 is the domain; 1 + 2n the endpoint and 2 + 2n the notification of thread n, which its own domain serves
/// and waits for; then what else there is, and what is of no use.
fn domain(number: u16, shape: &[(u16, u8)]) -> Domain {
    let mut caps = vec![own(number)];
    let first = shape.iter().position(|(domain, _)| *domain == number).expect("a thread") as u16;
    for (thread, (domain, _)) in (0..).zip(shape) {
        let (serve, wait) = if *domain == number {
            (Rights::SERVE, Rights::WAIT | Rights::SIGNAL)
        } else if thread > first {
            (Rights::CALL, Rights::SIGNAL)
        } else {
            (Rights::empty(), Rights::SIGNAL)
        };
        caps.push(cap(Object(Kind::Endpoint, thread), serve, 0xB000_0000 | u32::from(number) << 8));
        caps.push(cap(Object(Kind::Notification, thread), wait, 1 << number));
    }
    let last = shape[shape.len() - 1];
    let domains = shape.iter().map(|(domain, _)| domain + 1).max().unwrap_or(0);
    caps.extend((0..domains).filter(|other| *other != number).map(|other| {
        let rights = if other < number { Rights::CONTROL | Rights::OBSERVE } else { Rights::empty() };
        cap(Object(Kind::Domain, other), rights, 0)
    }));
    caps.extend((0..shape.len() as u16).map(|thread| {
        let rights = if thread < first { Rights::CONTROL } else { Rights::empty() };
        cap(Object(Kind::Thread, thread), rights | Rights::OBSERVE, 0)
    }));
    caps.extend([
        cap(Object(Kind::Timer, 0), Rights::USE, 0),
        cap(Object(Kind::Timer, 1), if number == 0 { Rights::empty() } else { Rights::USE }, 0),
        cap(Object(Kind::Irq, 0), Rights::USE, 0),
        cap(Object(Kind::Region, 0), Rights::OBSERVE, 0),
        cap(Object(Kind::Dcr, 0), Rights::OBSERVE | Rights::USE, 0),
        cap(Object(Kind::Node, 0), if number == 0 { Rights::HALT } else { Rights::empty() }, 0),
        Cap::EMPTY,
    ]);
    Domain {
        name: ["a", "b", "c", "d", "e", "f"][number as usize],
        pid: number as u8 + 1,
        caps: leak(caps),
        map: Map { pages: MAP, padded: PADDED },
        pinned: false,
        float: false,
        handler: (number.is_multiple_of(2) && number != last.0)
            .then_some(Handler { endpoint: shape.len() as u16 - 1, badge: Badge(0xFA00_0000) }),
        on_fault: match number {
            5 => OnFault::HaltNode,
            0 | 1 => OnFault::Restart { max: 2 },
            _ => OnFault::Halt,
        },
        mourners: leak([Mourner { notification: first.saturating_sub(1), bits: 1 << 31 }]),
    }
}

/// Tables are constants on the node; here they last as long as the test.
fn leak<T>(items: impl IntoIterator<Item = T>) -> &'static [T] {
    Vec::leak(items.into_iter().collect())
}
