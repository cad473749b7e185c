//! A server with clients over rings, each a domain of a host's node.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use abi::{Badge, Cap, Kind, Object, Rights, ring};
use runtime::host::{Domain, Mourner};
use runtime::{
    Bits, Buffer, Client, Endpoint, Inbox, Message, RingAt, RingMemory, RingServer, RingSlices, RingWire,
    Signals, Slices, Slot, WireError, Words, finish, serve_rings,
};

/// Slots of each ring.
pub(crate) const SLOTS: u32 = 4;
/// Bytes of slices in a request and in an answer.
const REQUEST: usize = 64;
const ANSWER: usize = 32;
/// Words of a region.
const WORDS: usize = ring::region_bytes(SLOTS, REQUEST, ANSWER) / 4;
/// Words on either side of it that nobody may touch, and what stands there.
const GUARD: usize = 16;
const GUARDED: u32 = 0x600D_F00D;

/// Bits of a client's notification.
pub(crate) const WAKE: Bits = Bits(0b1);
pub(crate) const GONE: Bits = Bits(0b10);
pub(crate) const EVENTS: Bits = Bits(0b1100);

/// Operations of the server.
pub(crate) const ADD: u16 = 1;
pub(crate) const REVERSE: u16 = 2;
pub(crate) const NOTE: u16 = 3;
pub(crate) const REFUSE: u16 = 4;

/// What happened, in order.
#[derive(Default)]
pub(crate) struct Log(Mutex<Vec<String>>);

impl Log {
    pub(crate) fn note(&self, line: impl ToString) {
        self.0.lock().unwrap().push(line.to_string());
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// The memory of one wire, between guards.
pub(crate) struct Region(Vec<AtomicU32>);

impl Region {
    /// A region that holds this in every word.
    pub(crate) fn filled(word: u32) -> Self {
        let guard = || (0..GUARD).map(|_| AtomicU32::new(GUARDED));
        Self(guard().chain((0..WORDS).map(|_| AtomicU32::new(word))).chain(guard()).collect())
    }

    /// The rings in it.
    pub(crate) fn memory(&self) -> RingMemory<'_> {
        RingMemory::new(Buffer::over(self.words()), SLOTS, REQUEST, ANSWER)
    }

    /// The region itself.
    pub(crate) fn words(&self) -> &[AtomicU32] {
        &self.0[GUARD..GUARD + WORDS]
    }

    /// Sets a word, as any of the two domains could.
    pub(crate) fn scribble(&self, word: usize, value: u32) {
        self.words()[word % WORDS].store(value.to_be(), Ordering::Relaxed);
    }

    /// Reads a word.
    pub(crate) fn word(&self, word: usize) -> u32 {
        u32::from_be(self.words()[word].load(Ordering::Relaxed))
    }

    /// Whether nobody wrote beyond it.
    pub(crate) fn is_intact(&self) -> bool {
        let guards = self.0[..GUARD].iter().chain(&self.0[GUARD + WORDS..]);
        guards.into_iter().all(|word| word.load(Ordering::Relaxed) == GUARDED)
    }
}

fn cap(object: Object, badge: u32) -> Cap {
    Cap::new(object, Rights::all(), Badge(badge))
}

/// A domain: slot 1 is its notification, slot 2 the server's endpoint, and the rest from slot 3.
fn domain<'m>(index: u16, priority: u8, rest: &[Cap], main: impl FnOnce() + Send + 'm) -> Domain<'m> {
    let first = [
        cap(Object(Kind::Domain, index), 0),
        cap(Object(Kind::Notification, index), 0),
        cap(Object(Kind::Endpoint, 0), index.into()),
    ];
    let caps = [&first[..], rest].concat();
    Domain { name: "domain", priority, caps, mourners: Vec::new(), bits: 0, main: Box::new(main) }
}

/// Domain 0, whose slot `3 + n` wakes client `n` and whose slot `3 + clients + n` says that it is gone.
pub(crate) fn server<'m>(clients: u16, priority: u8, main: impl FnOnce() + Send + 'm) -> Domain<'m> {
    let of = |bits: Bits| (1..=clients).map(move |client| cap(Object(Kind::Notification, client), bits.0));
    let caps: Vec<Cap> = of(WAKE).chain(of(GONE)).collect();
    let mourners = (1..=clients).map(|client| Mourner { domain: client.into(), bits: GONE.0 });
    Domain { mourners: mourners.collect(), ..domain(0, priority, &caps, main) }
}

/// Client `number`, whose slot 3 wakes the server.
pub(crate) fn client<'m>(number: u16, priority: u8, main: impl FnOnce() + Send + 'm) -> Domain<'m> {
    domain(number + 1, priority, &[cap(Object(Kind::Notification, 0), 1 << number)], main)
}

/// The client's end of its wire.
pub(crate) fn wire<'a>(signals: &'a Signals, region: &'a Region) -> RingWire<'a> {
    let at = RingAt { memory: region.memory(), server: Slot(3), wake: WAKE, events: EVENTS, gone: GONE };
    RingWire::new(Inbox::of(signals), at)
}

/// The server's ends of its wires.
pub(crate) fn rings(regions: &[Region]) -> Vec<RingServer<'_>> {
    let numbered = (0_u32..).zip(regions);
    numbered
        .map(|(number, region)| {
            let badge = Badge::of_client(0, number as u16);
            RingServer::new(region.memory(), badge, Slot(3 + number), Bits(1 << number))
        })
        .collect()
}

/// What the server does for each operation.
pub(crate) fn answer(
    log: &Log,
    badge: Badge,
    operation: u16,
    words: &Words,
    slices: &RingSlices<'_>,
) -> Result<Message, WireError> {
    let client = Client::of(badge);
    match operation {
        ADD => Ok(Message::reply([words[0].wrapping_add(words[1])])),
        REVERSE => {
            let mut text = slices.sent(client)?.private::<REQUEST>(0, words[0])?;
            text.reverse();
            slices.answered(client)?.write(0, &text)?;
            Ok(Message::reply([words[0]]))
        }
        NOTE => {
            log.note(format!("{}: {}", client.0, words[0]));
            Ok(Message::reply([]))
        }
        REFUSE => Err(WireError::from_outcome(words[0] as u16)),
        _ => Err(WireError::Malformed),
    }
}

/// Serves rings only, for ever.
pub(crate) fn serve(log: &Log, regions: &[Region]) {
    let signals = Signals::new(Slot(1));
    let served = serve_rings(
        Slot(2),
        &signals,
        &mut rings(regions),
        |_, _, _| Err(WireError::Malformed),
        |badge, operation, words, slices| answer(log, badge, operation, words, slices),
        |bits| log.note(format!("notified {bits:?}")),
    );
    finish(served)
}

/// Adds over the wire.
pub(crate) fn add(wire: &mut RingWire<'_>, left: u32, right: u32) -> Result<u32, WireError> {
    wire.call(ADD, [left, right], |_| Ok(()), |_| Ok(())).map(|words| words[0])
}

/// Posts a note.
pub(crate) fn post(wire: &mut RingWire<'_>, note: u32) -> Result<(), WireError> {
    wire.post(NOTE, [note], |_| Ok(()))
}

/// Reverses a text over the wire.
pub(crate) fn reverse(wire: &mut RingWire<'_>, text: &[u8]) -> Result<Vec<u8>, WireError> {
    let mut into = vec![0x55; text.len()];
    let send = |memory: Buffer<'_>| memory.write(0, text);
    let room = &mut into;
    wire.call(REVERSE, [text.len() as u32], send, |memory| memory.read(0, room))?;
    Ok(into)
}
