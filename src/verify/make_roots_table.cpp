// Run by the build: turns data/trust-stores/{roots.pem,stores.tsv} into the table behind shipped_roots.h, sorted by the key of the subject,
// so that the program reads no file and parses no root before one is asked for.
//
// usage: make_roots_table ROOTS.pem STORES.tsv OUT.cpp

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "verify/trust_store.h"
#include "x509/certificate.h"
#include "x509/pem.h"

using namespace truename;

namespace {

[[noreturn]] void stop(const std::string& reason) {
    std::fprintf(stderr, "make_roots_table: %s\n", reason.c_str());
    std::exit(1);
}

std::string read_file(const char* path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) stop(std::string("cannot read ") + path);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string days(std::string_view date) {
    if (date.empty()) return "0";
    const auto time = parse_time(date);
    if (!time) stop("no date: " + std::string(date));
    return std::to_string(std::chrono::floor<std::chrono::days>(*time).time_since_epoch().count());
}

/// A cell's dates as the initialiser of one StoreSpan, or those of the `looked` row.
std::string dates(std::string_view cell, std::size_t expected) {
    if (cell.empty()) return "{}";
    std::vector<std::string> numbers;
    for (const std::string_view date : split(cell, ',')) numbers.push_back(days(date));
    if (numbers.size() != expected) stop("a cell with " + std::to_string(numbers.size()) + " dates");
    return "{" + join(numbers, ",") + "}";
}

std::string literal(Bytes bytes) {
    std::string text = "\"";
    for (const std::uint8_t byte : bytes) {
        char escape[5];
        std::snprintf(escape, sizeof escape, "\\%03o", byte);
        text += escape;
    }
    return text + "\"";
}

struct Row {
    std::uint64_t key;
    Bytes der;
    std::string stores;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) stop("wrong arguments");
    const std::string pem = read_file(argv[1]), tsv = read_file(argv[2]);
    const auto bundle = x509::read_pem_bundle(as_bytes(pem), argv[1]);
    if (!bundle) stop(to_sentence(bundle.error()));
    std::map<std::string, Bytes> by_fingerprint;
    for (const Bytes der : bundle->all(x509::PemKind::certificate)) by_fingerprint[to_hex(crypto::sha256(der))] = der;

    std::string looks;
    std::vector<Row> rows;
    for (const std::string_view line : split(tsv, '\n')) {
        const auto cells = split(line, '\t');
        if (cells[0] == "sha256" || line.empty()) continue;
        if (cells.size() != 2 + verify::kStoreCount) stop("a line of another length: " + std::string(line.substr(0, 70)));
        const bool is_header = cells[0] == "looked";
        std::string stores;
        for (std::size_t store = 0; store < verify::kStoreCount; ++store) stores += dates(cells[2 + store], is_header ? 2 : 5) + ",";
        if (is_header) {
            looks = stores;
            continue;
        }
        const auto found = by_fingerprint.find(std::string(cells[0]));
        if (found == by_fingerprint.end()) stop("no certificate for " + std::string(cells[0]));
        const auto certificate = x509::parse_certificate(found->second);
        if (!certificate) stop("cannot read " + std::string(cells[0]) + ": " + x509::describe(certificate.error()));
        rows.push_back({verify::name_key(certificate->subject), found->second, stores});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.key < b.key; });

    std::ofstream out(argv[3]);
    out << "#include \"verify/shipped_roots.h\"\n\nnamespace truename::verify {\n\nnamespace {\n\n";
    out << "constexpr std::array<std::uint16_t, 2> kLooks[kStoreCount] = {" << looks << "};\n\nconstexpr ShippedRoot kRoots[] = {\n";
    for (const Row& row : rows)
        out << "{" << row.key << "u," << literal(row.der) << "," << row.der.size() << ",{{" << row.stores << "}}},\n";
    out << "};\n\n}  // namespace\n\nstd::span<const ShippedRoot> shipped_roots() {\n    return kRoots;\n}\n\n";
    out << "std::span<const std::array<std::uint16_t, 2>, kStoreCount> store_looks() {\n    return kLooks;\n}\n\n}  // namespace "
           "truename::verify\n";
    out.close();
    if (!out) stop("cannot write");
}
