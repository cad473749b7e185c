/* Processes: a kernel that guards itself against its users' pages, and more processes than the hardware has PIDs for. */
#include "guest.h"

enum { FIRST = 20, ENTRIES = 24, ROUNDS = 200, USER = 7, BEFORE = 11 };

/* The kernel's own PID has no way to the user's page; for a moment it takes the user's. */
static void guard(void)
{
	if (!begin(ALL, "pid", "guard", 0))
		return;
	tlb_set(FIRST, USER, PAGES | VALID | SIZE_4K, PAGES_AT, UR | UW | SR | SW);
	for (u32 round = 0; round < ROUNDS; round++) {
		*at(PAGES_AT) = 0x11110000 | round;
		*at(PAGES_AT + 4) = 0;
		frame.gpr[5] = frame.gpr[10] = 0xA5A5A5A5;
		frame.gpr[6] = USER;
		frame.gpr[7] = 0;
		frame.gpr[8] = PAGES;
		frame.gpr[9] = 0x22220000 | round;
		MTSPR(PID, 0);
		RUN(0, I_MTSPR(PID, 6), I_ISYNC, I_LWZ(5, 0, 8), I_STW(9, 4, 8), I_MTSPR(PID, 7), I_ISYNC, I_LWZ(10, 0, 8));
		want_interrupt(DATA_MISS, 6, 0);
		want("DEAR", frame.dear, PAGES);
		want("loaded under the user's PID", frame.gpr[5], 0x11110000 | round);
		want("loaded under its own", frame.gpr[10], 0xA5A5A5A5);
		want("stored", *at(PAGES_AT + 4), 0x22220000 | round);
		MTSPR(PID, USER);
		RUN(PR, I_LWZ(5, 4, 8));
		want_end(1, PR);
		want("what the user loads", frame.gpr[5], 0x22220000 | round);
	}
	end();
}

static u32 mark(u32 turn, u32 process)
{
	return (0x99990000 | turn << 8 | process) ^ salt;
}

static void load(u32 process, u32 msr)
{
	frame.gpr[5] = 0xA5A5A5A5;
	frame.gpr[8] = PAGES;
	MTSPR(PID, process);
	RUN(msr, I_LWZ(5, 0, 8));
}

/* All processes have the same address and memory of their own. So many contexts are more than there are PIDs below. */
static void all(void)
{
	if (!begin(ALL, "pid", "all", 0))
		return;
	for (u32 turn = 0; turn < 3; turn++)
		for (u32 process = 1; process < 256; process++) {
			u32 msr = (process ^ turn) & 1 ? PR : 0, place = PAGES_AT + 0x1000 * process;
			*at(place) = mark(turn, process);
			tlb_set(FIRST + process % ENTRIES, process, PAGES | VALID | SIZE_4K, place, UR | SR);
			load(process, msr);
			want_end(1, msr);
			want("its own", frame.gpr[5], mark(turn, process));
			load(process, msr ^ PR);
			want_end(1, msr ^ PR);
			want("its own in the other state", frame.gpr[5], mark(turn, process));
			if (process > BEFORE) {
				load(process - BEFORE, msr);
				want_end(1, msr);
				want("an earlier one's", frame.gpr[5], mark(turn, process - BEFORE));
			}
			if (process > ENTRIES) {
				load(process - ENTRIES, msr);
				want_interrupt(DATA_MISS, 0, msr);
				want("without an entry", frame.gpr[5], 0xA5A5A5A5);
			}
		}
	MTSPR(PID, 0);
	end();
}

void process_cases(void)
{
	guard();
	all();
}
