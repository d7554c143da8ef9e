/* tls_reason.h - why a TLS connection did not come about, in the same words on
 * every port: they stand on the console, after "link: ".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_TLS_REASON_H
#define TERN_PORT_TLS_REASON_H

#define TLS_NOT_TRUSTED                                                        \
    "the server's certificate is not by the CA that this device trusts"
#define TLS_WRONG_NAME "the server's certificate is for another name"
#define TLS_EXPIRED    "the server's certificate has expired"
#define TLS_EARLY      "the server's certificate is not valid yet"
#define TLS_STALLED    "the server stalled in the TLS handshake"
#define TLS_HUNG_UP                                                            \
    "the server closed the connection in the TLS handshake: is it a TLS port?"
#define TLS_BROKEN "the peer does not keep to TLS 1.2: is it a TLS port?"
#define TLS_ALERT  "the server refused the TLS handshake with an alert"

#endif
