#include "tests/conformance/files.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/text.h"
#include "x509/pem.h"

namespace truename::conformance {

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot open " + file.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot open " + file.string());
    std::vector<std::vector<std::string>> rows;
    std::string line;
    for (std::getline(in, line); std::getline(in, line);) {
        const auto cells = split(line, '\t');
        rows.emplace_back(cells.begin(), cells.end());
    }
    return rows;
}

std::map<std::string, ByteString> blocks_of(const std::filesystem::path& file) {
    const std::string text = read(file);
    const auto bundle = x509::read_pem_bundle(as_bytes(text), file.string());
    if (!bundle) throw std::runtime_error(to_sentence(bundle.error()));
    std::map<std::string, ByteString> blocks;
    for (const x509::PemBlock& block : bundle->blocks) blocks.emplace(block.label, block.der);
    return blocks;
}

ByteString block_of(const std::filesystem::path& file) {
    return blocks_of(file).begin()->second;
}

Case made(std::string id, std::string expected, bool ours, std::string_view yes, std::string_view no) {
    Case one;
    one.id = std::move(id);
    one.expected = std::move(expected);
    one.ours = ours ? yes : no;
    return one;
}

}  // namespace truename::conformance
