#include <signal/curve.h>
#include <signal/group_cipher.h>
#include <signal/group_session_builder.h>
#include <signal/key_helper.h>
#include <signal/protocol.h>
#include <signal/sender_key_record.h>
#include <signal/session_builder.h>
#include <signal/session_cipher.h>
#include <signal/session_pre_key.h>
#include <signal/signal_protocol.h>
#include <stdlib.h>
#include <string.h>

#include "CSignalPeer.h"
#include "crypto.h"

enum { pre_key_count = 8, signed_pre_key_id = 1, own_sender = 1, other_sender = 2 };

struct signal_peer {
    signal_context *context;
    signal_protocol_store_context *store;
    uint32_t registration_id;
    ratchet_identity_key_pair *identity;
    session_signed_pre_key *signed_pre_key;
    session_pre_key *pre_keys[pre_key_count + 1];
    // Records, as the library serialises them; of senders, 1 is this device.
    signal_buffer *session;
    signal_buffer *sender_keys[3];
};

static const signal_protocol_address other = {"other", 5, 0};

static signal_protocol_sender_key_name sender_name(int sender) {
    signal_protocol_sender_key_name name = {"group", 5, {sender == own_sender ? "own" : "oth", 3, sender}};
    return name;
}

static void replace(signal_buffer **slot, signal_buffer *value) {
    signal_buffer_free(*slot);
    *slot = value;
}

// Stores.

static int load_session(
    signal_buffer **record, signal_buffer **user_record, const signal_protocol_address *address, void *user) {
    (void)user_record, (void)address;
    signal_peer *peer = user;
    if (!peer->session) return 0;
    *record = signal_buffer_copy(peer->session);
    return *record ? 1 : SG_ERR_NOMEM;
}

static int sub_devices(signal_int_list **list, const char *name, size_t length, void *user) {
    (void)name, (void)length, (void)user;
    *list = signal_int_list_alloc();
    return 0;
}

static int store_session(
    const signal_protocol_address *address, uint8_t *record, size_t length, uint8_t *user_record, size_t user_length,
    void *user) {
    (void)address, (void)user_record, (void)user_length;
    signal_peer *peer = user;
    replace(&peer->session, signal_buffer_create(record, length));
    return peer->session ? 0 : SG_ERR_NOMEM;
}

static int contains_session(const signal_protocol_address *address, void *user) {
    (void)address;
    return ((signal_peer *)user)->session != NULL;
}

static int delete_session(const signal_protocol_address *address, void *user) {
    (void)address;
    signal_peer *peer = user;
    int had = peer->session != NULL;
    replace(&peer->session, NULL);
    return had;
}

static int delete_all_sessions(const char *name, size_t length, void *user) {
    (void)name, (void)length;
    return delete_session(NULL, user);
}

static void destroy(void *user) { (void)user; }

static int load_pre_key(signal_buffer **record, uint32_t id, void *user) {
    signal_peer *peer = user;
    if (id > pre_key_count || !peer->pre_keys[id]) return SG_ERR_INVALID_KEY_ID;
    return session_pre_key_serialize(record, peer->pre_keys[id]);
}

static int store_pre_key(uint32_t id, uint8_t *record, size_t length, void *user) {
    (void)id, (void)record, (void)length, (void)user;
    return SG_ERR_UNKNOWN;
}

static int contains_pre_key(uint32_t id, void *user) {
    return id <= pre_key_count && ((signal_peer *)user)->pre_keys[id] != NULL;
}

static int remove_pre_key(uint32_t id, void *user) {
    signal_peer *peer = user;
    if (id > pre_key_count) return SG_ERR_INVALID_KEY_ID;
    SIGNAL_UNREF(peer->pre_keys[id]);
    return 0;
}

static int load_signed_pre_key(signal_buffer **record, uint32_t id, void *user) {
    if (id != signed_pre_key_id) return SG_ERR_INVALID_KEY_ID;
    return session_signed_pre_key_serialize(record, ((signal_peer *)user)->signed_pre_key);
}

static int contains_signed_pre_key(uint32_t id, void *user) {
    (void)user;
    return id == signed_pre_key_id;
}

static int remove_signed_pre_key(uint32_t id, void *user) {
    (void)id, (void)user;
    return SG_ERR_UNKNOWN;
}

static int identity_pair(signal_buffer **public_key, signal_buffer **private_key, void *user) {
    signal_peer *peer = user;
    int result = ec_public_key_serialize(public_key, ratchet_identity_key_pair_get_public(peer->identity));
    if (result < 0) return result;
    return ec_private_key_serialize(private_key, ratchet_identity_key_pair_get_private(peer->identity));
}

static int registration_id(void *user, uint32_t *id) {
    *id = ((signal_peer *)user)->registration_id;
    return 0;
}

static int save_identity(const signal_protocol_address *address, uint8_t *key, size_t length, void *user) {
    (void)address, (void)key, (void)length, (void)user;
    return 0;
}

static int is_trusted(const signal_protocol_address *address, uint8_t *key, size_t length, void *user) {
    (void)address, (void)key, (void)length, (void)user;
    return 1;
}

static int store_sender_key(
    const signal_protocol_sender_key_name *name, uint8_t *record, size_t length, uint8_t *user_record,
    size_t user_length, void *user) {
    (void)user_record, (void)user_length;
    signal_peer *peer = user;
    replace(&peer->sender_keys[name->sender.device_id], signal_buffer_create(record, length));
    return 0;
}

static int load_sender_key(
    signal_buffer **record, signal_buffer **user_record, const signal_protocol_sender_key_name *name, void *user) {
    (void)user_record;
    signal_buffer *stored = ((signal_peer *)user)->sender_keys[name->sender.device_id];
    if (!stored) return 0;
    *record = signal_buffer_copy(stored);
    return *record ? 1 : SG_ERR_NOMEM;
}

static void set_stores(signal_peer *peer) {
    signal_protocol_session_store sessions = {
        load_session,  sub_devices, store_session, contains_session, delete_session, delete_all_sessions, destroy, peer,
    };
    signal_protocol_pre_key_store pre_keys = {
        load_pre_key, store_pre_key, contains_pre_key, remove_pre_key, destroy, peer,
    };
    signal_protocol_signed_pre_key_store signed_pre_keys = {
        load_signed_pre_key, store_pre_key, contains_signed_pre_key, remove_signed_pre_key, destroy, peer,
    };
    signal_protocol_identity_key_store identities = {
        identity_pair, registration_id, save_identity, is_trusted, destroy, peer,
    };
    signal_protocol_sender_key_store sender_keys = {store_sender_key, load_sender_key, destroy, peer};
    signal_protocol_store_context_set_session_store(peer->store, &sessions);
    signal_protocol_store_context_set_pre_key_store(peer->store, &pre_keys);
    signal_protocol_store_context_set_signed_pre_key_store(peer->store, &signed_pre_keys);
    signal_protocol_store_context_set_identity_key_store(peer->store, &identities);
    signal_protocol_store_context_set_sender_key_store(peer->store, &sender_keys);
}

// The peer.

signal_peer *signal_peer_create(uint32_t registration_id) {
    signal_peer *peer = calloc(1, sizeof *peer);
    if (!peer) return NULL;
    peer->registration_id = registration_id;
    if (signal_context_create(&peer->context, peer) < 0) goto failed;
    if (signal_context_set_crypto_provider(peer->context, &peer_crypto) < 0) goto failed;
    if (signal_protocol_store_context_create(&peer->store, peer->context) < 0) goto failed;
    set_stores(peer);
    if (signal_protocol_key_helper_generate_identity_key_pair(&peer->identity, peer->context) < 0) goto failed;
    if (signal_protocol_key_helper_generate_signed_pre_key(
            &peer->signed_pre_key, peer->identity, signed_pre_key_id, 0, peer->context) < 0)
        goto failed;
    for (uint32_t id = 1; id <= pre_key_count; id++) {
        ec_key_pair *pair = NULL;
        if (curve_generate_key_pair(peer->context, &pair) < 0) goto failed;
        int result = session_pre_key_create(&peer->pre_keys[id], id, pair);
        SIGNAL_UNREF(pair);
        if (result < 0) goto failed;
    }
    return peer;
failed:
    signal_peer_free(peer);
    return NULL;
}

void signal_peer_free(signal_peer *peer) {
    if (!peer) return;
    for (int id = 0; id <= pre_key_count; id++) SIGNAL_UNREF(peer->pre_keys[id]);
    SIGNAL_UNREF(peer->signed_pre_key);
    SIGNAL_UNREF(peer->identity);
    replace(&peer->session, NULL);
    for (int sender = 0; sender < 3; sender++) replace(&peer->sender_keys[sender], NULL);
    if (peer->store) signal_protocol_store_context_destroy(peer->store);
    if (peer->context) signal_context_destroy(peer->context);
    free(peer);
}

static int copy_out(signal_buffer *buffer, uint8_t *output, size_t capacity) {
    size_t length = signal_buffer_len(buffer);
    if (length > capacity) return SG_ERR_NOMEM;
    memcpy(output, signal_buffer_data(buffer), length);
    return (int)length;
}

static int copy_key(ec_public_key *key, uint8_t *output) {
    signal_buffer *buffer = NULL;
    int result = ec_public_key_serialize(&buffer, key);
    if (result < 0) return result;
    result = copy_out(buffer, output, 33);
    signal_buffer_free(buffer);
    return result;
}

int signal_peer_identity(signal_peer *peer, uint8_t *key) {
    return copy_key(ratchet_identity_key_pair_get_public(peer->identity), key);
}

int signal_peer_signed_pre_key(signal_peer *peer, uint8_t *key, uint8_t *signature) {
    memcpy(signature, session_signed_pre_key_get_signature(peer->signed_pre_key), 64);
    return copy_key(ec_key_pair_get_public(session_signed_pre_key_get_key_pair(peer->signed_pre_key)), key);
}

int signal_peer_pre_key(signal_peer *peer, uint32_t id, uint8_t *key) {
    if (!contains_pre_key(id, peer)) return SG_ERR_INVALID_KEY_ID;
    return copy_key(ec_key_pair_get_public(session_pre_key_get_key_pair(peer->pre_keys[id])), key);
}

int signal_peer_has_pre_key(signal_peer *peer, uint32_t id) { return contains_pre_key(id, peer); }

int signal_peer_start(
    signal_peer *peer, uint32_t remote_registration_id, const uint8_t *identity, uint32_t signed_id,
    const uint8_t *signed_pre_key, const uint8_t *signature, uint32_t pre_key_id, const uint8_t *pre_key) {
    ec_public_key *identity_key = NULL, *signed_key = NULL, *one_time_key = NULL;
    session_pre_key_bundle *bundle = NULL;
    session_builder *builder = NULL;
    int result = curve_decode_point(&identity_key, identity, 33, peer->context);
    if (result >= 0) result = curve_decode_point(&signed_key, signed_pre_key, 33, peer->context);
    if (result >= 0 && pre_key) result = curve_decode_point(&one_time_key, pre_key, 33, peer->context);
    if (result >= 0)
        result = session_pre_key_bundle_create(
            &bundle, remote_registration_id, 0, pre_key_id, one_time_key, signed_id, signed_key, signature, 64,
            identity_key);
    if (result >= 0) result = session_builder_create(&builder, peer->store, &other, peer->context);
    if (result >= 0) result = session_builder_process_pre_key_bundle(builder, bundle);
    session_builder_free(builder);
    SIGNAL_UNREF(bundle);
    SIGNAL_UNREF(one_time_key);
    SIGNAL_UNREF(signed_key);
    SIGNAL_UNREF(identity_key);
    return result;
}

int signal_peer_encrypt(
    signal_peer *peer, const uint8_t *text, size_t length, uint8_t *output, size_t capacity, int *is_pre_key) {
    session_cipher *cipher = NULL;
    ciphertext_message *message = NULL;
    int result = session_cipher_create(&cipher, peer->store, &other, peer->context);
    if (result >= 0) result = session_cipher_encrypt(cipher, text, length, &message);
    if (result >= 0) {
        *is_pre_key = ciphertext_message_get_type(message) == CIPHERTEXT_PREKEY_TYPE;
        result = copy_out(ciphertext_message_get_serialized(message), output, capacity);
    }
    SIGNAL_UNREF(message);
    session_cipher_free(cipher);
    return result;
}

int signal_peer_decrypt(
    signal_peer *peer, int is_pre_key, const uint8_t *bytes, size_t length, uint8_t *output, size_t capacity) {
    session_cipher *cipher = NULL;
    signal_buffer *text = NULL;
    int result = session_cipher_create(&cipher, peer->store, &other, peer->context);
    if (result >= 0 && is_pre_key) {
        pre_key_signal_message *message = NULL;
        result = pre_key_signal_message_deserialize(&message, bytes, length, peer->context);
        if (result >= 0) result = session_cipher_decrypt_pre_key_signal_message(cipher, message, NULL, &text);
        SIGNAL_UNREF(message);
    } else if (result >= 0) {
        signal_message *message = NULL;
        result = signal_message_deserialize(&message, bytes, length, peer->context);
        if (result >= 0) result = session_cipher_decrypt_signal_message(cipher, message, NULL, &text);
        SIGNAL_UNREF(message);
    }
    if (result >= 0) result = copy_out(text, output, capacity);
    signal_buffer_free(text);
    session_cipher_free(cipher);
    return result;
}

int signal_peer_distribution(signal_peer *peer, uint8_t *output, size_t capacity) {
    group_session_builder *builder = NULL;
    sender_key_distribution_message *message = NULL;
    signal_protocol_sender_key_name name = sender_name(own_sender);
    int result = group_session_builder_create(&builder, peer->store, peer->context);
    if (result >= 0) result = group_session_builder_create_session(builder, &message, &name);
    if (result >= 0)
        result = copy_out(ciphertext_message_get_serialized((ciphertext_message *)message), output, capacity);
    SIGNAL_UNREF(message);
    group_session_builder_free(builder);
    return result;
}

int signal_peer_process_distribution(signal_peer *peer, const uint8_t *bytes, size_t length) {
    group_session_builder *builder = NULL;
    sender_key_distribution_message *message = NULL;
    signal_protocol_sender_key_name name = sender_name(other_sender);
    int result = sender_key_distribution_message_deserialize(&message, bytes, length, peer->context);
    if (result >= 0) result = group_session_builder_create(&builder, peer->store, peer->context);
    if (result >= 0) result = group_session_builder_process_session(builder, &name, message);
    SIGNAL_UNREF(message);
    group_session_builder_free(builder);
    return result;
}

int signal_peer_group_encrypt(
    signal_peer *peer, const uint8_t *text, size_t length, uint8_t *output, size_t capacity) {
    group_cipher *cipher = NULL;
    ciphertext_message *message = NULL;
    signal_protocol_sender_key_name name = sender_name(own_sender);
    int result = group_cipher_create(&cipher, peer->store, &name, peer->context);
    if (result >= 0) result = group_cipher_encrypt(cipher, text, length, &message);
    if (result >= 0) result = copy_out(ciphertext_message_get_serialized(message), output, capacity);
    SIGNAL_UNREF(message);
    group_cipher_free(cipher);
    return result;
}

int signal_peer_group_decrypt(
    signal_peer *peer, const uint8_t *bytes, size_t length, uint8_t *output, size_t capacity) {
    group_cipher *cipher = NULL;
    sender_key_message *message = NULL;
    signal_buffer *text = NULL;
    signal_protocol_sender_key_name name = sender_name(other_sender);
    int result = sender_key_message_deserialize(&message, bytes, length, peer->context);
    if (result >= 0) result = group_cipher_create(&cipher, peer->store, &name, peer->context);
    if (result >= 0) result = group_cipher_decrypt(cipher, message, NULL, &text);
    if (result >= 0) result = copy_out(text, output, capacity);
    signal_buffer_free(text);
    SIGNAL_UNREF(message);
    group_cipher_free(cipher);
    return result;
}
