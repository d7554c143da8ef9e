/* fuzz_elf.c - an ELF file for the board: any bytes.
 *
 * A refusal says why and leaves nothing behind; what is taken can be put into
 * flash, where a piece outside it is left out and not written beyond it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "emu/load.h"
#include "emu/memory.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

/* The loader reads files by name. */
static int file_with(const uint8_t *data, size_t size, char path[64])
{
    int fd = memfd_create("fuzz_elf", 0);

    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t flash[MEMORY_FLASH_BYTES];
    static struct load l;
    struct board_why why = {0};
    char path[64];
    int fd = file_with(data, size, path);

    if (load_elf(&l, path, &why)) {
        must(l.pieces > 0 && l.pieces <= LOAD_PIECES_MAX);
        (void)load_has_boot_header(&l);
        load_into_flash(&l, flash);
        load_free(&l);
    } else {
        must(why.text[0] != '\0');
    }
    must(l.pieces == 0);
    close(fd);
    return 0;
}
