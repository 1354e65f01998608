#include <signal/signal_protocol.h>

extern const signal_crypto_provider peer_crypto;
