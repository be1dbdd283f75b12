#include "shell/terminal/qr_code.hpp"

#include <qrencode.h>

#include <memory>

#include "base/secret.hpp"

namespace chat {
namespace {

constexpr int quiet_zone = 2;

struct FreeCode {
    void operator()(QRcode* code) const noexcept { QRcode_free(code); }
};

/// The light modules are drawn, so that the code reads on a dark terminal, which most are; readers take the inverse, too.
class Modules {
  public:
    explicit Modules(const QRcode& code) : code_{code} {}
    [[nodiscard]] bool light(int x, int y) const {
        const bool outside = x < 0 || y < 0 || x >= code_.width || y >= code_.width;
        return outside || (code_.data[y * code_.width + x] & 1U) == 0;
    }

  private:
    const QRcode& code_;
};

std::string_view block(bool upper, bool lower) {
    if (upper) return lower ? "\u2588" : "\u2580";
    return lower ? "\u2584" : " ";
}

}  // namespace

std::optional<std::string> qr_code(ByteView text, std::size_t most_columns) {
    std::string copy{text.begin(), text.end()};
    const WipeOnExit wipe{
        {reinterpret_cast<u8*>(copy.data()), copy.size()}};  // NOLINT: an invite is a secret
    const std::unique_ptr<QRcode, FreeCode> code{
        QRcode_encodeString(copy.c_str(), 0, QR_ECLEVEL_L, QR_MODE_8, 1)};
    if (!code) return std::nullopt;
    const int side = code->width + 2 * quiet_zone;
    if (static_cast<std::size_t>(side) > most_columns) return std::nullopt;
    const Modules modules{*code};
    std::string out;
    for (int y = -quiet_zone; y < code->width + quiet_zone; y += 2) {
        for (int x = -quiet_zone; x < code->width + quiet_zone; ++x) {
            out += block(modules.light(x, y), modules.light(x, y + 1));
        }
        out += '\n';
    }
    return out;
}

}  // namespace chat
