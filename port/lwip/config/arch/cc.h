/* cc.h - what lwIP wants to know of the compiler and the C library.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_LWIP_ARCH_CC_H
#define TERN_LWIP_ARCH_CC_H

#include <stdint.h>

#define LWIP_NO_CTYPE_H    1 /* freestanding: its own */
#define LWIP_NO_INTTYPES_H 1
#if !__STDC_HOSTED__
#define LWIP_NO_UNISTD_H 1 /* a host's limits.h wants the ssize_t of it */
#endif
#define X8_F  "02x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "u"

/* A broken invariant is never the peer's doing: stop, with its words. */
void lwip_broken(const char *what) __attribute__((noreturn));
#define LWIP_PLATFORM_ASSERT(what) lwip_broken(what)
#define LWIP_PLATFORM_DIAG(what)   ((void)0)

uint32_t lwip_random(void);
#define LWIP_RAND() lwip_random()

#endif
