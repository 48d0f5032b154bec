#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/dns_client.h"
#include "servers/server.h"
#include "wizard/address_wizard.h"
#include "wizard/certificate_wizard.h"

namespace truename::wizard {

/// What this machine and the DNS say beforehand. Nothing here fails: what cannot be found out is not suggested.
AddressFacts find_address_facts(const std::vector<std::shared_ptr<const servers::Server>>& servers, net::DnsOptions dns);

/// The same for certificates.
CertificateFacts find_certificate_facts(const std::vector<std::shared_ptr<const servers::Server>>& servers);

}  // namespace truename::wizard
