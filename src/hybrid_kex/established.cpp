#include "hybrid_kex/established.hpp"

namespace chat {

std::array<KexFact, 5> kex_facts() {
    return {{
        {"key agreement", "X25519 four times and ML-KEM-1024 four times, joined by HKDF-SHA512"},
        {"identity", "FALCON-1024 and Ed25519 signatures over every key, both verified"},
        {"binding", "X25519 and ML-KEM-1024 parts bound by ephemeral FALCON-1024 keys"},
        {"channel", "bound to the certificate exchange and to TLS"},
        {"confirmation", "both sides hold the same keys and saw the same messages (HMAC-SHA256)"},
    }};
}

}  // namespace chat
