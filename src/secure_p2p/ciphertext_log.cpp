#include "secure_p2p/ciphertext_log.hpp"

namespace chat {
namespace {

class NoCiphertextLog final : public CiphertextLog {
  public:
    void arriving(Ciphertext, std::size_t) override {}
};

}  // namespace

std::string_view name_of(Ciphertext what) {
    switch (what) {
        case Ciphertext::hello: return "hello";
        case Ciphertext::certificate: return "certificate";
        case Ciphertext::tls_record: return "tls_record";
        case Ciphertext::key_exchange: return "key_exchange";
        case Ciphertext::resume_frame: return "resume_frame";
        case Ciphertext::cell: return "cell";
    }
    return "";
}

CiphertextLog& no_ciphertext_log() {
    static NoCiphertextLog log;
    return log;
}

}  // namespace chat
