#pragma once
/// What an EFK signs (docs/protocol.md, Conventions and 6). Each begins with u32 | label, u32 | suite, H(public key) 64, role of the
/// signer u8; then session id 32 and direction u8 (the sender's role), then:
///     cell:          encrypted header 3224 | body ciphertext 1128
///     announcement:  index u32 | new public key 1793

#include "crypto/signed_message.hpp"
#include "double_ratchet/cell.hpp"
#include "double_ratchet/header.hpp"
#include "quantcrypt/falcon1024/falcon1024.hpp"

namespace chat {

[[nodiscard]] Bytes signed_cell_bytes(const VerificationKeyHash& signer, const CellOrigin& origin,
                                      EncryptedHeaderView header, EncryptedBodyView body);

[[nodiscard]] Bytes signed_announcement_bytes(const VerificationKeyHash& signer, const CellOrigin& origin,
                                              u32 index, const falcon1024::PublicKey& announced);

}  // namespace chat
