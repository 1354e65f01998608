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
