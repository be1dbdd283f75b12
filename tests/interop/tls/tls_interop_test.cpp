/// The TLS channel against real OpenSSL programs over loopback: the right peer is let in, every other is refused with the right
/// error (docs/protocol.md 4).

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <map>
#include <variant>

#include "credentials.hpp"
#include "support/seeded_rng.hpp"
#include "support/test_process.hpp"
#include "tls_channel_manager/channel.hpp"

namespace chat::test {
namespace {

using Arguments = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{20};

/// A connected or listening TCP socket on 127.0.0.1.
class Socket {
  public:
    Socket() : handle_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} { check(handle_ >= 0); }
    Socket(Socket&& other) noexcept : handle_{std::exchange(other.handle_, -1)} {}
    Socket& operator=(Socket&&) = delete;
    ~Socket() {
        if (handle_ >= 0) ::close(handle_);
    }

    /// On a port of the system's choice, which is returned.
    u16 listen() const {
        sockaddr_in address = loopback(0);
        check(::bind(handle_, as_address(address), sizeof address) == 0 && ::listen(handle_, 1) == 0);
        socklen_t size = sizeof address;
        check(::getsockname(handle_, as_address(address), &size) == 0);
        return ntohs(address.sin_port);
    }
    [[nodiscard]] Socket accept() const {
        wait_readable(Clock::now() + patience);
        return Socket{::accept4(handle_, nullptr, nullptr, SOCK_CLOEXEC)};
    }
    void connect(u16 port) const {
        sockaddr_in address = loopback(port);
        check(::connect(handle_, as_address(address), sizeof address) == 0);
    }
    void send(ByteView bytes) const {
        while (!bytes.empty()) {
            const ssize_t size = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (size <= 0) return;  // the peer is gone; receive() will say so
            bytes = bytes.subspan(static_cast<std::size_t>(size));
        }
    }
    /// Empty at the end of the stream.
    [[nodiscard]] Bytes receive() const {
        wait_readable(Clock::now() + patience);
        Bytes out(65536);
        const ssize_t size = ::recv(handle_, out.data(), out.size(), 0);
        out.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return out;
    }

  private:
    explicit Socket(int handle) : handle_{handle} { check(handle >= 0); }
    static void check(bool ok) {
        if (!ok) throw std::runtime_error{"loopback socket fails"};
    }
    static sockaddr_in loopback(u16 port) {
        sockaddr_in out{};
        out.sin_family = AF_INET;
        out.sin_port = htons(port);
        out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return out;
    }
    static sockaddr* as_address(sockaddr_in& address) {
        return reinterpret_cast<sockaddr*>(&address);  // NOLINT: what the socket interface asks for
    }
    void wait_readable(Clock::time_point deadline) const {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd ready{handle_, POLLIN, 0};
        if (::poll(&ready, 1, static_cast<int>(left.count())) != 1)
            throw std::runtime_error{"the peer is silent"};
    }
    int handle_;
};

/// What came of a connection: a channel, or why not.
using Outcome = std::variant<TlsChannel, TlsError>;

Outcome handshake_over(const Socket& socket, TlsHandshake handshake) {
    for (;;) {
        const auto progress = handshake.advance();
        socket.send(handshake.take_output());
        if (!progress) return progress.error();
        if (*progress == TlsHandshake::Progress::complete) return std::move(handshake).into_channel();
        const Bytes bytes = socket.receive();
        if (bytes.empty()) return handshake.input_ended();
        if (const auto taken = handshake.handle_input(bytes); !taken) return taken.error();
    }
}

Result<Bytes, TlsError> read_record(const Socket& socket, TlsChannel& channel) {
    for (;;) {
        auto record = channel.read();
        socket.send(channel.take_output());
        if (!record) return fail(record.error());
        if (*record) return std::move(**record);
        const Bytes bytes = socket.receive();
        if (bytes.empty()) return fail(channel.input_ended());
        if (const auto taken = channel.handle_input(bytes); !taken) return fail(taken.error());
    }
}

class TlsInterop : public testing::Test {
  protected:
    const Credentials& credentials(const std::string& algorithm, const std::string& name) {
        auto& made = credentials_[name];
        if (made.der.empty()) made = make_credentials(folder_, algorithm, name);
        return made;
    }
    /// What the other program holds when all is right.
    const Credentials& right() { return credentials("mldsa87", "right"); }
    CertificateDer pin() { return read_certificate(right().der).value(); }

    ChannelCertificate own() {
        SeededRng rng{1};
        return make_channel_certificate(rng, WallTime{std::chrono::seconds{1'800'000'000}});
    }

    static Arguments with(const Credentials& held, Arguments more = {}) {
        Arguments out = {"-cert", held.certificate_file, "-key", held.key_file};
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }

    /// Our server; `program s_client` with these arguments comes.
    Outcome serve(const std::string& program, const Arguments& arguments) {
        const Socket listener;
        const u16 port = listener.listen();
        Arguments argv = {"s_client", "-quiet", "-connect", "127.0.0.1:" + std::to_string(port)};
        argv.insert(argv.end(), arguments.begin(), arguments.end());
        program_ = std::make_unique<TestProcess>("openssl", program, argv);
        socket_ = std::make_unique<Socket>(listener.accept());
        return handshake_over(*socket_, TlsHandshake::server(context_, own(), pin()));
    }

    /// Our client goes to `program s_server` with these arguments.
    Outcome dial(const std::string& program, const Arguments& arguments) {
        Arguments argv = {"s_server", "-accept", "127.0.0.1:0", "-naccept", "1"};
        argv.insert(argv.end(), arguments.begin(), arguments.end());
        program_ = std::make_unique<TestProcess>("openssl", program, argv);
        const std::string port = program_->rest_of_line("ACCEPT 127.0.0.1:", Clock::now() + patience);
        socket_ = std::make_unique<Socket>();
        socket_->connect(static_cast<u16>(std::stoul(port)));
        return handshake_over(*socket_, TlsHandshake::client(context_, own(), pin()));
    }

    static void expect_refused(const Outcome& outcome, TlsError error) {
        ASSERT_TRUE(std::holds_alternative<TlsError>(outcome)) << "was let in";
        EXPECT_EQ(std::get<TlsError>(outcome), error) << describe(std::get<TlsError>(outcome));
    }

    /// A line from each side arrives at the other.
    void expect_conversation(Outcome& outcome) {
        if (const auto* error = std::get_if<TlsError>(&outcome)) FAIL() << describe(*error);
        auto& channel = std::get<TlsChannel>(outcome);
        program_->say("from the program");
        const auto heard = read_record(*socket_, channel);
        ASSERT_TRUE(heard.has_value()) << describe(heard.error());
        EXPECT_EQ(std::string(heard->begin(), heard->end()), "from the program\n");
        ASSERT_TRUE(channel.write(bytes_of("from the channel\n")).has_value());
        socket_->send(channel.take_output());
        EXPECT_NO_THROW(program_->wait_for("from the channel", Clock::now() + patience));
    }

    static inline const Arguments group = {"-groups", "SecP384r1MLKEM1024"};
    TemporaryFolder folder_;
    std::map<std::string, Credentials> credentials_;
    TlsContext context_;
    std::unique_ptr<TestProcess> program_;
    std::unique_ptr<Socket> socket_;
};

Arguments operator+(Arguments a, const Arguments& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

TEST_F(TlsInterop, ControlTheRightClientIsLetIn) {
    for (const char* suite : {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}) {
        auto outcome = serve(BUILT_OPENSSL, with(right(), {"-ciphersuites", suite}) + group);
        expect_conversation(outcome);
        EXPECT_EQ(std::get<TlsChannel>(outcome).facts().suite, suite);
        EXPECT_EQ(std::get<TlsChannel>(outcome).facts().group, "SecP384r1MLKEM1024");
    }
}

TEST_F(TlsInterop, ControlTheRightServerIsTaken) {
    auto outcome = dial(BUILT_OPENSSL, with(right(), {"-Verify", "1", "-num_tickets", "0"}) + group);
    expect_conversation(outcome);
    EXPECT_EQ(std::get<TlsChannel>(outcome).facts().group, "SecP384r1MLKEM1024");
}

TEST_F(TlsInterop, ClientWithAnotherCertificateIsRefused) {
    expect_refused(serve(BUILT_OPENSSL, with(credentials("mldsa87", "wrong")) + group),
                   TlsError::wrong_certificate);
}

TEST_F(TlsInterop, ClientWithoutCertificateIsRefused) {
    expect_refused(serve(BUILT_OPENSSL, group), TlsError::no_certificate);
}

TEST_F(TlsInterop, ClientWithClassicalCertificateIsRefused) {
    expect_refused(serve(BUILT_OPENSSL, with(credentials("rsa:2048", "rsa")) + group),
                   TlsError::no_certificate);
    expect_refused(serve(BUILT_OPENSSL, with(credentials("ec", "ec")) + group), TlsError::no_certificate);
}

TEST_F(TlsInterop, ClientWithOtherGroupsIsRefused) {
    for (const char* other : {"X25519MLKEM768", "secp384r1", "X25519"}) {
        expect_refused(serve(BUILT_OPENSSL, with(right(), {"-groups", other})), TlsError::wrong_group);
    }
}

TEST_F(TlsInterop, ClientOfTls12IsRefused) {
    expect_refused(serve(BUILT_OPENSSL, {"-tls1_2"}), TlsError::wrong_version);
}

TEST_F(TlsInterop, ClientWithOtherSuiteIsRefused) {
    expect_refused(serve(BUILT_OPENSSL, with(right(), {"-ciphersuites", "TLS_AES_128_GCM_SHA256"}) + group),
                   TlsError::wrong_suite);
}

TEST_F(TlsInterop, ServerWithAnotherCertificateIsRefused) {
    expect_refused(dial(BUILT_OPENSSL, with(credentials("mldsa87", "wrong"), {"-Verify", "1"}) + group),
                   TlsError::wrong_certificate);
}

TEST_F(TlsInterop, ServerThatAsksForNoCertificateIsRefused) {
    expect_refused(dial(BUILT_OPENSSL, with(right()) + group), TlsError::certificate_not_requested);
}

TEST_F(TlsInterop, ServerWithClassicalCertificateIsRefused) {
    expect_refused(dial(BUILT_OPENSSL, with(credentials("rsa:2048", "rsa"), {"-Verify", "1"}) + group),
                   TlsError::refused_by_peer);
    expect_refused(dial(BUILT_OPENSSL, with(credentials("ec", "ec"), {"-Verify", "1"}) + group),
                   TlsError::refused_by_peer);
}

TEST_F(TlsInterop, ServerWithOtherGroupsIsRefused) {
    for (const char* other : {"X25519MLKEM768", "secp384r1", "X25519"}) {
        expect_refused(dial(BUILT_OPENSSL, with(right(), {"-Verify", "1", "-groups", other})),
                       TlsError::refused_by_peer);
    }
}

TEST_F(TlsInterop, ServerOfTls12IsRefused) {
    expect_refused(dial(BUILT_OPENSSL, with(credentials("ec", "ec"), {"-tls1_2"})), TlsError::wrong_version);
}

TEST_F(TlsInterop, ServerWithOtherSuiteIsRefused) {
    expect_refused(dial(BUILT_OPENSSL,
                        with(right(), {"-Verify", "1", "-ciphersuites", "TLS_AES_128_GCM_SHA256"}) + group),
                   TlsError::refused_by_peer);
}

TEST_F(TlsInterop, ServerThatSendsTicketsIsRefused) {
    auto outcome = dial(BUILT_OPENSSL, with(right(), {"-Verify", "1"}) + group);
    ASSERT_TRUE(std::holds_alternative<TlsChannel>(outcome));
    EXPECT_EQ(read_record(*socket_, std::get<TlsChannel>(outcome)).error(), TlsError::unexpected_message);
}

TEST_F(TlsInterop, KeyUpdateOfARealPeerIsTaken) {
    auto outcome = dial(BUILT_OPENSSL, with(right(), {"-Verify", "1", "-num_tickets", "0"}) + group);
    ASSERT_TRUE(std::holds_alternative<TlsChannel>(outcome));
    auto& channel = std::get<TlsChannel>(outcome);
    // For s_server this line is a command: send a KeyUpdate that asks for one in return.
    program_->say("K");
    ASSERT_TRUE(channel.handle_input(socket_->receive()).has_value());
    EXPECT_FALSE(channel.read()->has_value());
    // Ours goes out with the next record that is written.
    expect_conversation(outcome);
}

class OlderOpenssl : public TlsInterop {
  protected:
    void SetUp() override {
        if (std::string{SYSTEM_OPENSSL}.empty()) GTEST_SKIP() << "the system has no openssl program";
        TestProcess version{"openssl", SYSTEM_OPENSSL, {"version"}};
        version.end_input();
        ASSERT_EQ(version.wait_exit(Clock::now() + patience), 0);
        const bool older =
            version.output().rfind("OpenSSL 3.0", 0) == 0 || version.output().rfind("OpenSSL 1.1", 0) == 0;
        if (!older) GTEST_SKIP() << "the system's is not an older one: " << version.output();
    }
};

TEST_F(OlderOpenssl, ClientIsRefused) {
    expect_refused(serve(SYSTEM_OPENSSL, {}), TlsError::wrong_group);
    expect_refused(serve(SYSTEM_OPENSSL, with(credentials("ec", "ec"))), TlsError::wrong_group);
    expect_refused(serve(SYSTEM_OPENSSL, {"-tls1_2"}), TlsError::wrong_version);
}

TEST_F(OlderOpenssl, ServerIsRefused) {
    expect_refused(dial(SYSTEM_OPENSSL, with(credentials("ec", "ec"), {"-Verify", "1"})),
                   TlsError::refused_by_peer);
    expect_refused(dial(SYSTEM_OPENSSL, with(credentials("ec", "ec"), {"-tls1_2"})), TlsError::wrong_version);
}

}  // namespace
}  // namespace chat::test
