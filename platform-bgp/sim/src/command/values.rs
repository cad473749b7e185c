//! Values of options.

use bgp_sim::time::Pace;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// A number, decimal or with `0x`.
pub(super) fn number(text: &str) -> Result<u64, String> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    u64::from_str_radix(&digits.replace('_', ""), radix).map_err(|error| error.to_string())
}

fn word(text: &str) -> Result<u32, String> {
    u32::try_from(number(text)?).map_err(|_| "it has more than 32 bits".to_owned())
}

/// A file, and where it goes.
pub(super) fn placed(text: &str) -> Result<(PathBuf, u64), String> {
    let (file, address) = text.rsplit_once('@').ok_or("expected FILE@ADDRESS")?;
    Ok((file.into(), number(address)?))
}

/// A general register, and what it holds.
pub(super) fn register(text: &str) -> Result<(usize, u32), String> {
    let (name, value) = text.split_once('=').ok_or("expected REGISTER=VALUE")?;
    let number = name.strip_prefix('r').and_then(|number| number.parse().ok()).filter(|number| *number < 32);
    Ok((number.ok_or("the registers are r0 to r31")?, word(value)?))
}

/// Addresses, both included.
pub(super) fn range(text: &str) -> Result<RangeInclusive<u32>, String> {
    let (first, last) = text.split_once('-').ok_or("expected FIRST-LAST")?;
    let range = word(first)?..=word(last)?;
    if range.is_empty() { Err("the last address is before the first".to_owned()) } else { Ok(range) }
}

/// How long instructions take.
pub(super) fn pace(text: &str) -> Result<Pace, String> {
    let (instructions, cycles) = text.split_once(':').ok_or("expected INSTRUCTIONS:CYCLES")?;
    let parse = |text: &str| text.parse().ok().filter(|value| (1..=1000).contains(value));
    match (parse(instructions), parse(cycles)) {
        (Some(instructions), Some(cycles)) => Ok(Pace { instructions, cycles }),
        _ => Err("both must be from 1 to 1000".to_owned()),
    }
}

/// When a checkpoint is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum At {
    End,
    Time(u64),
    Instructions(u64),
    Text(String),
}

impl At {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            None if text == "end" => Ok(Self::End),
            Some(("time", value)) => Ok(Self::Time(number(value)?)),
            Some(("instructions", value)) => Ok(Self::Instructions(number(value)?)),
            Some(("text", value)) if !value.is_empty() => Ok(Self::Text(value.to_owned())),
            _ => Err("expected end, time=MILLISECONDS, instructions=COUNT or text=TEXT".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read() {
        assert_eq!(number("0x7_FFFF_8000"), Ok(0x7_FFFF_8000));
        assert_eq!(number("12"), Ok(12));
        assert!(number("0xZ").is_err());
        assert_eq!(placed("a@b@0x10"), Ok(("a@b".into(), 16)));
        assert!(placed("a").is_err());
        assert!(pace("0:1").is_err() && pace("1").is_err());
        assert_eq!(pace("2:1").map(|pace| pace.instructions), Ok(2));
        assert_eq!(register("r31=0x10"), Ok((31, 16)));
        assert!(
            register("r32=1").is_err() && register("lr=1").is_err() && register("r1=0x100000000").is_err()
        );
        assert_eq!(range("0x10-0x20"), Ok(16..=32));
        assert!(range("0x20-0x10").is_err() && range("1").is_err());
    }

    #[test]
    fn checkpoints_have_their_time() {
        assert_eq!(At::parse("end"), Ok(At::End));
        assert_eq!(At::parse("text=a=b"), Ok(At::Text("a=b".to_owned())));
        assert_eq!(At::parse("instructions=0x10"), Ok(At::Instructions(16)));
        assert!(At::parse("time").is_err() && At::parse("text=").is_err() && At::parse("later=1").is_err());
    }
}
