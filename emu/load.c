/* load.c - ELF and raw files into the board's memory. Start at load_elf().
 *
 * Files come from people: each number in them is checked before use.
 * Source: System V ABI, "Object Files" and "Program Loading"; ELF for the Arm
 * Architecture. Tests: test/unit/emu/test_board.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/load.h"

#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/rom.h"

enum {
    ELF_MAX_BYTES = 64 << 20,
    RAW_MAX_BYTES = 16 << 20,
    READ_BYTES = 1 << 16, /* to begin with */
    FCB_TAG = 0x42464346,
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct board_why *why,
                                                         const char *format,
                                                         ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    return false;
}

/* All of f, or max + 1 bytes of it; the buffer grows with what is there, since
 * most files are far smaller than what is allowed. NULL: errno says why. */
static uint8_t *read_all(FILE *f, size_t max, size_t *len)
{
    uint8_t *bytes = NULL;
    size_t room = 0, got = 0;

    do {
        room = room == 0 ? READ_BYTES : 2 * room;
        room = room > max ? max + 1 : room;
        uint8_t *more = realloc(bytes, room);
        if (!more) {
            free(bytes);
            return NULL;
        }
        bytes = more;
        got += fread(bytes + got, 1, room - got, f);
    } while (got == room && got <= max);
    *len = got;
    return bytes;
}

uint8_t *load_file(const char *file, size_t max, size_t *len,
                   struct board_why *why)
{
    FILE *f = fopen(file, "rb");
    uint8_t *bytes;

    *len = 0;
    bytes = f ? read_all(f, max, len) : NULL;
    if (!bytes) {
        refuse(why, "cannot read %s: %s", file, strerror(errno));
        if (f)
            fclose(f);
        return NULL;
    }
    bool failed = ferror(f) != 0;

    fclose(f);
    if (failed || *len > max) {
        refuse(why, failed ? "cannot read %s" : "%s is too large", file);
        free(bytes);
        return NULL;
    }
    return bytes;
}

static bool add_piece(struct load *l, uint32_t address, const uint8_t *bytes,
                      size_t len)
{
    if (l->pieces == LOAD_PIECES_MAX)
        return false;
    uint8_t *copy = malloc(len);

    if (!copy)
        return false;
    memcpy(copy, bytes, len);
    l->piece[l->pieces++] =
        (struct load_piece){.address = address, .bytes = copy, .len = len};
    return true;
}

static bool is_arm_elf(const Elf32_Ehdr *h, size_t len)
{
    return len >= sizeof *h && memcmp(h->e_ident, ELFMAG, SELFMAG) == 0 &&
           h->e_ident[EI_CLASS] == ELFCLASS32 &&
           h->e_ident[EI_DATA] == ELFDATA2LSB && h->e_machine == EM_ARM &&
           h->e_type == ET_EXEC && h->e_phentsize == sizeof(Elf32_Phdr);
}

static bool add_segments(struct load *l, const uint8_t *bytes, size_t len,
                         const char *file, struct board_why *why)
{
    Elf32_Ehdr h;

    memset(&h, 0, sizeof h);
    memcpy(&h, bytes, len < sizeof h ? len : sizeof h);
    if (!is_arm_elf(&h, len))
        return refuse(why, "%s is not an executable ELF file for Arm", file);
    for (size_t i = 0; i < h.e_phnum; i++) {
        size_t at = h.e_phoff + i * sizeof(Elf32_Phdr);
        Elf32_Phdr p;
        if (at > len || len - at < sizeof p)
            return refuse(why, "%s is cut off: program header %zu", file, i);
        memcpy(&p, bytes + at, sizeof p);
        if (p.p_type != PT_LOAD || p.p_filesz == 0)
            continue;
        if (p.p_offset > len || len - p.p_offset < p.p_filesz)
            return refuse(why, "%s is cut off: segment %zu", file, i);
        if (!add_piece(l, p.p_paddr, bytes + p.p_offset, p.p_filesz))
            return refuse(why, "%s has more than %d segments", file,
                          LOAD_PIECES_MAX);
    }
    l->entry = h.e_entry;
    return l->pieces > 0 || refuse(why, "%s has nothing to load", file);
}

bool load_elf(struct load *l, const char *file, struct board_why *why)
{
    size_t len;
    uint8_t *bytes = load_file(file, ELF_MAX_BYTES, &len, why);

    load_free(l);
    if (!bytes)
        return false;
    bool ok = add_segments(l, bytes, len, file, why);

    free(bytes);
    if (!ok)
        load_free(l);
    return ok;
}

bool load_raw(struct load *l, const char *file, uint32_t address,
              struct board_why *why)
{
    size_t len;
    uint8_t *bytes = load_file(file, RAW_MAX_BYTES, &len, why);

    load_free(l);
    if (!bytes)
        return false;
    bool ok = add_piece(l, address, bytes, len);

    l->entry = address;
    free(bytes);
    return ok || refuse(why, "no memory for %s", file);
}

void load_free(struct load *l)
{
    for (size_t i = 0; i < l->pieces; i++)
        free(l->piece[i].bytes);
    *l = (struct load){0};
}

static bool is_flash(const struct load_piece *p)
{
    uint32_t at = p->address - MEMORY_FLASH;

    return at < MEMORY_FLASH_BYTES && p->len <= MEMORY_FLASH_BYTES - at;
}

bool load_into_ram(const struct load *l, struct soc *s, struct board_why *why)
{
    for (size_t i = 0; i < l->pieces; i++) {
        const struct load_piece *p = &l->piece[i];
        if (!is_flash(p) && !soc_dma_write(s, p->address, p->bytes, p->len))
            return refuse(why,
                          "no memory at 0x%08X for %zu bytes of the program",
                          p->address, p->len);
    }
    return true;
}

void load_into_flash(const struct load *l, uint8_t *flash)
{
    for (size_t i = 0; i < l->pieces; i++) {
        const struct load_piece *p = &l->piece[i];
        if (is_flash(p))
            memcpy(flash + (p->address - MEMORY_FLASH), p->bytes, p->len);
    }
}

bool load_has_boot_header(const struct load *l)
{
    for (size_t i = 0; i < l->pieces; i++) {
        const struct load_piece *p = &l->piece[i];
        uint32_t tag = FCB_TAG;
        if (p->address == MEMORY_FLASH && p->len >= sizeof tag &&
            memcmp(p->bytes, &tag, sizeof tag) == 0)
            return true;
    }
    return false;
}

void load_start(const struct load *l, struct soc *s, struct m7_start *out)
{
    for (size_t i = 0; i < l->pieces; i++) {
        uint32_t base = l->piece[i].address;
        rom_enter(s, base, out);
        bool table = out->pc != (base | 1);
        if (table && (out->pc == (l->entry | 1) || base == l->entry)) {
            out->vtor = base; /* as a debugger's reset would have it */
            return;
        }
    }
    rom_enter(s, l->entry | 1, out);
    out->sp = MEMORY_DTCM + MEMORY_DTCM_BYTES;
}
