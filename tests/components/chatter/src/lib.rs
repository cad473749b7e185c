//! The machines of a small network: one sends and checks what comes back, one sends back, one listens.
//!
//! The one that sends prints one line for each trial, `check NAME ok` or `check NAME failed`, and `chatted` at the end.
//! The one that listens prints `check secrecy failed` if it gets a frame that is not for all.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::Ethernet;
use interfaces::console::Text;
use interfaces::ethernet::{self, EthernetCounters, LONGEST_FRAME};
use runtime::{Active, Wire, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Everybody's address.
const ALL: [u8; 6] = [0xFF; 6];

/// A type of frame that is free for experiments (IEEE 802, 9.2.3).
const EXPERIMENT: [u8; 2] = [0x88, 0xB5];

/// Bytes before a frame's payload.
const HEADER: usize = 14;

/// Frames that are under way at once.
const WINDOW: u32 = 16;

/// A machine.
pub struct Chatter<P: Ports> {
    wires: Wires<P>,
    config: Config,
    frame: [u8; LONGEST_FRAME],
}

impl<P: Ports> Component<P> for Chatter<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config, frame: [0; LONGEST_FRAME] }
    }
}

impl<P: Ports> Active for Chatter<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let own = self.wires.ethernet.address()?;
        match self.config.frames {
            0 if self.config.echo => loop {
                let bytes = self.fetch()?;
                self.answer(own, bytes)?;
            },
            0 => loop {
                self.fetch()?;
                if self.frame[..6] != ALL {
                    self.report("secrecy", false)?;
                }
            },
            frames => self.chat(own, frames),
        }
    }
}

/// How long the payload of a frame is: every length comes, the longest among them.
const fn payload_bytes(number: u32) -> usize {
    let most = LONGEST_FRAME - HEADER;
    most - (number as usize * 397) % (most - 3)
}

impl<P: Ports> Chatter<P> {
    /// Finds the one who answers, and sends it frames.
    fn chat(&mut self, own: [u8; 6], frames: u32) -> Result<(), WireError> {
        let bytes = self.make(ALL, own, 0);
        self.send(bytes)?;
        self.fetch()?;
        let to = self.frame[..6] == own;
        let mut peer = [0; 6];
        peer.copy_from_slice(&self.frame[6..12]);
        self.report("answer", to && peer != own)?;

        let mut well = true;
        let mut next = 0;
        while next < frames {
            let end = frames.min(next + WINDOW);
            for number in next..end {
                let bytes = self.make(peer, own, number);
                self.send(bytes)?;
            }
            for number in next..end {
                let bytes = self.fetch()?;
                well &= self.is(own, peer, number, bytes);
            }
            next = end;
        }
        self.report("echoes", well)?;
        let counters = EthernetCounters::from_bytes(&self.wires.ethernet.counters()?);
        let expected =
            EthernetCounters { sent: frames + 1, flooded: 1, received: frames + 1, ..Default::default() };
        self.report("counters", counters == expected)?;
        self.say("chatted")
    }

    /// Makes the frame of a number, and returns how long it is.
    fn make(&mut self, to: [u8; 6], from: [u8; 6], number: u32) -> usize {
        let bytes = HEADER + payload_bytes(number);
        self.frame[..6].copy_from_slice(&to);
        self.frame[6..12].copy_from_slice(&from);
        self.frame[12..HEADER].copy_from_slice(&EXPERIMENT);
        for (place, byte) in self.frame[HEADER..bytes].iter_mut().enumerate() {
            *byte = (number as usize + place) as u8;
        }
        bytes
    }

    /// Whether the frame that was fetched is this one.
    fn is(&self, to: [u8; 6], from: [u8; 6], number: u32, bytes: usize) -> bool {
        let mut payload = self.frame[HEADER..bytes].iter().enumerate();
        bytes == HEADER + payload_bytes(number)
            && self.frame[..6] == to
            && self.frame[6..12] == from
            && payload.all(|(place, &byte)| byte == (number as usize + place) as u8)
    }

    /// Sends the frame back to whom it came from.
    fn answer(&mut self, own: [u8; 6], bytes: usize) -> Result<(), WireError> {
        self.frame.copy_within(6..12, 0);
        self.frame[6..12].copy_from_slice(&own);
        self.send(bytes)
    }

    /// Sends the frame, as soon as there is room.
    fn send(&mut self, bytes: usize) -> Result<(), WireError> {
        let ethernet = &mut self.wires.ethernet;
        loop {
            match ethernet.send(&self.frame[..bytes]) {
                Err(WireError::Full) => ethernet.settle()?,
                outcome => return outcome,
            }
        }
    }

    /// Waits for a frame, and returns how long it is.
    fn fetch(&mut self) -> Result<usize, WireError> {
        loop {
            let bytes = self.wires.ethernet.receive(&mut self.frame)?;
            if bytes != 0 {
                return Ok(bytes as usize);
            }
            self.wires.ethernet.wait(ethernet::RECEIVED.into())?;
        }
    }

    fn report(&mut self, name: &str, well: bool) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = writeln!(text, "check {name} {}", if well { "ok" } else { "failed" });
        text.flush()
    }

    fn say(&mut self, what: &str) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        let _ = writeln!(text, "{what}");
        text.flush()
    }
}
