use proptest::prelude::*;

use super::*;

const BLOCK: &str = "hello fr\n[fugue] domain-report v1\n\
    [fugue] cause=store-unmapped domain=2 name=bob thread=2 address=deadbeec\n\
    [fugue] pc=00101234 lr=00101200 msr=00029000 cr=20000000 ctr=00000000 xer=00000000 esr=00800000 dear=deadbeec\n\
    [fugue] r0=00000000 r1=40003f80 r2=00000000 r3=00000001 r4=00000000 r5=00000000 r6=00000000 r7=00000000\n\
    [fugue] chain=00101234,00101300,00100f00\n\
    [fugue] text=panicked at src/lib.rs:10:\\nno\\x21\n\
    [fugue] end\nom alice\n";

fn all(text: &[u8]) -> Vec<Event> {
    Parser::new().feed(text).into_iter().map(|(_, event)| event).collect()
}

#[test]
fn a_block_among_other_lines_is_read_whole() {
    let events = Parser::new().feed(BLOCK.as_bytes());
    let [(at, Event::Report(report))] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(&BLOCK[*at..], "om alice\n");
    assert_eq!((report.reporter, report.version), (Reporter::Domain, 1));
    assert_eq!((report.cause.as_str(), report.name.as_str()), ("store-unmapped", "bob"));
    assert_eq!((report.domain, report.thread, report.address), (Some(2), Some(2), Some(0xDEAD_BEEC)));
    assert_eq!(report.registers.pc, Some(0x0010_1234));
    assert_eq!(report.registers.general[1], Some(0x4000_3F80));
    assert_eq!(report.registers.general[8], None);
    assert_eq!(report.chain.as_slice(), [0x0010_1234, 0x0010_1300, 0x0010_0F00]);
    assert_eq!(report.text.as_deref(), Some("panicked at src/lib.rs:10:\nno!"));
}

#[test]
fn carriage_returns_do_not_matter() {
    assert_eq!(all(BLOCK.replace('\n', "\r\n").as_bytes()), all(BLOCK.as_bytes()));
}

#[test]
fn news_is_read() {
    let text = b"[fugue] boot system=hello board=qemu-bamboo domains=3 threads=3\n\
        [fugue] stopped domain=2 name=bob by=reaper\n[fugue] exited domain=1 name=alice code=4\n\
        [fugue] restarted domain=2 name=bob generation=3\n[fugue] halt code=7\n[fugue] weather fine=yes\n[fugue] halt code=many\n";
    assert_eq!(
        all(text),
        [
            Event::Boot { system: "hello".into(), board: "qemu-bamboo".into() },
            Event::Stopped { name: "bob".into(), by: "reaper".into() },
            Event::Exited { name: "alice".into(), code: 4 },
            Event::Restarted { name: "bob".into(), generation: 3 },
            Event::Halt { code: 7 },
        ]
    );
}

#[test]
fn a_block_that_breaks_off_is_dropped_and_the_next_one_read() {
    let broken = BLOCK.split("[fugue] chain").next().expect("text");
    assert_eq!(all(format!("{broken}garbage\n[fugue] end\n{BLOCK}").as_bytes()).len(), 1);
    assert_eq!(all(format!("{broken}{BLOCK}").as_bytes()).len(), 1);
}

#[test]
fn prefixes_inside_a_line_and_overlong_lines_are_not_the_kernels() {
    assert_eq!(all(b"alice: [fugue] halt code=1\n"), []);
    let long = format!("[fugue] halt code=1 {}\n", "x".repeat(LONGEST_LINE));
    assert_eq!(all(long.as_bytes()), []);
    assert_eq!(all(format!("{long}[fugue] halt code=2\n").as_bytes()), [Event::Halt { code: 2 }]);
}

proptest! {
    #[test]
    fn any_bytes_in_any_pieces_are_taken(pieces in prop::collection::vec(any::<Vec<u8>>(), 0..20)) {
        let mut parser = Parser::new();
        for piece in &pieces {
            for (at, _) in parser.feed(piece) {
                prop_assert!(at > 0 && piece[at - 1] == b'\n');
            }
            prop_assert!(parser.line.len() <= LONGEST_LINE);
        }
    }

    #[test]
    fn damaged_blocks_are_taken_and_a_whole_one_after_them_is_read(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut text = BLOCK.as_bytes().to_vec();
        for (index, byte) in damage {
            let at = index.index(text.len());
            text[at] = byte;
        }
        text.extend_from_slice(b"\n\n");
        text.extend_from_slice(BLOCK.as_bytes());
        let events = all(&text);
        prop_assert!(matches!(events.last(), Some(Event::Report(report)) if report.name == "bob"));
    }

    #[test]
    fn pieces_make_no_difference(cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8)) {
        let text = format!("{BLOCK}[fugue] halt code=3\n");
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len())).collect();
        places.extend([0, text.len()]);
        places.sort_unstable();
        let mut parser = Parser::new();
        let events: Vec<Event> = places
            .windows(2)
            .flat_map(|pair| parser.feed(&text.as_bytes()[pair[0]..pair[1]]))
            .map(|(_, event)| event)
            .collect();
        prop_assert_eq!(events, all(text.as_bytes()));
    }
}

#[test]
fn a_chain_without_end_is_cut() {
    let line = format!("[fugue] chain={}\n", ["00100000"; 60].join(","));
    let text = format!("[fugue] domain-report v1\n{line}[fugue] end\n");
    let events = all(text.as_bytes());
    let [Event::Report(report)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(report.chain.len(), 24);
}
