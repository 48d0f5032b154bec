#pragma once

#include <functional>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "finding/finding.h"
#include "verify/crl_scope.h"
#include "verify/graph.h"
#include "verify/path.h"
#include "verify/path_findings.h"

namespace truename::verify {

/// Why a CRL says nothing of any certificate, whoever signed it and whenever: it breaks RFC 5280 5, or has an extension that is critical
/// and not known here.
std::optional<Finding> form_defect(const x509::CertificateList& crl);

/// What a CRL lacks that RFC 5280 wants in every one, though it may be used without: its number, its nextUpdate.
std::vector<Finding> form_facts(const x509::CertificateList& crl);

/// What the certificate revocation lists at hand say of the certificates of a path (RFC 5280 6.3). Complete ones and deltas, of the issuer
/// itself, of a separate key of the same name, and indirect ones of another issuer.
class RevocationLists {
  public:
    /// Whether there is a path from a certificate that signed a CRL to that anchor with no defect on it (RFC 5280 6.3.3(f)).
    using IsCertified = std::function<bool(NodeIndex signer, NodeIndex anchor)>;

    /// The graph and the CRLs (DER) are borrowed.
    RevocationLists(Graph& graph, std::span<const Bytes> crls, Time at, IsCertified is_certified);

    /// For each certificate of a path but the last: revocation.revoked, or revocation.undetermined when the CRLs leave a reason open, and
    /// what kept a CRL about it from being used (revocation.crl-*). Asked once for a certificate under an anchor.
    std::vector<AtPosition> report(const Path& path);
    /// The same for the certificate at one position, which is not the last. Borrowed.
    const std::vector<Finding>& report_at(const Path& path, std::size_t position);

  private:
    struct List {
        x509::CertificateList crl;
        std::uint64_t issuer_key = 0;
        std::optional<Finding> defect;  ///< why it says nothing of any certificate, whoever signed it
    };
    /// Who signed a CRL, and whether anybody at hand may have.
    struct Signer {
        std::optional<NodeIndex> node;
        FindingId failure{};
    };
    /// One certificate whose state is looked for.
    struct Question {
        const x509::Certificate& certificate;
        const Path& path;
        std::size_t position;
        std::vector<Finding>& findings;
        Reasons covered = 0;
        std::optional<x509::RevokedCertificate> revoked;
        const List* revoked_by = nullptr;
        std::map<const List*, Signer> signers;  ///< looked for once: thousands of distribution points may lead to one list
    };
    using Key = std::tuple<NodeIndex, NodeIndex, NodeIndex>;  ///< certificate, issuer, anchor

    void ask(Question& question);
    void consider(Question& question, const List& list, const x509::DistributionPoint* point);
    void look_up(Question& question, const List& list, NodeIndex signer);
    const std::optional<x509::RevokedCertificate>& entry_of(const List& list, const Question& question);
    crypto::SignatureCheck signature(const List& list, NodeIndex signer);
    Signer find_signer(const List& list, const Question& question);
    const List* delta_of(const List& complete, NodeIndex signer);
    std::optional<Finding> defect_of(const x509::CertificateList& crl) const;
    static void note(Question& question, FindingId id, const List& list, std::string found);

    Graph& graph_;
    Time at_;
    IsCertified is_certified_;
    std::vector<List> lists_;
    std::map<Key, std::vector<Finding>> known_;
    std::map<std::pair<const List*, NodeIndex>, std::optional<x509::RevokedCertificate>> entries_;
    std::map<std::pair<const List*, NodeIndex>, crypto::SignatureCheck> signatures_;
};

}  // namespace truename::verify
