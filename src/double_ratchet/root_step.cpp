#include "double_ratchet/root_step.hpp"

#include "crypto/hkdf.hpp"
#include "crypto/info.hpp"

namespace chat {
namespace {

using RootStepOutput = Secret<struct RootStepOutputTag, 160>;

}  // namespace

RatchetRoot initial_root(const RootKey& root_key) {
    RatchetRoot root;
    hkdf_expand_sha512(root_key.expose(), info::ratchet_root, root.expose_mutable());
    return root;
}

template <class Direction>
HeaderKey<Direction> first_header_key(const RootKey& root_key, Role sender) {
    HeaderKey<Direction> key;
    hkdf_expand_sha512(root_key.expose(), sender == Role::a ? info::header_key_1 : info::header_key_2,
                       key.expose_mutable());
    return key;
}

template <class Direction>
RootStep<Direction> root_step(const RatchetRoot& root, const X25519SharedSecret& dh,
                              const MlKem1024SharedSecret& kem) {
    RootStepOutput output;
    hkdf_sha512(root.expose(), {dh.expose(), kem.expose()}, info::root_step, output.expose_mutable());
    const auto bytes = output.expose();
    return {RatchetRoot::copy_of(bytes.first<64>()), ChainSecret<Direction>::copy_of(bytes.subspan<64, 32>()),
            HeaderKey<Direction>::copy_of(bytes.subspan<96, 32>()),
            ApplicationSecret::copy_of(bytes.last<32>())};
}

template HeaderKey<Sending> first_header_key<Sending>(const RootKey&, Role);
template HeaderKey<Receiving> first_header_key<Receiving>(const RootKey&, Role);
template RootStep<Sending> root_step<Sending>(const RatchetRoot&, const X25519SharedSecret&,
                                              const MlKem1024SharedSecret&);
template RootStep<Receiving> root_step<Receiving>(const RatchetRoot&, const X25519SharedSecret&,
                                                  const MlKem1024SharedSecret&);

}  // namespace chat
