/* mpu.h - what the bootloader itself may read, write and execute.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SBL_MPU_H
#define TERN_SBL_MPU_H

void mpu_begin(void);
void mpu_end(void); /* as after a reset */

#endif
