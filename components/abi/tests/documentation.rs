//! The tables of `docs/kernel-abi.md` say what the crate says.

use abi::trace::Event;
use abi::{Call, Cause, Counter, Status};

const PAGE: &str = include_str!("../../../docs/kernel-abi.md");

/// The cells of the rows below a heading's first table, without the head.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let (_, section) = PAGE.split_once(&format!("\n## {heading}\n")).expect("the heading");
    section
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| {
            line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
        })
        .collect()
}

#[test]
fn every_call_has_its_row() {
    let rows = rows("Calls");
    assert_eq!(rows.len(), Call::ALL.len());
    for (call, row) in Call::ALL.iter().zip(rows) {
        assert_eq!(row[..2], [(*call as u32).to_string(), format!("{call:?}")]);
    }
}

#[test]
fn every_status_has_its_row() {
    let rows = rows("Status");
    assert_eq!(rows.len(), Status::ALL.len());
    for (status, row) in Status::ALL.iter().zip(rows) {
        assert_eq!(row[..2], [(*status as u32).to_string(), format!("{status:?}")]);
    }
}

#[test]
fn every_cause_has_its_row() {
    let rows = rows("Causes");
    assert_eq!(rows.len(), Cause::ALL.len());
    for (cause, row) in Cause::ALL.iter().zip(rows) {
        assert_eq!(row[..2], [(*cause as u32).to_string(), cause.name().to_owned()]);
    }
}

#[test]
fn every_counter_has_its_row() {
    let rows = rows("Counters");
    assert_eq!(rows.len(), Counter::ALL.len());
    for (counter, row) in Counter::ALL.iter().zip(rows) {
        assert_eq!(row[..2], [(*counter as u32).to_string(), counter.name().to_owned()]);
    }
}

#[test]
fn every_event_has_its_row() {
    let rows = rows("Trace");
    assert_eq!(rows.len(), 4, "the ring's own table comes first");
    let events: Vec<_> =
        Event::ALL.iter().map(|event| format!("|     {} | `{}`", *event as u32, event.name())).collect();
    for row in events {
        assert_eq!(PAGE.lines().filter(|line| line.starts_with(&row)).count(), 1, "{row}");
    }
}

#[test]
fn numbers_are_found_again() {
    for (number, call) in (0..).zip(Call::ALL) {
        assert_eq!((call as u32, Call::from_number(number)), (number, Some(call)));
    }
    assert_eq!(Call::from_number(Call::ALL.len() as u32), None);
    // Tables have a place for each of these, by its number.
    assert!(Cause::ALL.iter().enumerate().all(|(number, cause)| *cause as usize == number));
    assert!(Counter::ALL.iter().enumerate().all(|(number, counter)| *counter as usize == number));
    for status in Status::ALL {
        assert_eq!(Status::from_number(status as u32), Some(status));
    }
}
