#pragma once
/// Plays A's ratchet against a real B from the ratchet's own parts, so that it can put anything into a cell that a peer with all the keys
/// could. Tests only.

#include <functional>

#include "double_ratchet/body.hpp"
#include "double_ratchet/chain.hpp"
#include "double_ratchet/signed_bytes.hpp"
#include "support/session_secrets.hpp"

namespace chat::test {

/// What is wrong with a cell; nothing by default.
struct CellForgery {
    std::function<void(RatchetHeader&)> header = [](RatchetHeader&) {};
    std::function<void(Cell&)> before_signing = [](Cell&) {};
    std::function<void(Cell&)> after_signing = [](Cell&) {};
    bool next_header_key = false;  ///< seal the header as of the chain after this one
};

class HandmadePeer {
  public:
    /// Takes step 1.
    HandmadePeer(const SessionSecrets& secrets, Rng& rng)
        : secrets_{secrets},
          rng_{rng},
          root_{initial_root(secrets.root_key)},
          next_sending_{first_header_key<Sending>(secrets.root_key, Role::a)},
          next_receiving_{first_header_key<Receiving>(secrets.root_key, Role::b)},
          pair_{generate_ratchet_pair(rng)} {
        take_step(secrets.first_keys_of_b.public_keys(), 0);
    }

    /// The cell `number` of the current chain.
    [[nodiscard]] Cell cell(u32 number, std::span<const u8, body_size> body, const CellForgery& forgery) {
        return cell_of(chain_, number, body, forgery);
    }
    [[nodiscard]] Cell cell(u32 number, const CellForgery& forgery = {}) {
        return cell(number, std::array<u8, body_size>{}, forgery);
    }
    /// The cell `number` of the chain before the last step_after().
    [[nodiscard]] Cell cell_of_chain_before(u32 number, const CellForgery& forgery = {}) {
        return cell_of(before_.value(), number, std::array<u8, body_size>{}, forgery);
    }

    /// Takes B's step, which `cell_of_b` brings, and then the next own one.
    void step_after(const Cell& cell_of_b, u32 previous_length) {
        HeaderBytes bytes;
        if (!open_header(next_receiving_, {secrets_.session_id, Role::b}, parts_of(cell_of_b.bytes).header,
                         bytes)) {
            throw std::runtime_error{"B's header does not open"};
        }
        const RatchetHeader header = decode_header(bytes);
        auto dh = x25519::agree(pair_.dh.private_key, header.chain.keys.dh);
        const auto kem = mlkem1024::decapsulate(pair_.kem.seed, header.chain.ciphertext);
        auto step = root_step<Receiving>(root_, *dh, kem);
        root_ = std::move(step.root);
        next_receiving_ = std::move(step.next_header_key);
        ++epoch_;
        pair_ = generate_ratchet_pair(rng_);
        before_ = std::move(chain_);
        take_step(header.chain.keys, previous_length);
    }

  private:
    struct Chain {
        HeaderKey<Sending> header_key;
        ChainKey<Sending> first_key;
        ChainFields fields;
        u32 epoch = 0;
    };

    void take_step(const RatchetPublicKeys& peer, u32 previous_length) {
        auto encapsulation = mlkem1024::encapsulate(peer.kem, rng_);
        auto dh = x25519::agree(pair_.dh.private_key, peer.dh);
        auto step = root_step<Sending>(root_, *dh, encapsulation->shared_secret);
        root_ = std::move(step.root);
        ++epoch_;
        chain_ = {std::exchange(next_sending_, std::move(step.next_header_key)),
                  begin_chain(step.chain_secret, Role::a),
                  {pair_.public_keys(), encapsulation->ciphertext, previous_length},
                  epoch_};
    }

    [[nodiscard]] Cell cell_of(const Chain& chain, u32 number, std::span<const u8, body_size> body,
                               const CellForgery& forgery) {
        const CellOrigin origin{secrets_.session_id, Role::a};
        RatchetHeader header{chain.fields, {chain.epoch, number}, 0};
        forgery.header(header);
        ChainKey<Sending> key = chain.first_key.clone();
        for (u32 n = 0; n < number; ++n) key = next_chain_key(key);

        Cell cell;
        const std::span<u8, cell_size> out{cell.bytes};
        const CellParts parts = parts_of(out);
        seal_header(forgery.next_header_key ? next_sending_ : chain.header_key, origin,
                    rng_.bytes<HeaderNonce>(), encode_header(header.chain, header.index, header.efk_index),
                    out.first<encrypted_header_size>());
        seal_body(message_key(key), origin, parts.header, body,
                  out.subspan<encrypted_header_size, encrypted_body_size>(), nullptr);
        forgery.before_signing(cell);
        const auto signature =
            mac_signature(secrets_.efk_a, signed_cell_bytes(verification_key_hash(secrets_.efk_a.view()),
                                                            origin, parts.header, parts.body));
        std::copy(signature.bytes.begin(), signature.bytes.end(), out.last<cell_signature_size>().begin());
        forgery.after_signing(cell);
        return cell;
    }

    const SessionSecrets& secrets_;
    Rng& rng_;
    RatchetRoot root_;
    HeaderKey<Sending> next_sending_;
    HeaderKey<Receiving> next_receiving_;
    RatchetPair pair_;
    u32 epoch_ = 0;
    Chain chain_;
    std::optional<Chain> before_;
};

}  // namespace chat::test
