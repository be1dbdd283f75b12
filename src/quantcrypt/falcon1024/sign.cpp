#include "crypto/shake.hpp"
#include "quantcrypt/falcon1024/declassify.hpp"
#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "quantcrypt/falcon1024/hash_to_point.hpp"
#include "quantcrypt/falcon1024/signature_codec.hpp"
#include "quantcrypt/falcon1024/signature_format.hpp"
#include "quantcrypt/falcon1024/signing_kernels.hpp"

namespace chat::falcon1024 {
namespace {

using SamplerSeed = Secret<struct SamplerSeedTag, seed_size>;
using StreamSeedBytes = Secret<struct StreamSeedTag, stream_seed_size>;

constexpr int max_tries = 100;

/// Doubles that hold s2, behind the scratch space of signing.
constexpr std::size_t value_size = n * sizeof(i16) / sizeof(double);

std::span<double> doubles(SecretBuffer& memory) {
    return {reinterpret_cast<double*>(memory.expose_mutable().data()), memory.size() / sizeof(double)};
}

MutableSignatureView coefficients(std::span<double, value_size> memory) {
    return MutableSignatureView{reinterpret_cast<i16*>(memory.data()), n};
}

/// Writes header, nonce and value to the front of `out` and returns how many bytes that took. try_sign(c,
/// stream seed) makes one try at a short s2. Each try takes the next seed from the same stream; a value that
/// has no encoding in `out` costs a new nonce and stream.
template <class TrySign>
std::size_t sign(MutableByteView out, ByteView message, Rng& rng, MutableSignatureView s2, TrySign try_sign) {
    StreamSeedBytes stream_seed;
    for (int tries = 0; tries < max_tries;) {
        std::array<u8, nonce_size> nonce;
        rng.fill(nonce);
        declassify(nonce);  // it goes out with the signature
        Shake256 stream;
        stream.absorb(rng.secret<SamplerSeed>().expose());
        const RingElement c = hash_to_point(nonce, message);

        bool is_short = false;
        for (; !is_short && tries < max_tries; ++tries) {
            stream.squeeze(stream_seed.expose_mutable());
            is_short = try_sign(c, stream_seed.expose());
        }
        if (!is_short) break;
        declassify({reinterpret_cast<const u8*>(s2.data()), s2.size_bytes()});  // the signature itself
        const auto size = compress(out.subspan(signature_value_offset), s2);
        if (!size) continue;
        out[0] = signature_header;
        std::copy(nonce.begin(), nonce.end(), out.begin() + 1);
        return signature_value_offset + *size;
    }
    throw SigningExhausted{"no signature in a hundred tries: the randomness is broken"};
}

std::size_t sign(MutableByteView out, ExpandedSigningKey& key, ByteView message, Rng& rng) {
    const std::span<double> memory = key.expose_mutable();
    const ExpandedView expanded = memory.first<expanded_size>();
    const ScratchView scratch = memory.subspan<expanded_size, scratch_size>();
    const MutableSignatureView s2 = coefficients(memory.subspan<expanded_size + scratch_size, value_size>());
    const SigningKernels& kernels = signing_kernels(key.implementation());
    return sign(out, message, rng, s2, [&](RingView c, StreamSeed seed) {
        return kernels.try_sign(s2, expanded, c, seed, scratch);
    });
}

std::size_t sign(MutableByteView out, const SecretKey& key, ByteView message, Rng& rng,
                 Implementation implementation) {
    SecretBuffer memory{(dynamic_scratch_size + value_size) * sizeof(double)};
    const DynamicScratchView scratch = doubles(memory).first<dynamic_scratch_size>();
    const MutableSignatureView s2 = coefficients(doubles(memory).subspan<dynamic_scratch_size, value_size>());
    const SigningKernels& kernels = signing_kernels(implementation);
    return sign(out, message, rng, s2, [&](RingView c, StreamSeed seed) {
        return kernels.try_sign_dynamic(s2, key.basis(), c, seed, scratch);
    });
}

CompressedSignature compressed(std::span<const u8> bytes) { return {Bytes(bytes.begin(), bytes.end())}; }

}  // namespace

ExpandedSigningKey::ExpandedSigningKey(const SecretKey& key, Implementation implementation)
    : memory_{(expanded_size + scratch_size + value_size) * sizeof(double)}, implementation_{implementation} {
    const std::span<double> memory = expose_mutable();
    signing_kernels(implementation)
        .expand(memory.first<expanded_size>(), key.basis(), memory.subspan<expanded_size, scratch_size>());
}

std::span<double> ExpandedSigningKey::expose_mutable() { return doubles(memory_); }

PaddedSignature sign_padded(ExpandedSigningKey& key, ByteView message, Rng& rng) {
    PaddedSignature out;
    sign(out.bytes, key, message, rng);
    return out;
}

CompressedSignature sign_compressed(ExpandedSigningKey& key, ByteView message, Rng& rng) {
    std::array<u8, max_signature_size> out;
    return compressed(std::span{out}.first(sign(out, key, message, rng)));
}

PaddedSignature sign_padded(const SecretKey& key, ByteView message, Rng& rng, Implementation implementation) {
    PaddedSignature out;
    sign(out.bytes, key, message, rng, implementation);
    return out;
}

CompressedSignature sign_compressed(const SecretKey& key, ByteView message, Rng& rng,
                                    Implementation implementation) {
    std::array<u8, max_signature_size> out;
    return compressed(std::span{out}.first(sign(out, key, message, rng, implementation)));
}

}  // namespace chat::falcon1024
