/* flash_file.h - the flash chip as a file that one board at a time may change.
 *
 * A save writes a new file and renames it over the old one, so that a reader
 * finds the whole old or the whole new flash. The lock (flock) is on the file
 * itself and goes with its name: the new file is locked before it is renamed.
 * Who only reads needs no lock.
 * Tests: test/system/test_board.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_FLASH_FILE_H
#define TERN_EMU_FLASH_FILE_H

#include <stdbool.h>

#include "emu/board.h"

struct flash_file {
    int fd; /* locked; -1: none */
    char path[4096];
};

/* Reads `file` into the flash of a board that is off. `change`: lock it, so
 * that nobody else changes it. False: why. */
bool flash_file_open(struct flash_file *f, const char *file, bool change,
                     struct board *b, struct board_why *why);
/* For a flash that is read elsewhere or nowhere: `file` need not exist. */
bool flash_file_create(struct flash_file *f, const char *file,
                       struct board_why *why);
bool flash_file_save(struct flash_file *f, struct board *b,
                     struct board_why *why);
void flash_file_close(struct flash_file *f);

#endif
