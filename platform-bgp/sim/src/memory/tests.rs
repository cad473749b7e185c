//! What the memory promises to cores and to other nodes.

use super::*;

fn memory() -> Memory {
    let mut memory = Memory::new();
    memory.add(0, 1 << 20);
    memory.add(0x7_FFFF_8000, 0x8000);
    memory
}

#[test]
fn pages_exist_once_they_are_touched() {
    let mut memory = memory();
    assert_eq!(memory.touched(), 0);
    let frame = memory.frame(0x1234).expect("DRAM");
    assert_eq!(memory.read::<4>(frame, 0x234), Some([0; 4]));
    assert_eq!(memory.touched(), 1);
    assert_eq!(memory.frame(1 << 20), None);
    assert!(memory.frame(0x7_FFFF_FFFC).is_some());
}

#[test]
fn a_shared_page_is_copied_by_the_first_store_alone() {
    let mut one = memory();
    assert!(one.copy_in(0x0FFE, b"four"));
    let other = one.share();
    let frame = one.frame(0x1000).expect("DRAM");
    assert!(!one.takes_fast_stores(frame, 0));
    assert_eq!(one.write_fast(frame, 0, [1; 4]), None);
    let epoch = one.epoch();
    one.write(frame, 0, b"XY", Some(0));
    assert!(one.epoch() > epoch && one.takes_fast_stores(frame, 0));
    let mut bytes = [0; 4];
    assert!(one.copy_out(0x0FFE, &mut bytes));
    assert_eq!(&bytes, b"foXY");
    assert!(other.copy_out(0x0FFE, &mut bytes));
    assert_eq!(&bytes, b"four");
}

#[test]
fn stores_to_code_forget_what_was_decoded() {
    let mut memory = memory();
    let frame = memory.frame(0).expect("DRAM");
    assert!(memory.takes_fast_stores(frame, 0));
    let code = memory.code(frame);
    assert!(!memory.takes_fast_stores(frame, 0));
    code.set(8, Decoded::new(0x6000_0000));
    memory.write(frame, 8, &[0; 4], Some(0));
    assert_eq!(code.get(8), None);
}

#[test]
fn a_reservation_ends_by_others_stores_only() {
    let mut memory = memory();
    let frame = memory.frame(0).expect("DRAM");
    memory.reservations.set(0, 0x44);
    memory.write(frame, 0x40, &[1; 4], Some(0));
    memory.write(frame, 0x3C, &[1; 4], Some(1));
    memory.write(frame, 0x60, &[1; 4], Some(1));
    assert!(memory.reservations.has(0));
    memory.write(frame, 0x5F, &[1], Some(1));
    assert!(!memory.reservations.has(0));
    memory.reservations.set(2, 0x44);
    assert!(memory.copy_in(0x20, &[0; 0x40]));
    assert!(!memory.reservations.take(2, 0x44));
}

#[test]
fn copies_stop_where_memory_ends() {
    let mut memory = memory();
    assert!(!memory.copy_in((1 << 20) - 2, &[1; 4]));
    let mut bytes = [0; 2];
    assert!(memory.copy_out((1 << 20) - 2, &mut bytes));
    assert_eq!(bytes, [1; 2]);
}

#[test]
fn nodes_that_share_a_page_share_what_is_decoded_from_it_until_one_stores() {
    let mut one = memory();
    assert!(one.copy_in(0x1000, &0x6000_0000_u32.to_be_bytes()));
    for decoded_before in [false, true] {
        let frame = one.frame(0x1000).expect("memory");
        if decoded_before {
            one.code(frame).set(0x1000, Decoded::new(0x6000_0000));
        }
        let mut other = one.share();
        let (mine, others) = (one.code(frame), other.code(frame));
        assert!(Arc::ptr_eq(&mine, &others), "before: {decoded_before}");
        mine.set(0x1004, Decoded::new(0x6000_0000));
        assert!(others.get(0x1004).is_some());
        // Who stores goes on alone.
        assert!(other.copy_in(0x1004, &[0x38; 4]));
        let others = other.code(frame);
        assert!(!Arc::ptr_eq(&mine, &others) && others.get(0x1004).is_none() && mine.get(0x1004).is_some());
        let mut bytes = [1; 4];
        assert!(one.copy_out(0x1004, &mut bytes));
        assert_eq!(bytes, [0; 4]);
    }
}
