/*
 * What an operating system's primitives cost, in ticks of the time base.
 *
 * One thread, static, no library beyond the C one. QEMU's instruction clock makes the time base a
 * count of instructions, so that every figure is the same in every run; a guest is measured against
 * the same program run natively.
 *
 *     microbench              every test, then a restart if it is process 1
 *     microbench NAME...      these tests
 *     microbench --nothing    ends at once: what the tests of exec start
 *
 * A test is a body that does `n` operations. It runs once to warm up, then ROUNDS times `batch`
 * operations, and prints
 *
 *     MB name=getpid n=20000 b=1000 total=... per_milli=... min=...
 *
 * n is the number of operations, b those of one round, total their ticks, per_milli thousandths of a
 * tick for one operation, and min the ticks of the cheapest round: one that no timer tick fell into.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	ROUNDS = 20,
	PAGE = 4096,
	MEBIBYTE = 1 << 20,
	ARENA = 4 * MEBIBYTE,
	/* More pages than any TLB of the family has entries. */
	PAGES_OF_A_SWEEP = 512,
};

struct test {
	const char *name;
	unsigned batch;
	void (*body)(unsigned n);
	/* What must be there before, and go away after; may be absent. */
	void (*open)(void);
	void (*close)(void);
};

static const char *this_program = "/proc/self/exe";
static unsigned char *arena;
static int zero_device, null_device;
static volatile sig_atomic_t signals;

static void fail(const char *what)
{
	printf("MB FAIL %s: %s\n", what, strerror(errno));
	exit(1);
}

/* The two halves are read until no carry fell between them. */
static uint64_t ticks(void)
{
	uint32_t high, low, check;

	do {
		__asm__ volatile("mftbu %0; mftb %1; mftbu %2"
				 : "=r"(high), "=r"(low), "=r"(check) :: "memory");
	} while (high != check);
	return (uint64_t)high << 32 | low;
}

/* A system call without the C library's part in it. */
static long bare_call(long number)
{
	register long r0 __asm__("r0") = number;
	register long r3 __asm__("r3");

	__asm__ volatile("sc" : "+r"(r0), "=r"(r3) :: "r4", "r5", "r6", "r7", "r8", "r9", "r10",
			 "r11", "r12", "cr0", "ctr", "xer", "memory");
	return r3;
}

/* --- the processor alone --- */

static void empty(unsigned n)
{
	(void)n;
}

/* Two instructions a turn, known without a compiler: the yardstick of the clock itself. */
static void loop(unsigned n)
{
	__asm__ volatile("0: addic. %0,%0,-1; bne 0b" : "+r"(n) :: "cr0", "xer");
}

/* Long enough that the timer ticks in between. */
static void spin(unsigned n)
{
	while (n--)
		loop(1000000);
}

static void floating(unsigned n)
{
	volatile double value = 1.0;

	while (n--)
		value = value * 1.0000001 + 0.5;
}

/* --- system calls --- */

static void call_getpid(unsigned n)
{
	while (n--)
		bare_call(__NR_getpid);
}

static void call_none(unsigned n)
{
	while (n--)
		bare_call(9999);
}

static void time_of_day(unsigned n)
{
	struct timeval now;

	while (n--)
		gettimeofday(&now, NULL);
}

static void read_byte(unsigned n)
{
	char byte;

	while (n--)
		if (read(zero_device, &byte, 1) != 1)
			fail("read");
}

static void write_byte(unsigned n)
{
	char byte = 0;

	while (n--)
		if (write(null_device, &byte, 1) != 1)
			fail("write");
}

static void heard(int number)
{
	(void)number;
	signals++;
}

static void signal_self(unsigned n)
{
	pid_t self = getpid();

	while (n--)
		kill(self, SIGUSR1);
}

static void yield(unsigned n)
{
	while (n--)
		sched_yield();
}

/* --- processes --- */

static int there[2], back[2];
static pid_t echo;

static void start_echo(void)
{
	char byte;

	if (pipe(there) || pipe(back))
		fail("pipe");
	echo = fork();
	if (echo < 0)
		fail("fork");
	if (echo) {
		close(there[0]);
		close(back[1]);
		return;
	}
	close(there[1]);
	close(back[0]);
	while (read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1)
		;
	_exit(0);
}

static void stop_echo(void)
{
	close(there[1]);
	close(back[0]);
	waitpid(echo, NULL, 0);
}

/* A byte to the other process and back: two switches. */
static void ping_pong(unsigned n)
{
	char byte = '.';

	while (n--)
		if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
			fail("ping-pong");
}

static void reap(pid_t child)
{
	int status;

	if (child < 0)
		fail("fork");
	if (waitpid(child, &status, 0) != child || status)
		fail("a child");
}

static void fork_exit(unsigned n)
{
	while (n--) {
		pid_t child = fork();

		if (!child)
			_exit(0);
		reap(child);
	}
}

static void become_nothing(void)
{
	execl(this_program, "microbench", "--nothing", (char *)NULL);
	_exit(127);
}

static void fork_exec(unsigned n)
{
	while (n--) {
		pid_t child = fork();

		if (!child)
			become_nothing();
		reap(child);
	}
}

/* Apart, since a child shares its parent's frame until it has become another program. */
static __attribute__((noinline)) pid_t vfork_nothing(void)
{
	pid_t child = vfork();

	if (!child)
		become_nothing();
	return child;
}

static void vfork_exec(unsigned n)
{
	while (n--)
		reap(vfork_nothing());
}

/* --- memory --- */

/* One map of n pages, each touched once. */
static void map_pages(unsigned n)
{
	size_t size = (size_t)n * PAGE;
	unsigned char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		fail("mmap");
	for (size_t at = 0; at < size; at += PAGE)
		map[at] = 1;
	munmap(map, size);
}

static void map_one(unsigned n)
{
	while (n--)
		map_pages(1);
}

static void fill_arena(void)
{
	memset(arena, 1, ARENA);
}

/* One load on each of many resident pages, on a different cache line of each. */
static void sweep(unsigned n)
{
	volatile unsigned char *byte = arena;

	while (n--)
		for (unsigned page = 0; page < PAGES_OF_A_SWEEP; page++)
			(void)byte[(size_t)page * PAGE + (page & 31) * 4];
}

static void copy_mebibyte(unsigned n)
{
	while (n--)
		memcpy(arena, arena + 2 * MEBIBYTE, MEBIBYTE);
}

static void clear_mebibyte(unsigned n)
{
	while (n--)
		memset(arena, 0, MEBIBYTE);
}

static const struct test tests[] = {
	{ "empty", 1, empty, NULL, NULL },
	{ "loop", 10000, loop, NULL, NULL },
	{ "spin", 5, spin, NULL, NULL },
	{ "fp", 1000, floating, NULL, NULL },
	{ "getpid", 1000, call_getpid, NULL, NULL },
	{ "nosys", 1000, call_none, NULL, NULL },
	{ "gtod", 1000, time_of_day, NULL, NULL },
	{ "read1", 500, read_byte, NULL, NULL },
	{ "write1", 500, write_byte, NULL, NULL },
	{ "signal", 100, signal_self, NULL, NULL },
	{ "yield", 500, yield, NULL, NULL },
	{ "pingpong", 100, ping_pong, start_echo, stop_echo },
	{ "fork", 4, fork_exit, NULL, NULL },
	{ "forkexec", 2, fork_exec, NULL, NULL },
	{ "vforkexec", 2, vfork_exec, NULL, NULL },
	{ "mmap_page", 256, map_pages, NULL, NULL },
	{ "mmap1", 50, map_one, NULL, NULL },
	{ "tlb512", 4, sweep, fill_arena, NULL },
	{ "memcpy1m", 1, copy_mebibyte, fill_arena, NULL },
	{ "memset1m", 1, clear_mebibyte, NULL, NULL },
};

static void measure(const struct test *test)
{
	uint64_t total = 0, least = UINT64_MAX;
	unsigned operations = ROUNDS * test->batch;

	if (test->open)
		test->open();
	/* The first time is another matter: pages are not there yet, nor the kernel's caches. */
	test->body(1);
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t start = ticks();

		test->body(test->batch);
		uint64_t taken = ticks() - start;

		total += taken;
		if (taken < least)
			least = taken;
	}
	if (test->close)
		test->close();
	printf("MB name=%s n=%u b=%u total=%llu per_milli=%llu min=%llu\n", test->name, operations,
	       test->batch, (unsigned long long)total,
	       (unsigned long long)(total * 1000 / operations), (unsigned long long)least);
	fflush(stdout);
}

static int wanted(const char *name, int count, char **names)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return 1;
	return !count;
}

static void prepare(char *self)
{
	/* As process 1 there is no /proc, but the name is a path. */
	if (access(this_program, X_OK))
		this_program = self;
	zero_device = open("/dev/zero", O_RDONLY);
	null_device = open("/dev/null", O_WRONLY);
	if (zero_device < 0 || null_device < 0)
		fail("a device");
	arena = mmap(NULL, ARENA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (arena == MAP_FAILED)
		fail("mmap");
	signal(SIGUSR1, heard);
}

int main(int count, char **arguments)
{
	uint64_t start = ticks();
	/* What the kernel does not understand of its command line comes here as arguments of process 1. */
	int names = getpid() == 1 ? 0 : count - 1;

	if (count == 2 && !strcmp(arguments[1], "--nothing"))
		return 0;
	printf("MB start tb=%llu\n", (unsigned long long)start);
	fflush(stdout);
	prepare(arguments[0]);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		if (wanted(tests[i].name, names, arguments + 1))
			measure(&tests[i]);
	printf("MB end tb=%llu signals=%d\n", (unsigned long long)ticks(), (int)signals);
	fflush(stdout);
	if (getpid() == 1) {
		sync();
		reboot(RB_AUTOBOOT);
	}
	return 0;
}
