#include "net/https_client.h"

#include <curl/curl.h>

#include "base/text.h"
#include "net/loaded_library.h"

namespace truename::net {

namespace {

/// The functions of libcurl that are used here.
struct Library {
    decltype(&curl_global_init) global_init = nullptr;
    decltype(&curl_easy_init) easy_init = nullptr;
    decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
    decltype(&curl_easy_reset) easy_reset = nullptr;
    decltype(&curl_easy_perform) easy_perform = nullptr;
    decltype(&curl_easy_setopt) easy_setopt = nullptr;
    decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
    decltype(&curl_easy_strerror) easy_strerror = nullptr;
    decltype(&curl_slist_append) slist_append = nullptr;
    decltype(&curl_slist_free_all) slist_free_all = nullptr;
};

/// Null when it is not there.
const Library* library() {
    static const Library kLibrary = [] {
        Library found;
        const LoadedLibrary curl("libcurl.so.4");
        const bool has_all = curl.find("curl_global_init", found.global_init) && curl.find("curl_easy_init", found.easy_init) &&
                             curl.find("curl_easy_cleanup", found.easy_cleanup) && curl.find("curl_easy_reset", found.easy_reset) &&
                             curl.find("curl_easy_perform", found.easy_perform) && curl.find("curl_easy_setopt", found.easy_setopt) &&
                             curl.find("curl_easy_getinfo", found.easy_getinfo) && curl.find("curl_easy_strerror", found.easy_strerror) &&
                             curl.find("curl_slist_append", found.slist_append) && curl.find("curl_slist_free_all", found.slist_free_all) &&
                             found.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
        return has_all ? found : Library();
    }();
    return kLibrary.easy_init != nullptr ? &kLibrary : nullptr;
}

/// An answer while it arrives.
struct Arriving {
    const HttpsOptions* options;
    HttpsResponse response;
    std::size_t head_bytes = 0;
    bool is_too_large = false;
};

/// What libcurl gives its callbacks, and wants back when all of it was taken.
std::size_t take_body(char* data, std::size_t size, std::size_t count, void* context) {
    auto& arriving = *static_cast<Arriving*>(context);
    arriving.is_too_large = arriving.response.body.size() + size * count > arriving.options->max_body;
    if (arriving.is_too_large) return 0;
    arriving.response.body.append(data, size * count);
    return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* context) {
    auto& arriving = *static_cast<Arriving*>(context);
    const std::string_view line = trim(std::string_view(data, size * count));
    arriving.head_bytes += size * count;
    arriving.is_too_large = arriving.head_bytes > arriving.options->max_head;
    if (arriving.is_too_large) return 0;
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/"))
        arriving.response.headers.clear();  // what came before it was of an interim answer (RFC 9110 15.2)
    else if (colon != std::string_view::npos)
        arriving.response.headers.emplace_back(ascii_lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
    return size * count;
}

int look_for_stop(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Arriving*>(context)->options->stop.stop_requested() ? 1 : 0;
}

Failure failure(CURLcode code, const Arriving& arriving, std::string_view url, std::string_view reason) {
    Failure failure{FailureKind::protocol, "asking", printable(url), printable(reason), ""};
    if (arriving.is_too_large) {
        failure.reason = "the answer is larger than " + std::to_string(arriving.options->max_body) + " bytes";
        return failure;
    }
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            failure.kind = FailureKind::local;
            break;
        case CURLE_COULDNT_CONNECT:
            failure.kind = FailureKind::refused;
            break;
        case CURLE_OPERATION_TIMEDOUT:
            failure.kind = FailureKind::timeout;
            break;
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_PARTIAL_FILE:
            failure.kind = FailureKind::dropped;
            break;
        case CURLE_ABORTED_BY_CALLBACK:
            failure.kind = FailureKind::local;
            failure.reason = "it was interrupted";
            break;
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
            failure.kind = FailureKind::usage;
            failure.reason = "it is no address that begins with https://";
            break;
        case CURLE_PEER_FAILED_VERIFICATION:
            failure.next = arriving.options->if_not_trusted;
            break;
        case CURLE_SSL_CACERT_BADFILE:
            failure.kind = FailureKind::input;
            break;
        default:
            break;
    }
    return failure;
}

}  // namespace

std::optional<std::string_view> HttpsResponse::header(std::string_view name) const {
    for (const auto& [each, value] : headers) {
        if (each == name) return value;
    }
    return std::nullopt;
}

struct HttpsClient::Impl {
    const Library* curl;
    CURL* handle;
    HttpsOptions options;

    Impl(const Library* library, HttpsOptions given) : curl(library), handle(library->easy_init()), options(std::move(given)) {}
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() { curl->easy_cleanup(handle); }

    /// Connections are kept from one exchange to the next.
    void prepare(const HttpsRequest& request, curl_slist* headers, curl_slist* addresses, Arriving& arriving, char* error) {
        const auto set = [&](CURLoption option, auto value) { curl->easy_setopt(handle, option, value); };
        curl->easy_reset(handle);
        set(CURLOPT_URL, request.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "https");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_PROXY, "");  // nothing from the environment
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.deadline.count()));
        set(CURLOPT_ERRORBUFFER, error);
        set(CURLOPT_HTTPHEADER, headers);
        set(CURLOPT_USERAGENT, "truename");
        set(CURLOPT_RESOLVE, addresses);
        if (!options.roots_file.empty()) {
            set(CURLOPT_CAINFO, options.roots_file.c_str());
            set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        }
        if (request.method == "HEAD") set(CURLOPT_NOBODY, 1L);
        if (request.method == "POST") {
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
            set(CURLOPT_POSTFIELDS, request.body.data());
        }
        set(CURLOPT_WRITEFUNCTION, take_body);
        set(CURLOPT_WRITEDATA, &arriving);
        set(CURLOPT_HEADERFUNCTION, take_header);
        set(CURLOPT_HEADERDATA, &arriving);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, look_for_stop);
        set(CURLOPT_XFERINFODATA, &arriving);
    }
};

HttpsClient::HttpsClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpsClient::HttpsClient(HttpsClient&& other) noexcept = default;
HttpsClient& HttpsClient::operator=(HttpsClient&& other) noexcept = default;
HttpsClient::~HttpsClient() = default;

Result<HttpsClient, Failure> HttpsClient::create(HttpsOptions options) {
    const Library* curl = library();
    if (curl == nullptr)
        return Unexpected{Failure{FailureKind::local, "loading", "libcurl.so.4", "this machine does not have it",
                                  "Install it: apt-get install libcurl4"}};
    return HttpsClient(std::make_unique<Impl>(curl, std::move(options)));
}

Result<HttpsResponse, Failure> HttpsClient::send(const HttpsRequest& request) {
    const Library& curl = *impl_->curl;
    Arriving arriving{&impl_->options, {}};
    char error[CURL_ERROR_SIZE] = "";
    const std::string type = "Content-Type: " + request.media_type;
    curl_slist* headers = curl.slist_append(nullptr, "Expect:");
    if (!request.media_type.empty()) headers = curl.slist_append(headers, type.c_str());
    curl_slist* addresses = nullptr;
    for (const std::string& each : impl_->options.addresses) addresses = curl.slist_append(addresses, each.c_str());
    impl_->prepare(request, headers, addresses, arriving, error);
    const CURLcode code = curl.easy_perform(impl_->handle);
    curl.slist_free_all(headers);
    curl.slist_free_all(addresses);
    if (code != CURLE_OK)
        return Unexpected{failure(code, arriving, request.url, error[0] != 0 ? std::string(error) : curl.easy_strerror(code))};
    long status = 0;
    curl.easy_getinfo(impl_->handle, CURLINFO_RESPONSE_CODE, &status);
    arriving.response.status = static_cast<int>(status);
    return std::move(arriving.response);
}

}  // namespace truename::net
