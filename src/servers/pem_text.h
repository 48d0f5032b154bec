#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace truename::servers {

/// One block of a PEM text, by where it stands.
struct PemSpan {
    enum class Kind { private_key, certificate, other };
    Kind kind = Kind::other;
    std::size_t begin = 0, end = 0;  ///< from the first dash to behind the line end of END
};

/// The blocks of a file that a mail server reads, private keys among them, without decoding any. A BEGIN without its END is no block.
std::vector<PemSpan> pem_spans(std::string_view text);

/// The text with the blocks from `first` up to but not including `last` (numbers in pem_spans(text)) replaced by `replacement`; what stands
/// between the blocks goes with them, everything else stays.
std::string replace_blocks(std::string_view text, const std::vector<PemSpan>& spans, std::size_t first, std::size_t last,
                           std::string_view replacement);

}  // namespace truename::servers
