// Turns data/causes/*.toml into a C++ table:  generate_causes OUTPUT DATA
// Everything wrong in a file stops the build with file and line.
#include "doctor/causes.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <string>

namespace {

using namespace truename;

std::string quoted(std::string_view text) {
    return "R\"##(" + std::string(text) + ")##\"";
}

std::string identifier(std::string_view id) {
    std::string name(id);
    std::replace(name.begin(), name.end(), '-', '_');
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

std::string who(doctor::Who who) {
    return "static_cast<Who>(" + std::to_string(static_cast<unsigned>(who)) + ")";
}

void write_mends(std::ostream& out, std::span<const doctor::MendRow> mends) {
    for (const doctor::MendRow& mend : mends) {
        if (mend.steps.empty()) continue;
        out << "constexpr std::string_view steps_" << identifier(mend.id) << "[] = {";
        for (const std::string_view step : mend.steps) out << quoted(step) << ", ";
        out << "};\n";
    }
    out << "constexpr MendRow kMends[] = {\n";
    for (const doctor::MendRow& mend : mends) {
        out << "    {" << quoted(mend.id) << ", " << who(mend.who) << ", " << quoted(mend.text) << ", "
            << (mend.steps.empty() ? "{}" : "steps_" + identifier(mend.id)) << ", " << mend.change << ", static_cast<Authority>("
            << static_cast<unsigned>(mend.authority) << "), static_cast<MendedName>(" << static_cast<unsigned>(mend.name) << ")},\n";
    }
    out << "};\n";
}

void write_findings(std::ostream& out, const std::string& name, std::span<const FindingId> findings) {
    if (findings.empty()) return;
    out << "constexpr FindingId " << name << "[] = {";
    for (const FindingId id : findings) out << "FindingId::" << identifier(info(id).name) << ", ";
    out << "};\n";
}

std::string list(const std::string& prefix, const doctor::CauseRow& cause, std::span<const FindingId> findings) {
    return findings.empty() ? "{}" : prefix + identifier(cause.id);
}

void write_causes(std::ostream& out, std::span<const doctor::CauseRow> causes) {
    for (const doctor::CauseRow& cause : causes) {
        write_findings(out, "findings_" + identifier(cause.id), cause.findings);
        write_findings(out, "explains_" + identifier(cause.id), cause.explains);
        out << "constexpr std::uint8_t mends_" << identifier(cause.id) << "[] = {";
        for (const std::uint8_t mend : cause.mends) out << static_cast<unsigned>(mend) << ", ";
        out << "};\n";
    }
    out << "constexpr CauseRow kCauses[] = {\n";
    for (const doctor::CauseRow& cause : causes) {
        out << "    {" << quoted(cause.id) << ", '" << cause.letter << "', " << list("findings_", cause, cause.findings) << ", "
            << list("explains_", cause, cause.explains) << ", " << who(cause.who) << ", " << quoted(cause.headline) << ", "
            << quoted(cause.text) << ", " << quoted(cause.others) << ", " << quoted(cause.shortcut) << ", " << quoted(cause.assuming)
            << ", mends_" << identifier(cause.id) << "},\n";
    }
    out << "};\n";
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 64;
    const auto table = doctor::load_causes(argv[2]);
    if (!table || !*table) {
        std::cerr << (table ? std::string(argv[2]) + " holds no causes" : to_sentence(table.error())) << "\n";
        return 65;
    }
    std::ofstream out(argv[1]);
    out << "// Made from data/causes/ by generate_causes.\n#include \"doctor/causes.h\"\n\nnamespace truename::doctor {\n\nnamespace {\n\n";
    write_mends(out, (*table)->mends);
    write_causes(out, (*table)->causes);
    out << "constexpr CauseTable kTable = {kCauses, kMends, {\n";
    for (const std::string_view text : (*table)->who) out << "    " << quoted(text) << ",\n";
    out << "}};\n\n}  // namespace\n\nconst CauseTable& compiled_causes() { return kTable; }\n\n}  // namespace truename::doctor\n";
    return out.flush() ? 0 : 73;
}
