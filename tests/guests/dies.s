# A guest that looks at its interrupt controller, jumps to where no memory is, and dies: machine checks are off.
	.text
	.globl	start
	.type	start, @function
start:	bl	look
	bl	leap
	.size	start, . - start

	.type	look, @function
look:	mfdcr	5, 0xC0
	mtdcr	0xC2, 5
	blr
	.size	look, . - look

	# The first translation covers 256 MiB.
	.type	leap, @function
leap:	lis	3, 0x0F00
	mtctr	3
	bctrl
	b	leap
	.size	leap, . - leap
