// The streaming SHA-256 functions are marked as old in favour of EVP, which is several times as slow for short input.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/crypto.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/sha.h>
