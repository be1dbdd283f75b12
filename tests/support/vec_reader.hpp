#pragma once
/// Reads vector files: `# comment` lines, `key = value` lines, blocks apart by an empty line. A value is hexadecimal or a word.
/// Also reads NIST's .rsp files, which have the same form.

#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace chat::test {

/// Both cases, even length; throws std::runtime_error on anything else.
inline Bytes from_hex(std::string_view text) {
    const auto digit = [](char c) -> unsigned {
        if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
        if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
        if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
        throw std::runtime_error{"not a hexadecimal digit: " + std::string{c}};
    };
    if (text.size() % 2 != 0) throw std::runtime_error{"odd number of hexadecimal digits"};
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        out.push_back(static_cast<u8>(digit(text[i]) << 4U | digit(text[i + 1])));
    }
    return out;
}

/// One block of a vector file.
class VecBlock {
  public:
    void set(std::string key, std::string value) {
        values_.insert_or_assign(std::move(key), std::move(value));
    }
    [[nodiscard]] bool empty() const { return values_.empty(); }
    [[nodiscard]] bool has(const std::string& key) const { return values_.count(key) != 0; }

    /// Throws std::runtime_error when the block has no such key.
    [[nodiscard]] const std::string& text(const std::string& key) const {
        const auto found = values_.find(key);
        if (found == values_.end()) throw std::runtime_error{"vector without " + key};
        return found->second;
    }

    [[nodiscard]] Bytes bytes(const std::string& key) const { return from_hex(text(key)); }
    [[nodiscard]] std::size_t number(const std::string& key) const { return std::stoul(text(key)); }

    /// A fixed-size value as PublicBytes or Secret; a wrong length throws.
    template <class P>
    [[nodiscard]] P get(const std::string& key) const {
        const Bytes value = bytes(key);
        if (value.size() != P::size) throw std::runtime_error{"vector with a wrong length of " + key};
        const std::span<const u8, P::size> view{value.data(), P::size};
        if constexpr (requires { P::from(view); }) {
            return P::from(view);
        } else {
            return P::copy_of(view);
        }
    }

  private:
    std::map<std::string, std::string> values_;
};

inline std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r";
    const std::size_t begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

/// Throws std::runtime_error when the file is missing, malformed or has no block, so that no test passes on nothing.
inline std::vector<VecBlock> read_vec_file(const std::string& path) {
    std::ifstream file{path};
    if (!file) throw std::runtime_error{"no vector file " + path};
    std::vector<VecBlock> blocks;
    VecBlock block;
    const auto end_block = [&] {
        if (!block.empty()) blocks.push_back(std::exchange(block, {}));
    };
    for (std::string line; std::getline(file, line);) {
        const std::string_view text = trimmed(line);
        if (text.empty()) {
            end_block();
        } else if (text.front() != '#') {
            const std::size_t equals = text.find('=');
            if (equals == std::string_view::npos) throw std::runtime_error{path + ": no '=' in: " + line};
            block.set(std::string{trimmed(text.substr(0, equals))},
                      std::string{trimmed(text.substr(equals + 1))});
        }
    }
    end_block();
    if (blocks.empty()) throw std::runtime_error{"no vectors in " + path};
    return blocks;
}

}  // namespace chat::test
