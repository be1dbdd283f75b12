#include "hybrid_kex/safety_number.hpp"

#include "base/wire_reader.hpp"
#include "crypto/canonical_hash.hpp"
#include "crypto/info.hpp"

namespace chat {

namespace {

constexpr u64 words = u64{1} << 32U;
constexpr u64 fair_bound = words - words % SafetyNumber::group_bound;
static_assert(fair_bound == 4'294'900'000);

}  // namespace

SafetyNumber safety_number(const Fingerprint& one, const Fingerprint& other) {
    const auto& [low, high] = std::minmax(one, other);
    SafetyNumber out;
    std::size_t filled = 0;
    for (u32 block = 0; filled < SafetyNumber::group_count; ++block) {
        const Sha512Digest digest =
            CanonicalHash{info::safety_number}.fixed(low.bytes).fixed(high.bytes).fixed_u32(block).digest();
        WireReader in{digest.bytes};
        while (in.remaining() > 0 && filled < SafetyNumber::group_count) {
            const u32 word = in.read_u32();
            if (word < fair_bound) out.groups[filled++] = word % SafetyNumber::group_bound;
        }
    }
    return out;
}

std::string SafetyNumber::digits() const {
    std::string out;
    for (const u32 group : groups) {
        for (u32 place = group_bound / 10; place > 0; place /= 10) {
            out += static_cast<char>('0' + group / place % 10);
        }
    }
    return out;
}

std::string SafetyNumber::text() const {
    constexpr std::size_t group_size = 5;
    const std::string all = digits();
    std::string out;
    for (std::size_t i = 0; i < all.size(); i += group_size) {
        if (!out.empty()) out += ' ';
        out += all.substr(i, group_size);
    }
    return out;
}

}  // namespace chat
