/* sbl_memory.h - what the bootloader itself may read, write and execute.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SBL_MEMORY_H
#define TERN_SBL_MEMORY_H

/* mpu_end() takes it back. */
void sbl_memory_begin(void);

#endif
