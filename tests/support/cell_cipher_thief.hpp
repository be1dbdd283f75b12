#pragma once
/// The thief of one device state (docs/protocol.md 12): takes every secret that a cell cipher holds at one moment, has the whole
/// transcript, and derives whatever follows from both by the protocol's own derivations. Tests only.

#include <map>
#include <set>
#include <vector>

#include "double_ratchet/body.hpp"
#include "double_ratchet/chain.hpp"
#include "support/cell_cipher_inspector.hpp"

namespace chat::test {

class CellCipherThief {
  public:
    /// One cell as it was on the wire.
    struct Recorded {
        Role sender;
        Cell cell;
    };

    /// Which layers' secrets were stolen. Without those of the application cipher, the thief guesses its root.
    enum class Loot : u8 { both_layers, ratchet_only };

    CellCipherThief(const CellCipher& victim, Loot loot) {
        const Ratchet& ratchet = Spy::ratchet(victim);
        session_id_ = Spy::session_id(ratchet);
        steal(ratchet);
        if (loot == Loot::both_layers) {
            steal(Spy::application(victim));
        } else {
            application_roots_.push_back(initial_application_root(BootstrapSecret{}, BootstrapTranscript{}));
        }
    }

    struct Broken {
        std::set<std::size_t> bodies;  ///< cells (by place in the transcript) whose outer layer opens
        std::set<std::size_t> inners;  ///< whose inner record is read
    };

    /// Derives and tries until nothing new follows.
    Broken attack(const std::vector<Recorded>& transcript) {
        for (bool found = true; found;) {
            const bool header_found = open_headers(transcript);
            found = take_steps() || header_found;
        }
        Broken broken;
        const auto message_keys = all_keys<MessageKey<Receiving>>(
            chain_keys_, message_keys_, transcript.size(), [](const auto& key) { return message_key(key); },
            [](const auto& key) { return next_chain_key(key); });
        const auto application_keys = all_keys<ApplicationMessageKey<Receiving>>(
            application_chain_keys_, application_keys_, transcript.size(),
            [](const auto& key) { return application_message_key(key); },
            [](const auto& key) { return next_application_chain_key(key); });
        for (std::size_t n = 0; n < transcript.size(); ++n) {
            std::array<u8, body_size> body{};
            if (!open_cell(transcript[n], message_keys, body)) continue;
            broken.bodies.insert(n);
            if (headers_.count(n) != 0 &&
                open_inner(transcript[n], headers_.at(n).index, application_keys, body)) {
                broken.inners.insert(n);
            }
        }
        return broken;
    }

  private:
    using Spy = CellCipherInspector;
    using ReceivingKey = ChainKey<Receiving>;
    using ApplicationKey = ApplicationChainKey<Receiving>;

    template <class To, class From>
    static To as(const From& key) {
        return To::copy_of(key.expose());
    }

    void steal(const Ratchet& ratchet) {
        roots_.push_back({Spy::epoch(ratchet), Spy::root(ratchet).clone()});
        header_keys_.push_back(Spy::next_receiving_header_key(ratchet).clone());
        header_keys_.push_back(as<HeaderKey<Receiving>>(Spy::next_sending_header_key(ratchet)));
        for (const auto& [epoch, chain] : Spy::receiving(ratchet)) {
            header_keys_.push_back(chain.header_key.clone());
            if (chain.key.holds_value()) chain_keys_.push_back(chain.key.clone());
        }
        if (const SendingChain* const chain = Spy::sending(ratchet)) {
            header_keys_.push_back(as<HeaderKey<Receiving>>(chain->header_key));
            chain_keys_.push_back(as<ReceivingKey>(chain->key));
        }
        for (const auto& [index, entry] : Spy::skipped(ratchet)) message_keys_.push_back(entry.key.clone());
        if (Spy::own_dh(ratchet) != nullptr) {
            own_dh_ = Spy::own_dh(ratchet)->clone();
            own_kem_ = Spy::own_kem(ratchet)->clone();
        }
    }

    void steal(const ApplicationCipher& cipher) {
        application_roots_.push_back(Spy::application_root(cipher).clone());
        if (const auto* key = Spy::application_sending(cipher)) {
            application_chain_keys_.push_back(as<ApplicationKey>(*key));
        }
        if (const auto* key = Spy::application_receiving(cipher))
            application_chain_keys_.push_back(key->clone());
        for (const auto& [index, key] : Spy::application_skipped(cipher))
            application_keys_.push_back(key.clone());
    }

    bool open_headers(const std::vector<Recorded>& transcript) {
        const std::size_t before = headers_.size();
        for (std::size_t n = 0; n < transcript.size(); ++n) {
            for (const auto& key : header_keys_) {
                HeaderBytes bytes;
                const CellOrigin origin{session_id_, transcript[n].sender};
                if (headers_.count(n) == 0 &&
                    open_header(key, origin, parts_of(transcript[n].cell.bytes).header, bytes)) {
                    headers_.emplace(n, decode_header(bytes));
                }
            }
        }
        return headers_.size() != before;
    }

    /// Each root with the stolen pair and the ratchet keys of the chain that followed it.
    bool take_steps() {
        if (!own_dh_) return false;
        const std::size_t before = tried_.size();
        for (const auto& [n, header] : headers_) {
            for (std::size_t r = 0; r < roots_.size(); ++r) {
                const u32 epoch = header.index.epoch;
                if (epoch != roots_[r].epoch + 1 || !tried_.insert({epoch, r}).second) continue;
                auto dh = x25519::agree(*own_dh_, header.chain.keys.dh);
                const auto kem = mlkem1024::decapsulate(*own_kem_, header.chain.ciphertext);
                auto step = root_step<Receiving>(roots_[r].root, dh.value(), kem);
                roots_.push_back({epoch, std::move(step.root)});
                header_keys_.push_back(std::move(step.next_header_key));
                chain_keys_.push_back(begin_chain(step.chain_secret, Role::a));
                chain_keys_.push_back(begin_chain(step.chain_secret, Role::b));
                refresh_application_roots(step.application_secret);
            }
        }
        return tried_.size() != before;
    }

    void refresh_application_roots(const ApplicationSecret& secret) {
        application_chain_keys_.push_back(as<ApplicationKey>(secret));
        for (std::size_t n = application_roots_.size(); n > 0; --n) {
            auto step = application_step<Receiving>(application_roots_[n - 1], secret);
            application_chain_keys_.push_back(std::move(step.chain_key));
            application_roots_.push_back(std::move(step.root));
        }
    }

    template <class Key, class Chains, class Derive, class Advance>
    static std::vector<Key> all_keys(const Chains& chains, const std::vector<Key>& kept, std::size_t length,
                                     Derive derive, Advance advance) {
        std::vector<Key> out;
        for (const Key& key : kept) out.push_back(key.clone());
        for (const auto& first : chains) {
            auto key = first.clone();
            for (std::size_t n = 0; n < length; ++n) {
                out.push_back(derive(key));
                key = advance(key);
            }
        }
        return out;
    }

    bool open_cell(const Recorded& recorded, const std::vector<MessageKey<Receiving>>& keys,
                   std::span<u8, body_size> body) const {
        const CellParts parts = parts_of(recorded.cell.bytes);
        const CellOrigin origin{session_id_, recorded.sender};
        return std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
            return open_body(key, origin, parts.header, parts.body, body);
        });
    }

    bool open_inner(const Recorded& recorded, CellIndex index,
                    const std::vector<ApplicationMessageKey<Receiving>>& keys,
                    std::span<const u8, body_size> body) const {
        std::array<u8, inner_size> inner{};
        const ApplicationRecordPlace place{session_id_, recorded.sender, index};
        return std::any_of(keys.begin(), keys.end(),
                           [&](const auto& key) { return open_record(key, place, body, inner); });
    }

    SessionIdBytes session_id_;
    struct Root {
        u32 epoch;
        RatchetRoot root;
    };

    std::vector<Root> roots_;
    std::vector<HeaderKey<Receiving>> header_keys_;
    std::vector<ReceivingKey> chain_keys_;
    std::vector<MessageKey<Receiving>> message_keys_;
    std::optional<X25519PrivateKey> own_dh_;
    std::optional<MlKem1024Seed> own_kem_;
    std::vector<ApplicationRoot> application_roots_;
    std::vector<ApplicationKey> application_chain_keys_;
    std::vector<ApplicationMessageKey<Receiving>> application_keys_;
    std::map<std::size_t, RatchetHeader> headers_;  ///< of transcript cells, as far as they open
    std::set<std::pair<u32, std::size_t>> tried_;   ///< epochs and roots
};

}  // namespace chat::test
