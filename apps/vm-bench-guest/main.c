/* What a virtual machine adds to single instructions.
 *
 * Each benchmark is a loop of ROUNDS turns and prints
 *
 *     bench vm.mfmsr ticks=T rounds=1000
 *
 * with the ticks of the time base that it took more than a loop of as many `nop`. Reading the time base does not trap.
 * Everything runs in supervisor mode, with no interrupt let in. */

typedef unsigned int u32;
typedef unsigned char u8;

enum { ROUNDS = 1000 };

/* The console: the first 16550, by polling. */
#define UART ((volatile u8 *)0xEF600300)
enum { DATA_REGISTER = 0, LINE_STATUS = 5, SCRATCH = 7, READY = 0x20, EMPTY = 0x40 };

/* TLB entries; start.S has 1 and 63. Then pages of memory that nothing else uses, and addresses for them. */
enum { UART_ENTRY = 0, FIRST_PAGE = 2, PAGES = 61, PAGE = 4096, VALID_4K = 0x210 };
static const u32 FAR = 0x40000000, MEMORY = 0x01000000, MISSES = 0x51000000;

extern const char system_call[], data_miss[];
void guest(void);

#define MTSPR(number, value) __asm__ volatile("mtspr %0, %1" : : "i"(number), "r"(value) : "memory")
enum { PID = 48, IVPR = 63, SPRG0 = 272, TCR = 340, IVOR_SYSTEM_CALL = 408, IVOR_DATA_MISS = 413, MMUCR = 946 };

static void tlb_set(u32 index, u32 effective, u32 physical, u32 attributes)
{
	__asm__ volatile("tlbwe %0, %3, 1; tlbwe %1, %3, 2; tlbwe %2, %3, 0; isync"
			 : : "r"(physical), "r"(attributes), "r"(effective | VALID_4K), "r"(index) : "memory");
}

static inline u32 ticks(void)
{
	u32 low;
	__asm__ volatile("mftb %0" : "=r"(low) : : "memory");
	return low;
}

/* A loop around a body with %0 to %2, three registers that it may change. */
#define LOOP(name, body)                                                                                              \
	static __attribute__((noinline)) u32 name(u32 rounds, u32 a, u32 b, u32 c)                                    \
	{                                                                                                             \
		u32 start = ticks();                                                                                  \
		__asm__ volatile("mtctr %3\n1:\t" body "\n\tbdnz 1b"                                                  \
				 : "+&b"(a), "+&b"(b), "+&b"(c) : "r"(rounds)                                         \
				 : "r29", "r30", "r31", "ctr", "cr0", "memory");                                       \
		return ticks() - start;                                                                               \
	}

LOOP(nop_loop, "nop")
LOOP(mfmsr_loop, "mfmsr %0")
LOOP(mfspr_sprg_loop, "mfspr %0, 272")
LOOP(mtspr_sprg_loop, "mtspr 272, %0")
LOOP(wrteei_loop, "wrteei 0")
LOOP(system_call_loop, "sc")
LOOP(tlbwe_loop, "tlbwe %0, %1, 2")
LOOP(exit_dcr_loop, "mfdcr %0, 0xC2")
LOOP(exit_mmio_loop, "lbz %0, 0(%1)")
/* %0 is 1 and 2 in turn. */
LOOP(pid_write_loop, "mtspr 48, %0\n\txori %0, %0, 3")
LOOP(pid_nop_loop, "nop\n\txori %0, %0, 3")
/* Two pages in turn, and one entry for both. */
LOOP(miss_loop, "lwz %1, 0(%0)\n\txori %0, %0, 0x1000")
LOOP(miss_nop_loop, "nop\n\txori %0, %0, 0x1000")
/* Linux's: %1 is the last entry. */
LOOP(flush_loop, "li %0, 0\n2:\ttlbwe %0, %0, 0\n\taddi %0, %0, 1\n\tcmpw 0, %0, %1\n\tble 2b")
/* One load from each of %1 pages. */
LOOP(refill_loop, "mr %2, %0\n\tli 31, 61\n2:\tlwz 30, 0(%2)\n\taddi %2, %2, 4096\n\taddic. 31, 31, -1\n\tbne 2b")
LOOP(refill_nop_loop, "mr %2, %0\n\tli 31, 61\n2:\tnop\n\taddi %2, %2, 4096\n\taddic. 31, 31, -1\n\tbne 2b")

/* A loop of `rfi` to what is behind it: SRR0 and SRR1 keep what they are given. */
static __attribute__((noinline)) u32 rfi_loop(u32 rounds)
{
	u32 start = ticks(), scratch;
	__asm__ volatile("mtctr %1\n\t"
			 "lis %0, 2f@h\n\tori %0, %0, 2f@l\n\tmtsrr0 %0\n\tli %0, 0\n\tmtsrr1 %0\n"
			 "1:\trfi\n2:\tbdnz 1b"
			 : "=&b"(scratch) : "r"(rounds) : "ctr", "memory");
	return ticks() - start;
}

static void put(char letter)
{
	while (!(UART[LINE_STATUS] & READY))
		;
	UART[DATA_REGISTER] = (u8)letter;
}

static void print(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			put('\r');
		put(*text);
	}
}

static void print_number(u32 value)
{
	char text[11];
	char *start = text + 10;
	*start = 0;
	do {
		*--start = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	print(start);
}

/* What one loop takes more than another; a shorter one takes nothing more. */
static void report(const char *name, u32 with, u32 without, u32 rounds)
{
	print("bench vm.");
	print(name);
	print(" ticks=");
	print_number(with > without ? with - without : 0);
	print(" rounds=");
	print_number(rounds);
	print("\n");
}

/* The first turns are for warmth. */
#define MEASURED(loop, ...) (loop(2, __VA_ARGS__), loop(ROUNDS, __VA_ARGS__))

static void instructions(u32 nop)
{
	report("mfmsr", MEASURED(mfmsr_loop, 0, 0, 0), nop, ROUNDS);
	report("mfspr_sprg", MEASURED(mfspr_sprg_loop, 0, 0, 0), nop, ROUNDS);
	report("wrteei", MEASURED(wrteei_loop, 0, 0, 0), nop, ROUNDS);
	report("mtspr_sprg", MEASURED(mtspr_sprg_loop, 0, 0, 0), nop, ROUNDS);
	(void)rfi_loop(2);
	u32 rfi = rfi_loop(ROUNDS);
	report("rfi", rfi, nop, ROUNDS);
	/* The way in is the way there and back less the way back: the `nop` is off both. */
	report("sc_reflect", MEASURED(system_call_loop, 0, 0, 0), rfi, ROUNDS);
}

static void translation(u32 nop)
{
	/* The attributes of an entry that no access has used: there is no alias to drop. */
	tlb_set(FIRST_PAGE, FAR, MEMORY, 3);
	report("tlbwe", MEASURED(tlbwe_loop, 3, FIRST_PAGE, 0), nop, ROUNDS);

	/* 61 pages and the program are more than the processor's TLB has room for beside the kernel's own entries, which
	 * it replaces in turn: every load misses, and once a turn so does the program. */
	for (u32 page = 0; page < PAGES; page++)
		tlb_set(FIRST_PAGE + page, FAR + page * PAGE, MEMORY + page * PAGE, 3);
	u32 refills = MEASURED(refill_loop, FAR, 0, 0);
	report("refill", refills, MEASURED(refill_nop_loop, FAR, 0, 0), ROUNDS * (PAGES + 1));

	u32 pid = MEASURED(pid_write_loop, 1, 0, 0);
	report("pid_write", pid, MEASURED(pid_nop_loop, 1, 0, 0), ROUNDS);
	MTSPR(PID, 0);

	u32 missed = MEASURED(miss_loop, MISSES, 0, 0);
	report("guest_tlb_miss", missed, MEASURED(miss_nop_loop, MISSES, 0, 0), ROUNDS);
}

/* Drops the UART's entry with the others. */
static void flushes(u32 nop)
{
	u32 flush = MEASURED(flush_loop, 0, 62, 0);
	tlb_set(UART_ENTRY, 0xEF600000, 0xEF600000, 0x503);
	/* 63 entries: the last one holds the program, as it holds Linux. */
	report("flush_loop", flush, nop, ROUNDS);
}

void guest(void)
{
	MTSPR(TCR, 0);
	MTSPR(IVPR, 0);
	MTSPR(IVOR_SYSTEM_CALL, (u32)system_call);
	MTSPR(IVOR_DATA_MISS, (u32)data_miss);
	MTSPR(MMUCR, 0);
	tlb_set(UART_ENTRY, 0xEF600000, 0xEF600000, 0x503); /* inhibited, guarded; supervisor: read, write */
	u32 nop = MEASURED(nop_loop, 0, 0, 0);
	instructions(nop);
	translation(nop);
	flushes(nop);
	report("exit_dcr", MEASURED(exit_dcr_loop, 0, 0, 0), nop, ROUNDS);
	report("exit_mmio", MEASURED(exit_mmio_loop, 0, 0xEF600300 + SCRATCH, 0), nop, ROUNDS);
	print("done\n");
	while (!(UART[LINE_STATUS] & EMPTY))
		;
	MTSPR(308, 0x30000000); /* DBCR0[RST]: the machine ends */
	for (;;)
		;
}
