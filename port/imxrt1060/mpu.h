/* mpu.h - what a program itself may read, write and execute.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_MPU_H
#define TERN_PORT_IMXRT1060_MPU_H

#include <stdint.h>

#define MPU_SIZE(log2)    (((uint32_t)(log2)-1) << 1) /* bytes: 2 to the log2 */
#define MPU_NO_EXECUTE    0x10000000u
#define MPU_NO_ACCESS     0x00000000u
#define MPU_READ_WRITE    0x01000000u
#define MPU_READ_ONLY     0x05000000u
#define MPU_PLAIN         0x00080000u /* normal memory, not cached */
#define MPU_WRITE_THROUGH 0x00020000u
#define MPU_DEVICE        0x00010000u

enum { MPU_REGIONS_MAX = 16 };

/* A multiple of its size begins at base. */
struct mpu_region {
    uint32_t base;
    uint32_t attributes; /* of the words above, or-ed */
};

/* Of two regions that overlap the later one counts; where there is none,
 * nobody has access. count: at most MPU_REGIONS_MAX. The core's faults get
 * handlers of their own, vectors 4 to 6: a HardFault's may lock up if
 * it is the stack that has run over. */
void mpu_begin(const struct mpu_region *regions, uint32_t count);
void mpu_end(void); /* as after a reset */

#endif
