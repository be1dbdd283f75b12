#pragma once
/// The port through which cells are signed and verified by an ephemeral FALCON key (EFK in docs/protocol.md 6). The program uses
/// falcon_cell_signer.hpp; simulations of many sessions use something faster.

#include <memory>

#include "base/rng.hpp"
#include "quantcrypt/falcon1024/falcon1024.hpp"

namespace chat {

class CellSigner {
  public:
    CellSigner() = default;
    CellSigner(const CellSigner&) = delete;
    CellSigner& operator=(const CellSigner&) = delete;
    /// Wipes the private key.
    virtual ~CellSigner() = default;

    [[nodiscard]] virtual falcon1024::PaddedSignature sign(ByteView message, Rng& rng) = 0;
    [[nodiscard]] virtual const falcon1024::PublicKey& public_key() const = 0;
};

class CellVerifier {
  public:
    CellVerifier() = default;
    CellVerifier(const CellVerifier&) = delete;
    CellVerifier& operator=(const CellVerifier&) = delete;
    virtual ~CellVerifier() = default;

    [[nodiscard]] virtual bool verify(ByteView message,
                                      const falcon1024::PaddedSignature& signature) const = 0;
    [[nodiscard]] virtual const falcon1024::PublicKey& public_key() const = 0;
};

/// Makes a verifier of a key that the peer announced.
class CellVerifierLoader {
  public:
    CellVerifierLoader() = default;
    CellVerifierLoader(const CellVerifierLoader&) = delete;
    CellVerifierLoader& operator=(const CellVerifierLoader&) = delete;
    virtual ~CellVerifierLoader() = default;

    /// Null when `key` is not a public key in its one encoding.
    [[nodiscard]] virtual std::unique_ptr<CellVerifier> load(const falcon1024::PublicKey& key) const = 0;
};

}  // namespace chat
