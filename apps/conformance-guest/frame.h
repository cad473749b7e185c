/* Where the frame's parts lie; read by the compiler and by the assembler. The frame is in the first 32 KiB, so that it
 * can be reached from an interrupt without a register. */
#ifndef FRAME_H
#define FRAME_H

#define FRAME 0x400

#define FRAME_GPR (FRAME + 0)
#define FRAME_PC (FRAME + 128)
#define FRAME_MSR (FRAME + 132)
#define FRAME_CR (FRAME + 136)
#define FRAME_LR (FRAME + 140)
#define FRAME_CTR (FRAME + 144)
#define FRAME_XER (FRAME + 148)
#define FRAME_VECTOR (FRAME + 152)
#define FRAME_ENTRY (FRAME + 156)
#define FRAME_SRR0 (FRAME + 160)
#define FRAME_SRR1 (FRAME + 164)
#define FRAME_CSRR0 (FRAME + 168)
#define FRAME_CSRR1 (FRAME + 172)
#define FRAME_ESR (FRAME + 176)
#define FRAME_DEAR (FRAME + 180)
#define FRAME_INSIDE (FRAME + 184)

/* What `enter` keeps of its caller: r1 to r31, LR, CR. */
#define KEPT 0x600
#define KEPT_LR (KEPT + 128)
#define KEPT_CR (KEPT + 132)

/* The vectors, 16 bytes each, and where a copy of them can be put: 64 KiB further, for IVPR. */
#define VECTORS 0x100
#define MOVED_VECTORS 0x02000100

#endif
