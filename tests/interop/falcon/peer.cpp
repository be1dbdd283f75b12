// This project's side of the interoperation test: commands on standard input, one line each, byte strings in
// hexadecimal, "-" for an empty one; one line of answer each.
//     generate SEED                                        -> PUBLIC SECRET
//     sign padded|compressed SECRET MESSAGE RANDOM         -> SIGNATURE
//     verify padded|compressed PUBLIC MESSAGE SIGNATURE    -> ok, or why not

#include <iostream>
#include <sstream>

#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "support/seeded_rng.hpp"
#include "support/vec_reader.hpp"

namespace chat::falcon1024 {
namespace {

std::string next_word(std::istream& words) {
    std::string word;
    if (!(words >> word)) throw std::runtime_error{"a word is missing"};
    return word;
}

Bytes next_bytes(std::istream& words) {
    const std::string word = next_word(words);
    return word == "-" ? Bytes{} : test::from_hex(word);
}

std::string verdict(const Result<void, FalconError>& result) {
    return result ? "ok" : std::string{describe(result.error())};
}

std::string generate(std::istream& words) {
    const Bytes seed = next_bytes(words);
    const KeyPair pair = generate_key_pair(Seed::copy_of(std::span<const u8, seed_size>{seed}));
    return to_hex(pair.public_key.bytes) + " " + to_hex(pair.secret_key.encode().expose());
}

std::string sign(std::istream& words) {
    const std::string form = next_word(words);
    const auto key = SecretKey::decode(next_bytes(words));
    if (!key) return std::string{describe(key.error())};
    const Bytes message = next_bytes(words);
    const Bytes random = next_bytes(words);
    u64 number = 0;
    for (u8 byte : random) number = number << 8U | byte;
    test::SeededRng rng{number};
    if (form == "padded") return to_hex(sign_padded(*key, message, rng).bytes);
    return to_hex(sign_compressed(*key, message, rng).bytes);
}

std::string verify(std::istream& words) {
    const std::string form = next_word(words);
    const auto key = VerifyingKey::decode(next_bytes(words));
    if (!key) return std::string{describe(key.error())};
    const Bytes message = next_bytes(words);
    const Bytes signature = next_bytes(words);
    if (form == "compressed") return verdict(key->verify_compressed(message, signature));
    if (signature.size() != padded_signature_size) return "the length is wrong";
    return verdict(
        key->verify(message, PaddedSignature::from(std::span<const u8, padded_signature_size>{signature})));
}

std::string answer(const std::string& line) {
    std::istringstream words{line};
    const std::string command = next_word(words);
    if (command == "generate") return generate(words);
    if (command == "sign") return sign(words);
    if (command == "verify") return verify(words);
    throw std::runtime_error{"unknown command " + command};
}

}  // namespace
}  // namespace chat::falcon1024

int main() {
    try {
        for (std::string line; std::getline(std::cin, line);)
            std::cout << chat::falcon1024::answer(line) << '\n';
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
