//! The monitor with a guest that a test plays.

mod common;

use std::collections::VecDeque;

use abi::vcpu::{
    Exit, ExitReason, LINE_EXTERNAL, REQUEST_FLOATS, REQUEST_INTERRUPT, REQUEST_RESET, VcpuState,
};
use common::{Clock, Screen, Shared, text};
use interfaces::ethernet::EthernetClient;
use runtime::host::{HostMachine, HostMemory};
use runtime::vm::{GuestMemory, KernelImage, Reaction, Translation};
use runtime::{Bits, Choice, Off, On, Unwired};
use vmm::boot::{BootError, INITRD, TREE};
use vmm::monitor::{End, Monitor};

const RAM: u32 = 32 << 20;
/// Where the guest has mapped the UART's page, by one translation of RAM before it.
const UART: u32 = 0xF000_0300;
const UART_PHYSICAL: u32 = 0xEF60_0300;

/// No network.
type NoNetwork = EthernetClient<Unwired>;

/// One thing that the guest does at a run, after a look at what the one before has led to.
type Step = Box<dyn FnMut(&mut VcpuState, &mut HostMemory) -> Bits>;

fn step(does: impl FnMut(&mut VcpuState, &mut HostMemory) -> Bits + 'static) -> Step {
    Box::new(does)
}

fn exit(reason: ExitReason, instruction: u32, effective: u32, physical: u32) -> Exit {
    Exit { reason: reason as u32, instruction, effective, physical, ..Exit::default() }
}

/// An access to the UART's register.
fn access(instruction: u32, register: u32) -> Exit {
    exit(ExitReason::Access, instruction, UART + register, UART_PHYSICAL + register)
}

/// `stb r9, offset(r3)`.
const fn stb(offset: u32) -> u32 {
    38 << 26 | 9 << 21 | 3 << 16 | offset
}

/// `lbz r9, offset(r3)`.
const fn lbz(offset: u32) -> u32 {
    34 << 26 | 9 << 21 | 3 << 16 | offset
}

/// The guest stores a byte to a register of the UART.
fn store(register: u32, value: u8) -> Step {
    step(move |state, _| {
        state.gpr[3] = UART;
        state.gpr[9] = u32::from(value);
        state.exit = access(stb(register), register);
        Bits::NONE
    })
}

/// The guest loads a register of the UART, then finds the value.
fn load(register: u32, expected: u32) -> [Step; 2] {
    [
        step(move |state, _| {
            state.gpr[3] = UART;
            state.exit = access(lbz(register), register);
            Bits::NONE
        }),
        step(move |state, _| {
            assert_eq!(state.gpr[9], expected, "register {register}");
            Bits(1 << 31)
        }),
    ]
}

/// A monitor that measures nothing.
type Plain = Monitor<HostMachine, Screen, Clock, NoNetwork>;

/// Runs a guest that does one step after the other, until its watchdog resets the machine.
fn run_on(world: &Shared, prepare: impl FnOnce(&mut HostMachine), steps: Vec<Step>) -> Plain {
    let mut steps = VecDeque::from(steps);
    let mut machine = HostMachine::new(RAM, move |state, memory| match steps.pop_front() {
        Some(mut does) => does(state, memory),
        None => {
            state.exit = exit(ExitReason::Reset, 0, 0, 0);
            Bits::NONE
        }
    });
    prepare(&mut machine);
    let mut monitor = Plain::new(machine, Screen(world.clone()), Clock(world.clone()), None::<NoNetwork>);
    monitor.boot().unwrap();
    assert_eq!(monitor.run(), Ok(End::Watchdog));
    monitor
}

fn run(steps: Vec<Step>) -> Shared {
    let world = Shared::default();
    run_on(&world, |_| {}, steps);
    world
}

#[test]
fn a_store_to_the_uart_is_a_character_on_the_console() {
    let world = run(b"hello\r\n".iter().map(|byte| store(0, *byte)).collect());
    assert_eq!(text(&world), "hello\n");
}

#[test]
fn a_completed_access_moves_on() {
    run(vec![
        step(|state, _| {
            state.pc = 0x1000;
            state.gpr[3] = UART;
            state.exit = access(lbz(5), 5);
            Bits::NONE
        }),
        step(|state, _| {
            assert_eq!((state.pc, state.gpr[9], state.requests & REQUEST_INTERRUPT), (0x1004, 0x60, 0));
            Bits(1)
        }),
    ]);
}

#[test]
fn a_prompt_is_shown_after_a_pause() {
    let world = Shared::default();
    let (armed, later) = (world.clone(), world.clone());
    let mut steps: Vec<Step> = b"$ ".iter().map(|byte| store(0, *byte)).collect();
    steps.push(step(move |_, _| {
        assert_eq!((armed.borrow().armed, armed.borrow().shown), (Some(1000 + 800_000), 0));
        Bits(1)
    }));
    steps.push(step(move |_, _| {
        assert_eq!((later.borrow().armed, later.borrow().shown), (None, 2));
        Bits(1)
    }));
    run_on(&world, |_| {}, steps);
    assert_eq!(text(&world), "$ ");
}

#[test]
fn input_interrupts_the_guest_and_more_than_the_fifo_holds_follows() {
    let world = Shared::default();
    let typing = world.clone();
    let typed: Vec<u8> = (b'a'..b'a' + 20).collect();
    // FIFOs on, receive interrupt on, and enabled in the controller.
    let mut steps = vec![store(2, 1), store(1, 1)];
    steps.push(step(|state, _| {
        state.gpr[9] = 1 << 31;
        // mtdcr 0xC2, r9
        state.exit = exit(ExitReason::DcrWrite, 31 << 26 | 9 << 21, 0, 0xC2);
        Bits::NONE
    }));
    let keys = typed.clone();
    steps.push(step(move |state, _| {
        assert_eq!(state.lines, 0);
        let mut world = typing.borrow_mut();
        world.typed.extend(&keys);
        world.has_news = true;
        Bits(2)
    }));
    steps.push(step(|state, _| {
        assert_eq!(state.lines, LINE_EXTERNAL);
        Bits(1)
    }));
    for byte in typed {
        steps.extend(load(5, 0x61));
        steps.extend(load(0, u32::from(byte)));
    }
    steps.extend(load(5, 0x60));
    steps.push(step(|state, _| {
        assert_eq!(state.lines, 0);
        Bits(1)
    }));
    run_on(&world, |_| {}, steps);
}

#[test]
fn a_register_of_the_controller_reads_what_was_written() {
    run(vec![
        step(|state, _| {
            state.gpr[7] = 0x1234_5678;
            state.pc = 0x2000;
            state.exit = exit(ExitReason::DcrWrite, 31 << 26 | 7 << 21, 0, 0xC3);
            Bits::NONE
        }),
        step(|state, _| {
            assert_eq!(state.pc, 0x2004);
            state.exit = exit(ExitReason::DcrRead, 31 << 26 | 8 << 21, 0, 0xC3);
            Bits::NONE
        }),
        step(|state, _| {
            assert_eq!((state.pc, state.gpr[8]), (0x2008, 0x1234_5678));
            state.exit = exit(ExitReason::DcrRead, 31 << 26 | 8 << 21, 0, 0x3FF);
            Bits::NONE
        }),
        step(|state, _| {
            assert_eq!((state.pc, state.gpr[8]), (0x200C, 0));
            Bits(1)
        }),
    ]);
}

/// `lwz r9, -2(r3)`.
const LWZ_ACROSS: u32 = 32 << 26 | 9 << 21 | 3 << 16 | 0xFFFE;
/// `stfd f9, -4(r3)`.
const STFD_ACROSS: u32 = 54 << 26 | 9 << 21 | 3 << 16 | 0xFFFC;
/// The page after the last of the effective addresses before it: the UART's, mapped at its page's start.
const PAGE: u32 = 0xF000_0000;
const PAGE_PHYSICAL: u32 = 0xEF60_0000;

/// An access at the page's start that began in the page before, which is RAM at 0x5000 with these rights.
fn across(rights: u32, msr: u32, word: u32, after: impl Fn(&mut VcpuState, &mut HostMemory) + 'static) {
    let world = Shared::default();
    run_on(
        &world,
        |machine| {
            machine.pages.insert(PAGE - 0x1000, Translation { physical: 0x5000, rights });
            machine.memory.write_u32(0x5FFC, 0xAABB_CCDD).unwrap();
        },
        vec![
            step(move |state, _| {
                state.msr = msr;
                state.pc = 0x3000;
                state.gpr[3] = PAGE;
                state.gpr[9] = 0x1111_1111;
                state.exit = exit(ExitReason::Access, word, PAGE, PAGE_PHYSICAL);
                Bits::NONE
            }),
            step(move |state, memory| {
                after(state, memory);
                state.requests = 0;
                Bits(1)
            }),
        ],
    );
}

const ME: u32 = 1 << 12;
const USER: u32 = 1 << 14;

#[test]
fn an_access_may_lie_in_two_pages() {
    // Nothing lies at the page's start, so without machine checks the second half is zero.
    across(0x01, 0, LWZ_ACROSS, |state, _| {
        assert_eq!((state.gpr[9], state.pc, state.mcsr), (0xCCDD_0000, 0x3004, 0xA000_0000));
        assert_eq!(state.requests & REQUEST_INTERRUPT, 0);
    });
    across(0x01, ME, LWZ_ACROSS, |state, _| {
        assert_eq!((state.gpr[9], state.pc, state.mcsr), (0x1111_1111, 0x3000, 0xA000_0000));
        assert_eq!((state.requests & REQUEST_INTERRUPT, state.interrupt), (REQUEST_INTERRUPT, 1));
    });
}

#[test]
fn the_other_page_s_rights_count() {
    across(0x08, ME | USER, LWZ_ACROSS, |state, _| assert_eq!(state.interrupt, 1));
    for (rights, msr) in [(0x37, ME | USER), (0x3E, ME)] {
        across(rights, msr, LWZ_ACROSS, |state, _| {
            assert_eq!((state.requests & REQUEST_INTERRUPT, state.interrupt), (REQUEST_INTERRUPT, 2));
            assert_eq!((state.dear, state.esr, state.pc), (PAGE - 2, 0, 0x3000));
        });
    }
}

#[test]
fn a_page_that_is_not_mapped_is_a_miss() {
    let world = Shared::default();
    run_on(
        &world,
        |_| {},
        vec![
            step(|state, _| {
                state.gpr[3] = PAGE;
                state.exit = Exit { floats: 1, ..exit(ExitReason::Access, STFD_ACROSS, PAGE, PAGE_PHYSICAL) };
                Bits::NONE
            }),
            step(|state, _| {
                assert_eq!((state.requests & REQUEST_INTERRUPT, state.interrupt), (REQUEST_INTERRUPT, 13));
                assert_eq!((state.dear, state.esr), (PAGE - 4, 0x0180_0000));
                Bits(1)
            }),
        ],
    );
}

#[test]
fn floating_point_registers_are_asked_for() {
    across(0x02, 0, STFD_ACROSS, |state, _| {
        // The monitor wants the registers first; here they come.
        assert_eq!((state.requests & REQUEST_FLOATS, state.pc), (REQUEST_FLOATS, 0x3000));
    });
    let world = Shared::default();
    run_on(
        &world,
        |machine| {
            machine.pages.insert(PAGE - 0x1000, Translation { physical: 0x5000, rights: 0x02 });
        },
        vec![
            step(|state, _| {
                state.gpr[3] = PAGE;
                state.exit = exit(ExitReason::Access, STFD_ACROSS, PAGE, PAGE_PHYSICAL);
                Bits::NONE
            }),
            step(|state, _| {
                assert_eq!(state.requests & REQUEST_FLOATS, REQUEST_FLOATS);
                state.requests = 0;
                state.floats[9] = 0x0102_0304_0506_0708;
                state.exit = Exit { floats: 1, ..Exit::default() };
                Bits::NONE
            }),
            step(|_, memory| {
                assert_eq!(memory.read_u32(0x5FFC), Ok(0x0102_0304));
                Bits(1)
            }),
        ],
    );
}

#[test]
fn clearing_a_line_of_a_device_is_an_alignment_interrupt() {
    run(vec![
        step(|state, _| {
            state.gpr[3] = UART;
            // dcbz 0, r3
            state.exit = access(31 << 26 | 3 << 11 | 1014 << 1, 0);
            Bits::NONE
        }),
        step(|state, _| {
            assert_eq!((state.requests & REQUEST_INTERRUPT, state.interrupt), (REQUEST_INTERRUPT, 5));
            assert_eq!((state.dear, state.esr), (UART, 0x0080_0000));
            Bits(1)
        }),
    ]);
}

#[test]
fn a_line_of_memory_is_cleared_whole() {
    run(vec![
        step(|state, memory| {
            for word in 0..24 {
                memory.write_u32(0x5000 + 4 * word, 0x9999_9999).expect("memory");
            }
            state.gpr[3] = 0x2C;
            // dcbz 0, r3: the kernel passes on what needs two translations of one address at once.
            state.exit = exit(ExitReason::Access, 31 << 26 | 3 << 11 | 1014 << 1, 0x2C, 0x502C);
            Bits::NONE
        }),
        step(|state, memory| {
            assert_eq!(state.requests & REQUEST_INTERRUPT, 0);
            for word in 0..24 {
                let expected = if (8..16).contains(&word) { 0 } else { 0x9999_9999 };
                assert_eq!(memory.read_u32(0x5000 + 4 * word), Ok(expected), "word {word}");
            }
            Bits(1)
        }),
    ]);
}

#[test]
fn a_jump_into_nothing_is_a_machine_check_or_death() {
    run(vec![
        step(|state, _| {
            state.msr = ME;
            state.exit = exit(ExitReason::Fetch, 0, 0x8000_0000, 0x8000_0000);
            Bits::NONE
        }),
        step(|state, _| {
            assert_eq!((state.requests & REQUEST_INTERRUPT, state.interrupt), (REQUEST_INTERRUPT, 1));
            assert_eq!(state.mcsr, 0xC000_0000);
            Bits(1)
        }),
    ]);

    let world = Shared::default();
    let machine = HostMachine::new(RAM, |state, _| {
        state.exit = exit(ExitReason::Fetch, 0, 0x8000_0000, 0x8000_0000);
        Bits::NONE
    });
    let mut monitor = Plain::new(machine, Screen(world.clone()), Clock(world.clone()), None::<NoNetwork>);
    monitor.boot().unwrap();
    let Ok(End::Died(why)) = monitor.run() else { panic!("it goes on") };
    monitor.report_death(why).unwrap();
    assert!(text(&world).starts_with("[vm0] the guest has died: it jumped"), "{}", text(&world));
    monitor.report_statistics().unwrap();
    assert!(text(&world).ends_with(" unknown_registers=0 unknown_addresses=0\n"), "{}", text(&world));
}

#[test]
fn a_restart_copies_pristine_images_and_resets_the_processor() {
    let world = Shared::default();
    let mut is_first = true;
    let mut machine = HostMachine::new(RAM, move |state, memory| {
        assert_eq!((state.pc, state.gpr[3], state.msr, state.pvr), (0x20, TREE, 0, 0x4222_18D3));
        assert_eq!((&state.gpr[4..], state.srr, state.lines), (&[0; 28][..], [0; 2], 0));
        assert_eq!((state.requests, state.first_entry), (REQUEST_RESET, [0x290, 0, 7, 0]));
        assert_eq!(memory.read_u32(0), Ok(u32::from_be_bytes(*b"kern")));
        assert_eq!(memory.read_u32(u64::from(INITRD)), Ok(u32::from_be_bytes(*b"file")));
        assert_eq!(memory.read_u32(u64::from(TREE)), Ok(0xD00D_FEED));
        // What a guest does to itself.
        memory.clear(0, RAM).unwrap();
        // TSR and DBSR alone tell that there was a reset, of which kind, and whether the watchdog made it.
        let told = if core::mem::replace(&mut is_first, false) { (0, 0) } else { (0x2000_0000, 0x2000_0000) };
        assert_eq!((state.tsr, state.dbsr, state.tcr), (told.0, told.1, 0));
        *state = VcpuState { gpr: [7; 32], srr: [7; 2], msr: 0xFFFF_FFFF, lines: 3, ..VcpuState::ZERO };
        (state.tsr, state.tcr) = (0xE800_0000, 0x2800_0000);
        state.exit = Exit { detail: 2, ..exit(ExitReason::Reset, 0, 0, 0) };
        Bits::NONE
    });
    machine.spec.kernel = KernelImage { bytes: b"kernel", load: 0, entry: 0x20 };
    machine.spec.initrd = Some(b"files");
    let mut monitor = Plain::new(machine, Screen(world.clone()), Clock(world), None::<NoNetwork>);
    for _ in 0..3 {
        monitor.boot().unwrap();
        assert_eq!(monitor.run(), Ok(End::Watchdog));
    }
}

#[test]
fn a_guest_that_does_not_fit_is_told_why() {
    let boot = |bytes: u32, kernel: KernelImage, initrd: Option<&'static [u8]>| {
        let mut machine = HostMachine::new(bytes, |_, _| panic!("it must not run"));
        machine.spec.kernel = kernel;
        machine.spec.initrd = initrd;
        Plain::new(machine, Screen(Shared::default()), Clock(Shared::default()), None::<NoNetwork>).boot()
    };
    let large: &'static [u8] = vec![0; 8 << 20].leak();
    let kernel = KernelImage { bytes: b"k", load: 0, entry: 0 };
    assert_eq!(boot(RAM, kernel, Some(large)), Err(BootError::InitrdOutside));
    assert_eq!(boot(16 << 20, kernel, None), Err(BootError::TreeOutside));
    let at = |load| KernelImage { bytes: large, load, entry: 0 };
    assert_eq!(boot(RAM, at(0x0110_0000), None), Err(BootError::KernelOverlaps));
    assert_eq!(boot(RAM, at(RAM - 4096), None), Err(BootError::KernelOutside));
    assert_eq!(boot(RAM, KernelImage { entry: 256 << 20, ..kernel }, None), Err(BootError::EntryOutside));
    assert_eq!(boot(RAM, kernel, Some(&large[..4 << 20])), Ok(()));
}

#[test]
fn with_a_virtio_console_the_uart_gets_no_input() {
    let world = Shared::default();
    let typing = world.clone();
    let mut steps = vec![step(move |_, _| {
        let mut world = typing.borrow_mut();
        // More than the virtio console reads at once.
        world.typed.extend(&[b'k'; 100]);
        world.has_news = true;
        Bits(2)
    })];
    steps.extend(load(5, 0x60));
    // The console is there: its first register is the magic number, little-endian.
    steps.push(step(|state, _| {
        state.gpr[3] = 0xF010_0000;
        state.exit = exit(ExitReason::Access, 32 << 26 | 9 << 21 | 3 << 16, 0xF010_0000, 0xEF70_0000);
        Bits::NONE
    }));
    steps.push(step(|state, _| {
        assert_eq!(state.gpr[9].to_be_bytes(), *b"virt");
        Bits(1)
    }));
    let mut steps = VecDeque::from(steps);
    let mut machine = HostMachine::new(RAM, move |state, memory| match steps.pop_front() {
        Some(mut does) => does(state, memory),
        None => {
            state.exit = exit(ExitReason::Reset, 0, 0, 0);
            Bits::NONE
        }
    });
    machine.spec.devices.console = true;
    machine.spec.devices.is_modern = true;
    let mut monitor = Plain::new(machine, Screen(world.clone()), Clock(world.clone()), None::<NoNetwork>);
    monitor.boot().unwrap();
    assert_eq!(monitor.run(), Ok(End::Watchdog));
    assert!(world.borrow().typed.is_empty(), "the virtio console holds all of it");
}

#[test]
fn exits_are_measured_only_where_the_spec_asks_for_it() {
    fn measured<M: Choice>() -> String {
        let world = Shared::default();
        let mut steps = VecDeque::from(load(5, 0x60));
        let machine = HostMachine::new(RAM, move |state, memory| match steps.pop_front() {
            Some(mut does) => does(state, memory),
            None => {
                state.exit = exit(ExitReason::Reset, 0, 0, 0);
                Bits::NONE
            }
        });
        let mut monitor = Monitor::<_, _, _, _, M>::new(
            machine,
            Screen(world.clone()),
            Clock(world.clone()),
            None::<NoNetwork>,
        );
        monitor.boot().unwrap();
        assert_eq!(monitor.run(), Ok(End::Watchdog));
        monitor.report_costs().unwrap();
        text(&world)
    }
    // The clock stands still.
    let expected = "[vm0] costs signal monitor 0:1\n[vm0] costs signal guest 0:1\n\
                    [vm0] costs access monitor 0:1\n[vm0] costs access guest 0:1\n[vm0] costs reset guest 0:1\n";
    assert_eq!((measured::<On>().as_str(), measured::<Off>().as_str()), (expected, ""));
}

#[test]
fn a_panic_is_told_from_a_reboot_where_the_spec_asks_for_it() {
    let said = b"[    1.0] Kernel panic - not syncing: no reason\r\n";
    let end = |on_panic, said: &[u8]| {
        let mut steps: VecDeque<_> = said.iter().map(|byte| store(0, *byte)).collect();
        let mut machine = HostMachine::new(RAM, move |state, memory| match steps.pop_front() {
            Some(mut does) => does(state, memory),
            None => {
                state.exit = exit(ExitReason::Reset, 0, 0, 0);
                Bits::NONE
            }
        });
        machine.spec.on_panic = on_panic;
        let mut monitor =
            Plain::new(machine, Screen(Shared::default()), Clock(Shared::default()), None::<NoNetwork>);
        monitor.boot().unwrap();
        let first = monitor.run();
        // Its next life has not panicked.
        monitor.boot().unwrap();
        [first, monitor.run()].map(Result::unwrap)
    };
    let on_panic = Some(Reaction::Stop);
    assert_eq!(end(on_panic, said), [End::Panic, End::Watchdog]);
    assert_eq!(end(on_panic, b"no panic\n"), [End::Watchdog; 2]);
    assert_eq!(end(None, said), [End::Watchdog; 2]);
}
