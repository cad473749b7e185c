//! What a port counts.

/// Bytes of a counter.
const WORD: usize = size_of::<u32>();

/// Counts of frames at one port, from the side of whoever uses it. They wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EthernetCounters {
    /// Frames that it sent, and that were fit to be sent.
    pub sent: u32,
    /// Those of them that went to all other ports.
    pub flooded: u32,
    /// Those of them that no other port was to have.
    pub filtered: u32,
    /// Frames that it sent and that are none.
    pub malformed: u32,
    /// Frames that it sent under another port's address.
    pub foreign: u32,
    /// Frames that arrived for it.
    pub received: u32,
    /// Frames for it that were lost, because too many waited already.
    pub lost: u32,
}

impl EthernetCounters {
    /// As bytes, each count big-endian.
    pub fn to_bytes(self) -> [u8; 7 * WORD] {
        let Self { sent, flooded, filtered, malformed, foreign, received, lost } = self;
        let mut bytes = [0; 7 * WORD];
        let counts = [sent, flooded, filtered, malformed, foreign, received, lost];
        for (to, count) in bytes.as_chunks_mut::<WORD>().0.iter_mut().zip(counts) {
            *to = count.to_be_bytes();
        }
        bytes
    }

    /// From those bytes.
    pub fn from_bytes(bytes: &[u8; 7 * WORD]) -> Self {
        let mut counts = bytes.as_chunks::<WORD>().0.iter().map(|count| u32::from_be_bytes(*count));
        let mut next = || counts.next().unwrap_or_default();
        Self {
            sent: next(),
            flooded: next(),
            filtered: next(),
            malformed: next(),
            foreign: next(),
            received: next(),
            lost: next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::EthernetCounters;

    #[test]
    fn counters_cross_a_wire() {
        let counters = EthernetCounters {
            sent: 1,
            flooded: 2,
            filtered: 3,
            malformed: 4,
            foreign: 5,
            received: 6,
            lost: !7,
        };
        let bytes = counters.to_bytes();
        assert_eq!(bytes[3], 1);
        assert_eq!(EthernetCounters::from_bytes(&bytes), counters);
    }
}
