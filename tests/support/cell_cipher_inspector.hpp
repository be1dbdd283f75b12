#pragma once
/// Looks into the state of a cell cipher. Tests only.

#include "secure_p2p/cell_cipher.hpp"

namespace chat {

/// Reads the secrets; the friend of the classes that hold them.
struct CellCipherInspector {
    static const Ratchet& ratchet(const CellCipher& cipher) { return cipher.ratchet_; }
    static const ApplicationCipher& application(const CellCipher& cipher) { return cipher.application_; }
    static ByteView body(const CellCipher& cipher) { return cipher.body_.expose(); }
    static ByteView inner(const CellCipher& cipher) { return cipher.inner_.expose(); }

    static SessionIdBytes session_id(const Ratchet& ratchet) { return ratchet.session_id_; }
    static u32 epoch(const Ratchet& ratchet) { return ratchet.epoch_; }
    static const RatchetRoot& root(const Ratchet& ratchet) { return ratchet.root_; }
    static const SkippedKeys::Entries& skipped(const Ratchet& ratchet) { return ratchet.skipped_.entries_; }
    static const ReceivingChains& receiving(const Ratchet& ratchet) { return ratchet.receiving_; }
    static const HeaderKey<Sending>& next_sending_header_key(const Ratchet& ratchet) {
        return ratchet.next_sending_header_key_;
    }
    static const HeaderKey<Receiving>& next_receiving_header_key(const Ratchet& ratchet) {
        return ratchet.next_receiving_header_key_;
    }
    static const SendingChain* sending(const Ratchet& ratchet) {
        const auto* turn = std::get_if<Ratchet::PeerStepDue>(&ratchet.turn_);
        return turn != nullptr && turn->sending ? &*turn->sending : nullptr;
    }
    /// The private ratchet keys, if any are held.
    static const X25519PrivateKey* own_dh(const Ratchet& ratchet) {
        const auto* turn = std::get_if<Ratchet::PeerStepDue>(&ratchet.turn_);
        return turn != nullptr ? &turn->own.dh : nullptr;
    }
    static const MlKem1024Seed* own_kem(const Ratchet& ratchet) {
        const auto* turn = std::get_if<Ratchet::PeerStepDue>(&ratchet.turn_);
        return turn != nullptr ? &turn->own.kem : nullptr;
    }

    static const ApplicationRoot& application_root(const ApplicationCipher& cipher) { return cipher.root_; }
    static const ApplicationChainKey<Sending>* application_sending(const ApplicationCipher& cipher) {
        return cipher.sending_ ? &cipher.sending_->key : nullptr;
    }
    static const ApplicationChainKey<Receiving>* application_receiving(const ApplicationCipher& cipher) {
        return cipher.receiving_ ? &cipher.receiving_->key : nullptr;
    }
    static const auto& application_skipped(const ApplicationCipher& cipher) { return cipher.skipped_; }
};

}  // namespace chat
