#include <curl/curl.h>

// Swift cannot call C functions with variable arguments; these give each kind of argument a name.
static inline CURLcode wharf_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode wharf_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode wharf_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
typedef size_t (*wharf_curl_data_function)(char *, size_t, size_t, void *);
static inline CURLcode wharf_curl_set_data_function(CURL *handle, CURLoption option, wharf_curl_data_function f) {
    return curl_easy_setopt(handle, option, f);
}
static inline CURLcode wharf_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
typedef int (*wharf_curl_seek_function)(void *, curl_off_t, int);
static inline CURLcode wharf_curl_set_seek_function(CURL *handle, wharf_curl_seek_function f) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, f);
}
static const size_t wharf_curl_pause = CURL_WRITEFUNC_PAUSE;
static const size_t wharf_curl_abort = CURL_READFUNC_ABORT;
static inline CURLcode wharf_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode wharf_curl_get_pointer(CURL *handle, CURLINFO info, void **value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLMcode wharf_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLcode wharf_curl_message_result(const CURLMsg *message) {
    return message->data.result;
}

// Opens connections to public addresses alone, whatever a name has led to; asked for each connection, so also after a
// redirect.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static inline int wharf_is_public_v4(uint32_t a) {
    static const struct { uint32_t net; int bits; } closed[] = {
        {0x00000000, 8}, {0x0A000000, 8}, {0x64400000, 10}, {0x7F000000, 8}, {0xA9FE0000, 16}, {0xAC100000, 12},
        {0xC0000000, 24}, {0xC0000200, 24}, {0xC0A80000, 16}, {0xC6120000, 15}, {0xC6336400, 24}, {0xCB007100, 24},
        {0xE0000000, 3},
    };
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        if (((a ^ closed[i].net) >> (32 - closed[i].bits)) == 0) return 0;
    return 1;
}
static inline uint32_t wharf_v4_at(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}
static inline int wharf_is_public_address(const struct sockaddr *address) {
    if (address->sa_family == AF_INET)
        return wharf_is_public_v4(ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr));
    if (address->sa_family != AF_INET6) return 0;
    static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};
    const unsigned char *b = ((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr;
    // Those that carry an address of the fourth version, and else only what is given out for the whole net.
    if (memcmp(b, nat64, sizeof nat64) == 0) return wharf_is_public_v4(wharf_v4_at(b + 12));
    if (b[0] == 0x20 && b[1] == 0x02) return wharf_is_public_v4(wharf_v4_at(b + 2));
    if (b[0] == 0x20 && b[1] == 0x01 && b[2] < 0x02) return 0;
    if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && b[3] == 0xb8) return 0;
    return (b[0] & 0xe0) == 0x20;
}
static inline curl_socket_t wharf_open_public_socket(void *unused, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)unused;
    (void)purpose;
    if (!wharf_is_public_address(&address->addr)) return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}
static inline CURLcode wharf_curl_set_public_only(CURL *handle) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, wharf_open_public_socket);
    // A connection that somebody else has opened was not asked about, and a proxy would open it for us.
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_PROXY, "");
    return code;
}
