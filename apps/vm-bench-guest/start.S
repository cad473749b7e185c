/* Entry, and the two interrupts that the benchmarks raise. */
	.section .entry, "ax"
	.globl	_start
_start:						/* physical 0 */
	/* The entry that all runs by goes to the end of the TLB, where Linux has its own, so that a flush loop can
	 * stop before it. Through space 1, so that no two entries ever match: entry 62 there, then entry 63 here. */
	li	3, 62
	li	4, 0
	mtspr	946, 4				/* MMUCR: TID 0 */
	li	5, 0
	tlbwe	5, 3, 1				/* physical 0 */
	li	5, 7				/* supervisor: read, write, execute */
	tlbwe	5, 3, 2
	li	5, 0x390			/* EA 0, valid, space 1, 256 MiB */
	tlbwe	5, 3, 0
	isync
	lis	5, 1f@h
	ori	5, 5, 1f@l
	mtsrr0	5
	li	5, 0x30				/* IS, DS */
	mtsrr1	5
	rfi
1:	li	5, 0
	li	4, 62
	mtctr	4
	li	3, 0
2:	tlbwe	5, 3, 0
	addi	3, 3, 1
	bdnz	2b
	li	3, 63
	tlbwe	5, 3, 0
	tlbwe	5, 3, 1
	li	5, 7
	tlbwe	5, 3, 2
	li	5, 0x290			/* the same in space 0 */
	tlbwe	5, 3, 0
	isync
	lis	5, 3f@h
	ori	5, 5, 3f@l
	mtsrr0	5
	li	5, 0
	mtsrr1	5
	rfi
3:	li	3, 62
	li	5, 0
	tlbwe	5, 3, 0
	isync
	lis	1, stack_top@h
	ori	1, 1, stack_top@l
	li	0, 0
	stwu	0, -16(1)
	bl	guest
	b	.

	.text
	/* A system call: back at once. */
	.balign	16
	.globl	system_call
system_call:
	rfi

	/* A data TLB miss: entry 1 gets the page, in three steps with something between them, as the end of Linux's handler
	 * does it. The lower 28 bits of the address are the physical one's. r29 to r31 are the handler's. */
	.balign	16
	.globl	data_miss
data_miss:
	mfspr	31, 61				/* DEAR */
	li	29, 1
	rlwinm	30, 31, 0, 4, 19
	tlbwe	30, 29, 1
	li	30, 0x210			/* valid, 4 KiB */
	rlwimi	30, 31, 0, 0, 19
	tlbwe	30, 29, 0
	li	30, 3				/* supervisor: read, write */
	tlbwe	30, 29, 2
	rfi

	.section .note.GNU-stack, "", @progbits
