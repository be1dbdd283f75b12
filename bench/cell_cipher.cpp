// What a cell costs: ratchet and application cipher alone (a signature that costs nothing), then with FALCON. A turn is one cell
// that takes a hybrid step, sealed and opened. Beside it in primitives.cpp: what its parts cost.

#include <benchmark/benchmark.h>

#include "double_ratchet/falcon_cell_signer.hpp"
#include "support/cell_cipher_pair.hpp"

namespace chat {
namespace {

/// Signs in no time, so that what is left is everything else.
class FreeSigner final : public CellSigner {
  public:
    [[nodiscard]] falcon1024::PaddedSignature sign(ByteView, Rng&) override { return {}; }
    [[nodiscard]] const falcon1024::PublicKey& public_key() const override { return key_; }

  private:
    falcon1024::PublicKey key_;
};

class FreeVerifier final : public CellVerifier {
  public:
    [[nodiscard]] bool verify(ByteView, const falcon1024::PaddedSignature&) const override { return true; }
    [[nodiscard]] const falcon1024::PublicKey& public_key() const override { return key_; }

  private:
    falcon1024::PublicKey key_;
};

struct Free {
    explicit Free(Rng&) {}
    [[nodiscard]] std::unique_ptr<CellSigner> signer() const { return std::make_unique<FreeSigner>(); }
    [[nodiscard]] std::unique_ptr<CellVerifier> verifier() const { return std::make_unique<FreeVerifier>(); }
};

struct Falcon {
    explicit Falcon(Rng& rng) : pair{falcon1024::generate_key_pair(rng)} {}
    [[nodiscard]] std::unique_ptr<CellSigner> signer() const {
        return std::make_unique<FalconCellSigner>(falcon1024::ExpandedSigningKey{pair.secret_key},
                                                  pair.public_key);
    }
    [[nodiscard]] std::unique_ptr<CellVerifier> verifier() const {
        return FalconCellVerifierLoader{}.load(pair.public_key);
    }
    falcon1024::KeyPair pair;
};

/// A session after A's first cell, each side with the same kind of key.
template <class Key>
struct Session {
    test::SeededRng rng{1};
    test::SessionSecrets secrets{rng};
    FalconCellVerifierLoader loader;
    Key key{rng};
    CellCipher a = CellCipher::start_a(inputs(Role::a), secrets.first_keys_of_b.public_keys());
    CellCipher b = CellCipher::start_b(inputs(Role::b), secrets.clone_first_keys());
    std::array<u8, inner_size> inner{};

    Session() { open(b, seal(a)); }

    [[nodiscard]] CellCipher::Inputs inputs(Role role) const {
        CellCipher::Inputs out = test::cell_cipher_inputs(secrets, role, loader);
        out.own_signer = key.signer();
        out.peer_verifier = key.verifier();
        return out;
    }
    [[nodiscard]] Cell seal(CellCipher& cipher) { return cipher.seal(inner, rng).cell; }
    static void open(CellCipher& cipher, const Cell& cell) {
        if (!cipher.open(cell.bytes, Time{})) throw std::runtime_error{"an honest cell is refused"};
    }
};

template <class Key>
void seal_cell(benchmark::State& state) {
    Session<Key> session;
    for (auto _ : state) benchmark::DoNotOptimize(session.seal(session.b));
}
BENCHMARK(seal_cell<Free>);
BENCHMARK(seal_cell<Falcon>);

template <class Key>
void open_cell(benchmark::State& state) {
    Session<Key> session;
    constexpr std::size_t batch = 256;
    std::vector<Cell> cells;
    for (auto _ : state) {
        if (cells.empty()) {
            state.PauseTiming();
            for (std::size_t n = 0; n < batch; ++n) cells.push_back(session.seal(session.b));
            std::reverse(cells.begin(), cells.end());
            state.ResumeTiming();
        }
        session.open(session.a, cells.back());
        cells.pop_back();
    }
}
BENCHMARK(open_cell<Free>);
BENCHMARK(open_cell<Falcon>);

template <class Key>
void turn(benchmark::State& state) {
    Session<Key> session;
    CellCipher* from = &session.b;
    CellCipher* to = &session.a;
    for (auto _ : state) {
        session.open(*to, session.seal(*from));
        std::swap(from, to);
    }
}
BENCHMARK(turn<Free>);
BENCHMARK(turn<Falcon>);

}  // namespace
}  // namespace chat
