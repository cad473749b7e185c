/* Entry, vectors, and the way into a case and back.
 *
 * A case is a few instructions in a page of their own, which run until an interrupt comes: `sc` at their end, if
 * nothing else. The interrupt's first instruction stores every register at an absolute address; nothing else is
 * touched before. */
#include "frame.h"

	.section .entry, "ax"
	.globl	_start
_start:						/* physical 0; r3 = device tree */
	mr	31, 3
	/* The entry that all runs by has a size that no entry of ours has. Away from it through space 1, so that no
	 * two entries ever match: entry 63 there, then entry 0 here. */
	li	3, 63
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
	li	4, 63
	mtctr	4
	li	3, 0
2:	tlbwe	5, 3, 0
	addi	3, 3, 1
	bdnz	2b
	li	3, 0
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
3:	li	3, 63
	li	5, 0
	tlbwe	5, 3, 0
	isync
	lis	1, stack_top@h
	ori	1, 1, stack_top@l
	li	0, 0
	stwu	0, -16(1)
	lis	3, bss_start@h
	ori	3, 3, bss_start@l
	lis	4, bss_end@h
	ori	4, 4, bss_end@l
4:	cmplw	3, 4
	bge	5f
	stw	0, 0(3)
	addi	3, 3, 4
	b	4b
5:	mr	3, 31
	bl	guest
	b	.

	/* Vector n stores n. Absolute branches: a copy of the vectors works wherever it lies. */
	.section .vectors, "ax"
	.globl	vectors
vectors:
	.macro	vector number
	.balign	16
	stmw	0, FRAME_GPR(0)
	li	3, \number
	ba	common
	.endm
	.irp	number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vector	\number
	.endr

	.text
	.type	common, @function
common:
	stw	3, FRAME_VECTOR(0)
	mfcr	4
	stw	4, FRAME_CR(0)
	mflr	4
	stw	4, FRAME_LR(0)
	mfctr	4
	stw	4, FRAME_CTR(0)
	mfxer	4
	stw	4, FRAME_XER(0)
	li	5, 0
	mfmsr	4				/* what is privileged stands together: a machine takes it in one trap */
	mfsrr0	6
	mfsrr1	7
	mfspr	8, 58
	mfspr	9, 59
	mfspr	10, 62
	mfspr	11, 61
	mtmsr	5
	isync
	stw	4, FRAME_ENTRY(0)
	stw	6, FRAME_SRR0(0)
	stw	7, FRAME_SRR1(0)
	stw	8, FRAME_CSRR0(0)
	stw	9, FRAME_CSRR1(0)
	stw	10, FRAME_ESR(0)
	stw	11, FRAME_DEAR(0)
	lwz	4, FRAME_INSIDE(0)
	cmpwi	4, 0
	bne	1f
	lis	1, stack_top@h			/* nothing of ours may interrupt the guest's own program */
	ori	1, 1, stack_top@l
	stwu	5, -16(1)
	bl	unexpected
	b	.
1:	stw	5, FRAME_INSIDE(0)
	lwz	4, KEPT_LR(0)
	mtlr	4
	lwz	4, KEPT_CR(0)
	mtcr	4
	lmw	1, KEPT(0)
	blr

	/* void enter(void): becomes what the frame says until an interrupt comes. */
	.globl	enter
	.type	enter, @function
enter:
	mflr	0
	stw	0, KEPT_LR(0)
	mfcr	0
	stw	0, KEPT_CR(0)
	stmw	1, KEPT(0)
	li	3, 1
	stw	3, FRAME_INSIDE(0)
	lwz	3, FRAME_PC(0)
	lwz	4, FRAME_MSR(0)
	mtsrr0	3
	mtsrr1	4
	lwz	3, FRAME_CR(0)
	mtcr	3
	lwz	3, FRAME_LR(0)
	mtlr	3
	lwz	3, FRAME_CTR(0)
	mtctr	3
	lwz	3, FRAME_XER(0)
	mtxer	3
	lwz	0, FRAME_GPR(0)
	lmw	1, FRAME_GPR+4(0)
	rfi

	.section .note.GNU-stack, "", @progbits
