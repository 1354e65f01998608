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
