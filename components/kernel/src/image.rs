//! How a generated crate becomes a kernel.

/// Defines a kernel from a board, the const tables and the boot pages.
///
/// ```text
/// kernel::image! { board: platform_qemu::Bamboo, tables: TABLES, boot: BOOT }
/// platform_qemu::boot! { BOOT }
/// ```
///
/// The first line is the kernel, the second the board's first instructions.
#[macro_export]
macro_rules! image {
    (board: $board:ty, tables: $tables:expr, boot: $boot:expr $(,)?) => {
        /// The tables, checked while they are compiled.
        static FUGUE_TABLES: $crate::tables::Tables = {
            let tables: $crate::tables::Tables = $tables;
            tables.check();
            tables
        };

        /// The kernel.
        struct Fugue;

        impl $crate::arch::System for Fugue {
            type Board = $board;

            fn image() -> &'static $crate::arch::Image {
                use $crate::arch::FloatState;
                use $crate::objects::{Aside, Domain, Thread, Timer};
                const THREADS: usize = ($tables.threads.len() + 1).next_power_of_two();
                static IMAGE: $crate::arch::Image = $crate::arch::Image {
                    tables: &FUGUE_TABLES,
                    boot: &FUGUE_BOOT,
                    nowhere: &FUGUE_NOWHERE,
                    threads: $crate::shared!([Thread; THREADS], Thread::INITIAL),
                    domains: $crate::shared!([Domain; $tables.domains.len().next_power_of_two()], Domain::INITIAL),
                    timers: $crate::shared!([Timer; $tables.timers.len().next_power_of_two()], Timer::INITIAL),
                    asides: $crate::shared!([Aside; THREADS], Aside::INITIAL),
                    broken: $crate::shared!([bool; $tables.slots().next_power_of_two()], false),
                    floats: $crate::shared!([FloatState; $tables.floats()], FloatState::ZERO),
                };
                &IMAGE
            }

            $crate::if_guests! {
                fn vcpus() -> *mut [$crate::vcpu::Vcpu] {
                    use $crate::vcpu::Vcpu;
                    $crate::shared!([Vcpu; $tables.vcpus.len().next_power_of_two()], Vcpu::new(0))
                }
            }
        }

        /// The pages of the kernel's own.
        static FUGUE_BOOT: $crate::tables::Boot = $boot;

        /// A map without pages.
        static FUGUE_NOWHERE: [$crate::tlb::Entry; 1 << $tables.depth()] =
            [$crate::tlb::Entry::END; 1 << $tables.depth()];

        $crate::miss_handlers!($tables.depth());

        // Where the board's first instructions go on, on the kernel's stack.
        $crate::entry!(fugue_boot() = $crate::arch::boot::<Fugue>());
        // Where system calls go that the fast path leaves.
        $crate::entry!(fugue_call() = $crate::arch::leave($crate::arch::kernel::<Fugue>().called()));
        // Where device interrupts go.
        $crate::entry!(fugue_interrupt() = $crate::arch::leave($crate::arch::kernel::<Fugue>().interrupt()));
        // Where the decrementer's interrupts go.
        $crate::entry!(fugue_timer() = $crate::arch::leave($crate::arch::kernel::<Fugue>().timer()));
        // Where every other exception goes after the registers were saved.
        $crate::entry!(fugue_trap(vector, msr, esr, dear) = $crate::arch::trap::<Fugue>(vector, msr, esr, dear));

        // Where guests come from, and where they go.
        $crate::if_guests! {
            $crate::entry!(fugue_guest_trap(vector, esr, dear) = $crate::arch::guest_trap::<Fugue>(vector, esr, dear));
            $crate::entry!(fugue_guest_leave() = $crate::arch::guest_leave::<Fugue>());
        }

        #[panic_handler]
        fn fugue_panic(info: &core::panic::PanicInfo<'_>) -> ! {
            $crate::arch::panic::<Fugue>(info)
        }

        // A note for composer, which bounds the kernel's stack: of panics, at most the first and one in its
        // report are on it at once, because the second ends the run at once.
        core::arch::global_asm!(
            ".pushsection .fugue.stack, \"\", @progbits",
            ".long {panic}, 2",
            ".popsection",
            panic = sym fugue_panic,
        );
    };
}

/// Storage of an image, as a pointer to a slice.
#[doc(hidden)]
#[macro_export]
macro_rules! shared {
    ([$item:ty; $count:expr], $first:expr) => {{
        static ITEMS: $crate::arch::Shared<[$item; $count]> =
            $crate::arch::Shared::new([const { $first }; $count]);
        ITEMS.get()
    }};
}

/// Items of images with virtual CPUs.
#[cfg(feature = "vm")]
#[doc(hidden)]
#[macro_export]
macro_rules! if_guests {
    ($($item:tt)*) => { $($item)* };
}

/// None: there are no guests.
#[cfg(not(feature = "vm"))]
#[doc(hidden)]
#[macro_export]
macro_rules! if_guests {
    ($($item:tt)*) => {};
}

/// A function that assembly calls by its name.
#[doc(hidden)]
#[macro_export]
macro_rules! entry {
    ($name:ident($($argument:ident),*) = $body:expr) => {
        // SAFETY: the name is the kernel's; a generated kernel crate defines it once.
        #[unsafe(no_mangle)]
        extern "C" fn $name($($argument: u32),*) -> ! {
            $body
        }
    };
}
