/* A driver of virtio devices that means harm: queues that may be right, filled with what no driver writes. VIRTIO 1.2, 2.7
 * (split virtqueues), 4.2.2 and 4.2.4 (registers).
 *
 * Whatever a device is told to write, it is told to write to the memory of the TLB's cases, or to where no memory is: the
 * guest itself lives on. */
#include "guest.h"

enum { NEEDS_RESET = 0x40 };
enum { WINDOW = 0x200, WINDOWS = 8, QUEUES = 4, QUEUE_BYTES = 0x8000, MAGIC = 0x74726976 };
enum { AVAILABLE = 0x2000, USED = 0x4000 };
/* Registers. */
enum { VERSION = 0x04, DEVICE = 0x08, DEVICE_FEATURES = 0x10, DEVICE_FEATURES_SELECT = 0x14, DRIVER_FEATURES = 0x20,
       DRIVER_FEATURES_SELECT = 0x24, PAGE_SIZE = 0x28, QUEUE_SELECT = 0x30, QUEUE_MOST = 0x34, QUEUE_SIZE = 0x38,
       QUEUE_ALIGN = 0x3C, QUEUE_FRAME = 0x40, QUEUE_READY = 0x44, NOTIFY = 0x50, ACKNOWLEDGE = 0x64, STATUS = 0x70,
       DESCRIPTORS = 0x80, DRIVER_AREA = 0x90, DEVICE_AREA = 0xA0 };
/* Where the devices' windows are mapped meanwhile, where they lie, and where the queues do. */
#define DEVICES 0x40000000u
#define DEVICES_AT 0xEF700000u
#define QUEUES_AT 0x02800000u

/* The device of this step: its number, where its registers are, and whether it is a legacy one. */
static u32 window, device, legacy;
/* Notifications after which a device had used a chain. */
u32 answered;
/* How far the driver is in each queue, and the size that it has given it. */
static u32 indices[WINDOWS][QUEUES], sizes[WINDOWS][QUEUES];

static u32 get(u32 address)
{
	u32 value;
	__asm__ volatile("lwbrx %0, 0, %1" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static void put(u32 address, u32 value)
{
	__asm__ volatile("stwbrx %0, 0, %1" : : "r"(value), "r"(address) : "memory");
}

/* In a queue: the guest's order of bytes for legacy devices, the other for modern ones. */
static void put_word(u32 address, u32 value)
{
	if (legacy)
		*at(address) = value;
	else
		put(address, value);
}

static void put_half(u32 address, u32 value)
{
	*(volatile unsigned short *)address = (unsigned short)(legacy ? value : value >> 8 | value << 8);
}

static u32 queue_of(u32 number)
{
	return QUEUES_AT + QUEUE_BYTES * (QUEUES * window + number);
}

/* Memory that a device may have; now and then what is none, or is another device's. */
static u32 memory(void)
{
	switch (below(16)) {
	case 0: return 0x10000000 + random() % 0xD0000000;
	case 1: return DEVICES_AT + below(0x1000);
	default: return PAGES_AT + random() % 0x01FF0000;
	}
}

/* How many chains of a queue its device says to have used, in whatever order of bytes. */
static u32 used(u32 number)
{
	u32 ring = legacy ? (18 * sizes[window][number] + 6 + 4095) & ~4095u : USED;
	return *(volatile unsigned short *)(queue_of(number) + ring + 2);
}

/* Mostly what a driver would give, sometimes anything. */
static u32 mostly(u32 right)
{
	return below(128) ? right : random();
}

/* A queue's place and size, agreed upon or not. */
static void set_up(u32 number)
{
	put(device + QUEUE_SELECT, mostly(number));
	u32 most = get(device + QUEUE_MOST), at_address = queue_of(number);
	sizes[window][number] = most >> below(4);
	put(device + QUEUE_SIZE, mostly(sizes[window][number]));
	if (legacy) {
		put(device + PAGE_SIZE, mostly(4096));
		put(device + QUEUE_ALIGN, mostly(4096));
		put(device + QUEUE_FRAME, mostly(at_address >> 12));
		return;
	}
	static const u32 AREAS[] = { DESCRIPTORS, DRIVER_AREA, DEVICE_AREA }, OFFSETS[] = { 0, AVAILABLE, USED };
	for (u32 i = 0; i < 3; i++) {
		put(device + AREAS[i], below(32) ? at_address + OFFSETS[i] : memory() & ~15u);
		put(device + AREAS[i] + 4, below(64) ? 0 : random());
	}
	put(device + QUEUE_READY, mostly(1));
}

static void start(void)
{
	if (below(8)) {
		put(device + STATUS, 0);
		for (u32 number = 0; number < QUEUES; number++)
			indices[window][number] = 0;
	}
	put(device + STATUS, 1);
	put(device + STATUS, 3);
	for (u32 half = 0; half < 2; half++) {
		put(device + DEVICE_FEATURES_SELECT, half);
		put(device + DRIVER_FEATURES_SELECT, half);
		u32 offered = get(device + DEVICE_FEATURES);
		put(device + DRIVER_FEATURES, mostly(half || below(2) ? offered : offered & random()));
	}
	put(device + STATUS, mostly(11));
	for (u32 number = 0; number < QUEUES; number++)
		if (below(8))
			set_up(number);
	put(device + STATUS, mostly(15));
}

static void descriptors(u32 number)
{
	u32 count = 1 + below(24);
	for (u32 i = 0; i < count; i++) {
		u32 entry = queue_of(number) + 16 * below(64), upper = below(64) ? 0 : random();
		u32 where = memory();
		put_word(entry, legacy ? upper : where);
		put_word(entry + 4, legacy ? where : upper);
		put_word(entry + 8, below(8) ? below(16) : below(4) ? below(0x2000) : random());
		put_half(entry + 12, below(8) ? below(2) ? 2 : below(4) : random());
		put_half(entry + 14, below(8) ? below(64) : random());
	}
}

/* What the driver has made available; the table of descriptors of an indirect one is any memory. */
static void available(u32 number)
{
	u32 ring = queue_of(number) + (legacy ? 16 * (sizes[window][number] & 0x1FF) : AVAILABLE);
	for (u32 i = 0; i < 8; i++)
		put_half(ring + 4 + 2 * below(64), below(16) ? below(64) : random());
	put_half(ring, below(4));
	indices[window][number] += below(32) ? below(6) : random();
	put_half(ring + 2, indices[window][number]);
	if (below(8) == 0)
		put_half(ring + 4 + 2 * 64, random());
}

/* A frame behind its header, to somebody or to all, from whom it likes: the switch gives its ports 02:46:47:00:00:00 and
 * so on. Its type is the one by which the machines beside this one speak. */
static void frame_of(u32 where)
{
	static const u8 TYPE[] = { 0x88, 0xB5 }, PORTS[] = { 0x02, 'F', 'G' };
	volatile u8 *byte = (volatile u8 *)where;
	u32 header = legacy ? 10 : 12, own = device + 0x100;
	for (u32 i = 0; i < header; i++)
		byte[i] = (u8)mostly(0);
	byte += header;
	for (u32 address = 0; address < 2; address++, byte += 6) {
		u32 whose = below(4), number = below(8);
		for (u32 i = 0; i < 6; i++)
			byte[i] = (u8)(whose == 0	? 0xFF
				       : whose == 1	? random()
				       : address	? *(volatile u8 *)(own + i)
							: i < 3 ? PORTS[i] : i == 5 ? number : 0);
	}
	byte[0] = TYPE[0];
	byte[1] = TYPE[1];
}

/* One chain as a driver writes it, made available; but for a field that is wrong now and then. */
static void chain(u32 number)
{
	enum { NEXT = 1, WRITE = 2, NETWORK = 1, BLOCK = 2, CONSOLE = 3 };
	u32 size = sizes[window][number], first = below(64), count = 1 + below(4), kind = get(device + DEVICE);
	u32 is_block = kind == BLOCK, is_console = kind == CONSOLE;
	if (size == 0)
		return;
	for (u32 i = 0; i < count; i++) {
		u32 entry = queue_of(number) + 16 * ((first + i) % size), where = PAGES_AT + random() % 0x01FF0000;
		/* A console's and a network's second queue is what the device reads; a block device reads a request first and
		 * writes its status last. */
		u32 writes = is_block ? i + 1 == count || (i > 0 && below(2)) : number != 1;
		if (is_block && i == 0) {
			put_word(where, below(16));
			put_word(where + (legacy ? 12 : 8), random() % 256);
			put_word(where + (legacy ? 8 : 12), 0);
		}
		if (kind == NETWORK && i == 0 && number == 1)
			frame_of(where);
		put_word(entry, legacy ? 0 : below(64) ? where : memory());
		put_word(entry + 4, legacy ? below(64) ? where : memory() : 0);
		/* What goes to the console is short: it takes a while. */
		u32 bytes = is_block && i == 0 ? 16 : 1 + below(is_console ? 8 : below(8) ? 200 : 1600);
		put_word(entry + 8, below(64) ? bytes : random());
		put_half(entry + 12, mostly((i + 1 < count ? NEXT : 0) | (writes ? WRITE : 0)));
		put_half(entry + 14, mostly((first + i + 1) % size));
	}
	u32 ring = queue_of(number) + (legacy ? 16 * (size & 0x1FF) : AVAILABLE);
	put_half(ring, 0);
	put_half(ring + 4 + 2 * (indices[window][number] % size), mostly(first % size));
	indices[window][number]++;
	put_half(ring + 2, indices[window][number]);
}

static void garbage(u32 number)
{
	u32 start_at = queue_of(number) + 4 * below(QUEUE_BYTES / 4 - 64);
	for (u32 i = 0; i < 64; i++)
		*at(start_at + 4 * i) = random();
}

static void registers(void)
{
	for (u32 i = 0; i < 4; i++) {
		u32 address = device + 4 * below(WINDOW / 4);
		if (below(2))
			(void)get(address);
		else if (address != device + STATUS || below(4))
			put(address, mostly(below(16)));
	}
}

void ring_step(void)
{
	tlb_set(FREE, 0, DEVICES | VALID | SIZE_4K, DEVICES_AT, INHIBITED | GUARDED | SW | SR);
	/* Windows that have a device; the others are asked once. */
	static u32 asked, there;
	if (!asked) {
		asked = 1;
		for (u32 each = 0; each < WINDOWS; each++)
			there |= (u32)(get(DEVICES + WINDOW * each) == MAGIC) << each;
	}
	do
		window = below(WINDOWS);
	while (there && !(there >> window & 1));
	device = DEVICES + WINDOW * window;
	if (there) {
		legacy = get(device + VERSION) == 1;
		u32 number = below(below(4) ? 2 : QUEUES);
		/* A broken device is of no use to anybody. */
		if (get(device + STATUS) & NEEDS_RESET || (get(device + STATUS) == 0 && below(2)))
			start();
		switch (below(16)) {
		case 0: start(); break;
		case 1: registers(); break;
		case 2: garbage(number); break;
		case 3: put(device + ACKNOWLEDGE, mostly(3)); break;
		case 4: set_up(number); break;
		default:
			put(device + QUEUE_SELECT, number);
			if (below(8)) {
				for (u32 chains = 1 + below(3); chains; chains--)
					chain(number);
			} else {
				descriptors(number);
				available(number);
			}
			put(device + ACKNOWLEDGE, 3);
			u32 before = used(number);
			put(device + NOTIFY, mostly(number));
			answered += used(number) != before;
		}
	}
	tlb_clear(FREE);
}

/* All devices, and none has a queue. */
void reset_devices(void)
{
	tlb_set(FREE, 0, DEVICES | VALID | SIZE_4K, DEVICES_AT, INHIBITED | GUARDED | SW | SR);
	for (u32 each = 0; each < WINDOWS; each++)
		put(DEVICES + WINDOW * each + STATUS, 0);
	tlb_clear(FREE);
}
