#pragma once
/// A P-384 key of the test's own that signs like a device, by OpenSSL's default context.

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "crypto/ecdsa_p384.hpp"

namespace chat::test {

class P384Signer {
  public:
    P384Signer() : key_{nullptr, &EVP_PKEY_free} {
        std::string curve = "P-384";
        key_.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.data()));
        require(key_ != nullptr);
    }

    [[nodiscard]] EcdsaP384PublicKey public_key() const {
        EcdsaP384PublicKey out;
        std::size_t size = 0;
        require(EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, out.bytes.data(),
                                                out.bytes.size(), &size) == 1);
        require(size == out.bytes.size());
        return out;
    }

    [[nodiscard]] EcdsaP384Signature sign(ByteView message) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                              &EVP_MD_CTX_free};
        std::size_t size = 128;
        Bytes der(size);
        require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha384(), nullptr, key_.get()) == 1);
        require(EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) == 1);
        const unsigned char* at = der.data();
        const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair{
            d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)), &ECDSA_SIG_free};
        EcdsaP384Signature out;
        require(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out.bytes.data(), 48) == 48);
        require(BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out.bytes.data() + 48, 48) == 48);
        return out;
    }

  private:
    static void require(bool ok) {
        if (!ok) throw std::runtime_error{"OpenSSL failed in a test's P-384 signer"};
    }

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace chat::test
