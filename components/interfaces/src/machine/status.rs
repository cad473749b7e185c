//! How a machine is.

/// What a guest is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It runs, or waits for an interrupt.
    Running,
    /// Somebody has stopped it.
    Stopped,
    /// It has reset its machine, and is not started again.
    Off,
    /// It cannot go on, and is not started again.
    Dead,
}

/// Why a guest has ended last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It never has.
    None,
    /// It has reset its processor, as for a reboot.
    Reset,
    /// Its watchdog has.
    Watchdog,
    /// It could not go on.
    Death,
    /// Somebody has reset it.
    Order,
    /// It has reset its processor in a panic, which the spec tells apart.
    Panic,
}

/// How a machine is, at the moment of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// What its guest is doing.
    pub phase: Phase,
    /// Why its guest has ended last.
    pub reason: Reason,
    /// How often the guest has been started; it wraps.
    pub starts: u32,
}

impl Phase {
    const ALL: [Self; 4] = [Self::Running, Self::Stopped, Self::Off, Self::Dead];
}

impl Reason {
    const ALL: [Self; 6] = [Self::None, Self::Reset, Self::Watchdog, Self::Death, Self::Order, Self::Panic];
}

impl Status {
    /// As it travels: three words, upper byte first, in order of the fields.
    pub fn to_bytes(self) -> [u8; 12] {
        let words = [self.phase as u32, self.reason as u32, self.starts];
        let mut bytes = [0; 12];
        for (word, place) in words.iter().zip(bytes.chunks_exact_mut(4)) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        bytes
    }

    /// From what came; none if that is no status.
    pub fn from_bytes(bytes: [u8; 12]) -> Option<Self> {
        let [phase, reason, starts] = [0, 4, 8].map(|start| {
            let mut word = [0; 4];
            word.copy_from_slice(&bytes[start..start + 4]);
            u32::from_be_bytes(word)
        });
        let (phase, reason) = (*Phase::ALL.get(phase as usize)?, *Reason::ALL.get(reason as usize)?);
        Some(Self { phase, reason, starts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_arrives_as_it_was_sent() {
        for phase in Phase::ALL {
            for reason in Reason::ALL {
                let status = Status { phase, reason, starts: 0x0102_0304 };
                assert_eq!(Status::from_bytes(status.to_bytes()), Some(status));
            }
        }
        assert_eq!(Status::from_bytes([0xFF; 12]), None);
    }
}
