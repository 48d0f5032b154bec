#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/text.h"
#include "mail/decrypt.h"
#include "mail/message_encryptor.h"
#include "mail/message_signer.h"
#include "mail/verify.h"
#include "tests/mail_unit/collector.h"
#define TRUENAME_KEYS TRUENAME_SOURCE_DIR "/tests/keys"
#include "tests/mail_people.h"
#include "tests/seeds.h"

namespace truename::mail {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string message_of(std::string_view person, std::string_view line_end = "\r\n") {
    std::string text = "From: Somebody <" + std::string(person) +
                       "@example.com>\nTo: bob@example.com\nSubject: a\n b\nMIME-Version: 1.0\n" +
                       "Content-Type: text/plain; charset=us-ascii\n\nHello  \n-- \n--not a delimiter\n\n";
    if (line_end == "\n") return text;
    std::string crlf;
    for (const char c : text) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    return crlf;
}

std::string sign(std::string_view message, std::string_view person, std::size_t piece = 100) {
    const Identity signer = identity(person);
    Collector out;
    MessageSigner stage(signer, day(), out);
    const Outcome outcome = push(stage, message, piece);
    return outcome ? out.text : "failure: " + outcome.error().reason;
}

VerifyOptions options(const verify::TrustStores& trust) {
    VerifyOptions options;
    options.trust = &trust;
    options.at = day();
    options.spool_folder = std::filesystem::temp_directory_path();
    return options;
}

struct Verified {
    Belief belief = Belief::none;
    std::string doubts;   // all of them
    std::string content;  // what would be shown if it were believed
};

Verified verify_mail(std::string_view message, std::optional<std::string> from = {}, std::size_t piece = 1'000) {
    if (piece == 1'000) write_seed("mail_cms", message);
    const verify::TrustStores trust = root_only();
    VerifyOptions by = options(trust);
    by.from = std::move(from);
    MessageVerifier verifier(by);
    const Outcome outcome = push(verifier, message, piece);
    if (!outcome) return {Belief::none, outcome.error().reason, ""};
    Verified result{verifier.verdict().belief, "", ""};
    for (const SignerOpinion& signer : verifier.verdict().signers) result.doubts += join(signer.doubts, "|") + "|";
    result.doubts += join(verifier.verdict().doubts, "|");
    Collector out;
    EXPECT_TRUE(verifier.write_content(out));
    result.content = out.text;
    return result;
}

std::string encrypt(std::string_view message, const std::vector<std::string>& to, std::string_view signer = "",
                    crypto::CipherKind cipher = crypto::CipherKind::aes256_cbc) {
    EncryptOptions by;
    by.at = day();
    by.cipher = cipher;
    for (const std::string& name : to) by.recipients.push_back(to_owned(people().certificate(name)));
    const std::optional<Identity> who = signer.empty() ? std::nullopt : std::optional(identity(signer));
    by.signer = who ? &*who : nullptr;
    Collector out;
    MessageEncryptor stage(by, out);
    const Outcome outcome = push(stage, message, 77);
    return outcome ? out.text : "failure: " + outcome.error().reason;
}

struct Decrypted {
    std::string failure;
    bool is_protected = false;
    std::optional<Belief> belief;  // nothing: not signed
    std::string content;
};

Decrypted decrypt(std::string_view message, std::string_view reader, std::size_t piece = 1'000) {
    if (piece == 1'000) write_seed("mail_cms", message);
    const verify::TrustStores trust = root_only();
    const Identity who = identity(reader);
    MessageDecryptor decryptor(who, options(trust));
    const Outcome outcome = push(decryptor, message, piece);
    if (!outcome) return {outcome.error().reason, false, {}, ""};
    Collector out;
    EXPECT_TRUE(decryptor.write_content(out));
    const auto& verdict = decryptor.verdict();
    return {"", verdict.is_protected, verdict.signature ? std::optional(verdict.signature->belief) : std::nullopt, out.text};
}

std::string replaced(std::string text, std::string_view old, std::string_view with) {
    const std::size_t at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return at == std::string::npos ? text : text.replace(at, old.size(), with);
}

/// Another letter in the base64 of the body, at that share of its length.
std::string damaged(std::string text, double share) {
    const std::size_t body = text.find(text.find("\r\n\r\n") != std::string::npos ? "\r\n\r\n" : "\n\n");
    std::size_t at = body + static_cast<std::size_t>(static_cast<double>(text.size() - body) * share);
    while (!is_alphanumeric(text[at])) ++at;
    text[at] = text[at] == 'A' ? 'B' : 'A';
    return text;
}

TEST(SignedMessage, ComesBackToTheOctet) {
    for (const std::string_view line_end : {"\r\n", "\n"}) {
        for (const std::string_view person : {"ann", "bob", "carl", "dora"}) {
            const std::string message = message_of(person, line_end);
            for (const std::size_t piece : {1U, 100U, 100'000U}) {
                const Verified result = verify_mail(sign(message, person, piece), {}, piece);
                EXPECT_EQ(result.belief, Belief::all_well) << person << result.doubts;
                EXPECT_EQ(result.content, message);
            }
        }
    }
}

TEST(SignedMessage, AnyOctetMayBeTheLast) {
    for (const std::string_view end : {"\r", "\n", "\r\n", "\n\n", "\n\r", "-", "\n-", "\n--", ""}) {
        const std::string message = message_of("ann", "\n") + std::string(end);
        EXPECT_EQ(verify_mail(sign(message, "ann")).content, message);
        EXPECT_EQ(verify_mail(sign(message, "ann")).belief, Belief::all_well);
    }
}

TEST(SignedMessage, LineEndsMayChangeOnTheWay) {
    std::string mangled = sign(message_of("ann"), "ann");
    std::erase(mangled, '\r');
    EXPECT_EQ(verify_mail(mangled).belief, Belief::all_well);
}

TEST(SignedMessage, AChangeIsNoticed) {
    const std::string message = sign(message_of("ann"), "ann");
    for (const auto& [old, with] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"Hello", "Hallo"}, {"Hello  ", "Hello "}, {"us-ascii", "utf-8"}, {"-- ", "--  "}}) {
        const Verified result = verify_mail(replaced(message, old, with));
        EXPECT_EQ(result.belief, Belief::none) << with;
        EXPECT_THAT(result.doubts, HasSubstr("changed after it was signed")) << with;
    }
}

TEST(SignedMessage, TheSignerMustBeWhoItIsFrom) {
    const std::string message = sign(message_of("ann"), "ann");
    EXPECT_THAT(verify_mail(replaced(message, "<ann@", "<boss@")).doubts,
                HasSubstr("from boss@example.com, and the signature is of ann@example.com"));
    EXPECT_EQ(verify_mail(replaced(message, "<ann@", "<boss@")).belief, Belief::intact);
    EXPECT_THAT(verify_mail("From: boss@example.com\r\n" + message).doubts, HasSubstr("2 From"));
    EXPECT_THAT(verify_mail(message, "bob@example.com").doubts, HasSubstr("from ann@example.com, not from bob@example.com"));
    EXPECT_EQ(verify_mail(message, "ann@EXAMPLE.com").belief, Belief::all_well);
    const std::string nobody = message.substr(message.find('\n') + 1);
    EXPECT_THAT(verify_mail(nobody).doubts, HasSubstr("no From"));
    EXPECT_EQ(verify_mail(nobody, "ann@example.com").belief, Belief::all_well);
    EXPECT_EQ(verify_mail(nobody, "bob@example.com").belief, Belief::intact);
}

TEST(SignedMessage, SomebodyTrustedMustVouch) {
    EXPECT_THAT(verify_mail(sign(message_of("ann"), "eve")).doubts, HasSubstr("Nobody that is trusted here vouches"));
    const verify::TrustStores trust = root_only();
    VerifyOptions later = options(trust);
    later.at = *parse_time("2031-01-01");
    MessageVerifier verifier(later);
    ASSERT_TRUE(push(verifier, sign(message_of("ann"), "ann"), 1'000));
    EXPECT_EQ(verifier.verdict().belief, Belief::intact);
    EXPECT_THAT(verifier.verdict().signers.at(0).doubts, Contains(HasSubstr("has expired")));
}

TEST(SignedMessage, WhatIsNotSignedIsNot) {
    EXPECT_THAT(verify_mail(message_of("ann")).doubts, HasSubstr("not signed"));
    const std::string message = sign(message_of("ann"), "ann");
    // A signed message inside of another, or as a part of one: what would it cover?
    EXPECT_THAT(verify_mail("From: boss@example.com\r\nContent-Type: message/rfc822\r\n\r\n" + message).doubts, HasSubstr("not signed"));
    EXPECT_THAT(
        verify_mail("From: ann@example.com\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + message + "\r\n--x--\r\n").doubts,
        HasSubstr("not signed"));
    const std::string end = message.substr(message.rfind("\r\n--signed-"));
    const std::string boundary = end.substr(4, end.size() - 8);
    EXPECT_THAT(verify_mail(replaced(message, end, "\r\n--" + boundary + "\r\n\r\nmore" + end)).doubts, HasSubstr("more parts"));
    EXPECT_THAT(verify_mail(message.substr(0, message.rfind("--signed-"))).doubts, HasSubstr("cut off"));
    EXPECT_EQ(verify_mail(message.substr(0, message.size() - 10)).belief, Belief::none);
    EXPECT_THAT(verify_mail(message.substr(0, message.find("Content-Disposition"))).doubts, HasSubstr("cut off"));
    EXPECT_THAT(verify_mail(replaced(message, "application/pkcs7-signature; name", "text/plain; name")).doubts,
                HasSubstr("something else"));
}

TEST(SignedMessage, NobodySignsForAnother) {
    EXPECT_THAT(sign(message_of("bob"), "ann"), HasSubstr("the certificate is of ann@example.com"));
    EXPECT_THAT(sign("From: a@b\r\n" + message_of("ann"), "ann"), HasSubstr("2 From"));
    EXPECT_THAT(sign(message_of("old"), "old"), HasSubstr("has expired"));
    EXPECT_THAT(sign(message_of("tom"), "tom"), HasSubstr("not for mail"));
    EXPECT_THAT(sign(message_of("boss"), "boss"), HasSubstr("the certificate is of Boss@example.com"));
}

TEST(EncryptedMessage, ComesBackToTheOctet) {
    for (const std::string_view line_end : {"\r\n", "\n"}) {
        for (const auto cipher : {crypto::CipherKind::aes256_cbc, crypto::CipherKind::aes128_gcm, crypto::CipherKind::aes256_gcm}) {
            const std::string message = message_of("bob", line_end);
            const std::string encrypted = encrypt(message, {"ann", "bob", "carl"}, "", cipher);
            EXPECT_THAT(encrypted, testing::Not(HasSubstr("Hello")));
            for (const std::string_view reader : {"ann", "bob", "carl"}) {
                for (const std::size_t piece : {1U, 100U, 100'000U}) {
                    const Decrypted result = decrypt(encrypted, reader, piece);
                    EXPECT_EQ(result.content, message) << reader << result.failure;
                    EXPECT_EQ(result.is_protected, cipher != crypto::CipherKind::aes256_cbc);
                    EXPECT_FALSE(result.belief);
                }
            }
        }
    }
}

TEST(EncryptedMessage, ASignatureInsideIsChecked) {
    const std::string message = message_of("bob", "\n");
    const std::string encrypted = encrypt(message, {"ann"}, "bob");
    const Decrypted result = decrypt(encrypted, "ann");
    EXPECT_EQ(result.belief, Belief::all_well) << result.failure;
    EXPECT_TRUE(result.is_protected);
    EXPECT_EQ(result.content, message);
    EXPECT_EQ(decrypt(replaced(encrypted, "<bob@", "<boss@"), "ann").belief, Belief::intact);
    EXPECT_EQ(decrypt(encrypt(message_of("ann"), {"ann"}, "eve"), "ann").belief, Belief::intact);
}

TEST(EncryptedMessage, AChangeOfAProtectedOneIsNoticed) {
    for (const double share : {0.3, 0.5, 0.8, 0.95}) {
        const Decrypted gcm = decrypt(damaged(encrypt(message_of("bob"), {"ann"}, "", crypto::CipherKind::aes256_gcm), share), "ann");
        EXPECT_NE(gcm.failure, "") << share;
        const Decrypted cbc = decrypt(damaged(encrypt(message_of("bob"), {"ann"}, "bob"), share), "ann");
        EXPECT_TRUE(!cbc.failure.empty() || cbc.belief == Belief::none || cbc.belief == std::nullopt) << share;
        EXPECT_FALSE(cbc.is_protected && cbc.belief == Belief::all_well) << share;
    }
}

/// The same message with its CMS structure as it is, not in base64.
std::string as_binary(const std::string& message) {
    const std::size_t field = message.rfind("Content-Transfer-Encoding: base64");
    const std::size_t body = field + find_body(std::string_view(message).substr(field)).value_or(0);
    const std::size_t end = std::min(message.find("\r\n--", body), message.size());
    const auto octets = from_base64(std::string_view(message).substr(body, end - body));
    EXPECT_TRUE(octets);
    std::string changed = message.substr(0, body) + std::string(as_text(*octets)) + message.substr(end);
    return replaced(std::move(changed), "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: binary");
}

TEST(EncryptedMessage, MayComeWithoutBase64) {
    for (const std::string_view person : {"ann", "bob"})
        EXPECT_EQ(verify_mail(as_binary(sign(message_of(person), person))).belief, Belief::all_well);
    for (const auto cipher : {crypto::CipherKind::aes256_cbc, crypto::CipherKind::aes256_gcm}) {
        EXPECT_EQ(decrypt(as_binary(encrypt(message_of("bob"), {"ann", "bob"}, "", cipher)), "ann").content, message_of("bob"));
        EXPECT_EQ(decrypt(as_binary(encrypt(message_of("bob"), {"ann", "bob"}, "bob", cipher)), "bob").belief, Belief::all_well);
    }
}

/// A picture as it is, in a message whose own lines end so.
std::string binary_message(std::string_view line_end) {
    std::string text = message_of("bob", line_end);
    text.resize(find_body(text).value() - line_end.size());
    text = replaced(std::move(text), "text/plain; charset=us-ascii", "image/png");
    return text + "Content-Transfer-Encoding: binary" + std::string(line_end) + std::string(line_end) + "\x89PNG\r\n\x1a\n\r\r\n\n";
}

TEST(EncryptedMessage, ChangesNoOctetOfWhatIsNoLines) {
    for (const std::string_view line_end : {"\n", "\r\n"}) {
        const std::string message = binary_message(line_end);
        EXPECT_EQ(decrypt(encrypt(message, {"ann"}), "ann").content, message);
        const Decrypted with_signature = decrypt(encrypt(message, {"ann"}, "bob"), "ann");
        EXPECT_EQ(with_signature.belief, Belief::all_well) << with_signature.failure;
        EXPECT_EQ(with_signature.content, message);
        EXPECT_EQ(verify_mail(sign(message, "bob")).content, message);
    }
}

TEST(EncryptedMessage, IsOneWhereAGatewayHasWrittenAnotherType) {
    const std::string encrypted = encrypt(message_of("bob"), {"ann"}, "bob");
    const std::size_t begin = encrypted.find("application/pkcs7-mime");
    const std::size_t end = encrypted.find("Content-Transfer-Encoding");
    ASSERT_NE(begin, std::string::npos);
    std::string renamed = encrypted;
    renamed.replace(begin, end - begin, "application/octet-stream; name=SMIME.p7m\r\n");
    EXPECT_EQ(decrypt(renamed, "ann").belief, Belief::all_well) << renamed.substr(0, 400);
    EXPECT_NE(decrypt(replaced(renamed, "SMIME.p7m", "SMIME.pdf"), "ann").failure, "");
    const std::string signed_so = replaced(sign(message_of("ann"), "ann"), "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"",
                                           "Content-Type: application/octet-stream; name=\"smime.p7s\"");
    EXPECT_EQ(verify_mail(signed_so).belief, Belief::all_well);
}

TEST(EncryptedMessage, EncryptedTwiceIsOpenedOnceWhateverItsTypeSays) {
    std::string once = encrypt(message_of("bob"), {"carl"});
    for (const std::string parameter : {" smime-type=enveloped-data;", "\r\n smime-type=enveloped-data;"}) {
        const std::size_t at = once.find(parameter);
        if (at != std::string::npos) once.erase(at, parameter.size());
    }
    ASSERT_EQ(once.find("smime-type"), std::string::npos) << once.substr(0, 400);
    for (const auto cipher : {crypto::CipherKind::aes256_cbc, crypto::CipherKind::aes256_gcm}) {
        const Decrypted outer = decrypt(encrypt(once, {"ann"}, "", cipher), "ann");
        EXPECT_EQ(outer.failure, "");
        EXPECT_EQ(decrypt(outer.content, "carl").content, message_of("bob"));
    }
}

TEST(EncryptedMessage, WithASignatureThatIsNoneIsNotPassedOver) {
    const std::string inner =
        "Content-Type: multipart/signed; boundary=b; protocol=\"application/pkcs7-signature\"\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n" +
        replaced(encrypt(message_of("bob"), {"carl"}).substr(0), "application/pkcs7-mime", "application/pkcs7-signature") + "\r\n--b--\r\n";
    const std::string message = "From: bob@example.com\r\n" + inner;
    const Decrypted read = decrypt(encrypt(message, {"ann"}, "", crypto::CipherKind::aes256_gcm), "ann");
    EXPECT_NE(read.failure, "") << read.content;
}

TEST(EncryptedMessage, IsForItsRecipientsAlone) {
    const std::string encrypted = encrypt(message_of("bob"), {"ann", "carl"});
    EXPECT_THAT(decrypt(encrypted, "bob").failure, HasSubstr("not encrypted to this key, but to number"));
    EXPECT_THAT(encrypt(message_of("bob"), {"dora"}), HasSubstr("Ed25519) cannot receive"));
}

TEST(EncryptedMessage, EveryReasonNotToOpenSoundsTheSame) {
    // Whoever could tell a wrong key from wrong padding would learn the key in the end (Bleichenbacher, Vaudenay).
    const std::string encrypted = encrypt(message_of("bob"), {"ann"});
    std::set<std::string> reasons;
    for (double share = 0.05; share < 0.97; share += 0.02) {
        const std::string failure = decrypt(damaged(encrypted, share), "ann").failure;
        if (failure.find("CMS") == std::string::npos && failure.find("not encrypted to this key") == std::string::npos &&
            !failure.empty() && failure.find("of its encryption") == std::string::npos &&
            failure.find("this kind of structure") == std::string::npos && failure.find("which this program") == std::string::npos)
            reasons.insert(failure);
    }
    EXPECT_EQ(reasons.size(), 1U) << testing::PrintToString(reasons);
}

TEST(EncryptedMessage, OnlyTheOutermostPartIsOpened) {
    const std::string encrypted = encrypt(message_of("bob"), {"ann"}, "bob");
    EXPECT_THAT(
        decrypt(
            "From: eve@example.net\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<img src=\"" +
                std::string("http://eve.example.net/\r\n--x\r\n") + encrypted + "\r\n--x--\r\n",
            "ann")
            .failure,
        HasSubstr("not encrypted"));
    EXPECT_THAT(decrypt(sign(message_of("ann"), "ann"), "ann").failure, HasSubstr("signed and not encrypted"));
    EXPECT_THAT(decrypt(replaced(encrypted, "smime-type=enveloped-data", "smime-type=signed-data"), "ann").failure,
                HasSubstr("not encrypted"));
    EXPECT_THAT(decrypt(replaced(encrypted, "smime-type=enveloped-data", "smime-type=compressed-data"), "ann").failure,
                HasSubstr("of a kind"));
    EXPECT_THAT(verify_mail(encrypted).doubts, HasSubstr("it is encrypted"));
}

TEST(EncryptedMessage, TheEndMustBeThere) {
    const std::string encrypted = encrypt(message_of("bob"), {"ann"}, "", crypto::CipherKind::aes256_gcm);
    for (std::size_t cut = 10; cut < 600; cut += 37)
        EXPECT_NE(decrypt(encrypted.substr(0, encrypted.size() - cut), "ann").failure, "") << cut;
}

}  // namespace
}  // namespace truename::mail
