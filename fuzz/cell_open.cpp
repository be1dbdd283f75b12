// Cells damaged on the way: none opens, and the receiver goes on as if they had not come. The input is a list of damages, four bytes
// each: which cell u8, offset u16, mask u8; a mask of zero is an undamaged copy, which is a replay.

#include <cstdlib>

#include "base/wire_reader.hpp"
#include "support/cell_cipher_pair.hpp"

using namespace chat;  // NOLINT: a program of its own

namespace {

constexpr std::size_t cells_of_a_turn = 3;

void must(bool condition) {
    if (!condition) std::abort();
}

/// One turn: damaged copies first, then the cells as they were, the second one last.
void play_turn(test::CellCipherPair& pair, Role sender, ByteView damages) {
    std::array<Cell, cells_of_a_turn> cells;
    for (Cell& cell : cells) cell = pair.of(sender).seal(std::array<u8, inner_size>{}, pair.rng).cell;
    CellCipher& receiver = pair.of(other(sender));
    const auto damage = [&](ByteView list, bool delivered) {
        for (WireReader in{list}; in.remaining() >= 4;) {
            Cell copy = cells.at(in.read_u8() % cells_of_a_turn);
            const std::size_t offset = in.read_u16() % cell_size;
            const u8 mask = in.read_u8();
            if (mask == 0 && !delivered) continue;
            copy.bytes.at(offset) ^= mask;
            const auto opened = receiver.open(copy.bytes, Time{});
            must(!opened);
            if (mask == 0) must(opened.error() == CellError::replay);
        }
    };
    damage(damages, false);
    must(receiver.open(cells[0].bytes, Time{}).has_value());
    must(receiver.open(cells[2].bytes, Time{}).has_value());
    must(receiver.open(cells[1].bytes, Time{}).has_value());
    damage(damages, true);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    if (size > 400) return 0;
    test::CellCipherPair pair{1};
    const ByteView input{data, size};
    const std::size_t third = size / 12 * 4;
    play_turn(pair, Role::a, input.first(third));
    play_turn(pair, Role::b, input.subspan(third, third));
    play_turn(pair, Role::a, input.subspan(2 * third));
    return 0;
}
