/* sfw_memory.h - what the firmware itself may read, write and execute.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SFW_MEMORY_H
#define TERN_SFW_MEMORY_H

/* MPU, then caches. */
void sfw_memory_begin(void);

#endif
