// What libsignal-protocol-c wants from a crypto library, on OpenSSL.
#include "crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

static int fill_random(uint8_t *bytes, size_t length, void *user) {
    (void)user;
    return RAND_bytes(bytes, (int)length) == 1 ? 0 : SG_ERR_UNKNOWN;
}

// The library hands over the input in pieces; it is kept until the end.
typedef struct {
    uint8_t key[256];
    size_t key_length;
    uint8_t *input;
    size_t length;
} mac_context;

static int mac_init(void **context, const uint8_t *key, size_t length, void *user) {
    (void)user;
    mac_context *mac = calloc(1, sizeof *mac);
    if (!mac || length > sizeof mac->key) {
        free(mac);
        return SG_ERR_NOMEM;
    }
    memcpy(mac->key, key, length);
    mac->key_length = length;
    *context = mac;
    return 0;
}

static int mac_update(void *context, const uint8_t *bytes, size_t length, void *user) {
    (void)user;
    mac_context *mac = context;
    uint8_t *input = realloc(mac->input, mac->length + length + 1);
    if (!input) return SG_ERR_NOMEM;
    memcpy(input + mac->length, bytes, length);
    mac->input = input;
    mac->length += length;
    return 0;
}

static int mac_final(void *context, signal_buffer **output, void *user) {
    (void)user;
    mac_context *mac = context;
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    const uint8_t *input = mac->input ? mac->input : (const uint8_t *)"";
    if (!HMAC(EVP_sha256(), mac->key, (int)mac->key_length, input, mac->length, digest, &length)) return SG_ERR_UNKNOWN;
    *output = signal_buffer_create(digest, length);
    return *output ? 0 : SG_ERR_NOMEM;
}

static void mac_cleanup(void *context, void *user) {
    (void)user;
    mac_context *mac = context;
    if (mac) free(mac->input);
    free(mac);
}

static int digest_init(void **context, void *user) {
    (void)user;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (!digest || EVP_DigestInit_ex(digest, EVP_sha512(), NULL) != 1) return SG_ERR_UNKNOWN;
    *context = digest;
    return 0;
}

static int digest_update(void *context, const uint8_t *bytes, size_t length, void *user) {
    (void)user;
    return EVP_DigestUpdate(context, bytes, length) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static int digest_final(void *context, signal_buffer **output, void *user) {
    (void)user;
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (EVP_DigestFinal_ex(context, digest, &length) != 1) return SG_ERR_UNKNOWN;
    if (EVP_DigestInit_ex(context, EVP_sha512(), NULL) != 1) return SG_ERR_UNKNOWN;
    *output = signal_buffer_create(digest, length);
    return *output ? 0 : SG_ERR_NOMEM;
}

static void digest_cleanup(void *context, void *user) {
    (void)user;
    EVP_MD_CTX_free(context);
}

static int run_cipher(
    signal_buffer **output, int encrypting, int cipher, const uint8_t *key, size_t key_length, const uint8_t *iv,
    size_t iv_length, const uint8_t *input, size_t length) {
    if (cipher != SG_CIPHER_AES_CBC_PKCS5 || key_length != 32 || iv_length != 16) return SG_ERR_UNKNOWN;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    uint8_t *bytes = malloc(length + 32);
    int written = 0, last = 0, result = SG_ERR_UNKNOWN;
    if (context && bytes && EVP_CipherInit_ex(context, EVP_aes_256_cbc(), NULL, key, iv, encrypting) == 1
        && EVP_CipherUpdate(context, bytes, &written, input, (int)length) == 1
        && EVP_CipherFinal_ex(context, bytes + written, &last) == 1) {
        *output = signal_buffer_create(bytes, (size_t)(written + last));
        result = *output ? 0 : SG_ERR_NOMEM;
    }
    free(bytes);
    EVP_CIPHER_CTX_free(context);
    return result;
}

static int encrypt(
    signal_buffer **output, int cipher, const uint8_t *key, size_t key_length, const uint8_t *iv, size_t iv_length,
    const uint8_t *input, size_t length, void *user) {
    (void)user;
    return run_cipher(output, 1, cipher, key, key_length, iv, iv_length, input, length);
}

static int decrypt(
    signal_buffer **output, int cipher, const uint8_t *key, size_t key_length, const uint8_t *iv, size_t iv_length,
    const uint8_t *input, size_t length, void *user) {
    (void)user;
    return run_cipher(output, 0, cipher, key, key_length, iv, iv_length, input, length);
}

const signal_crypto_provider peer_crypto = {
    .random_func = fill_random,
    .hmac_sha256_init_func = mac_init,
    .hmac_sha256_update_func = mac_update,
    .hmac_sha256_final_func = mac_final,
    .hmac_sha256_cleanup_func = mac_cleanup,
    .sha512_digest_init_func = digest_init,
    .sha512_digest_update_func = digest_update,
    .sha512_digest_final_func = digest_final,
    .sha512_digest_cleanup_func = digest_cleanup,
    .encrypt_func = encrypt,
    .decrypt_func = decrypt,
};
