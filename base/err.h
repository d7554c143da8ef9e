/* err.h - the one list of errors that every part of Tern speaks.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BASE_ERR_H
#define TERN_BASE_ERR_H

#define TERN_MUST_USE __attribute__((warn_unused_result))

/* Zero is success everywhere except in the decision to boot an image, where
 * success is a pattern (image/image_verify.h). */
#define OTA_ERR_LIST(X)                                                        \
    X(OTA_OK, "ok")                                                            \
    X(OTA_ERR_AGAIN, "not finished yet; ask again")                            \
    X(OTA_ERR_IO, "flash, disk or network failed; trying again may help")      \
    X(OTA_ERR_CORRUPT, "bytes do not match their format or checksum")          \
    X(OTA_ERR_SIGNATURE, "no signature by a trusted key")                      \
    X(OTA_ERR_ROLLBACK, "version is older than what may run")                  \
    X(OTA_ERR_FULL, "does not fit the space it is meant for")                  \
    X(OTA_ERR_RANGE, "a number is outside its allowed range")                  \
    X(OTA_ERR_STATE, "not possible in the present state")                      \
    X(OTA_ERR_NOT_FOUND, "no such thing")                                      \
    X(OTA_ERR_EXISTS, "there is already one with this name")                   \
    X(OTA_ERR_DENIED, "not allowed")                                           \
    X(OTA_ERR_PROTOCOL, "the peer answered against the protocol")              \
    X(OTA_ERR_CLOSED, "the peer closed the connection")                        \
    X(OTA_ERR_TIMEOUT, "the peer did not answer in time")                      \
    X(OTA_ERR_SYNTAX, "text is not well formed")                               \
    X(OTA_ERR_DOWNGRADE, "version is lower than the confirmed one")            \
    X(OTA_ERR_DEPENDENCY, "it depends on an image that is not there")

#define OTA_ERR_NAME(name, text) name,
typedef enum { OTA_ERR_LIST(OTA_ERR_NAME) OTA_ERR_COUNT } ota_err;
#undef OTA_ERR_NAME

/* The sentence for an error, in English, without a full stop.
 *
 * Never NULL: a value outside the list gives "unknown error". */
const char *ota_err_text(ota_err e);

#endif
