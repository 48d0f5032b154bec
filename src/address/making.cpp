#include "address/making.h"

namespace truename::address {

Result<Survey, Failure> survey_until_made(const Look& look, const std::function<bool(std::size_t left)>& wait) {
    for (;;) {
        auto survey = look();
        if (!survey) return survey;
        const std::size_t left = records_to_wait_for(*survey);
        if (left == 0 || !wait(left)) return survey;
    }
}

Result<std::vector<Record>, Failure> make_records(const Survey& survey, const net::UpdateServer& server, const net::RunProgram& run) {
    std::vector<Record> records = records_to_make(survey, false);
    std::erase_if(records, [](const Record& record) { return record.data.empty(); });
    if (records.empty()) return records;
    if (const auto added = net::update_dns(server, lines_to_add(records), run); !added) return forward_error(added);
    return records;
}

}  // namespace truename::address
