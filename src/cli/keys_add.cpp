#include "authority/authority.h"
#include "base/text.h"
#include "cli/file.h"
#include "cli/judging.h"
#include "cli/keys.h"
#include "cli/mail.h"
#include "cli/message_input.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "keys/signed_mail.h"
#include "x509/build.h"
#include "x509/pem.h"

namespace truename::cli {

namespace {

/// What a file holds, and how its origin is called.
struct Contents {
    std::vector<ByteString> certificates;
    std::string origin;
    std::vector<ByteString> revoked = {};
};

/// Certificates in any form, or a signed message.
Result<Contents, Stop> read_contents(std::string_view path) {
    const auto bytes = read_file(path, "reading the keys in");
    if (!bytes) return forward_error(bytes);
    const auto bundle = x509::read_pem_bundle(*bytes, input_name(path));
    Contents contents{{}, "the file " + input_name(path)};
    // Of mail only what somebody has signed counts, and not what stands in its text.
    if (bundle && !is_message(*bytes)) {
        for (const Bytes der : bundle->all(x509::PemKind::certificate)) contents.certificates.push_back(to_owned(der));
        if (!contents.certificates.empty()) return contents;
    }
    keys::CertificatesOfMail mail(spool_folder());
    const auto pushed = mail.write(*bytes);
    const auto finished = pushed ? mail.finish() : pushed;
    if (!finished && finished.error().kind == FailureKind::input)
        return Unexpected{Stop{ExitCode::bad_input,
                               {FailureKind::input, "reading the keys in", printable(input_name(path)),
                                "there is no certificate in it, and it is no mail that somebody signed", ""}}};
    if (!finished) return Unexpected{stop_for_mail(finished.error())};
    return Contents{mail.certificates(), "a mail that " + printable(mail.from()) + " signed"};
}

/// The people that an authority has issued for, and its own certificates; the root is the last.
Result<Contents, Stop> read_authority(std::string_view folder) {
    auto authority = authority::Authority::open(std::string(folder));
    if (!authority) return Unexpected{stop_for(authority.error())};
    Contents contents{{}, "the authority in " + printable(folder)};
    const ByteString algorithm = x509::encode_signature_algorithm(authority->signer().scheme);
    const auto seen = authority->store().each_certificate(
        [&](const authority::CertificateRow& row, const std::optional<authority::RevocationRow>& revoked) {
            if (row.profile != "person" || row.signature.empty()) return;
            (revoked ? contents.revoked : contents.certificates).push_back(authority::signed_certificate(row, algorithm));
        });
    if (!seen) return Unexpected{stop_for(seen.error())};
    for (const authority::IssuerRow& earlier : authority->earlier_intermediates()) contents.certificates.push_back(earlier.certificate);
    contents.certificates.push_back(authority->intermediate());
    contents.certificates.push_back(authority->root());
    return contents;
}

void tell(const keys::Added& added, bool trusts, Program& program) {
    for (const keys::Key& key : added.keys) program.print(key_in_words(key));
    if (added.known != 0) program.note(counted(added.known, "key") + " had been known before.");
    if (added.keys.empty() && added.authorities != 0)
        program.print(counted(added.authorities, "certificate") +
                      (trusts ? " of authorities added, whose word counts from now on.\n"
                              : " of authorities added. Their word does not count: --as-authority makes it so.\n"));
}

ExitCode run_add(const Arguments& arguments, Program& program) {
    const auto folder = arguments.get("from-authority");
    if (arguments.positionals().empty() && !folder)
        return program.stop(usage_stop("the command line", "what is to be added is missing",
                                       "Name a file, or an authority's folder: --from-authority FOLDER"));
    if (arguments.has("confirm") && (arguments.positionals().size() > 1 || folder))
        return program.stop(usage_stop("--confirm", "it is for one key, and so for one file", "Add the others without it"));
    std::vector<Contents> list;
    for (const std::string_view path : arguments.positionals()) {
        auto contents = read_contents(path);
        if (!contents) return program.stop(contents.error());
        list.push_back(std::move(*contents));
    }
    auto opened = open_keys(arguments, program, sql::Access::create);
    if (!opened) return program.stop(opened.error());
    if (folder) {
        auto contents = read_authority(*folder);
        if (!contents) return program.stop(contents.error());
        if (const auto trusted = opened->directory.trust({contents->certificates.back()}, contents->origin); !trusted)
            return program.stop(stop_for_mail(trusted.error()));
        list.push_back(std::move(*contents));
    }
    ExitCode code = ExitCode::silent;
    for (const Contents& contents : list) {
        const auto gone = opened->directory.take_away(contents.revoked);
        if (!gone) return program.stop(stop_for_mail(gone.error()));
        if (*gone != 0) program.note(counted(*gone, "key") + " taken away: the authority has revoked the certificate since.");
        const auto added = arguments.has("as-authority")
                               ? opened->directory.trust(contents.certificates, contents.origin)
                               : opened->directory.add(contents.certificates, contents.origin, arguments.has("confirm"));
        if (!added) return program.stop(stop_for_mail(added.error()));
        tell(*added, arguments.has("as-authority"), program);
        for (const keys::Key& key : added->keys) code = key.is_usable() ? code : ExitCode::warns;
    }
    return code;
}

constexpr Option kOptions[] = {
    option::kKeyStore,
    {.name = "confirm",
     .help = "You have compared the fingerprint with the owner, by telephone for one: the one key in the files is the owner's."},
    {.name = "as-authority", .help = "The files hold roots of authorities whose word counts from now on."},
    {.name = "from-authority",
     .argument = "FOLDER",
     .help = "Add everybody for whom this authority of one's own has issued (`ca --store`); its word counts from now on.",
     .offers = Offers::folder},
    option::kKeyTrust,
    option::kAt,
};

}  // namespace

const Command kKeysAddCommand = {
    .name = "keys add",
    .summary = "Add people's certificates: from files, from mail that they signed, from an authority of one's own",
    .positionals = "[FILE...]",
    .least = 0,
    .most = kAnyNumber,
    .offers = Offers::file,
    .options = kOptions,
    .run = run_add,
};

}  // namespace truename::cli
