#pragma once

#include <algorithm>
#include <string>

#include "mail/sink.h"

namespace truename::mail {

/// Keeps what is written.
class Collector : public Sink {
  public:
    Outcome write(Bytes piece) override {
        text.append(as_text(piece));
        return {};
    }
    Outcome finish() override {
        is_finished = true;
        return {};
    }
    std::string text;
    bool is_finished = false;
};

/// Gives `text` to a sink in pieces of that size; the first failure, or that of the end.
inline Outcome push(Sink& sink, std::string_view text, std::size_t piece) {
    while (!text.empty()) {
        const Outcome written = sink.write(as_bytes(text.substr(0, piece)));
        if (!written) return written;
        text.remove_prefix(std::min(piece, text.size()));
    }
    return sink.finish();
}

/// The reason of a failure; empty for none.
inline std::string reason(const Outcome& outcome) {
    return outcome ? "" : outcome.error().reason;
}

}  // namespace truename::mail
