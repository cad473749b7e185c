/* A TLB entry that is in use by many at once, and what a change of it means for each of them. */
#include "guest.h"

#define MINE 40

/* Who uses one entry: both states, several process IDs, and instructions from the other space. */
static const struct {
	u32 msr, pid;
} CONTEXTS[] = { { 0, 0 }, { PR, 0 }, { 0, 5 }, { PR, 5 }, { 0, 6 }, { PR, 6 }, { IS, 5 }, { PR | IS, 6 }, { DS, 0 }, { PR | DS, 5 } };
#define COUNT (sizeof CONTEXTS / sizeof *CONTEXTS)

/* The words of the entry, as the processor should have them. */
static u32 words[3], tid;

static void fill(void)
{
	for (u32 page = 0; page < 8; page++)
		for (u32 word = 0; word < 2; word++)
			*at(PAGES_AT + 0x1000 * page + 4 * word) = 0x88880000 | page << 4 | word;
}

static void give(u32 word0, u32 word1, u32 word2)
{
	words[0] = word0;
	words[1] = word1;
	words[2] = word2;
	tid = 0;
	tlb_set(MINE, 0, word0, word1, word2);
}

/* Writes one word, as a kernel does, and nothing before. */
static void change(u32 word, u32 value)
{
	static const u32 WRITES[] = { I_TLBWE(7, 5, 0), I_TLBWE(7, 5, 1), I_TLBWE(7, 5, 2) };
	words[word] = value;
	frame.gpr[5] = MINE;
	frame.gpr[7] = value;
	MTSPR(PID, 0);
	MTSPR(MMUCR, tid);
	RUN(0, WRITES[word], I_ISYNC);
	MTSPR(MMUCR, 0);
	want_end(2, 0);
}

/* The entry translates the address for this one. */
static int is_found(u32 who, u32 address)
{
	u32 mask = 0 - (1024u << (words[0] >> 3 & 0x1E)), space = CONTEXTS[who].msr & DS ? SPACE1 : 0;
	return words[0] & VALID && (words[0] & SPACE1) == space && !((words[0] ^ address) & mask) &&
	       (tid == 0 || tid == CONTEXTS[who].pid);
}

static u32 offset_of(u32 address)
{
	u32 mask = 0 - (1024u << (words[0] >> 3 & 0x1E));
	return (words[1] & mask) | (address & ~mask);
}

/* Each of them loads and stores there. */
static void use(u32 address)
{
	for (u32 who = 0; who < COUNT; who++) {
		u32 msr = CONTEXTS[who].msr, found = (u32)is_found(who, address);
		u32 rights = CONTEXTS[who].msr & PR ? words[2] >> 3 : words[2], physical = offset_of(address);
		MTSPR(PID, CONTEXTS[who].pid);
		frame.gpr[5] = 0xA5000005;
		frame.gpr[8] = address;
		RUN(msr, I_LWZ(5, 0, 8));
		if (found && rights & SR) {
			want_end(1, msr);
			want("loaded", frame.gpr[5], *at(physical));
		} else {
			want_interrupt(found ? DATA : DATA_MISS, 0, msr);
			want("DEAR of load", frame.dear, address);
			want("ESR of load", frame.esr, 0);
			want("register of load", frame.gpr[5], 0xA5000005);
		}
		frame.gpr[6] = 0x99990000 | who;
		RUN(msr, I_STW(6, 4, 8));
		if (found && rights & SW) {
			want_end(1, msr);
			want("stored", *at(physical + 4), 0x99990000 | who);
			*at(physical + 4) = 0;
		} else {
			want_interrupt(found ? DATA : DATA_MISS, 0, msr);
			want("DEAR of store", frame.dear, address + 4);
			want("ESR of store", frame.esr, ST);
		}
	}
	MTSPR(PID, 0);
}

#define ALL_RIGHTS (UW | UR | SW | SR)
#define FOUR_K (PAGES | VALID | SIZE_4K)
#define SIXTEEN_K (PAGES | VALID | 0x20)

/* One word of an entry changes that everybody has used. QEMU notices some changes of a valid one only. */
static void live(void)
{
	static const struct {
		enum where where;
		const char *name;
		u32 before, word, value, tid;
	} CHANGES[] = {
		{ ALL, "invalid", FOUR_K, 0, MINE, 0 },
		{ ALL, "moved", FOUR_K, 0, FOUR_K + 0x1000, 0 },
		{ ALL, "remapped", FOUR_K, 1, PAGES_AT + 0x2000, 0 },
		{ ALL, "larger", FOUR_K, 0, SIXTEEN_K, 0 },
		{ ALL, "more-rights", FOUR_K, 2, ALL_RIGHTS | UX | SX, 0 },
		{ VM_ONLY, "smaller", SIXTEEN_K, 0, FOUR_K, 0 },
		{ VM_ONLY, "read-only", FOUR_K, 2, UR | SR, 0 },
		{ VM_ONLY, "user-only", FOUR_K, 2, UR | UW, 0 },
		{ VM_ONLY, "kernel-only", FOUR_K, 2, SR | SW, 0 },
		{ VM_ONLY, "none", FOUR_K, 2, 0, 0 },
		{ VM_ONLY, "TID", FOUR_K, 0, FOUR_K, 5 },
		{ VM_ONLY, "space", FOUR_K, 0, FOUR_K | SPACE1, 0 },
		{ ALL, "same", FOUR_K, 0, FOUR_K, 0 },
	};
	for (u32 i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
		if (!begin(CHANGES[i].where, "alias", "live", CHANGES[i].name))
			continue;
		fill();
		give(CHANGES[i].before, PAGES_AT, ALL_RIGHTS);
		use(PAGES);
		use(PAGES + 0x1000);
		tid = CHANGES[i].tid;
		change(CHANGES[i].word, CHANGES[i].value);
		use(PAGES);
		use(PAGES + 0x1000);
		/* And back again. */
		tid = 0;
		give(CHANGES[i].before, PAGES_AT, ALL_RIGHTS);
		use(PAGES);
		use(PAGES + 0x1000);
		end();
	}
}

/* Rights of one page that differ by state, met in turns. */
static void states(void)
{
	static const struct {
		const char *name;
		u32 rights;
	} PAIRS[] = { { "user-reads", UR | SW | SR }, { "kernel-reads", UW | UR | SR }, { "user-alone", UW | UR },
		      { "kernel-alone", SW | SR }, { "user-writes", UW | SR }, { "kernel-writes", UR | SW } };
	for (u32 i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
		if (!begin(ALL, "alias", "states", PAIRS[i].name))
			continue;
		fill();
		give(FOUR_K, PAGES_AT, PAIRS[i].rights);
		use(PAGES);
		use(PAGES);
		end();
	}
}

/* The words of an entry, one after the other in every order: into one that is not valid, and into one in use. */
static void orders(void)
{
	static const struct {
		const char *name;
		u32 order[3];
	} ORDERS[] = { { "012", { 0, 1, 2 } }, { "021", { 0, 2, 1 } }, { "102", { 1, 0, 2 } },
		       { "120", { 1, 2, 0 } }, { "201", { 2, 0, 1 } }, { "210", { 2, 1, 0 } } };
	static const u32 NEXT[] = { SIXTEEN_K, PAGES_AT + 0x4000, UR | SW | SR };
	for (u32 i = 0; i < 6; i++) {
		if (begin(ALL, "alias", "order", ORDERS[i].name)) {
			fill();
			give(FOUR_K, PAGES_AT, ALL_RIGHTS);
			use(PAGES);
			change(0, 0);
			use(PAGES);
			for (u32 step = 0; step < 3; step++)
				change(ORDERS[i].order[step], NEXT[ORDERS[i].order[step]]);
			use(PAGES);
			use(PAGES + 0x1000);
			end();
		}
		/* Of a valid entry QEMU notices the address and the size when they grow, not the rights. */
		if (begin(VM_ONLY, "alias", "order-live", ORDERS[i].name)) {
			fill();
			give(FOUR_K, PAGES_AT, ALL_RIGHTS);
			use(PAGES);
			for (u32 step = 0; step < 3; step++) {
				change(ORDERS[i].order[step], NEXT[ORDERS[i].order[step]]);
				use(PAGES);
				use(PAGES + 0x1000);
			}
			end();
		}
	}
}

/* Data in the very page that the instructions lie in, when the two come from different spaces. */
static void own_page(void)
{
	static const struct {
		const char *name;
		u32 word;
	} FORMS[] = {
		{ "lwz", I_LWZ(5, 0x100, 8) },
		{ "stw", I_STW(6, 0x100, 8) },
		{ "lhau", 43u << 26 | 5 << 21 | 8 << 16 | 0x104 },
		{ "stbux", X(247, 6, 8, 9) },
		{ "lwbrx", X(534, 5, 8, 9) },
		{ "sthbrx", X(918, 6, 8, 9) },
		{ "lmw", 46u << 26 | 28 << 21 | 8 << 16 | 0x100 },
		{ "stmw", 47u << 26 | 28 << 21 | 8 << 16 | 0x100 },
		{ "lswi", X(597, 20, 9, 11) },
		{ "dcbz", X(1014, 0, 8, 9) },
	};
	for (u32 user = 0; user < 2; user++) {
		for (u32 i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
			if (!begin(ALL, "own-page", user ? "user" : "kernel", FORMS[i].name))
				continue;
			u32 msr = IS | (user ? PR : 0), gpr[2][32], memory[2][16];
			/* Once with the data elsewhere, which an ordinary access reaches; then in the same page. */
			for (u32 same = 0; same < 2; same++) {
				u32 page = same ? CODE : PAGES;
				for (u32 word = 0; word < 16; word++)
					*at(PAGES_AT + 0x100 + 4 * word) = 0x81726354 + 0x1010101 * word;
				tlb_set(same ? CODE_ENTRY : MINE, 0, page | VALID | SIZE_4K, PAGES_AT, ALL_RIGHTS);
				for (u32 number = 0; number < 32; number++)
					frame.gpr[number] = 0xA5000000 | number;
				frame.gpr[8] = page;
				frame.gpr[9] = FORMS[i].word >> 1 == X(597, 20, 9, 11) >> 1 ? page + 0x100 : 0x100;
				RUN(msr, FORMS[i].word);
				want_end(1, msr);
				for (u32 number = 0; number < 32; number++)
					gpr[same][number] = frame.gpr[number] - (frame.gpr[number] >> 12 == page >> 12 ? page : 0);
				for (u32 word = 0; word < 16; word++)
					memory[same][word] = *at(PAGES_AT + 0x100 + 4 * word);
			}
			for (u32 number = 0; number < 32; number++)
				want("register", gpr[1][number], gpr[0][number]);
			for (u32 word = 0; word < 16; word++)
				want("memory", memory[1][word], memory[0][word]);
			end();
		}
	}
}

void alias_cases(void)
{
	live();
	states();
	orders();
	own_page();
}
