// Reaches explain::TextIndex::read, CodeTable::read (input that begins with a zero byte is an index, with a one byte a table of codes) and
// Library::ask (everything else is a question, as a user pastes it).
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "explain/explain.h"
#include "explain/words.h"

namespace {

using namespace truename;

void require(bool holds) {
    if (!holds) std::abort();
}

void ask(std::string_view question) {
    static const auto library = explain::Library::load();
    require(library.has_value());
    const explain::Answer answer = library->ask(question);
    for (const explain::TextMatch& text : answer.texts) {
        require(library->meaning(text.meaning) != nullptr);
        require(text.score >= 0.5 && text.score <= 1 && text.fit <= 1);
    }
    for (const explain::CodeMatch& code : answer.codes) require(!code.code.empty() && library->meaning(code.meaning) != nullptr);
    require(library->ask(question).texts.size() == answer.texts.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes input(data, size > 8192 ? 8192 : size);
    if (!input.empty() && input[0] == 0) {
        if (const auto index = explain::TextIndex::read(input.subspan(1))) (void)index->search(U"the target principal name is incorrect");
    } else if (!input.empty() && input[0] == 1) {
        if (const auto table = explain::CodeTable::read(as_text(input.subspan(1)))) (void)table->find("0x80090322 -8179 alert 46");
    } else {
        ask(as_text(input));
    }
    return 0;
}
