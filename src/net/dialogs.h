#pragma once

// The dialogs one by one, for make_dialog() alone; and the two questions about words that they share.

#include <cstddef>
#include <memory>
#include <string_view>

#include "net/dialog.h"

namespace truename::net {

/// RFC 9051 and 3501; STARTTLS of RFC 3501 6.2.1.
std::unique_ptr<Dialog> make_imap_dialog(bool starttls, std::size_t max_bytes);
/// RFC 1939 with CAPA (RFC 2449) and STLS (RFC 2595).
std::unique_ptr<Dialog> make_pop3_dialog(bool starttls, std::size_t max_bytes);
/// RFC 5321 with STARTTLS (RFC 3207).
std::unique_ptr<Dialog> make_smtp_dialog(bool starttls, std::string_view local_name, std::size_t max_bytes);
/// ManageSieve, RFC 5804.
std::unique_ptr<Dialog> make_sieve_dialog(bool starttls, std::size_t max_bytes);

/// True when `text` begins with `prefix`, ASCII letter case ignored.
bool begins_with(std::string_view text, std::string_view prefix);

/// True when `word` is one of the words between blanks, ASCII letter case ignored.
bool has_word(std::string_view words, std::string_view word);

}  // namespace truename::net
