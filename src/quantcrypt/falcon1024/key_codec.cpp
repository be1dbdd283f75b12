#include "quantcrypt/falcon1024/key_codec.hpp"

#include <cmath>

#include "quantcrypt/falcon1024/declassify.hpp"
#include "quantcrypt/falcon1024/fft.hpp"

namespace chat::falcon1024 {
namespace {

constexpr u8 public_key_header = 0x00 + logn;
constexpr u8 secret_key_header = 0x50 + logn;
constexpr unsigned h_bits = 14;

/// Writes `width` bits of each value, big-endian.
template <unsigned width, class Value>
void pack(MutableByteView out, std::span<const Value, n> values) {
    static_assert(n * width % 8 == 0);
    u32 pending = 0;
    unsigned bits = 0;
    std::size_t position = 0;
    for (const Value value : values) {
        pending = (pending << width) | (static_cast<u32>(value) & ((1U << width) - 1));
        for (bits += width; bits >= 8; bits -= 8) out[position++] = static_cast<u8>(pending >> (bits - 8));
    }
}

/// Calls take(i, the i-th field of `width` bits).
template <unsigned width, class Take>
void unpack(ByteView in, Take take) {
    u32 pending = 0;
    unsigned bits = 0;
    std::size_t index = 0;
    for (const u8 byte : in) {
        pending = (pending << 8U) | byte;
        for (bits += 8; bits >= width; bits -= width) {
            take(index++, (pending >> (bits - width)) & ((1U << width) - 1));
        }
    }
}

/// Two's complement fields of `width` bits. Returns 1 when one of them is -2^(width-1), else 0; no branch
/// depends on them.
template <unsigned width>
u32 unpack_signed(PrivateBasis::MutablePolynomial out, ByteView in) {
    constexpr u32 lowest = 1U << (width - 1);
    u32 forbidden = 0;
    unpack<width>(in, [&](std::size_t i, u32 field) {
        const u32 difference = field ^ lowest;
        forbidden |= (difference - 1) >> 31U;
        out[i] = static_cast<i8>(static_cast<i32>(difference) - static_cast<i32>(lowest));
    });
    return forbidden;
}

/// G = g F / f mod q, centred. Returns 1 when f is invertible and every coefficient lies in -127..127, else
/// 0.
u32 complete_basis(PrivateBasis& basis) {
    SecretBuffer memory{3 * sizeof(RingElement)};
    auto* const words = reinterpret_cast<u16*>(memory.expose_mutable().data());
    const MutableRingView product{words, n};
    const MutableRingView big_f{words + n, n};
    const MutableRingView f{words + 2 * n, n};

    reduce(product, basis.g());
    reduce(big_f, basis.capital_f());
    reduce(f, basis.f());
    ntt(product);
    ntt(big_f);
    ntt(f);
    u32 good = all_values_nonzero(f);
    multiply_values(product, big_f);
    divide_values(product, f);
    inverse_ntt(product);

    const auto big_g = basis.capital_g();
    for (std::size_t i = 0; i < n; ++i) {
        const u32 value = product[i];
        const u32 centred = value - (q & (0U - ((q / 2 - value) >> 31U)));
        good &= ((centred + 127U) - 255U) >> 31U;
        big_g[i] = static_cast<i8>(centred);
    }
    return good;
}

void to_values(MutableRealView out, PrivateBasis::Polynomial polynomial) {
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<double>(polynomial[i]);
    fft(out);
}

/// f, g, F, G in values.
class BasisValues {
  public:
    explicit BasisValues(const PrivateBasis& basis) : memory_{4 * n * sizeof(double)} {
        to_values(f(), basis.f());
        to_values(g(), basis.g());
        to_values(capital_f(), basis.capital_f());
        to_values(capital_g(), basis.capital_g());
    }
    [[nodiscard]] MutableRealView f() { return at(0); }
    [[nodiscard]] MutableRealView g() { return at(1); }
    [[nodiscard]] MutableRealView capital_f() { return at(2); }
    [[nodiscard]] MutableRealView capital_g() { return at(3); }

  private:
    MutableRealView at(std::size_t index) {
        return {reinterpret_cast<double*>(memory_.expose_mutable().data()) + index * n, n};
    }
    SecretBuffer memory_;
};

/// 1 when (f, g) and its orthogonal partner, of squared norm q^2 mean(1 / (|f|^2 + |g|^2)), are within key
/// generation's bounds. Then SamplerZ is asked for deviations it can serve only. The margin lies above what
/// two ways of rounding can differ by.
u32 is_short(BasisValues& values) {
    constexpr double margin = 1.0 + 0x1p-30;
    constexpr double points = n >> 1U;
    const MutableRealView inverse_norms = values.capital_f().first(n / 2);
    inverse_norm(inverse_norms, values.f(), values.g());
    double norm = 0.0;
    double partner = 0.0;
    for (double inverse : inverse_norms) {
        norm += 1.0 / inverse;
        partner += inverse;
    }
    norm /= points;
    partner *= double{q} * double{q} / points;
    const u32 norm_fits = norm < key_squared_norm_bound - 0.5 ? 1 : 0;
    const u32 partner_fits = partner < key_orthogonalised_norm_bound * margin ? 1 : 0;
    return norm_fits & partner_fits;
}

/// 1 when f G - g F = q over the integers. By construction the left side is a multiple of q, so the rounding
/// errors of the FFT, below 2^-20 for coefficients below 2^22, can't hide a difference.
u32 solves_ntru_equation(BasisValues& values) {
    const MutableRealView left = values.capital_g();
    const MutableRealView right = values.capital_f();
    multiply(left, values.f());
    multiply(right, values.g());
    subtract(left, right);
    inverse_fft(left);
    left[0] -= double{q};
    double deviation = 0.0;
    for (double value : left) deviation += std::fabs(value);
    return deviation < 1.0 ? 1 : 0;
}

/// The verdict on a key that someone hands in for use: its refusal is what the caller is about to show
/// anyway.
u32 publish(u32 verdict) {
    declassify({reinterpret_cast<const u8*>(&verdict), sizeof verdict});
    return verdict;
}

}  // namespace

void encode_public_key(std::span<u8, public_key_size> out, RingView h) {
    out[0] = public_key_header;
    pack<h_bits>(out.subspan<1>(), h);
}

Result<RingElement, FalconError> decode_public_key(ByteView encoded) {
    if (encoded.size() != public_key_size) return fail(FalconError::bad_public_key_length);
    if (encoded[0] != public_key_header) return fail(FalconError::bad_public_key_header);
    RingElement h;
    u32 largest = 0;
    unpack<h_bits>(encoded.subspan(1), [&](std::size_t i, u32 field) {
        h[i] = static_cast<u16>(field);
        largest = std::max(largest, field);
    });
    if (largest >= q) return fail(FalconError::public_key_out_of_range);
    return h;
}

void encode_secret_key(std::span<u8, secret_key_size> out, const PrivateBasis& basis) {
    constexpr std::size_t fg_size = n * fg_bits / 8;
    out[0] = secret_key_header;
    pack<fg_bits>(out.subspan(1, fg_size), basis.f());
    pack<fg_bits>(out.subspan(1 + fg_size, fg_size), basis.g());
    pack<big_f_bits>(out.subspan(1 + 2 * fg_size), basis.capital_f());
}

Result<PrivateBasis, FalconError> decode_secret_key(ByteView encoded) {
    constexpr std::size_t fg_size = n * fg_bits / 8;
    if (encoded.size() != secret_key_size) return fail(FalconError::bad_secret_key_length);
    if (encoded[0] != secret_key_header) return fail(FalconError::bad_secret_key_header);
    PrivateBasis basis;
    const u32 forbidden = unpack_signed<fg_bits>(basis.f(), encoded.subspan(1, fg_size)) |
                          unpack_signed<fg_bits>(basis.g(), encoded.subspan(1 + fg_size, fg_size)) |
                          unpack_signed<big_f_bits>(basis.capital_f(), encoded.subspan(1 + 2 * fg_size));
    if (publish(forbidden) != 0) return fail(FalconError::secret_key_out_of_range);
    if (publish(complete_basis(basis)) == 0) return fail(FalconError::secret_key_not_a_basis);
    BasisValues values{basis};
    if (publish(solves_ntru_equation(values)) == 0) return fail(FalconError::secret_key_not_a_basis);
    if (publish(is_short(values)) == 0) return fail(FalconError::secret_key_too_long);
    return basis;
}

}  // namespace chat::falcon1024
