/* test_gdb_packet.c - tests of emu/gdb_packet.c and emu/gdb_target.c's XML.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/gdb_packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emu/gdb_target.h"

static struct gdb_reader in;
static struct gdb_reply out;

/* Feeds all bytes; the last event that was one. */
static enum gdb_event feed(const char *bytes, size_t len)
{
    enum gdb_event last = GDB_EVENT_NONE;

    for (size_t i = 0; i < len; i++) {
        enum gdb_event e = gdb_reader_feed(&in, (uint8_t)bytes[i]);
        if (e != GDB_EVENT_NONE)
            last = e;
    }
    return last;
}

static enum gdb_event feed_text(const char *text)
{
    return feed(text, strlen(text));
}

static int fresh(void **s)
{
    (void)s;
    memset(&in, 0, sizeof in);
    memset(&out, 0, sizeof out);
    return 0;
}

static void reader_whole_frame_gives_its_body(void **s)
{
    (void)s;
    assert_int_equal(feed_text("+$m20,4#2f"), GDB_EVENT_PACKET);
    assert_string_equal(in.body, "m20,4");
    assert_int_equal(in.len, 5);
}

static void reader_frame_in_pieces_is_one_frame(void **s)
{
    (void)s;
    assert_int_equal(feed_text("$m20"), GDB_EVENT_NONE);
    assert_int_equal(feed_text(",4#2"), GDB_EVENT_NONE);
    assert_int_equal(feed_text("f"), GDB_EVENT_PACKET);
}

static void reader_wrong_sum_is_refused_and_the_next_frame_read(void **s)
{
    (void)s;
    assert_int_equal(feed_text("$m20,4#30"), GDB_EVENT_BAD_SUM);
    assert_int_equal(feed_text("$g#67"), GDB_EVENT_PACKET);
    assert_string_equal(in.body, "g");
}

static void reader_sum_without_hex_digits_is_refused(void **s)
{
    (void)s;
    /* The sum of an empty body is zero, which a lazy reader takes from "zz". */
    assert_int_equal(feed_text("$#zz"), GDB_EVENT_BAD_SUM);
    assert_int_equal(feed_text("$#00"), GDB_EVENT_PACKET);
    assert_int_equal(in.len, 0);
}

static void reader_escaped_bytes_are_restored(void **s)
{
    static const char FRAME[] = {'$', 'X', '}', 0x03, '}', 0x04,
                                 '}', ']', 0,   '#',  'f', '0'};
    uint8_t sum = 0;
    char frame[sizeof FRAME];

    (void)s;
    memcpy(frame, FRAME, sizeof FRAME);
    for (size_t i = 1; i < 9; i++)
        sum = (uint8_t)(sum + (uint8_t)frame[i]);
    frame[10] = "0123456789abcdef"[sum >> 4];
    frame[11] = "0123456789abcdef"[sum & 0xF];
    assert_int_equal(feed(frame, sizeof frame), GDB_EVENT_PACKET);
    assert_int_equal(in.len, 5);
    assert_memory_equal(in.body, "X#$}\0", 5);
}

static void reader_endless_body_is_swallowed_and_the_next_frame_read(void **s)
{
    (void)s;
    assert_int_equal(feed_text("$"), GDB_EVENT_NONE);
    for (int i = 0; i < 256 * 256; i++)
        assert_int_equal(gdb_reader_feed(&in, 0x40), GDB_EVENT_NONE);
    assert_int_equal(feed_text("#00"), GDB_EVENT_TOO_LONG);
    assert_int_equal(feed_text("$?#3f"), GDB_EVENT_PACKET);
    assert_string_equal(in.body, "?");
}

static void reader_dollar_inside_a_body_starts_again(void **s)
{
    (void)s;
    assert_int_equal(feed_text("$m1234$?#3f"), GDB_EVENT_PACKET);
    assert_string_equal(in.body, "?");
}

static void reader_ctrl_c_between_frames_interrupts(void **s)
{
    (void)s;
    assert_int_equal(feed_text("++\x03"), GDB_EVENT_INTERRUPT);
    assert_int_equal(feed_text("-"), GDB_EVENT_RESEND);
}

static void reader_random_bytes_never_leave_the_buffer(void **s)
{
    (void)s;
    srand(1); /* NOLINT(cert-msc51-cpp): the same bytes every time */
    for (int i = 0; i < 300000; i++) {
        int byte = rand() % 64 == 0 ? "$#}\x03"[rand() % 4] : rand() & 0xFF;
        (void)gdb_reader_feed(&in, (uint8_t)byte);
        assert_true(in.len <= GDB_BODY_MAX);
    }
}

static void args_numbers_and_separators_are_read_in_order(void **s)
{
    struct gdb_args a = gdb_args_over("6000A000,4:0aFF", 15);

    (void)s;
    assert_int_equal(gdb_args_hex(&a), 0x6000A000);
    gdb_args_expect(&a, ',');
    assert_int_equal(gdb_args_hex(&a), 4);
    gdb_args_expect(&a, ':');
    assert_int_equal(gdb_args_hex_byte(&a), 0x0A);
    assert_int_equal(gdb_args_hex_byte(&a), 0xFF);
    assert_true(gdb_args_done(&a));
}

static void args_bad_stays_bad(void **s)
{
    static const char *const BAD[] = {"", ",", "123456789", "zz", "-1"};

    (void)s;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct gdb_args a = gdb_args_over(BAD[i], strlen(BAD[i]));
        assert_int_equal(gdb_args_hex(&a), 0);
        assert_true(a.bad);
        assert_false(gdb_args_done(&a));
        a.at = a.end = "";
        assert_false(gdb_args_done(&a));
    }
}

static void args_half_a_byte_is_bad(void **s)
{
    struct gdb_args a = gdb_args_over("0a1", 3);

    (void)s;
    (void)gdb_args_hex_byte(&a);
    assert_false(a.bad);
    assert_int_equal(gdb_args_hex_byte(&a), 0);
    assert_true(a.bad);
}

static void reply_what_was_written_is_read_back(void **s)
{
    static const uint8_t BYTES[] = {0, '$', '#', '}', '*', 0x7F, 0xFF};

    (void)s;
    gdb_reply_begin(&out);
    gdb_reply_text(&out, "m");
    gdb_reply_binary(&out, BYTES, sizeof BYTES);
    gdb_reply_end(&out);
    assert_int_equal(feed(out.frame, out.len), GDB_EVENT_PACKET);
    assert_int_equal(in.len, 1 + sizeof BYTES);
    assert_memory_equal(in.body + 1, BYTES, sizeof BYTES);
}

static void reply_hex_is_lower_case_with_a_sum(void **s)
{
    (void)s;
    gdb_reply_begin(&out);
    gdb_reply_hex(&out, "\x0A\xFF", 2);
    gdb_reply_end(&out);
    assert_int_equal(out.len, 8);
    assert_memory_equal(out.frame, "$0aff#5d", 8);
}

static void reply_too_much_is_cut_and_still_a_frame(void **s)
{
    static const uint8_t BYTES[GDB_BODY_MAX];

    (void)s;
    gdb_reply_begin(&out);
    for (int i = 0; i < 3; i++)
        gdb_reply_hex(&out, BYTES, sizeof BYTES);
    gdb_reply_end(&out);
    assert_true(out.len <= sizeof out.frame);
    assert_int_equal(out.frame[out.len - 3], '#');
}

static void target_description_fits_and_names_every_register(void **s)
{
    char xml[GDB_XML_MAX];
    size_t len = gdb_target_xml(xml), regs = 0;

    (void)s;
    assert_true(len > 0 && len < GDB_XML_MAX - 1);
    assert_string_equal(xml + len - 10, "</target>\n");
    for (const char *at = xml; (at = strstr(at, "<reg ")); at++)
        regs++;
    assert_int_equal(regs, gdb_target_regs());
    assert_int_equal(gdb_target_bytes(regs), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reader_whole_frame_gives_its_body, fresh),
        cmocka_unit_test_setup(reader_frame_in_pieces_is_one_frame, fresh),
        cmocka_unit_test_setup(
            reader_wrong_sum_is_refused_and_the_next_frame_read, fresh),
        cmocka_unit_test_setup(reader_sum_without_hex_digits_is_refused, fresh),
        cmocka_unit_test_setup(reader_escaped_bytes_are_restored, fresh),
        cmocka_unit_test_setup(
            reader_endless_body_is_swallowed_and_the_next_frame_read, fresh),
        cmocka_unit_test_setup(reader_dollar_inside_a_body_starts_again, fresh),
        cmocka_unit_test_setup(reader_ctrl_c_between_frames_interrupts, fresh),
        cmocka_unit_test_setup(reader_random_bytes_never_leave_the_buffer,
                               fresh),
        cmocka_unit_test(args_numbers_and_separators_are_read_in_order),
        cmocka_unit_test(args_bad_stays_bad),
        cmocka_unit_test(args_half_a_byte_is_bad),
        cmocka_unit_test_setup(reply_what_was_written_is_read_back, fresh),
        cmocka_unit_test_setup(reply_hex_is_lower_case_with_a_sum, fresh),
        cmocka_unit_test_setup(reply_too_much_is_cut_and_still_a_frame, fresh),
        cmocka_unit_test(target_description_fits_and_names_every_register),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
