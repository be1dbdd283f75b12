#include "crypto/digest_context.hpp"

#include <openssl/evp.h>

#include <new>

namespace chat {
namespace {

// With a fetched algorithm and sizes that fit, these calls fail for want of memory only.
void ensure(int status) {
    if (status != 1) throw std::bad_alloc{};
}

}  // namespace

void DigestContext::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

DigestContext::DigestContext(HashAlgorithm algorithm) : context_{EVP_MD_CTX_new()} {
    if (!context_) throw std::bad_alloc{};
    ensure(EVP_DigestInit_ex2(context_.get(), library_context().hash(algorithm), nullptr));
}

DigestContext::DigestContext(const DigestContext& other) : context_{EVP_MD_CTX_new()} {
    if (!context_) throw std::bad_alloc{};
    ensure(EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()));
}

DigestContext& DigestContext::operator=(const DigestContext& other) {
    if (this == &other) return *this;
    if (!context_) {
        *this = DigestContext{other};
    } else {
        ensure(EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()));
    }
    return *this;
}

void DigestContext::update(ByteView data) {
    ensure(EVP_DigestUpdate(context_.get(), data.data(), data.size()));
}

void DigestContext::finish(MutableByteView out) {
    ensure(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr));
}

void DigestContext::restart() { ensure(EVP_DigestInit_ex2(context_.get(), nullptr, nullptr)); }

void DigestContext::squeeze(MutableByteView out) {
    ensure(EVP_DigestSqueeze(context_.get(), out.data(), out.size()));
}

}  // namespace chat
