/* What the files of the guest share. Registers and bits are those of the PPC440 user's manual. */
#ifndef GUEST_H
#define GUEST_H

#include "frame.h"

typedef unsigned int u32;
typedef unsigned char u8;

/* The frame: what a case starts with, and what its interrupt has left. */
struct frame {
	u32 gpr[32];
	u32 pc, msr, cr, lr, ctr, xer;
	u32 vector, entry, srr0, srr1, csrr0, csrr1, esr, dear;
	u32 inside;
};
/* Where guest.lds says that FRAME is. */
extern volatile struct frame frame;

/* Interrupts, as the IVORs count them. */
enum { CRITICAL, MACHINE_CHECK, DATA, INSTRUCTION, EXTERNAL, ALIGNMENT, PROGRAM, FLOATS, SYSTEM_CALL, AUXILIARY,
       DECREMENTER, FIXED_INTERVAL, WATCHDOG, DATA_MISS, INSTRUCTION_MISS, DEBUG };

/* MSR. */
enum { WE = 0x40000, CE = 0x20000, EE = 0x8000, PR = 0x4000, FP = 0x2000, ME = 0x1000, DE = 0x200, IS = 0x20, DS = 0x10 };

/* ESR. */
enum { PIL = 0x08000000, PPR = 0x04000000, PTR = 0x02000000, FPO = 0x01000000, ST = 0x00800000 };

/* Special-purpose registers that more than one file names. */
enum { SRR0 = 26, SRR1 = 27, PID = 48, DECAR = 54, CSRR0 = 58, CSRR1 = 59, DEAR = 61, ESR = 62, IVPR = 63, DEC = 22,
       DBCR0 = 308, TSR = 336, TCR = 340, IVOR0 = 400, SPRG0 = 272, SPRG4 = 276, MCSRR0 = 570, MCSRR1 = 571, MCSR = 572,
       MMUCR = 946, USPRG0 = 256 };

#define MFSPR(number) ({ u32 value_; __asm__ volatile("mfspr %0, %1" : "=r"(value_) : "i"(number) : "memory"); value_; })
#define MTSPR(number, value) __asm__ volatile("mtspr %0, %1" : : "i"(number), "r"(value) : "memory")
#define MFDCR(number) ({ u32 value_; __asm__ volatile("mfdcr %0, %1" : "=r"(value_) : "i"(number)); value_; })
#define MTDCR(number, value) __asm__ volatile("mtdcr %0, %1" : : "i"(number), "r"(value) : "memory")

/* Instructions of cases. Registers are numbers. */
#define X(xo, t, a, b) (31u << 26 | (u32)(t) << 21 | (u32)(a) << 16 | (u32)(b) << 11 | (u32)(xo) << 1)
#define SPR(xo, t, n) X(xo, t, (n) & 31, (n) >> 5)
#define I_MFSPR(t, n) SPR(339, t, n)
#define I_MTSPR(n, s) SPR(467, s, n)
#define I_MFDCR(t, n) SPR(323, t, n)
#define I_MTDCR(n, s) SPR(451, s, n)
#define I_MFMSR(t) X(83, t, 0, 0)
#define I_MTMSR(s) X(146, s, 0, 0)
#define I_WRTEE(s) X(131, s, 0, 0)
#define I_WRTEEI(e) (X(163, 0, 0, 0) | (u32)(e) << 15)
#define I_TLBRE(t, a, ws) X(946, t, a, ws)
#define I_TLBWE(s, a, ws) X(978, s, a, ws)
#define I_TLBSX(t, a, b) X(914, t, a, b)
#define I_TLBSX_(t, a, b) (X(914, t, a, b) | 1)
#define I_RFI (19u << 26 | 50 << 1)
#define I_RFCI (19u << 26 | 51 << 1)
#define I_RFMCI (19u << 26 | 38 << 1)
#define I_ISYNC (19u << 26 | 150 << 1)
#define I_BLR 0x4E800020u
#define I_BDNZ_SELF 0x42000000u /* branches to itself until CTR is 0 */
#define I_NOP 0x60000000u
#define I_SC 0x44000002u
#define I_TRAP 0x7FE00008u
#define I_LI(t, value) (14u << 26 | (u32)(t) << 21 | ((value) & 0xFFFF))
#define I_LWZ(t, d, a) (32u << 26 | (u32)(t) << 21 | (u32)(a) << 16 | ((d) & 0xFFFF))
#define I_STW(s, d, a) (36u << 26 | (u32)(s) << 21 | (u32)(a) << 16 | ((d) & 0xFFFF))

/* Where cases run: their instructions, and a page of data. Physical, and the addresses by which a case has them. */
#define CODE_AT 0x03000000u
#define DATA_AT 0x03001000u
#define CODE 0x20000000u
#define DATA_PAGE 0x20001000u
/* Memory for the pages of the TLB's cases: 32 MiB, aligned to 16. And two addresses for them. */
#define PAGES_AT 0x04000000u
#define PAGES 0x50000000u
#define OTHER_PAGES 0x60000000u

/* TLB: word 0 and word 2. */
enum { VALID = 0x200, SPACE1 = 0x100, SIZE_4K = 0x10, SIZE_256M = 0x90 };
enum { UX = 0x20, UW = 0x10, UR = 0x08, SX = 0x04, SW = 0x02, SR = 0x01, GUARDED = 0x100, INHIBITED = 0x400 };
/* Entries: base, UART, code and data in space 0, code in space 1; cases have the rest. */
enum { BASE, UART_ENTRY, CODE_ENTRY, DATA_ENTRY, CODE1_ENTRY, FREE };

/* start.S */
extern const volatile u32 vectors[64];
void enter(void);

/* console.c */
void print(const char *text);
void print_hex(u32 value);
void print_number(u32 value);

/* case.c */
enum where { ALL, VM_ONLY };
extern int in_vm;
extern u32 salt;
void arguments(const u8 *tree);
int has_word(const char *word);
u32 number_of(const char *key);
int begin(enum where where, const char *group, const char *name, const char *variant);
void want(const char *what, u32 got, u32 expected);
void end(void);
void summary(void);
void resume(const char *group, const char *middle, u32 before, u32 bad_before);
u32 count(u32 *bad);

/* run.c */
void prepare(void);
void restore(void);
void place_words(const u32 *words, u32 count);
void run_from(u32 index, u32 msr);
void run(u32 msr, const u32 *words, u32 count);
#define RUN(msr, ...) run(msr, (const u32[]){ __VA_ARGS__ }, sizeof((const u32[]){ __VA_ARGS__ }) / 4)
void want_interrupt(u32 vector, u32 index, u32 msr);
void want_end(u32 index, u32 msr);
void tlb_set(u32 index, u32 tid, u32 word0, u32 word1, u32 word2);
void tlb_clear(u32 index);
void coherent(u32 address);

/* The groups of cases. */
void privileged_cases(void);
void register_cases(void);
void interrupt_cases(void);
void return_cases(void);
void tlb_cases(void);
void alias_cases(void);
void flush_cases(void);
void model_cases(void);
void rights_cases(void);
void process_cases(void);
void device_cases(void);
void timer_cases(void);
void float_cases(void);
void uic_cases(void);
void cache_cases(void);
void debug_cases(void);
void fault_cases(void);
void reset_cases(void);
int is_after_reset(void);
void hostile(u32 number, u32 steps);

/* words.c */
extern u32 lives;
u32 user_word(void);
u32 supervisor_word(void);

/* random.c */
void seed(u32 number);
u32 random_state(void);
void set_random_state(u32 value);
u32 random(void);
u32 below(u32 end);

/* rings.c */
extern u32 answered;
void ring_step(void);
void reset_devices(void);

static inline volatile u32 *at(u32 address)
{
	return (volatile u32 *)address;
}

#endif
