#pragma once
/// The generator behind NIST's .rsp files of the post-quantum competition: AES-256 CTR_DRBG (SP 800-90A, 10.2.1) without
/// derivation function, seeded with 48 bytes, no reseeding, no additional input. Tests only.

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "base/rng.hpp"
#include "crypto/library_context.hpp"

namespace chat::test {

class NistDrbg : public Rng {
  public:
    static constexpr std::size_t seed_size = 48;

    explicit NistDrbg(std::span<const u8, seed_size> seed) { update(seed); }

    /// One call is one generate request: its bytes depend on how the caller cuts them.
    void fill(MutableByteView out) override {
        while (!out.empty()) {
            const Block block = next_block();
            const std::size_t size = std::min(out.size(), block.size());
            std::copy_n(block.begin(), size, out.begin());
            out = out.subspan(size);
        }
        update(std::array<u8, seed_size>{});
    }

  private:
    using Block = std::array<u8, 16>;

    struct FreeCipher {
        void operator()(EVP_CIPHER* cipher) const noexcept { EVP_CIPHER_free(cipher); }
    };

    struct FreeContext {
        void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
    };

    Block next_block() {
        for (std::size_t i = v_.size(); i > 0 && ++v_[i - 1] == 0; --i) {
        }
        Block out{};
        int written = 0;
        if (EVP_EncryptUpdate(aes_.get(), out.data(), &written, v_.data(), static_cast<int>(v_.size())) !=
            1) {
            throw std::runtime_error{"AES-256-ECB fails"};
        }
        return out;
    }

    void rekey() {
        if (EVP_EncryptInit_ex2(aes_.get(), cipher_.get(), key_.data(), nullptr, nullptr) != 1 ||
            EVP_CIPHER_CTX_set_padding(aes_.get(), 0) != 1) {
            throw std::runtime_error{"AES-256-ECB does not start"};
        }
    }

    /// CTR_DRBG_Update.
    void update(std::span<const u8, seed_size> provided) {
        rekey();
        std::array<u8, seed_size> next{};
        for (std::size_t i = 0; i < next.size(); i += 16) {
            const Block block = next_block();
            std::copy(block.begin(), block.end(), next.begin() + static_cast<std::ptrdiff_t>(i));
        }
        for (std::size_t i = 0; i < next.size(); ++i) next[i] = static_cast<u8>(next[i] ^ provided[i]);
        std::copy_n(next.begin(), key_.size(), key_.begin());
        std::copy_n(next.begin() + 32, v_.size(), v_.begin());
        rekey();
    }

    std::unique_ptr<EVP_CIPHER, FreeCipher> cipher_{
        EVP_CIPHER_fetch(library_context().get(), "AES-256-ECB", nullptr)};
    std::unique_ptr<EVP_CIPHER_CTX, FreeContext> aes_{EVP_CIPHER_CTX_new()};
    std::array<u8, 32> key_{};
    Block v_{};
};

}  // namespace chat::test
