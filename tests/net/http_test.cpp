#include "net/http.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace truename::net {
namespace {

using State = HttpResponseReader::State;

struct Response {
    const char* name;
    std::string bytes;
    bool ends;  // the connection ends after them
    State state;
    int status;
    std::string body;
};

const std::vector<Response> kResponses = {
    {"by length", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", false, State::done, 200, "abc"},
    {"without reason", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\na", false, State::done, 200, "a"},
    {"to the end", "HTTP/1.0 200 OK\r\n\r\nabc", true, State::done, 200, "abc"},
    {"in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nTrailer: x\r\n\r\n", false,
     State::done, 200, "abc"},
    {"after a 100", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", false, State::done, 200, "a"},
    {"no content", "HTTP/1.1 204 No Content\r\n\r\n", false, State::done, 204, ""},
    {"bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 1\n\na", false, State::done, 200, "a"},
    {"cut short", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", true, State::failed, 200, ""},
    {"cut short in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", true, State::failed, 200, ""},
    {"nothing", "", true, State::failed, 0, ""},
    {"larger by its own words", "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", false, State::failed, 200, ""},
    {"larger chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", false, State::failed, 200, ""},
    {"larger without words", "HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x'), false, State::failed, 200, ""},
    {"negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", false, State::failed, 200, ""},
    {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", false, State::failed, 200, ""},
    {"other encoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", false, State::failed, 200, ""},
    {"chunk size overflow", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\n", false, State::failed, 200, ""},
    {"endless head", "HTTP/1.1 200 OK\r\n" + std::string(20000, 'h'), false, State::failed, 200, ""},
    {"endless trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + std::string(20000, 't'), false, State::failed, 200,
     ""},
    {"not http", "220 mx.example.com ESMTP\r\n", false, State::failed, 0, ""},
};

TEST(HttpResponse, IsReadTheSameInAnyPortions) {
    for (const Response& response : kResponses) {
        for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{100000}}) {
            HttpResponseReader reader(100);
            for (std::size_t at = 0; at < response.bytes.size(); at += size) reader.feed(std::string_view(response.bytes).substr(at, size));
            if (response.ends) reader.end();
            EXPECT_EQ(reader.state(), response.state) << response.name << " in portions of " << size;
            EXPECT_EQ(reader.status(), response.status) << response.name;
            EXPECT_EQ(reader.error().empty(), response.state != State::failed) << response.name;
            if (response.state == State::done) {
                EXPECT_EQ(reader.take_body(), response.body) << response.name;
            }
        }
    }
}

TEST(HttpUrl, TakesPlainHttpOnly) {
    const auto url = parse_http_url("HTTP://CA.Example.com:8080/a?b#c");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "ca.example.com");
    EXPECT_EQ(url->port, 8080);
    EXPECT_EQ(url->path, "/a?b");
    EXPECT_EQ(to_string(*parse_http_url("http://[2001:db8::1]")), "http://[2001:db8::1]:80/");
    EXPECT_EQ(to_string(*parse_http_url("http://x?q")), "http://x:80/?q");
    for (const char* const bad : {"", "https://x/", "ldap://x/", "file:///etc/passwd", "http://", "http:///x", "http://u:p@x/",
                                  "http://x:0/", "http://x:99999/", "http://x:1x/", "http://x/ y", "http://x/\r\nHost: y", "http://[::1",
                                  "http://[::1]x/", "http://[[a]", "http://a]b/", "http://[fe80::1%eth0]/"}) {
        EXPECT_FALSE(parse_http_url(bad)) << bad;
    }
    EXPECT_FALSE(parse_http_url("http://x/" + std::string(3000, 'a')));
}

TEST(HttpUrl, FollowsLocations) {
    const HttpUrl base = *parse_http_url("http://x:81/a/b");
    EXPECT_EQ(to_string(*resolve_location(base, "/c")), "http://x:81/c");
    EXPECT_EQ(to_string(*resolve_location(base, "http://y/")), "http://y:80/");
    EXPECT_EQ(to_string(*resolve_location(base, "//y/d")), "http://y:80/d");
    EXPECT_FALSE(resolve_location(base, "https://y/"));
    EXPECT_FALSE(resolve_location(base, "relative"));
}

}  // namespace
}  // namespace truename::net
