/* test_tls_trust.c - which CA a device takes, and which end of a certificate's
 * life the time is beyond. That it refuses whom it must: test_altcp_bearssl.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "port/lwip/tls_trust.h"
#include "test/unit/port_lwip/tls_server.h"

enum { NOW = 1700000000 };

static struct tls_trust trust;
static struct tls_server server;

static void with(struct tls_server_how how)
{
    how.names = "DNS:localhost";
    tls_server_begin(&server, &how);
}

static int end(void **state)
{
    (void)state;
    tls_server_end(&server);
    return 0;
}

/* As BearSSL would show it a certificate that begins at `from`. */
static bool early(int64_t from, uint64_t now)
{
    with((struct tls_server_how){.from = from, .to = from + TLS_SERVER_DAY});
    assert_int_equal(tls_trust_init(&trust, server.ca_der, server.ca_len),
                     OTA_OK);
    tls_trust_begin(&trust, "localhost", now);
    memcpy(trust.head, server.ca_der,
           sizeof trust.head < server.ca_len ? sizeof trust.head
                                             : server.ca_len);
    trust.head_len =
        server.ca_len < sizeof trust.head ? server.ca_len : sizeof trust.head;
    bool yes = tls_trust_is_early(&trust);
    tls_server_end(&server);
    return yes;
}

static void tls_trust_date_is_read_to_the_second(void **state)
{
    /* Before, on and behind leap days, at turns of years and centuries, and in
     * 2050, from when on dates are written in full. */
    static const int64_t FROM[] = {
        0,          951782399,  951868799,  951868800,  1704067199, 1709164800,
        1709251199, 2524607999, 2524608000, 4107542399, 4107542400, 4133980799,
    };

    (void)state;
    for (size_t i = 0; i < sizeof FROM / sizeof FROM[0]; i++) {
        assert_false(early(FROM[i], (uint64_t)FROM[i]));
        if (FROM[i] > 0)
            assert_true(early(FROM[i], (uint64_t)FROM[i] - 1));
    }
}

static void tls_trust_torn_certificate_is_not_early(void **state)
{
    (void)state;
    assert_true(early(NOW, NOW - 1));
    for (size_t len = 0; len < 40; len++) {
        trust.head_len = len;
        assert_false(tls_trust_is_early(&trust));
    }
}

static void tls_trust_ca_is_learnt(void **state)
{
    (void)state;
    with((struct tls_server_how){.from = NOW, .to = NOW + 1});

    assert_int_equal(tls_trust_init(&trust, server.ca_der, server.ca_len),
                     OTA_OK);

    assert_int_equal(trust.anchor.pkey.key.ec.qlen, TLS_POINT_BYTES);
    assert_true(trust.dn_len > 0);
}

static void tls_trust_torn_ca_is_refused_at_any_length(void **state)
{
    (void)state;
    with((struct tls_server_how){.from = NOW, .to = NOW + 1});

    for (size_t len = 0; len < server.ca_len; len++)
        assert_int_not_equal(tls_trust_init(&trust, server.ca_der, len),
                             OTA_OK);
}

static void tls_trust_certificate_of_no_ca_is_refused(void **state)
{
    uint8_t der[TLS_SERVER_CA_MAX], *to = der;

    (void)state;
    with((struct tls_server_how){.from = NOW, .to = NOW + 1});
    int len = i2d_X509(SSL_CTX_get0_certificate(server.ctx), &to);

    assert_int_equal(tls_trust_init(&trust, der, (size_t)len), OTA_ERR_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_trust_date_is_read_to_the_second),
        cmocka_unit_test(tls_trust_torn_certificate_is_not_early),
        cmocka_unit_test_teardown(tls_trust_ca_is_learnt, end),
        cmocka_unit_test_teardown(tls_trust_torn_ca_is_refused_at_any_length,
                                  end),
        cmocka_unit_test_teardown(tls_trust_certificate_of_no_ca_is_refused,
                                  end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
