/* flexspi_lut.h - one sequence of the FlexSPI's look-up table, understood.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_FLEXSPI_LUT_H
#define TERN_EMU_FLEXSPI_LUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FLEXSPI_SEQUENCE_WORDS = 4, /* of two instructions each */
    FLEXSPI_INSTRUCTIONS = 8,
};

/* STS1[IPCMDERRCODE] */
enum flexspi_error {
    FLEXSPI_ERROR_NONE = 0,
    FLEXSPI_ERROR_JMP_ON_CS = 2,
    FLEXSPI_ERROR_UNKNOWN = 3,
    FLEXSPI_ERROR_SDR_DUMMY = 4, /* in a DDR sequence */
    FLEXSPI_ERROR_DDR_DUMMY = 5, /* in an SDR sequence */
    FLEXSPI_ERROR_ADDRESS = 6,
};

enum flexspi_data { FLEXSPI_DATA_NONE, FLEXSPI_DATA_READ, FLEXSPI_DATA_WRITE };

struct flexspi_sequence {
    uint8_t sent[FLEXSPI_INSTRUCTIONS]; /* by CMD: the opcode, then data */
    size_t sent_len;                    /* 0: nothing for a chip in SPI mode */
    bool has_address;
    enum flexspi_data data;
    uint8_t data_bytes; /* when IPCR1 gives no size */
    enum flexspi_error error;
    const char *odd; /* what of it is not modelled; NULL: nothing */
};

void flexspi_decode(struct flexspi_sequence *out,
                    const uint32_t words[FLEXSPI_SEQUENCE_WORDS]);

#endif
