#include "secure_key_manager/isolation/keys/key_server.hpp"

#include <cassert>

namespace chat {

using key_protocol::Agree, key_protocol::Agreed, key_protocol::Decapsulate, key_protocol::Decapsulated,
    key_protocol::Done, key_protocol::Forget, key_protocol::Generate, key_protocol::Generated,
    key_protocol::KeyReply, key_protocol::MixEntropy, key_protocol::OpenVaultFile, key_protocol::Opened,
    key_protocol::Refused, key_protocol::SealContacts, key_protocol::Sealed, key_protocol::Sign,
    key_protocol::Signed, key_protocol::Slot, key_protocol::StartEphemeral, key_protocol::Started,
    key_protocol::VaultRefused, key_protocol::decode_request;

std::string_view describe(KeyServerError error) {
    switch (error) {
        case KeyServerError::malformed: return "a request that is none";
        case KeyServerError::not_started: return "a request before the start";
        case KeyServerError::started_twice: return "a second start";
        case KeyServerError::unknown_slot: return "an identity that is not there";
        case KeyServerError::no_vault: return "contacts to seal without a vault";
        case KeyServerError::bad_contacts: return "contacts to seal that are none";
    }
    return "unknown error of the key process";
}

namespace {

KeyServer::Answer answer(KeyReply reply, bool last = false) { return {encode(reply), last}; }

}  // namespace

/// Requests to a server that was started.
struct KeyServer::Visitor {
    KeyServer& server;

    Handled operator()(const StartEphemeral&) const { return fail(KeyServerError::started_twice); }
    Handled operator()(const OpenVaultFile&) const { return fail(KeyServerError::started_twice); }
    Handled operator()(const Generate&) const { return server.generate(); }
    Handled operator()(const Forget& request) const {
        if (server.slots_.erase(request.slot) == 0) return fail(KeyServerError::unknown_slot);
        return answer(Done{});
    }
    Handled operator()(const Sign& request) const {
        return with(request.slot, [&](IdentityKeys& keys) -> KeyReply {
            auto made = keys.sign(request.statement);
            if (!made) return Refused{made.error()};
            return Signed{*made};
        });
    }
    Handled operator()(const Agree& request) const {
        return with(request.slot, [&](IdentityKeys& keys) -> KeyReply {
            auto made = keys.agree(request.peer);
            if (!made) return Refused{made.error()};
            return Agreed{std::move(*made)};
        });
    }
    Handled operator()(const Decapsulate& request) const {
        return with(request.slot, [&](IdentityKeys& keys) -> KeyReply {
            auto made = keys.decapsulate(request.ciphertext);
            if (!made) return Refused{made.error()};
            return Decapsulated{std::move(*made)};
        });
    }
    Handled operator()(const SealContacts& request) const {
        if (!server.sealer_) return fail(KeyServerError::no_vault);
        // A vault opens only if its contacts decode: whoever asks must not get a file that locks the identity in.
        if (!decode_contacts(request.contacts)) return fail(KeyServerError::bad_contacts);
        return answer(Sealed{server.sealer_->seal(request.contacts, server.rng_)});
    }
    Handled operator()(const MixEntropy& request) const {
        server.rng_.mix_in(request.entropy.expose());
        return answer(Done{});
    }

  private:
    template <class Use>
    Handled with(Slot slot, const Use& use) const {
        const auto found = server.slots_.find(slot);
        if (found == server.slots_.end()) return fail(KeyServerError::unknown_slot);
        return answer(use(*found->second));
    }
};

KeyServer::KeyServer(Rng& base, Ports ports) : rng_{base}, ports_{std::move(ports)} {}

KeyServer::Handled KeyServer::handle(u8 kind, ByteView body) {
    auto request = decode_request(kind, body);
    if (!request) return fail(KeyServerError::malformed);
    if (started_) return std::visit(Visitor{*this}, *request);
    if (auto* ephemeral = std::get_if<StartEphemeral>(&*request)) return start(*ephemeral);
    if (auto* open = std::get_if<OpenVaultFile>(&*request)) return start(std::move(*open));
    return fail(KeyServerError::not_started);
}

KeyServer::Handled KeyServer::start(StartEphemeral) {
    started_ = true;
    return answer(Started{ports_.confine()});
}

KeyServer::Handled KeyServer::start(OpenVaultFile request) {
    started_ = true;
    auto vault = ports_.unlock(request.file, std::move(request.secrets));
    if (!vault) return answer(VaultRefused{vault.error()}, true);
    const KeyProtection protection = ports_.confine();
    sealer_.emplace(std::move(vault->sealer));
    auto identity =
        std::make_unique<SoftwareIdentityKeys>(std::move(vault->secrets), vault->falcon_public, rng_);
    const IdentityPublic shown = identity->public_identity();
    return answer(Opened{protection, keep(std::move(identity)), shown, std::move(vault->contacts)});
}

KeyServer::Handled KeyServer::generate() {
    if (slots_.size() >= max_slots) return answer(Refused{KeyError::no_room});
    auto identity = SoftwareIdentityKeys::generate(rng_);
    const IdentityPublic shown = identity->public_identity();
    return answer(Generated{keep(std::move(identity)), shown});
}

Slot KeyServer::keep(std::unique_ptr<SoftwareIdentityKeys> identity) {
    assert(slots_.size() < max_slots);
    const Slot slot = next_slot_++;
    slots_.emplace(slot, std::move(identity));
    return slot;
}

}  // namespace chat
