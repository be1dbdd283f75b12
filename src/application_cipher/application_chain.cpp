#include "application_cipher/application_chain.hpp"

#include "crypto/hkdf.hpp"
#include "crypto/hmac.hpp"
#include "crypto/info.hpp"

namespace chat {
namespace {

using ApplicationStepOutput = Secret<struct ApplicationStepOutputTag, 96>;

}  // namespace

ApplicationRoot initial_application_root(const BootstrapSecret& secret,
                                         const BootstrapTranscript& transcript) {
    ApplicationRoot root;
    hkdf_sha512(transcript.bytes, secret.expose(), info::application_root, root.expose_mutable());
    return root;
}

template <class Direction>
ApplicationStep<Direction> application_step(const ApplicationRoot& root, const ApplicationSecret& secret) {
    ApplicationStepOutput output;
    hkdf_sha512(root.expose(), secret.expose(), info::application_epoch, output.expose_mutable());
    const auto bytes = output.expose();
    return {ApplicationRoot::copy_of(bytes.first<64>()),
            ApplicationChainKey<Direction>::copy_of(bytes.last<32>())};
}

template <class Direction>
ApplicationMessageKey<Direction> application_message_key(const ApplicationChainKey<Direction>& key) {
    ApplicationMessageKey<Direction> out;
    hmac_sha256(key.expose(), {bytes_of(info::application_message_key)}, out.expose_mutable());
    return out;
}

template <class Direction>
ApplicationChainKey<Direction> next_application_chain_key(const ApplicationChainKey<Direction>& key) {
    ApplicationChainKey<Direction> out;
    hmac_sha256(key.expose(), {bytes_of(info::application_next_chain_key)}, out.expose_mutable());
    return out;
}

template ApplicationStep<Sending> application_step(const ApplicationRoot&, const ApplicationSecret&);
template ApplicationStep<Receiving> application_step(const ApplicationRoot&, const ApplicationSecret&);
template ApplicationMessageKey<Sending> application_message_key(const ApplicationChainKey<Sending>&);
template ApplicationMessageKey<Receiving> application_message_key(const ApplicationChainKey<Receiving>&);
template ApplicationChainKey<Sending> next_application_chain_key(const ApplicationChainKey<Sending>&);
template ApplicationChainKey<Receiving> next_application_chain_key(const ApplicationChainKey<Receiving>&);

}  // namespace chat
