// SHA-256 with the processor's own instructions, two hashes at a time: one alone waits for its own results half of the time.

#include "CSHA256.h"

#include <string.h>

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define SHA __attribute__((target("sha,sse4.1,ssse3")))

static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// The eight words as the instructions want them: ABEF and CDGH.
typedef struct {
    __m128i abef;
    __m128i cdgh;
} Lanes;

SHA static inline __attribute__((always_inline)) Lanes load(const uint32_t state[8]) {
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
    Lanes lanes = {_mm_alignr_epi8(low, high, 8), _mm_blend_epi16(high, low, 0xf0)};
    return lanes;
}

SHA static inline __attribute__((always_inline)) void store(uint32_t state[8], Lanes lanes) {
    __m128i feba = _mm_shuffle_epi32(lanes.abef, 0x1b);
    __m128i dchg = _mm_shuffle_epi32(lanes.cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

SHA static inline __attribute__((always_inline)) __m128i word(const uint8_t *bytes) {
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0bULL, 0x0405060700010203ULL);
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)bytes), order);
}

// Four rounds.
SHA static inline __attribute__((always_inline)) Lanes rounds(Lanes lanes, __m128i words, int index) {
    __m128i sum = _mm_add_epi32(words, _mm_load_si128((const __m128i *)(constants + 4 * index)));
    lanes.cdgh = _mm_sha256rnds2_epu32(lanes.cdgh, lanes.abef, sum);
    lanes.abef = _mm_sha256rnds2_epu32(lanes.abef, lanes.cdgh, _mm_shuffle_epi32(sum, 0x0e));
    return lanes;
}

// The next four words of the message schedule from the sixteen before.
SHA static inline __attribute__((always_inline)) __m128i next(__m128i a, __m128i b, __m128i c, __m128i d) {
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8(d, c, 4));
    return _mm_sha256msg2_epu32(sum, d);
}

SHA static void take(uint32_t state[8], const uint8_t *bytes, size_t count) {
    Lanes lanes = load(state);
    for (; count > 0; count--, bytes += 64) {
        Lanes start = lanes;
        __m128i words[4] = {word(bytes), word(bytes + 16), word(bytes + 32), word(bytes + 48)};
#pragma clang loop unroll(full)
        for (int index = 0; index < 16; index++) {
            if (index >= 4) {
                words[index & 3] =
                    next(words[index & 3], words[(index + 1) & 3], words[(index + 2) & 3], words[(index + 3) & 3]);
            }
            lanes = rounds(lanes, words[index & 3], index);
        }
        lanes.abef = _mm_add_epi32(lanes.abef, start.abef);
        lanes.cdgh = _mm_add_epi32(lanes.cdgh, start.cdgh);
    }
    store(state, lanes);
}

SHA static void take_two(
    uint32_t first[8], const uint8_t *first_bytes,
    uint32_t second[8], const uint8_t *second_bytes,
    size_t count) {
    Lanes a = load(first);
    Lanes b = load(second);
    for (; count > 0; count--, first_bytes += 64, second_bytes += 64) {
        Lanes a_start = a;
        Lanes b_start = b;
        __m128i u[4] = {word(first_bytes), word(first_bytes + 16), word(first_bytes + 32), word(first_bytes + 48)};
        __m128i v[4] = {word(second_bytes), word(second_bytes + 16), word(second_bytes + 32), word(second_bytes + 48)};
#pragma clang loop unroll(full)
        for (int index = 0; index < 16; index++) {
            if (index >= 4) {
                u[index & 3] = next(u[index & 3], u[(index + 1) & 3], u[(index + 2) & 3], u[(index + 3) & 3]);
                v[index & 3] = next(v[index & 3], v[(index + 1) & 3], v[(index + 2) & 3], v[(index + 3) & 3]);
            }
            a = rounds(a, u[index & 3], index);
            b = rounds(b, v[index & 3], index);
        }
        a.abef = _mm_add_epi32(a.abef, a_start.abef);
        a.cdgh = _mm_add_epi32(a.cdgh, a_start.cdgh);
        b.abef = _mm_add_epi32(b.abef, b_start.abef);
        b.cdgh = _mm_add_epi32(b.cdgh, b_start.cdgh);
    }
    store(first, a);
    store(second, b);
}

int wharf_sha256_is_available(void) {
    unsigned int eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return 0;
    if (!(ecx & bit_SSE4_1) || !(ecx & bit_SSSE3)) return 0;
    if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return 0;
    return (ebx & bit_SHA) != 0;
}

#else

// Never called: nothing is available.
static void take(uint32_t state[8], const uint8_t *bytes, size_t count) {
    (void)state; (void)bytes; (void)count;
}

static void take_two(
    uint32_t first[8], const uint8_t *first_bytes,
    uint32_t second[8], const uint8_t *second_bytes,
    size_t count) {
    (void)first; (void)first_bytes; (void)second; (void)second_bytes; (void)count;
}

int wharf_sha256_is_available(void) { return 0; }

#endif

void wharf_sha256_start(wharf_sha256 *hash) {
    static const uint32_t start[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };
    memcpy(hash->state, start, sizeof start);
    hash->length = 0;
}

// Fills up a block that was begun; how many bytes that took.
static size_t complete(wharf_sha256 *hash, const uint8_t *bytes, size_t count) {
    size_t filled = hash->length % 64;
    hash->length += count;
    if (filled == 0) return 0;
    size_t missing = 64 - filled;
    size_t taken = count < missing ? count : missing;
    memcpy(hash->buffer + filled, bytes, taken);
    if (filled + taken == 64) take(hash->state, hash->buffer, 1);
    return taken;
}

void wharf_sha256_update(wharf_sha256 *hash, const uint8_t *bytes, size_t count) {
    if (count == 0) return;
    size_t taken = complete(hash, bytes, count);
    bytes += taken;
    count -= taken;
    take(hash->state, bytes, count / 64);
    if (count % 64 > 0) memcpy(hash->buffer, bytes + count / 64 * 64, count % 64);
}

void wharf_sha256_update_two(
    wharf_sha256 *first, const uint8_t *first_bytes, size_t first_count,
    wharf_sha256 *second, const uint8_t *second_bytes, size_t second_count) {
    if (first_count == 0 || second_count == 0) {
        wharf_sha256_update(first, first_bytes, first_count);
        wharf_sha256_update(second, second_bytes, second_count);
        return;
    }
    size_t taken = complete(first, first_bytes, first_count);
    first_bytes += taken;
    first_count -= taken;
    taken = complete(second, second_bytes, second_count);
    second_bytes += taken;
    second_count -= taken;

    size_t blocks = first_count < second_count ? first_count / 64 : second_count / 64;
    take_two(first->state, first_bytes, second->state, second_bytes, blocks);
    first_bytes += blocks * 64;
    first_count -= blocks * 64;
    second_bytes += blocks * 64;
    second_count -= blocks * 64;

    take(first->state, first_bytes, first_count / 64);
    take(second->state, second_bytes, second_count / 64);
    memcpy(first->buffer, first_bytes + first_count / 64 * 64, first_count % 64);
    memcpy(second->buffer, second_bytes + second_count / 64 * 64, second_count % 64);
}

void wharf_sha256_finish(wharf_sha256 *hash, uint8_t digest[32]) {
    uint64_t bits = hash->length * 8;
    size_t filled = hash->length % 64;
    hash->buffer[filled++] = 0x80;
    if (filled > 56) {
        memset(hash->buffer + filled, 0, 64 - filled);
        take(hash->state, hash->buffer, 1);
        filled = 0;
    }
    memset(hash->buffer + filled, 0, 56 - filled);
    for (int index = 0; index < 8; index++) hash->buffer[56 + index] = (uint8_t)(bits >> (56 - 8 * index));
    take(hash->state, hash->buffer, 1);
    for (int index = 0; index < 32; index++) {
        digest[index] = (uint8_t)(hash->state[index / 4] >> (24 - 8 * (index % 4)));
    }
}
