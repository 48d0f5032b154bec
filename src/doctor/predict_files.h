#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "doctor/doctor.h"
#include "finding/failure.h"
#include "verify/verification.h"

namespace truename::doctor {

/// A certificate of an input file.
struct FileCertificate {
    ByteString der;
    std::string file;  ///< its file's name, safe to print
};

/// What the files of a prediction hold: the certificates of a server, or one request.
struct PredictFiles {
    std::vector<FileCertificate> certificates;  ///< in the order of the files
    std::optional<ByteString> request;
    std::string request_file;
    std::vector<ByteString> issuers;  ///< of `--issuer`
};

/// Reads the files and refuses what would be passed over: fails with `input` for a file that holds neither certificate nor request, for a
/// second request and for a request beside certificates; with `usage` for an option that says nothing about what the files hold.
Result<PredictFiles, Failure> read_predict_files(const PredictInput& input, const Options& options);

/// Fails with `input` when one of the certificates is that of another server: no authority, and nothing leads from the server's to it.
Result<void, Failure> check_one_server(const PredictFiles& files, verify::Verification& verification);

}  // namespace truename::doctor
