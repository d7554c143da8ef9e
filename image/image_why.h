/* image_why.h - everything that can be wrong with an image. The code travels in
 * struct image_verdict; its words are linked only where somebody prints them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_IMAGE_WHY_H
#define TERN_IMAGE_WHY_H

/* The last three are the bootloader's: the image is whole and signed, but not
 * one that it may run now. */
#define IMAGE_WHY_LIST(X)                                                      \
    X(WHY_NONE, "")                                                            \
    X(WHY_UNREADABLE, "the image's bytes could not be read")                   \
    X(WHY_TOO_SHORT, "no image: fewer than 32 bytes")                          \
    X(WHY_NO_MAGIC, "no image: the magic is missing")                          \
    X(WHY_ENCRYPTED, "header: image is encrypted")                             \
    X(WHY_RAM_LOAD, "header: image must be loaded into RAM to run")            \
    X(WHY_COMPRESSED, "header: image is compressed")                           \
    X(WHY_HEADER_SMALL, "header: smaller than 32 bytes")                       \
    X(WHY_HEADER_LARGE, "header: larger than 16 KiB")                          \
    X(WHY_BODY_EMPTY, "header: body is empty")                                 \
    X(WHY_HEADER_SPACE, "header: larger than the space")                       \
    X(WHY_BODY_SPACE, "header: body larger than the space")                    \
    X(WHY_COUNTER_SIZE, "tlv: security counter is not 4 bytes")                \
    X(WHY_HASH_SIZE, "tlv: SHA-256 is not 32 bytes")                           \
    X(WHY_KEY_HASH_SIZE, "tlv: key hash is not 32 bytes")                      \
    X(WHY_SIGNATURE_SIZE, "tlv: signature is not 8 to 72 bytes")               \
    X(WHY_RSA_SIZE, "tlv: RSA-2048 signature is not 256 bytes")                \
    X(WHY_DEPENDENCY_SIZE, "tlv: dependency is not 12 bytes")                  \
    X(WHY_COUNTER_TWICE, "tlv: more than one security counter")                \
    X(WHY_HASH_TWICE, "tlv: more than one SHA-256")                            \
    X(WHY_KEY_HASH_TWICE, "tlv: more than one key hash")                       \
    X(WHY_SIGNATURE_TWICE, "tlv: more than one signature")                     \
    X(WHY_TLV_SHORT, "tlv: cut short")                                         \
    X(WHY_TLV_LONG, "tlv: longer than its part")                               \
    X(WHY_PART_BEYOND, "tlv: begin beyond the space")                          \
    X(WHY_PART_MAGIC, "tlv: magic is missing")                                 \
    X(WHY_PART_SMALL, "tlv: part smaller than its own head")                   \
    X(WHY_PART_SPACE, "tlv: part larger than the space")                       \
    X(WHY_PART_DIFFERS, "tlv: protected part differs from the header's size")  \
    X(WHY_NO_HASH, "tlv: there is no SHA-256")                                 \
    X(WHY_NOT_BOOTABLE, "header: image is not meant to boot")                  \
    X(WHY_HASH_WRONG, "hash: the image differs from its SHA-256")              \
    X(WHY_NO_SIGNATURE, "signature: none of ECDSA P-256 or RSA-2048 PSS")      \
    X(WHY_SIGNATURE_WRONG, "signature: does not match the image")              \
    X(WHY_KEY_UNKNOWN, "signed with a key that is not trusted")                \
    X(WHY_DEPENDS_NEWER, "dependency: on a newer image 0 than this one")       \
    X(WHY_DEPENDS_OTHER, "dependency: on an image beside image 0")             \
    X(WHY_DISTURBED, "the check was disturbed")                                \
    X(WHY_BELOW_FLOOR, "security counter is below the floor")                  \
    X(WHY_OVERWRITTEN, "not the image that was confirmed")                     \
    X(WHY_DOWNGRADE, "version is lower than the confirmed one")

#define IMAGE_WHY_NAME(name, text) name,
enum image_why { IMAGE_WHY_LIST(IMAGE_WHY_NAME) IMAGE_WHY_COUNT };
#undef IMAGE_WHY_NAME

/* A clause in English, e.g. "header: body is empty"; "" for WHY_NONE. Never
 * NULL, also for a value outside the list. */
const char *image_why_text(enum image_why why);

#endif
