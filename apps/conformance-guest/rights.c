/* Rights of pages: every choice of read, write and execute, for user and supervisor, in every size; and how far a page
 * reaches. */
#include "guest.h"

#define MINE 40
#define I_MTCTR(s) I_MTSPR(9, s)
#define I_BCTR 0x4E800420u
#define I_BCTRL 0x4E800421u

static const struct {
	const char *name;
	u32 code, bytes;
} SIZES[] = {
	{ "1K", 0, 1 << 10 },	  { "4K", 0x10, 1 << 12 }, { "16K", 0x20, 1 << 14 }, { "64K", 0x30, 1 << 16 },  { "256K", 0x40, 1 << 18 },
	{ "1M", 0x50, 1 << 20 }, { "16M", 0x70, 1 << 24 }, { "256M", 0x90, 1 << 28 },
};
#define COUNT (sizeof SIZES / sizeof *SIZES)

/* The page's memory: a page of 256 MiB is all that there is. */
static u32 memory(u32 size)
{
	return SIZES[size].bytes == 1 << 28 ? 0 : PAGES_AT;
}

/* The offset of what a case touches in the page: away from the guest itself. */
static u32 offset(u32 size)
{
	return SIZES[size].bytes == 1 << 28 ? PAGES_AT : 0;
}

static void rights(u32 size, u32 user)
{
	u32 msr = user ? PR : 0, address = PAGES + offset(size);
	*at(PAGES_AT) = I_SC;
	coherent(PAGES_AT);
	for (u32 mine = 0; mine < 8; mine++) {
		/* The other mode has exactly the other rights: whoever mixes them up is found out. */
		u32 others = ~mine & 7;
		u32 word2 = user ? mine << 3 | others : others << 3 | mine;
		tlb_set(MINE, 0, PAGES | VALID | SIZES[size].code, memory(size), word2);
		frame.gpr[8] = address;
		frame.gpr[6] = 0x55550000 | mine;

		frame.gpr[5] = 0;
		RUN(msr, I_LWZ(5, 0, 8));
		if (mine & SR) {
			want_end(1, msr);
			want("loaded", frame.gpr[5], I_SC);
		} else {
			want_interrupt(DATA, 0, msr);
			want("DEAR of load", frame.dear, address);
			want("ESR of load", frame.esr, 0);
			want("register of load", frame.gpr[5], 0);
		}

		*at(PAGES_AT + 8) = 0x66660000;
		RUN(msr, I_STW(6, 8, 8));
		if (mine & SW) {
			want_end(1, msr);
		} else {
			want_interrupt(DATA, 0, msr);
			want("DEAR of store", frame.dear, address + 8);
			want("ESR of store", frame.esr, ST);
		}
		want("memory", *at(PAGES_AT + 8), mine & SW ? 0x55550000 | mine : 0x66660000);

		RUN(msr, I_MTCTR(8), I_BCTR);
		want("interrupt of fetch", frame.vector, mine & SX ? SYSTEM_CALL : INSTRUCTION);
		want("SRR0 of fetch", frame.srr0, mine & SX ? address + 4 : address);
		want("SRR1 of fetch", frame.srr1, msr);
	}
}

/* A word at an address: there or not, as data and as an instruction. */
static void touch(u32 address, int there)
{
	frame.gpr[8] = address;
	RUN(0, I_LWZ(5, 0, 8));
	want("interrupt of load", frame.vector, there ? SYSTEM_CALL : DATA_MISS);
	if (!there)
		want("DEAR", frame.dear, address);
	RUN(0, I_MTCTR(8), I_BCTR);
	want("interrupt of fetch", frame.vector, there ? SYSTEM_CALL : INSTRUCTION_MISS);
	want("SRR0", frame.srr0, there ? address + 4 : address);
}

static void reach(u32 size)
{
	u32 bytes = SIZES[size].bytes, first = memory(size) + offset(size), last = memory(size) + bytes - 4;
	*at(first) = *at(last) = I_SC;
	coherent(first);
	coherent(last);
	tlb_set(MINE, 0, PAGES | VALID | SIZES[size].code, memory(size), SX | SR);
	touch(PAGES + offset(size), 1);
	touch(PAGES + bytes - 4, 1);
	touch(PAGES + bytes, 0);
	touch(PAGES - 4, 0);
}

void rights_cases(void)
{
	for (u32 size = 0; size < COUNT; size++) {
		/* QEMU's pages of 1 KiB reach as far as those of 4, and it is below a virtual machine, too. */
		if (size > 0 && begin(ALL, "page", SIZES[size].name, "reach")) {
			reach(size);
			end();
		}
		if (begin(ALL, "page", SIZES[size].name, "kernel")) {
			rights(size, 0);
			end();
		}
		if (begin(ALL, "page", SIZES[size].name, "user")) {
			rights(size, 1);
			end();
		}
	}
	/* The address bits below a page's size do not count; QEMU never matches such an entry. */
	if (begin(VM_ONLY, "page", "unaligned", 0)) {
		*at(PAGES_AT + 0x2000) = 0x77777777;
		tlb_set(MINE, 0, (PAGES + 0x3000) | VALID | 0x20, PAGES_AT, UR);
		frame.gpr[8] = PAGES + 0x2000;
		RUN(PR, I_LWZ(5, 0, 8));
		want_end(1, PR);
		want("r5", frame.gpr[5], 0x77777777);
		end();
	}
}
