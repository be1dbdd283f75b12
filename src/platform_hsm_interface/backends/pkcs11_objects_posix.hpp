#pragma once
/// The objects of one identity in a token, and what is done with them. Every function logs nothing in: the session must be.

#include "platform_hsm_interface/backends/pkcs11_token_posix.hpp"
#include "platform_hsm_interface/handle.hpp"

namespace chat {

/// The best of what the token offers for 32 bytes under an AES-256 key, if ECDSA over P-384 is there as well. not_supported.
[[nodiscard]] Result<TokenWrap, HsmError> choose_wrap(const Pkcs11Session& session);

/// Makes the AES-256 key and the P-384 pair, and makes sure that the token says of them what was asked for: sensitive, never to be
/// extracted, made there. Leaves nothing behind when it fails.
[[nodiscard]] Result<EcdsaP384PublicKey, HsmError> make_objects(const Pkcs11Session& session, TokenWrap wrap,
                                                                const TokenHandle::Id& id,
                                                                std::string_view name);
/// Deletes every object with this id.
[[nodiscard]] Result<void, HsmError> destroy_objects(const Pkcs11Session& session, const TokenHandle::Id& id);

/// `bound` is authenticated along, where the mechanism can.
[[nodiscard]] Result<Bytes, HsmError> wrap_in_token(const Pkcs11Session& session, const TokenHandle& handle,
                                                    ByteView bound, const VaultKey& key);
[[nodiscard]] Result<VaultKey, HsmError> unwrap_in_token(const Pkcs11Session& session,
                                                         const TokenHandle& handle, ByteView bound,
                                                         ByteView wrapped);
/// CKM_ECDSA over a SHA-384 digest.
[[nodiscard]] Result<EcdsaP384Signature, HsmError> sign_in_token(const Pkcs11Session& session,
                                                                 const TokenHandle& handle, ByteView digest);

}  // namespace chat
