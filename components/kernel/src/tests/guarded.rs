//! A system whose domains handle, observe and restart each other.

use super::node::Node;
use super::{cap, domain, own, thread};
use crate::list::ThreadId;
use crate::tables::*;
use abi::{Badge, Call, Kind, Object, Rights, Tag};

/// Handles the faults of two others.
pub(super) const GUARD: ThreadId = ThreadId::new(0);
/// Serves, faults, and is restarted once.
pub(super) const WARD: ThreadId = ThreadId::new(1);
/// Calls the ward.
pub(super) const CLIENT: ThreadId = ThreadId::new(2);
/// Faults, too, and is more important than all.
pub(super) const EAGER: ThreadId = ThreadId::new(3);

/// The slot by which guard and ward serve.
pub(super) const SERVED: u32 = 1;
/// The slot of everyone's notification.
pub(super) const OWN_NOTIFICATION: u32 = 2;
/// Slots of the guard.
pub(super) const WARDS_THREAD: u32 = 3;
pub(super) const WARD_DOMAIN: u32 = 4;
pub(super) const REGION: u32 = 5;
pub(super) const DCR: u32 = 6;
/// Slots of the client.
pub(super) const CALL_WARD: u32 = 1;
pub(super) const OWN_CONTROL: u32 = 3;
pub(super) const CALL_WARD_TOO: u32 = 4;
/// Slots of the ward.
pub(super) const TIMER: u32 = 3;

/// The badge of a fault.
pub(super) const BADGE: u32 = 0xFA17;

const HANDLER: Option<Handler> = Some(Handler { endpoint: 0, badge: Badge(BADGE) });

pub(super) static GUARDED: Tables = {
    let tables = Tables {
        domains: &[
            domain(
                "guard",
                1,
                &[
                    own(0),
                    cap(Object(Kind::Endpoint, 0), Rights::SERVE, 0),
                    cap(Object(Kind::Notification, 0), Rights::WAIT, 0),
                    cap(Object(Kind::Thread, 1), Rights::OBSERVE.union(Rights::CONTROL), 0),
                    cap(Object(Kind::Domain, 1), Rights::OBSERVE.union(Rights::CONTROL), 0),
                    cap(Object(Kind::Region, 0), Rights::OBSERVE, 0),
                    cap(Object(Kind::Dcr, 0), Rights::OBSERVE.union(Rights::USE), 0),
                ],
                &[],
            ),
            Domain {
                handler: HANDLER,
                on_fault: OnFault::Restart { max: 1 },
                ..domain(
                    "ward",
                    2,
                    &[
                        own(1),
                        cap(Object(Kind::Endpoint, 1), Rights::SERVE, 0),
                        cap(Object(Kind::Notification, 1), Rights::WAIT, 0),
                        cap(Object(Kind::Timer, 0), Rights::USE, 0),
                    ],
                    &[Mourner { notification: 2, bits: 0x4000_0000 }],
                )
            },
            domain(
                "client",
                3,
                &[
                    own(2),
                    cap(Object(Kind::Endpoint, 1), Rights::CALL, 1),
                    cap(Object(Kind::Notification, 2), Rights::WAIT, 0),
                    cap(Object(Kind::Domain, 2), Rights::CONTROL, 0),
                    cap(Object(Kind::Endpoint, 1), Rights::CALL, 2),
                ],
                &[],
            ),
            Domain {
                handler: HANDLER,
                ..domain(
                    "eager",
                    4,
                    &[
                        own(3),
                        cap(Object(Kind::Endpoint, 1), Rights::CALL, 3),
                        cap(Object(Kind::Notification, 3), Rights::WAIT, 0),
                        cap(Object(Kind::Domain, 1), Rights::CONTROL, 0),
                    ],
                    &[],
                )
            },
        ],
        threads: &[thread(0, 20, Some(1)), thread(1, 10, Some(1)), thread(2, 5, None), thread(3, 30, None)],
        irqs: &[Irq { line: 7, notification: 3, bits: 0b10, domain: 3 }],
        timers: &[Timer { notification: 1, bits: 0b1, domain: 1 }],
        regions: &[Region { physical: 0x7_2000_4000, bytes: 0x1000 }],
        dcrs: &[Dcr { first: 0xC0, count: 2 }],
        ..super::TABLES
    };
    tables.check();
    tables
};

/// The guard receives, the eager one waits; the ward runs.
pub(super) fn guarded() -> Node {
    let mut node = Node::of(&GUARDED, 8);
    assert_eq!(node.core.current, Some(EAGER));
    assert_eq!(node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]), Some(GUARD));
    assert_eq!(node.call(Call::Recv, SERVED, Tag::default(), &[]), Some(WARD));
    node
}

/// Besides, the ward receives; the client runs.
pub(super) fn serving() -> Node {
    let mut node = guarded();
    assert_eq!(node.call(Call::Recv, SERVED, Tag::default(), &[]), Some(CLIENT));
    node
}
