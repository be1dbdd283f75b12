#include "secure_p2p/session/efk_lifecycle.hpp"

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"

namespace chat {
namespace {

SecretBuffer encode_reveal(u32 index, const falcon1024::Seed& seed) {
    SecretBuffer out{reveal_size};
    WireWriter{out.expose_mutable()}.write_u32(index).write(seed.expose());
    return out;
}

}  // namespace

std::string_view describe(RevealError error) {
    switch (error) {
        case RevealError::malformed: return "a revealed signing key is malformed";
        case RevealError::not_agreed: return "a signing key was revealed in a session that is not deniable";
        case RevealError::unknown_key: return "a signing key was revealed that is unknown or still in use";
        case RevealError::wrong_seed: return "a revealed signing key is not the one that was used";
    }
    return "";
}

bool EfkLifecycle::due(const CellCipher& cipher, Time now) const {
    if (cipher.efk_announced()) return false;
    return cipher.cells_under_own_efk() >= efk_replacement_cells || now >= due_time();
}

SecretBuffer EfkLifecycle::announce(CellCipher& cipher, SessionKeySupply& supply, Rng& rng) {
    CellSigningKey next = supply.take_cell_signing_key();
    const auto content = cipher.announce_efk(std::move(next.signer), rng);
    announced_seed_.emplace(std::move(next.seed));
    return SecretBuffer::copy_of(content.view());
}

void EfkLifecycle::acknowledged(CellCipher& cipher, u64 cells_sent, Time now) {
    if (!announced_seed_) return;
    replaced_.push_back(
        {cipher.own_efk_index(), std::exchange(current_seed_, std::move(*announced_seed_)), cells_sent});
    announced_seed_.reset();
    cipher.activate_announced_efk();
    activated_at_ = now;
}

std::optional<SecretBuffer> EfkLifecycle::take_reveal(u64 cells_acknowledged) {
    if (replaced_.empty() || replaced_.front().last_cell > cells_acknowledged) return std::nullopt;
    SecretBuffer out = encode_reveal(replaced_.front().index, replaced_.front().seed);
    replaced_.pop_front();
    return out;
}

SecretBuffer EfkLifecycle::take_last_reveal(const CellCipher& cipher) {
    return encode_reveal(cipher.own_efk_index(), current_seed_);
}

Result<void, RevealError> accept_reveal(ByteView content, CellCipher& cipher) {
    if (content.size() != reveal_size) return fail(RevealError::malformed);
    WireReader reader{content};
    const u32 index = reader.read_u32();
    falcon1024::Seed seed;
    reader.read_into(seed.expose_mutable());
    const falcon1024::PublicKey* const expected = cipher.peer_efk(index);
    if (expected == nullptr) return fail(RevealError::unknown_key);
    if (falcon1024::generate_key_pair(seed).public_key != *expected) return fail(RevealError::wrong_seed);
    cipher.mark_peer_efk_revealed(index);
    return {};
}

}  // namespace chat
