//! The map against a naive model: one owner for each address, in a plain array.

use proptest::prelude::*;

use super::*;
use crate::{Access, Owner};

/// Addresses that the model knows; small, so that random claims meet often.
const END: usize = 64;

fn claim(start: u64, size: u64, name: usize) -> Option<Claim> {
    let range = Range::new(start, size)?;
    Some(Claim::new(Space::Physical, range, Owner::Region(name.to_string()), Access::WRITE))
}

fn all() -> Range {
    Range::new(0, END as u64).expect("not empty")
}

/// Enters every claim into both; the map must refuse exactly what the array has no room for.
fn build(claims: &[(u64, u64)]) -> (IntervalMap, [Option<usize>; END]) {
    let (mut map, mut array) = (IntervalMap::new(), [None; END]);
    for (name, &(start, size)) in claims.iter().enumerate() {
        let Some(claim) = claim(start, size, name) else { continue };
        let cells = &mut array[start as usize..(start + size) as usize];
        let lowest = cells.iter().find_map(|cell| *cell);
        match map.claim(claim) {
            Ok(()) => {
                assert_eq!(lowest, None);
                cells.fill(Some(name));
            }
            Err(Refusal::Taken { standing, .. }) => {
                assert_eq!(Some(standing.owner), lowest.map(|name| Owner::Region(name.to_string())));
            }
            Err(Refusal::Outside(claim)) => panic!("{claim:?} lies inside"),
        }
    }
    (map, array)
}

fn claims() -> impl Strategy<Value = Vec<(u64, u64)>> {
    let one = (0..END as u64).prop_flat_map(|start| (Just(start), 0..=(END as u64 - start).min(12)));
    proptest::collection::vec(one, 0..24)
}

proptest! {
    #[test]
    fn owns_what_the_model_owns(claims in claims()) {
        let (map, array) = build(&claims);
        for (address, owner) in array.iter().enumerate() {
            let found = map.at(&Space::Physical, address as u64).map(|claim| claim.owner.clone());
            prop_assert_eq!(found, owner.map(|name| Owner::Region(name.to_string())));
        }
        let starts: Vec<_> = map.claims(&Space::Physical).map(|claim| claim.range.start()).collect();
        prop_assert!(starts.is_sorted());
    }

    #[test]
    fn gaps_are_what_the_model_leaves_free(claims in claims(), from in 0..END, count in 1..END) {
        let (map, array) = build(&claims);
        let window = from..(from + count).min(END);
        let range = Range::new(window.start as u64, window.len() as u64).expect("not empty");
        let gaps = map.gaps(&Space::Physical, range);
        for address in window {
            let free = gaps.iter().any(|gap| gap.contains(address as u64));
            prop_assert_eq!(free, array[address].is_none());
        }
        prop_assert!(gaps.iter().all(|gap| range.covers(*gap)));
        // Gaps are whole: an owner stands between each two.
        prop_assert!(gaps.windows(2).all(|pair| pair[0].last() + 1 < pair[1].start()));
    }

    #[test]
    fn first_fit_is_the_lowest(claims in claims(), size in 1..8u64, shift in 0..4u32, phase in 0..8u64) {
        let (map, array) = build(&claims);
        let align = 1u64 << shift;
        let phase = phase % align;
        let fits = |start: usize| {
            start as u64 % align == phase
                && array.get(start..start + size as usize).is_some_and(|cells| cells.iter().all(Option::is_none))
        };
        let expected = (0..END).find(|start| fits(*start)).map(|start| start as u64);
        let found = map.first_fit(&Space::Physical, all(), size, align, phase);
        prop_assert_eq!(found.map(Range::start), expected);
    }
}

#[test]
fn spaces_do_not_meet() {
    let mut map = IntervalMap::new();
    for space in [Space::Physical, Space::Kernel, Space::Domain("a".into()), Space::Domain("b".into())] {
        let claim = Claim { space, ..claim(0x1000, 0x1000, 0).expect("not empty") };
        assert_eq!(map.claim(claim), Ok(()));
    }
    assert_eq!(map.spaces().count(), 4);
}

#[test]
fn physical_addresses_have_36_bits_and_effective_ones_32() {
    let mut map = IntervalMap::new();
    let high = claim((1 << 36) - 0x1000, 0x1000, 0).expect("not empty");
    assert_eq!(map.claim(high.clone()), Ok(()));
    let beyond = Claim { space: Space::Kernel, ..high };
    assert_eq!(map.claim(beyond.clone()), Err(Refusal::Outside(Box::new(beyond))));
    let across = claim((1 << 36) - 0x1000, 0x1001, 0).expect("not empty");
    assert!(matches!(map.claim(across), Err(Refusal::Outside(_))));
}
