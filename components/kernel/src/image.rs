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

        /// The objects.
        static FUGUE_STORAGE: $crate::arch::Storage<
            { ($tables.threads.len() + 1).next_power_of_two() },
            { $tables.domains.len().next_power_of_two() },
            { $tables.timers.len().next_power_of_two() },
            { $tables.slots().next_power_of_two() },
            { $tables.floats() },
        > = $crate::arch::Storage::empty();

        /// The kernel.
        struct Fugue;

        impl $crate::arch::System for Fugue {
            type Board = $board;

            fn image() -> &'static $crate::arch::Image {
                static IMAGE: $crate::arch::Image =
                    FUGUE_STORAGE.image(&FUGUE_TABLES, &FUGUE_BOOT, &FUGUE_NOWHERE);
                &IMAGE
            }
        }

        /// The pages of the kernel's own.
        static FUGUE_BOOT: $crate::tables::Boot = $boot;

        /// A map without pages.
        static FUGUE_NOWHERE: [$crate::tlb::Entry; 1 << $tables.depth()] =
            [$crate::tlb::Entry::END; 1 << $tables.depth()];

        $crate::miss_handlers!($tables.depth());

        /// Where the board's first instructions go on, on the kernel's stack.
        // SAFETY: the name is the kernel's; a generated kernel crate defines it once.
        #[unsafe(no_mangle)]
        extern "C" fn fugue_boot() -> ! {
            $crate::arch::boot::<Fugue>()
        }

        /// Where system calls go that the fast path leaves.
        // SAFETY: the name is the kernel's; a generated kernel crate defines it once.
        #[unsafe(no_mangle)]
        extern "C" fn fugue_call() -> ! {
            $crate::arch::call::<Fugue>()
        }

        /// Where device interrupts go.
        // SAFETY: the name is the kernel's; a generated kernel crate defines it once.
        #[unsafe(no_mangle)]
        extern "C" fn fugue_interrupt() -> ! {
            $crate::arch::interrupt::<Fugue>()
        }

        /// Where the decrementer's interrupts go.
        // SAFETY: the name is the kernel's; a generated kernel crate defines it once.
        #[unsafe(no_mangle)]
        extern "C" fn fugue_timer() -> ! {
            $crate::arch::timer::<Fugue>()
        }

        /// Where every other exception goes after the registers were saved.
        // SAFETY: the name is the kernel's; a generated kernel crate defines it once.
        #[unsafe(no_mangle)]
        extern "C" fn fugue_trap(vector: u32, msr: u32, esr: u32, dear: u32) -> ! {
            $crate::arch::trap::<Fugue>(vector, msr, esr, dear)
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
