#pragma once
/// An identity whose private keys the tests know: the first that a key process makes whose randomness is this one.

#include <cstring>
#include <vector>

#include "crypto/mixing_rng.hpp"
#include "hybrid_kex/software_identity_keys.hpp"
#include "support/seeded_rng.hpp"

namespace chat::test {

inline constexpr u64 known_seed = 20'261'128;

struct Needle {
    std::string name;
    Bytes bytes;
};

/// The public identity, and pieces of all forms in which its private keys are held, each long enough to be met nowhere by chance.
struct KnownIdentity {
    KnownIdentity() {
        SeededRng again{known_seed};
        MixingRng seeds{again};
        add("FALCON seed", seeds.secret<falcon1024::Seed>().expose());
        SeededRng base{known_seed};
        MixingRng rng{base};
        falcon1024::KeyPair falcon = falcon1024::generate_key_pair(rng);
        const ed25519::KeyPair ed25519 = ed25519::generate(rng);
        const x25519::KeyPair x25519 = x25519::generate(rng);
        const MlKem1024KeyPair mlkem = mlkem1024::generate(rng);
        identity.emplace(falcon.public_key, ed25519.public_key, x25519.public_key, mlkem.encapsulation_key);
        const auto encoded = falcon.secret_key.encode();
        add("FALCON f, encoded", ByteView{encoded.expose()}.subspan(1, 64));
        add("FALCON F", ByteView{encoded.expose()}.last(64));
        falcon1024::ExpandedSigningKey expanded{falcon.secret_key};
        std::array<u8, 64> basis{};
        std::memcpy(basis.data(), expanded.expose_mutable().data(), basis.size());
        add("FALCON basis", basis);
        add("Ed25519 private key", ed25519.private_key.expose());
        add("X25519 private key", x25519.private_key.expose());
        add("ML-KEM seed d", ByteView{mlkem.seed.expose()}.first(32));
        add("ML-KEM seed z", ByteView{mlkem.seed.expose()}.last(32));
    }

    std::optional<IdentityPublic> identity;
    std::vector<Needle> needles;

  private:
    void add(std::string name, ByteView bytes) {
        needles.push_back({std::move(name), Bytes(bytes.begin(), bytes.end())});
    }
};

/// 64 bytes that a process of the tests holds as a secret, to be found by whoever looks well enough.
inline Bytes planted_secret() {
    SeededRng rng{known_seed + 1};
    Bytes out(64);
    rng.fill(out);
    return out;
}

}  // namespace chat::test
