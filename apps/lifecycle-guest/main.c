/* Lives of a machine. `task=lives` on the command line: each life ends in another way; `task=spin`: computes for a while,
 * and says how far it came; `task=naps`: waits for a timer a hundred times, and resets the machine; `task=beat`, `task=wait`, `task=die`: one of the lives alone. */

typedef unsigned int u32;
typedef unsigned char u8;

/* The console: the first 16550. Its transmitter is always empty. */
#define UART ((volatile u8 *)0xEF600300)

/* Counts lives: a restart copies the images and leaves the rest of the RAM. */
#define LIVES ((volatile u32 *)0x01000000)

/* RAM ends before this, and entry 0 of the TLB does not. */
#define NOTHING 0x0F000000

/* Ticks of the time base in a millisecond, on QEMU's bamboo. */
enum { MILLISECOND = 400000 };

enum { DEC = 22, DECAR = 54, IVPR = 63, DBCR0 = 308, TSR = 336, TCR = 340, IVOR10 = 410 };
#define MTSPR(number, value) __asm__ volatile("mtspr %0, %1" : : "i"(number), "r"(value) : "memory")

void guest(const u8 *tree);

/* A restart makes it 1 again. */
static volatile u32 pristine = 1;

static void print(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			*UART = '\r';
		*UART = (u8)*text;
	}
}

static void say(const char *text, u32 value)
{
	char digits[11];
	char *start = digits + 10;
	*start = 0;
	do {
		*--start = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	print(text);
	print(start);
	print("\n");
}

/* What stands behind `name` in the device tree, which holds the command line; nothing if it is not there. */
static const char *word(const u8 *tree, const char *name)
{
	u32 bytes = ((const u32 *)tree)[1];
	for (u32 at = 0; at < bytes; at++) {
		u32 length = 0;
		while (name[length] && tree[at + length] == (u8)name[length])
			length++;
		if (!name[length])
			return (const char *)tree + at + length;
	}
	return "";
}

static u32 ticks(void)
{
	u32 low;
	__asm__ volatile("mftb %0" : "=r"(low) : : "memory");
	return low;
}

/* Waits for ever: no interrupt is let in. */
static void wait(void)
{
	for (;;)
		__asm__ volatile("mtmsr %0" : : "r"(1 << 18) : "memory");
}

/* The decrementer's interrupt: the wait is over. */
void over(void);
__asm__(".balign 16\nover: mtsprg 0, 3\n"
	"mfsrr1 3\nrlwinm 3, 3, 0, 14, 12\nmtsrr1 3\n" /* not MSR[WE] */
	"lis 3, 0x0800\nmtspr 336, 3\n"		    /* TSR[DIS] */
	"mfsprg 3, 0\nrfi");

/* Waits a hundred times for the decrementer, which comes every ten milliseconds; then the machine is reset. */
static void nap(void)
{
	MTSPR(IVPR, (u32)over & 0xFFFF0000);
	MTSPR(IVOR10, (u32)over & 0xFFFF);
	MTSPR(DECAR, 10 * MILLISECOND);
	MTSPR(DEC, 10 * MILLISECOND);
	MTSPR(TCR, 0x04400000); /* the interrupt, and again */
	for (u32 naps = 0; naps < 100; naps++)
		__asm__ volatile("mtmsr %0; isync" : : "r"(1 << 18 | 1 << 15) : "memory");
	print("napped\n");
	MTSPR(DBCR0, 0x30000000);
}

/* Jumps to where no memory is, and machine checks are off. */
static void die(void)
{
	print("dies\n");
	((void (*)(void))NOTHING)();
}

/* Counts for 800 ms, from 200 ms after the node's start. */
static void spin(void)
{
	u32 count = 0;
	while (ticks() < 200 * MILLISECOND)
		;
	while (ticks() < 1000 * MILLISECOND)
		count++;
	say("spun ", count);
	wait();
}

/* Says every two milliseconds that it lives. */
static void beat(void)
{
	u32 last = ticks();
	for (;;) {
		while (ticks() - last < 2 * MILLISECOND)
			;
		last += 2 * MILLISECOND;
		print("beat\n");
	}
}

void guest(const u8 *tree)
{
	switch (*word(tree, "task=")) {
	case 's':
		spin();
		break;
	case 'n':
		nap();
		break;
	case 'b':
		beat();
		break;
	case 'w':
		print("waits\n");
		wait();
		break;
	case 'd':
		die();
		break;
	}
	u32 life = ++*LIVES;
	say(pristine ? "life " : "stale life ", life);
	pristine = 0;
	switch (life) {
	case 1: /* a reboot */
		MTSPR(DBCR0, 0x30000000);
		break;
	case 2: /* the watchdog: resets the chip after twice 2^21 ticks */
		MTSPR(TCR, 0x20000000);
		for (;;)
			;
	case 3:
	case 5:
		die();
		break;
	case 4:
		wait();
		break;
	default:
		beat();
	}
	print("still here\n");
}
