# The first instructions of a benchmark on bare metal: a stack, the work, a system reset, which ends both simulators.
        .globl  _start
_start: lis     1, 0x0080
        mfmsr   3
        ori     3, 3, 0x2000            # MSR[FP]
        mtmsr   3
        isync
        bl      work
        lis     3, 0x3000               # DBCR0[RST]: system
        mtspr   0x134, 3
1:      b       1b
        .section .note.GNU-stack, "", @progbits
