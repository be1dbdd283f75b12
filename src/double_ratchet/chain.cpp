#include "double_ratchet/chain.hpp"

#include "crypto/hkdf.hpp"
#include "crypto/hmac.hpp"
#include "crypto/info.hpp"

namespace chat {

template <class Direction>
ChainKey<Direction> begin_chain(const ChainSecret<Direction>& secret, Role sender) {
    ChainKey<Direction> key;
    hkdf_sha512({}, secret.expose(), sender == Role::a ? info::chain_init_from_a : info::chain_init_from_b,
                key.expose_mutable());
    return key;
}

template <class Direction>
MessageKey<Direction> message_key(const ChainKey<Direction>& key) {
    MessageKey<Direction> out;
    hmac_sha256(key.expose(), {bytes_of(info::message_key)}, out.expose_mutable());
    return out;
}

template <class Direction>
ChainKey<Direction> next_chain_key(const ChainKey<Direction>& key) {
    ChainKey<Direction> out;
    hmac_sha256(key.expose(), {bytes_of(info::next_chain_key)}, out.expose_mutable());
    return out;
}

template ChainKey<Sending> begin_chain(const ChainSecret<Sending>&, Role);
template ChainKey<Receiving> begin_chain(const ChainSecret<Receiving>&, Role);
template MessageKey<Sending> message_key(const ChainKey<Sending>&);
template MessageKey<Receiving> message_key(const ChainKey<Receiving>&);
template ChainKey<Sending> next_chain_key(const ChainKey<Sending>&);
template ChainKey<Receiving> next_chain_key(const ChainKey<Receiving>&);

}  // namespace chat
