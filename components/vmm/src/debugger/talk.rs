//! Packets over a console: what gdb says, and what it is answered.

use gdb_stub::{Decoder, Received, Reply, Request, Session, Stop, Target};
use interfaces::Console;
use interfaces::console::{self, READABLE};
use runtime::WireError;

/// The wire to gdb, and what stands between two packets.
pub(super) struct Talk<D> {
    wire: D,
    decoder: Decoder,
    session: Session,
    reply: Reply,
    /// What was read and not yet taken.
    input: heapless::Deque<u8, 64>,
    /// gdb waits to hear that the guest stops.
    awaits: bool,
    /// The decoder holds a packet that came while the guest ran.
    has_packet: bool,
}

impl<D: Console> Talk<D> {
    pub(super) const fn new(wire: D) -> Self {
        Self {
            wire,
            decoder: Decoder::new(),
            session: Session::new(),
            reply: Reply::new(),
            input: heapless::Deque::new(),
            awaits: false,
            has_packet: false,
        }
    }

    /// Whether gdb wants the guest to stop. A gdb whose wire is gone wants nothing.
    pub(super) fn is_called(&mut self) -> bool {
        // The event is no news once all has been read.
        let _ = self.wire.pending(READABLE.into());
        while let Ok(Some(byte)) = self.byte() {
            match self.decoder.take(byte) {
                Received::Interrupt => return true,
                Received::Packet => {
                    self.has_packet = true;
                    return true;
                }
                Received::Broken => {
                    let _ = self.acknowledge(b"-");
                }
                Received::Nothing | Received::Acknowledged | Received::Again => {}
            }
        }
        false
    }

    /// Says that the guest stands, if gdb waits to hear that, and does what gdb asks until it shall go on. When the wire
    /// is gone, so is gdb.
    pub(super) fn stand(&mut self, target: &mut impl Target, why: Stop) -> Request {
        self.converse(target, why).unwrap_or(Request::Detach)
    }

    /// Says that the guest is gone for good.
    pub(super) fn say_gone(&mut self) {
        if core::mem::take(&mut self.awaits) {
            self.session.exited(&mut self.reply);
            // Nobody is left to hear of a broken wire.
            let _ = self.send();
        }
    }

    fn converse(&mut self, target: &mut impl Target, why: Stop) -> Result<Request, WireError> {
        if core::mem::take(&mut self.awaits) {
            self.session.stopped(why, &mut self.reply);
            self.send()?;
        }
        loop {
            let received = if core::mem::take(&mut self.has_packet) {
                Received::Packet
            } else {
                match self.byte()? {
                    Some(byte) => self.decoder.take(byte),
                    None => {
                        self.wire.wait(READABLE.into())?;
                        continue;
                    }
                }
            };
            match received {
                Received::Packet => {
                    self.acknowledge(b"+")?;
                    let packet = self.decoder.packet();
                    match self.session.packet(packet, why, target, &mut self.reply) {
                        Request::Answer => self.send()?,
                        Request::Detach => {
                            self.send()?;
                            return Ok(Request::Detach);
                        }
                        Request::Kill => {
                            if !self.reply.is_empty() {
                                self.send()?;
                            }
                            return Ok(Request::Kill);
                        }
                        goes @ (Request::Continue | Request::Step) => {
                            self.awaits = true;
                            return Ok(goes);
                        }
                    }
                }
                Received::Broken => self.acknowledge(b"-")?,
                Received::Again => self.send()?,
                // It stands already.
                Received::Interrupt | Received::Nothing | Received::Acknowledged => {}
            }
        }
    }

    /// The next byte, if one has come.
    fn byte(&mut self) -> Result<Option<u8>, WireError> {
        if self.input.is_empty() {
            let mut bytes = [0; 64];
            let count = (self.wire.read(&mut bytes)? as usize).min(bytes.len());
            for byte in &bytes[..count] {
                // There is room: it was empty.
                let _ = self.input.push_back(*byte);
            }
        }
        Ok(self.input.pop_front())
    }

    fn acknowledge(&mut self, how: &[u8]) -> Result<(), WireError> {
        if self.session.acknowledges() {
            console::write_all(&mut self.wire, how)?;
            self.wire.flush()?;
        }
        Ok(())
    }

    fn send(&mut self) -> Result<(), WireError> {
        console::write_all(&mut self.wire, self.reply.framed())?;
        // A packet ends in no newline.
        self.wire.flush()
    }
}
