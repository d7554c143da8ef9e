/* test_pcap.c - claims about the file that emu/pcap.c writes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "emu/pcap.h"

static void pcap_file_has_header_and_each_frame_with_its_time(void **state)
{
    char name[] = "/tmp/tern-pcap-XXXXXX";
    const uint8_t frame[] = {1, 2, 3, 4, 5};
    uint8_t got[64];
    int fd = mkstemp(name);

    (void)state;
    assert_true(fd >= 0);
    struct pcap *p = pcap_open(name);
    assert_non_null(p);
    pcap_write(p, 3000000007u, frame, sizeof frame);
    ssize_t len = pread(fd, got, sizeof got, 0); /* before it is closed */
    pcap_close(p);
    close(fd);
    unlink(name);

    assert_int_equal(len, 24 + 16 + 5);
    assert_int_equal(get_u32le(got), 0xA1B23C4D);
    assert_int_equal(get_u32le(got + 20), 1);
    assert_int_equal(get_u32le(got + 24), 3);
    assert_int_equal(get_u32le(got + 28), 7);
    assert_int_equal(get_u32le(got + 32), 5);
    assert_int_equal(get_u32le(got + 36), 5);
    assert_memory_equal(got + 40, frame, 5);
}

static void pcap_file_that_cannot_be_made_is_refused(void **state)
{
    (void)state;
    assert_null(pcap_open("/nonexistent/frames.pcap"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pcap_file_has_header_and_each_frame_with_its_time),
        cmocka_unit_test(pcap_file_that_cannot_be_made_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
