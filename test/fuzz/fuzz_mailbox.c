/* fuzz_mailbox.c - NXP's trailer: any bytes, under any record.
 *
 * Input: state, active slot and NXP type of the record, then the trailer. A
 * message is only what SFW can have left for that record; what the bootloader
 * makes is never one.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "boot/boot_step.h"
#include "boot/nxp_mailbox.h"

enum { RECORD_BYTES = 3, TYPE = 4, IMAGE_OK = 8, MAGIC = 16 };

static void must(bool ok)
{
    if (!ok)
        abort();
}

static bool is_quiet(struct boot_mail m)
{
    return !m.confirm && !m.arm;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t t[NXP_TRAILER_BYTES] = {0}, made[NXP_TRAILER_BYTES];
    struct boot_record r = {0};
    struct boot_mail m;

    if (size < RECORD_BYTES)
        return 0;
    r.state = (enum boot_state)(BOOT_STEADY + data[0] % 3);
    r.active = data[1] % 2 == 0 ? SLOT_1 : SLOT_2;
    r.nxp_type = data[2];
    size -= RECORD_BYTES;
    memcpy(t, data + RECORD_BYTES, size < sizeof t ? size : sizeof t);

    m = nxp_trailer_read(t, &r);
    must(is_quiet(m) || (t[0] == boot_running(&r) && t[IMAGE_OK] == 0xff));
    must(!m.confirm || (r.state == BOOT_TRIAL && t[TYPE] == 0));
    must(!m.arm || r.state != BOOT_TRIAL || m.confirm);
    must(!m.arm || (t[MAGIC] == 0x77 && t[MAGIC + 15] == 0x80));

    nxp_trailer_make(made, &r);
    must(made[0] == boot_running(&r));
    must(is_quiet(nxp_trailer_read(made, &r)));
    return 0;
}
