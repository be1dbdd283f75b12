#pragma once
/// The own ephemeral FALCON keys over the life of a session: when the next one is due, and, in a deniable session, when the seed
/// of an old one may be revealed (docs/protocol.md 6 and 11).

#include <deque>
#include <optional>

#include "secure_p2p/cell_cipher.hpp"
#include "secure_p2p/key_supply.hpp"

namespace chat {

/// index u32 | seed 48
inline constexpr std::size_t reveal_size = 4 + falcon1024::seed_size;

class EfkLifecycle {
  public:
    EfkLifecycle(falcon1024::Seed first_seed, Time now)
        : current_seed_{std::move(first_seed)}, activated_at_{now} {}

    /// 1000 cells or an hour under one key, and no announcement under way.
    [[nodiscard]] bool due(const CellCipher& cipher, Time now) const;
    [[nodiscard]] Time due_time() const { return activated_at_ + efk_replacement_interval; }
    /// Content of the announcement of a fresh key.
    [[nodiscard]] SecretBuffer announce(CellCipher& cipher, SessionKeySupply& supply, Rng& rng);
    /// The peer has all of it: signs with the new key from now on.
    void acknowledged(CellCipher& cipher, u64 cells_sent, Time now);

    /// Content of the next reveal: of a replaced key whose cells are all acknowledged.
    [[nodiscard]] std::optional<SecretBuffer> take_reveal(u64 cells_acknowledged);
    /// Content of the last reveal, when both sides have closed.
    [[nodiscard]] SecretBuffer take_last_reveal(const CellCipher& cipher);

  private:
    struct Replaced {
        u32 index = 0;
        falcon1024::Seed seed;
        u64 last_cell = 0;  ///< cells signed by it or an older key
    };
    std::optional<falcon1024::Seed> announced_seed_;
    falcon1024::Seed current_seed_;
    Time activated_at_;
    std::deque<Replaced> replaced_;
};

enum class RevealError : u8 {
    malformed,
    not_agreed,   ///< the session is not deniable
    unknown_key,  ///< no key of that index is known, or not any more
    wrong_seed,   ///< does not make the key of that index
};
[[nodiscard]] std::string_view describe(RevealError error);

/// Checks a reveal against the peer's keys and marks its index: no signature under it counts any more.
[[nodiscard]] Result<void, RevealError> accept_reveal(ByteView content, CellCipher& cipher);

}  // namespace chat
