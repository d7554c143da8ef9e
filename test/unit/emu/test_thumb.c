/* test_thumb.c - claims about emu/thumb.c. The encodings are those that
 * arm-none-eabi-as gives for the text beside them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "emu/thumb.h"

enum { AT = 0x1002 };

static struct thumb_insn insn(uint16_t first, uint16_t second)
{
    const uint8_t code[4] = {(uint8_t)first, (uint8_t)(first >> 8),
                             (uint8_t)second, (uint8_t)(second >> 8)};

    return thumb_read(code, 4, AT);
}

static void thumb_counts_instructions_not_halfwords(void **state)
{
    /* movs; b.w; ldr.w; bx lr */
    static const uint8_t code[] = {0x01, 0x20, 0x00, 0xF0, 0x00, 0xB8,
                                   0xD0, 0xF8, 0x04, 0x10, 0x70, 0x47};

    (void)state;
    assert_int_equal(thumb_count(code, sizeof code), 4);
    assert_int_equal(thumb_count(code, 2), 1);
    assert_int_equal(thumb_count(code, 0), 0);
    assert_int_equal(insn(0xE7FE, 0).bytes, 2);
    assert_int_equal(insn(0xE850, 0).bytes, 4);
}

static void thumb_it_block_runs_out_after_its_instructions(void **state)
{
    struct thumb_insn itte = insn(0xBF06, 0), nop = insn(0xBF00, 0);
    uint8_t it = thumb_next_it(&itte, 0);

    (void)state;
    assert_int_equal(it, 0x06);
    it = thumb_next_it(&nop, it);
    assert_int_equal(it, 0x0C);
    it = thumb_next_it(&nop, it);
    assert_int_equal(it, 0x18);
    it = thumb_next_it(&nop, it);
    assert_int_equal(it, 0);
    assert_int_equal(thumb_next_it(&nop, 0), 0);
}

struct load_case {
    uint16_t first, second;
    const char *text;
    uint32_t address, bytes; /* bytes 0: no load */
};

/* r0 = 100, r1 = 110, ... r13 = 1D0 */
static const struct load_case LOADS[] = {
    {0x6848, 0, "ldr r0,[r1,#4]", 0x114, 4},
    {0x5888, 0, "ldr r0,[r1,r2]", 0x230, 4},
    {0x5688, 0, "ldrsb r0,[r1,r2]", 0x230, 1},
    {0x5A88, 0, "ldrh r0,[r1,r2]", 0x230, 2},
    {0x5C88, 0, "ldrb r0,[r1,r2]", 0x230, 1},
    {0x5E88, 0, "ldrsh r0,[r1,r2]", 0x230, 2},
    {0x5088, 0, "str r0,[r1,r2]", 0, 0},
    {0x5488, 0, "strb r0,[r1,r2]", 0, 0},
    {0x7888, 0, "ldrb r0,[r1,#2]", 0x112, 1},
    {0x8888, 0, "ldrh r0,[r1,#4]", 0x114, 2},
    {0x6048, 0, "str r0,[r1,#4]", 0, 0},
    {0x9801, 0, "ldr r0,[sp,#4]", 0x1D4, 4},
    {0x4801, 0, "ldr r0,[pc,#4]", 0x1008, 4},
    {0xBD07, 0, "pop {r0,r1,r2,pc}", 0x1D0, 16},
    {0xB507, 0, "push {r0,r1,r2,lr}", 0, 0},
    {0xC906, 0, "ldmia r1,{r1,r2}", 0x110, 8},
    {0xC106, 0, "stmia r1!,{r1,r2}", 0, 0},
    {0x1840, 0, "adds r0,r0,r1", 0, 0},
    {0xE891, 0x000D, "ldmia.w r1,{r0,r2,r3}", 0x110, 12},
    {0xE911, 0x000D, "ldmdb r1,{r0,r2,r3}", 0x104, 12},
    {0xE8BD, 0x8010, "pop.w {r4,pc}", 0x1D0, 8},
    {0xE881, 0x000D, "stmia.w r1,{r0,r2,r3}", 0, 0},
    {0xE9D1, 0x0202, "ldrd r0,r2,[r1,#8]", 0x118, 8},
    {0xE951, 0x0202, "ldrd r0,r2,[r1,#-8]", 0x108, 8},
    {0xE8F1, 0x0202, "ldrd r0,r2,[r1],#8", 0x110, 8},
    {0xE9C1, 0x0202, "strd r0,r2,[r1,#8]", 0, 0},
    {0xE851, 0x0F02, "ldrex r0,[r1,#8]", 0x118, 4},
    {0xE8D1, 0x0F4F, "ldrexb r0,[r1]", 0x110, 1},
    {0xE8D1, 0x0F5F, "ldrexh r0,[r1]", 0x110, 2},
    {0xE841, 0x2002, "strex r0,r2,[r1,#8]", 0, 0},
    {0xE8DF, 0xF000, "tbb [pc,r0]", 0x1106, 1},
    {0xE8DF, 0xF010, "tbh [pc,r0,lsl #1]", 0x1206, 2},
    {0xF8D1, 0x0100, "ldr.w r0,[r1,#256]", 0x210, 4},
    {0xF851, 0x0C04, "ldr.w r0,[r1,#-4]", 0x10C, 4},
    {0xF851, 0x0B04, "ldr.w r0,[r1],#4", 0x110, 4},
    {0xF851, 0x0F04, "ldr.w r0,[r1,#4]!", 0x114, 4},
    {0xF851, 0x0022, "ldr.w r0,[r1,r2,lsl #2]", 0x590, 4},
    {0xF891, 0x0100, "ldrb.w r0,[r1,#256]", 0x210, 1},
    {0xF9B1, 0x0100, "ldrsh.w r0,[r1,#256]", 0x210, 2},
    {0xF8DF, 0x0010, "ldr.w r0,[pc,#16]", 0x1014, 4},
    {0xF85F, 0x0004, "ldr.w r0,[pc,#-4]", 0x1000, 4},
    {0xF891, 0xF000, "pld [r1]", 0, 0},
    {0xF8C1, 0x0100, "str.w r0,[r1,#256]", 0, 0},
    {0xED91, 0x0A01, "vldr s0,[r1,#4]", 0x114, 4},
    {0xED11, 0x0B02, "vldr d0,[r1,#-8]", 0x108, 8},
    {0xECBD, 0x8B04, "vpop {d8-d9}", 0x1D0, 16},
    {0xED31, 0x0A02, "vldmdb r1!,{s0-s1}", 0x108, 8},
    {0xED81, 0x0A01, "vstr s0,[r1,#4]", 0, 0},
    {0xEC51, 0x0B10, "vmov r0,r1,d0", 0, 0},
    {0xEE30, 0x0A20, "vadd.f32 s0,s0,s1", 0, 0},
};

static void thumb_finds_the_memory_that_a_load_reads(void **state)
{
    uint32_t r[16];

    (void)state;
    for (uint32_t n = 0; n < 16; n++)
        r[n] = 0x100 + 0x10 * n;
    for (size_t i = 0; i < sizeof LOADS / sizeof LOADS[0]; i++) {
        const struct load_case *c = &LOADS[i];
        struct thumb_insn x = insn(c->first, c->second);
        struct thumb_span s = {0, 0};
        bool loads = thumb_loads(&x, r, &s);
        if (loads != (c->bytes != 0) ||
            (loads && (s.address != c->address || s.bytes != c->bytes)))
            fail_msg("%s: %d 0x%X %u", c->text, loads, s.address, s.bytes);
    }
}

static void thumb_recognises_what_traps_and_hints(void **state)
{
    struct thumb_insn wfe = insn(0xBF20, 0), sev = insn(0xBF40, 0);
    struct thumb_insn yield_wide = insn(0xF3AF, 0x8001);
    struct thumb_insn udiv = insn(0xFBB0, 0xF0F1);
    struct thumb_insn sdiv = insn(0xFB92, 0xF3F4);
    struct thumb_insn mul = insn(0xFB02, 0xF304);
    struct thumb_insn vadd = insn(0xEE30, 0x0A20), mrc = insn(0xEE11, 0x0F10);
    unsigned divisor;

    (void)state;
    assert_true(thumb_is_wfe(&wfe) && !thumb_is_sev(&wfe));
    assert_true(thumb_is_sev(&sev) && !thumb_is_wfe(&sev));
    assert_true(thumb_is_yield(&yield_wide));
    assert_true(thumb_is_divide(&udiv, &divisor));
    assert_int_equal(divisor, 1);
    assert_true(thumb_is_divide(&sdiv, &divisor));
    assert_int_equal(divisor, 4);
    assert_false(thumb_is_divide(&mul, &divisor));
    assert_true(thumb_is_fp(&vadd));
    assert_false(thumb_is_fp(&mrc));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thumb_counts_instructions_not_halfwords),
        cmocka_unit_test(thumb_it_block_runs_out_after_its_instructions),
        cmocka_unit_test(thumb_finds_the_memory_that_a_load_reads),
        cmocka_unit_test(thumb_recognises_what_traps_and_hints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
