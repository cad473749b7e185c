//! Addresses of Ethernet interfaces.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Six bytes, written as `02:00:00:00:00:01`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// Whether it is several interfaces' address: a multicast, or everybody's.
    pub const fn is_multicast(self) -> bool {
        self.0[0] & 1 != 0
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, f] = self.0;
        write!(formatter, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}")
    }
}

impl FromStr for Mac {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bytes: Option<Vec<u8>> = text
            .split(':')
            .map(|part| u8::from_str_radix(part, 16).ok().filter(|_| part.len() == 2))
            .collect();
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| format!("'{text}' is no Ethernet address such as 02:00:00:00:00:01"))
    }
}

impl TryFrom<String> for Mac {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Mac> for String {
    fn from(mac: Mac) -> Self {
        mac.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_they_are_written() {
        let mac = Mac([2, 0, 0xAB, 0, 0, 9]);
        assert_eq!(mac.to_string(), "02:00:ab:00:00:09");
        assert_eq!(mac.to_string().parse(), Ok(mac));
        assert!(!mac.is_multicast() && Mac([0xFF; 6]).is_multicast());
        for wrong in ["", "1:2:3:4:5:6", "02:00:00:00:00", "02:00:00:00:00:00:00", "zz:00:00:00:00:00"] {
            assert!(wrong.parse::<Mac>().is_err(), "{wrong}");
        }
    }
}
