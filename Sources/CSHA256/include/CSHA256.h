#ifndef WHARF_CSHA256_H
#define WHARF_CSHA256_H

#include <stddef.h>
#include <stdint.h>

/// Whether this processor has instructions for SHA-256 that the functions below use.
int wharf_sha256_is_available(void);

/// A SHA-256 under way.
typedef struct {
    uint32_t state[8];
    uint64_t length;
    uint8_t buffer[64];
} wharf_sha256;

void wharf_sha256_start(wharf_sha256 *hash);

void wharf_sha256_update(wharf_sha256 *hash, const uint8_t *bytes, size_t count);

/// Takes bytes into each of two hashes at once, in less time than one after the other.
void wharf_sha256_update_two(
    wharf_sha256 *first, const uint8_t *first_bytes, size_t first_count,
    wharf_sha256 *second, const uint8_t *second_bytes, size_t second_count);

/// Writes 32 bytes; the hash must be started again before its next use.
void wharf_sha256_finish(wharf_sha256 *hash, uint8_t digest[32]);

#endif
