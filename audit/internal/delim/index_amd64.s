//go:build !purego

#include "textflag.h"

// A byte x is a newline or NUL exactly if the lesser one of x and x^'\n' is 0.
//
// SI is the beginning of b, DI the next byte, R8 the end. Y8 holds 32 newlines,
// Y9 zeros. No byte outside of b is read.

// func indexAVX2(b []byte) int
TEXT ·indexAVX2(SB), NOSPLIT, $0-32
	MOVQ b_base+0(FP), SI
	MOVQ b_len+8(FP), BX
	MOVQ SI, DI
	LEAQ (SI)(BX*1), R8
	CMPQ BX, $32
	JLT  bytewise
	MOVL $'\n', AX
	MOVD AX, X8
	VPBROADCASTB X8, Y8
	VPXOR Y9, Y9, Y9
	LEAQ -128(R8), R9 // the last place at which there are 128 bytes
	LEAQ -32(R8), R10 // and 32
	CMPQ DI, R9
	JGT  by32

	PCALIGN $32
by128:
	VMOVDQU  0(DI), Y0
	VMOVDQU  32(DI), Y1
	VMOVDQU  64(DI), Y2
	VMOVDQU  96(DI), Y3
	VPXOR    Y8, Y0, Y4
	VPXOR    Y8, Y1, Y5
	VPXOR    Y8, Y2, Y6
	VPXOR    Y8, Y3, Y7
	VPMINUB  Y4, Y0, Y0
	VPMINUB  Y5, Y1, Y1
	VPMINUB  Y6, Y2, Y2
	VPMINUB  Y7, Y3, Y3
	VPMINUB  Y1, Y0, Y0
	VPMINUB  Y3, Y2, Y2
	VPMINUB  Y2, Y0, Y0
	VPCMPEQB Y9, Y0, Y0
	VPMOVMSKB Y0, AX
	TESTL AX, AX
	JNZ   by32        // which finds the place
	ADDQ  $128, DI
	CMPQ  DI, R9
	JLE   by128

by32:
	CMPQ DI, R10
	JGT  rest
	VMOVDQU  (DI), Y0
	VPXOR    Y8, Y0, Y4
	VPMINUB  Y4, Y0, Y0
	VPCMPEQB Y9, Y0, Y0
	VPMOVMSKB Y0, AX
	TESTL AX, AX
	JNZ   found
	ADDQ  $32, DI
	JMP   by32

rest:
	CMPQ DI, R8
	JEQ  none
	MOVQ R10, DI      // back to 32 bytes, the first of which are known to be others
	JMP  by32

found:
	VZEROUPPER
	BSFL AX, AX
	ADDQ AX, DI

this:
	SUBQ SI, DI
	MOVQ DI, ret+24(FP)
	RET

none:
	VZEROUPPER
	MOVQ $-1, ret+24(FP)
	RET

bytewise:
	CMPQ DI, R8
	JEQ  none
	MOVBLZX (DI), AX
	TESTL AX, AX
	JZ   this
	CMPL AX, $'\n'
	JEQ  this
	INCQ DI
	JMP  bytewise
