#pragma once
/// What the primitives under a cell cost by themselves, in processor time of the calling thread, measured beside whatever they are the
/// limit of: on a busy machine two figures compare only when they are of the same moment.

#include "crypto/aead.hpp"
#include "crypto/x25519.hpp"
#include "double_ratchet/cell.hpp"
#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "quantcrypt/mlkem1024.hpp"
#include "session_harness.hpp"

namespace chat::bench {

/// Of one call: the median of nine rounds.
template <class Action>
Nanoseconds cost_of(int calls, Action action) {
    constexpr int rounds = 9;
    std::vector<Nanoseconds> each;
    for (int round = 0; round < rounds; ++round) {
        const Nanoseconds before = read_clock(CLOCK_THREAD_CPUTIME_ID);
        for (int call = 0; call < calls; ++call) action();
        each.push_back((read_clock(CLOCK_THREAD_CPUTIME_ID) - before) / calls);
    }
    return median(std::move(each));
}

class Primitives {
  public:
    Primitives() {
        falcon1024::ExpandedSigningKey key{pair_.secret_key};
        signature_ = sign_padded(key, signed_, rng_);
    }

    [[nodiscard]] Nanoseconds falcon_sign() {
        falcon1024::ExpandedSigningKey key{pair_.secret_key};
        return cost_of(20, [&] { signature_ = sign_padded(key, signed_, rng_); });
    }
    [[nodiscard]] Nanoseconds falcon_verify() {
        const auto key = falcon1024::VerifyingKey::decode(pair_.public_key.bytes).value();
        return cost_of(50, [&] { require(key.verify(signed_, signature_).has_value()); });
    }
    template <class Cipher>
    [[nodiscard]] Nanoseconds seal(std::size_t size) {
        const std::array<u8, Cipher::key_size> key{1};
        const std::array<u8, Cipher::nonce_size> nonce{2};
        const Bytes plaintext(size);
        Bytes out(size + Cipher::tag_size);
        return cost_of(100, [&] { Cipher::seal(key, nonce, {}, plaintext, out); });
    }
    /// Sealing and opening cost the same, so the AEADs of a cell are counted twice for both ends.
    [[nodiscard]] Nanoseconds aeads_of_one_end() {
        constexpr std::size_t inner = 1072;
        constexpr std::size_t record = 1 + cell_size + 1;
        return seal<XChaCha20Poly1305>(header_size) + seal<Aes256Gcm>(body_size) +
               seal<XChaCha20Poly1305>(inner) + seal<Aes256Gcm>(record);
    }
    /// The public-key operations of one hybrid step, at both ends.
    [[nodiscard]] Nanoseconds hybrid_step() {
        const auto dh = x25519::generate(rng_);
        const auto kem = mlkem1024::generate(rng_);
        const auto sent = mlkem1024::encapsulate(kem.encapsulation_key, rng_);
        const Nanoseconds both_agree =
            2 * cost_of(30, [&] { require(x25519::agree(dh.private_key, dh.public_key).has_value()); });
        const Nanoseconds own_end = cost_of(30, [&] {
            require(x25519::generate(rng_).public_key != dh.public_key);
            require(mlkem1024::generate(rng_).encapsulation_key != kem.encapsulation_key);
            require(mlkem1024::encapsulate(kem.encapsulation_key, rng_).has_value());
        });
        const Nanoseconds other_end = cost_of(30, [&] {
            require(mlkem1024::check_encapsulation_key(kem.encapsulation_key).has_value());
            require(mlkem1024::decapsulate(kem.seed, sent->ciphertext).holds_value());
        });
        return both_agree + own_end + other_end;
    }

  private:
    static void require(bool holds) {
        if (!holds) throw std::logic_error{"a primitive fails"};
    }

    TestedSystemRng rng_;
    falcon1024::KeyPair pair_ = falcon1024::generate_key_pair(rng_);
    Bytes signed_ = Bytes(cell_size - cell_signature_size, 1);
    falcon1024::PaddedSignature signature_;
};

struct CellLimits {
    Nanoseconds sign = 0;
    Nanoseconds verify = 0;
    Nanoseconds aeads = 0;  ///< of one end
    Nanoseconds step = 0;   ///< of both ends

    /// From a text to the text at the other end, without a step.
    [[nodiscard]] Nanoseconds one_way() const { return sign + verify + 2 * aeads; }
    /// The same with a step.
    [[nodiscard]] Nanoseconds turn() const { return one_way() + step; }
};

inline CellLimits measure_cell_limits() {
    Primitives primitives;
    return {primitives.falcon_sign(), primitives.falcon_verify(), primitives.aeads_of_one_end(),
            primitives.hybrid_step()};
}

}  // namespace chat::bench
