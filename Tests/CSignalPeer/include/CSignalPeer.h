// A device that speaks Signal through Debian's libsignal-protocol-c, an implementation that shares no code with ours.
//
// It knows one other device and one group. Functions return 0 or a length, and a negative code of the library on failure.
#ifndef CSIGNALPEER_H
#define CSIGNALPEER_H

#include <stddef.h>
#include <stdint.h>

typedef struct signal_peer signal_peer;

signal_peer *signal_peer_create(uint32_t registration_id);
void signal_peer_free(signal_peer *peer);

// Public keys have 33 bytes. The signed pre-key has the number 1, one-time pre-keys have 1 to 8.
int signal_peer_identity(signal_peer *peer, uint8_t *key);
int signal_peer_signed_pre_key(signal_peer *peer, uint8_t *key, uint8_t *signature);
int signal_peer_pre_key(signal_peer *peer, uint32_t id, uint8_t *key);
int signal_peer_has_pre_key(signal_peer *peer, uint32_t id);

// Begins a session; pre_key may be null.
int signal_peer_start(
    signal_peer *peer, uint32_t registration_id, const uint8_t *identity, uint32_t signed_pre_key_id,
    const uint8_t *signed_pre_key, const uint8_t *signature, uint32_t pre_key_id, const uint8_t *pre_key);

// Gives the length; is_pre_key tells whether it is a message that begins a session.
int signal_peer_encrypt(
    signal_peer *peer, const uint8_t *text, size_t length, uint8_t *output, size_t capacity, int *is_pre_key);
int signal_peer_decrypt(
    signal_peer *peer, int is_pre_key, const uint8_t *message, size_t length, uint8_t *output, size_t capacity);

// Sender keys: what hands out the own one, and what takes in the other device's.
int signal_peer_distribution(signal_peer *peer, uint8_t *output, size_t capacity);
int signal_peer_process_distribution(signal_peer *peer, const uint8_t *message, size_t length);
int signal_peer_group_encrypt(
    signal_peer *peer, const uint8_t *text, size_t length, uint8_t *output, size_t capacity);
int signal_peer_group_decrypt(
    signal_peer *peer, const uint8_t *message, size_t length, uint8_t *output, size_t capacity);

#endif
