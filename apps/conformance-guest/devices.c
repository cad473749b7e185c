/* Loads and stores of every form at a device's registers: the UART's scratch register everywhere, words of a virtio device
 * in a machine. */
#include "guest.h"

enum { MINE = 40, SCRATCH = 7, STATUS = 0x70, ONE = 0x200 };
#define UART_AT 0xEF600300u
#define D_FORM(opcode, t, d, a) ((u32)(opcode) << 26 | (t) << 21 | (a) << 16 | (d))

/* Through r8 and a displacement, or r8 and r10; into and out of r5. */
static const struct {
	const char *name;
	u32 load, store;
	u32 updates;
} BYTES[] = {
	{ "plain", D_FORM(34, 5, SCRATCH, 8), D_FORM(38, 6, SCRATCH, 8), 0 },
	{ "update", D_FORM(35, 5, SCRATCH, 8), D_FORM(39, 6, SCRATCH, 8), 1 },
	{ "indexed", X(87, 5, 8, 10), X(215, 6, 8, 10), 0 },
	{ "update-indexed", X(119, 5, 8, 10), X(247, 6, 8, 10), 1 },
};

static void bytes(void)
{
	for (u32 i = 0; i < sizeof BYTES / sizeof *BYTES; i++) {
		if (!begin(ALL, "device", "byte", BYTES[i].name))
			continue;
		for (u32 value = 1; value < 0x100; value += 0x3B) {
			frame.gpr[6] = 0xABCDEF00 | value;
			frame.gpr[8] = UART_AT;
			frame.gpr[10] = SCRATCH;
			RUN(0, BYTES[i].store);
			want_end(1, 0);
			want("r8 of store", frame.gpr[8], UART_AT + (BYTES[i].updates ? SCRATCH : 0));
			frame.gpr[5] = 0xA5A5A5A5;
			frame.gpr[8] = UART_AT;
			RUN(0, BYTES[i].load);
			want_end(1, 0);
			want("loaded", frame.gpr[5], value);
			want("r8 of load", frame.gpr[8], UART_AT + (BYTES[i].updates ? SCRATCH : 0));
		}
		end();
	}
}

/* The source of entropy has its registers at ONE: 'virt' and the version, in the bytes' order of a little-endian device. */
static const struct {
	const char *name;
	u32 word, base, r5, r30, r31, r8;
} LOADS[] = {
	{ "lwz", D_FORM(32, 5, ONE, 8), PAGES, 0x76697274, 0, 0, PAGES },
	{ "lwzu", D_FORM(33, 5, ONE, 8), PAGES, 0x76697274, 0, 0, PAGES + ONE },
	{ "lwzx", X(23, 5, 8, 10), PAGES, 0x76697274, 0, 0, PAGES },
	{ "lwzux", X(55, 5, 8, 10), PAGES, 0x76697274, 0, 0, PAGES + ONE },
	{ "lwbrx", X(534, 5, 8, 10), PAGES, 0x74726976, 0, 0, PAGES },
	{ "lwbrx-zero", X(534, 5, 0, 8), PAGES + ONE, 0x74726976, 0, 0, PAGES + ONE },
	{ "lmw", D_FORM(46, 30, ONE, 8), PAGES, 0, 0x76697274, 0x02000000, PAGES },
};
static const struct {
	const char *name;
	u32 word, base, value, r8;
} STORES[] = {
	{ "stw", D_FORM(36, 6, ONE + STATUS, 8), PAGES, 0x01000000, PAGES },
	{ "stwu", D_FORM(37, 6, ONE + STATUS, 8), PAGES, 0x01000000, PAGES + ONE + STATUS },
	{ "stwx", X(151, 6, 8, 10), PAGES + STATUS, 0x01000000, PAGES + STATUS },
	{ "stwux", X(183, 6, 8, 10), PAGES + STATUS, 0x01000000, PAGES + ONE + STATUS },
	{ "stwbrx", X(662, 6, 8, 10), PAGES + STATUS, 1, PAGES + STATUS },
	{ "stwbrx-zero", X(662, 6, 0, 8), PAGES + ONE + STATUS, 1, PAGES + ONE + STATUS },
};

static void words(void)
{
	for (u32 i = 0; i < sizeof LOADS / sizeof *LOADS; i++) {
		if (!begin(VM_ONLY, "device", "word", LOADS[i].name))
			continue;
		tlb_set(MINE, 0, PAGES | VALID | SIZE_4K, 0xEF700000, INHIBITED | GUARDED | SW | SR);
		frame.gpr[5] = frame.gpr[30] = frame.gpr[31] = 0;
		frame.gpr[8] = LOADS[i].base;
		frame.gpr[10] = ONE;
		RUN(0, LOADS[i].word);
		want_end(1, 0);
		want("r5", frame.gpr[5], LOADS[i].r5);
		want("r30", frame.gpr[30], LOADS[i].r30);
		want("r31", frame.gpr[31], LOADS[i].r31);
		want("r8", frame.gpr[8], LOADS[i].r8);
		end();
	}
	for (u32 i = 0; i < sizeof STORES / sizeof *STORES; i++) {
		if (!begin(VM_ONLY, "device", "word", STORES[i].name))
			continue;
		tlb_set(MINE, 0, PAGES | VALID | SIZE_4K, 0xEF700000, INHIBITED | GUARDED | SW | SR);
		*at(PAGES + ONE + STATUS) = 0;
		frame.gpr[6] = STORES[i].value;
		frame.gpr[8] = STORES[i].base;
		frame.gpr[10] = ONE;
		RUN(0, STORES[i].word);
		want_end(1, 0);
		want("status", *at(PAGES + ONE + STATUS), 0x01000000);
		want("r8", frame.gpr[8], STORES[i].r8);
		*at(PAGES + ONE + STATUS) = 0;
		end();
	}
}

void device_cases(void)
{
	bytes();
	words();
}
