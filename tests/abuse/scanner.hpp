#pragma once
/// Connections of strangers, from many addresses of the loopback network, each with something else to say.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace chat::test {

enum class Approach : std::uint8_t {
    silence,
    one_byte,
    half_a_hello,
    noise_of_a_hello,  ///< as long as a real one
    much_noise,
    half_close,  ///< noise, and then no more to come
    http,
};
inline constexpr std::size_t approaches = 7;

class Scanner {
  public:
    using Clock = std::chrono::steady_clock;

    struct Visit {
        Approach approach{};
        int socket = -1;
        Clock::time_point begun;
        Clock::time_point ended;
        std::size_t received = 0;
        enum class End : std::uint8_t { open, reset, orderly } end = End::open;
    };

    explicit Scanner(const std::string& port);
    Scanner(const Scanner&) = delete;
    Scanner& operator=(const Scanner&) = delete;
    ~Scanner();

    /// `count` connections at once, spread over `networks` source addresses (127.1.0.1, 127.1.0.2, ...).
    void visit(std::size_t count, std::size_t networks);
    /// Watches until all have ended, or `until`.
    void watch(Clock::time_point until);
    [[nodiscard]] const std::vector<Visit>& visits() const { return visits_; }
    [[nodiscard]] std::size_t open() const;

  private:
    int port_;
    std::vector<Visit> visits_;
};

}  // namespace chat::test
