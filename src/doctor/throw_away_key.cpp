#include "doctor/settings.h"

namespace truename::doctor {

namespace {

// A fixed key, because making an RSA key costs more than everything else that a prediction does. Published on purpose: certificates signed
// with it exist only while a "what if" is judged.
constexpr std::string_view kPem = R"pem(-----BEGIN PRIVATE KEY-----
MIIEvwIBADANBgkqhkiG9w0BAQEFAASCBKkwggSlAgEAAoIBAQDKUp3QBCjhXBFW
9G3LEzw5/7VEvJ0DKWMMmJkTjCDGkojGAihRp0eIEo+4Wi62xcCvbGsLHVSuJffb
JovBQD/4ZKtlpYiZOcLUN5G03ztxckDp7B6Zi0hOLFnPK/mY8rGURokFCFFRey04
c2bd4VZWGoiEfI79mG7cfQZfaI/lH+1tMefnY9kJQ8n8LKkXhTk9K+5DMOlA5qvz
eMi0yXaIGAZwuyd+KAFurzy2aokR0syecBcY9mfpf/5uLnVgTPyZhZjlMMVEwLeI
b+fFxYPLNdxecg8ZXySB3mJVMznz3KKWvWm1q69m7yzEIHPSoCfL+UcKMz1JKAcP
Iw3YVEADAgMBAAECggEAO4mLShrnQsX6jkmYg5FyAClI2OTeGX+U17CSH0f1nymg
2Q/qeHjO2nKH23qiU4Om+5heeaNUd3jR0qoppyE2kexh6aQIKfru489Eb+LfFbfG
9W9X49wyV1rCxO3OYd1NN3J4QMRdVap3OKzxAOseInFlagNTerngKb8a4HmfGo+/
qqH8dzoNRaKSqF9p0EU+WFUT+RLJfREVwLBq1bdLmnGDlL3/tUmdAkgFiTQ7UOlK
Qwh5bPASR4LUlToXlYP7RWYXf0sfAEdWIAKQ188Y7tPFsC0x3QtBQLL2u4deZc+z
friTV8YD1PbP8Ny9ngq3yzwwW5Nwh5O8c5KxRQ24JQKBgQD5KNBrgLLZrMmJ1uk8
jhz5UNHuq2Ug2V8vlqk7dyUxioidYFd0P+mRJWn6OmTSGrg1Tl3Ibt/vmBjLnfqD
rjlTdTgeONPfhXYAACkn/jN6TEjemXjPAmwA8Yysr2x4Awp/0xidSBVNbrne6ULC
NHPzn7ipSXzHFKsn1NCGnr/FBwKBgQDP4J3KF6L0Eaw3rWVuGBI3yrIfNcuutRwF
JKN81QM1iT5HLZyRTcU9tMjh9vAk0iCK0UQxPkZLTCAKcGFv+MtaKx043iw+Vzlg
HD+LDle/LKfx+diud+Bl/sVm5fnPq6XGorI5fbet/3lUQeecJJ9wgu7s6PuXrP6I
wWRuO6GKJQKBgQCWD7XPOVj+bumHAg/BL9pVcg6uDz4+FY0VjUjpjq2w872qAy9I
zYFvsLfuRCMaw4r0V/l10QlANTuhzsjlbBYMpMmishkxQyE5iN9AvgHlA3LT1l0D
WHMR8mkGTDUo5rP5Hntxpstlsm1xys0xSAQZ07WVB7SF9nXK7IqWuZ/IGwKBgQDO
NX/xAD96o6lV1eD/NEumIqFNSn0RgsEX7P9sjpXPXqRz0TA2B5K4ooR/ewk/TV5Q
tkRSIPd0LEDAejh97awzdv9W8TWsZbQZvgveskyi7PZwmCq071+fbfp+F3YW5qvc
/nmThD1YEkxWI8ZQYxfycT/3rSoejNI18Lnii660LQKBgQDYn0tMlcuA99PvwYRS
Aa5degtBT63YtER5crIOV2U32vWh3gN0VJM1+3qWiPFaVt/snrXZHOOSCbdHTlTt
09nMan1LrrDmaUtIF24DUzYFKC1x5ScJOhslyZOaBnQ3AXHq+N84trXrXgGmrjYu
A7wLB8/7dCjvBeyzizGms8nNyg==
-----END PRIVATE KEY-----
)pem";

}  // namespace

const crypto::PrivateKey& throw_away_key() {
    static const crypto::PrivateKey key = crypto::PrivateKey::from_pem(kPem).value();
    return key;
}

}  // namespace truename::doctor
