#include "tls_channel_manager/channel.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/wire_reader.hpp"
#include "support/seeded_rng.hpp"

namespace chat {
namespace {

using test::SeededRng;
using Progress = TlsHandshake::Progress;

const TlsContext& policy() {
    static const TlsContext context;
    return context;
}

ChannelCertificate certificate(u64 seed) {
    SeededRng rng{seed};
    return make_channel_certificate(rng, WallTime{std::chrono::seconds{1'800'000'000}});
}

BootstrapTranscript transcript(u8 byte) {
    BootstrapTranscript out;
    out.bytes.fill(byte);
    return out;
}

struct Handshakes {
    TlsHandshake client;
    TlsHandshake server;
};

Handshakes start(const TlsContext& context = policy()) {
    auto a = certificate(1);
    auto b = certificate(2);
    const CertificateDer pin_a = a.der();
    const CertificateDer pin_b = b.der();
    return {TlsHandshake::client(context, std::move(a), pin_b),
            TlsHandshake::server(context, std::move(b), pin_a)};
}

struct Channels {
    TlsChannel client;
    TlsChannel server;
};

Channels connect(const TlsContext& context = policy()) {
    auto both = start(context);
    EXPECT_TRUE(both.server.handle_input(both.client.take_output()).has_value());
    EXPECT_EQ(*both.server.advance(), Progress::needs_input);
    EXPECT_TRUE(both.client.handle_input(both.server.take_output()).has_value());
    EXPECT_EQ(*both.client.advance(), Progress::complete);
    EXPECT_TRUE(both.server.handle_input(both.client.take_output()).has_value());
    EXPECT_EQ(*both.server.advance(), Progress::complete);
    return {std::move(both.client).into_channel(), std::move(both.server).into_channel()};
}

void carry(TlsChannel& from, TlsChannel& to) { ASSERT_TRUE(to.handle_input(from.take_output()).has_value()); }

/// Sizes of the records in a byte stream, header included.
std::vector<std::size_t> record_sizes(ByteView stream) {
    std::vector<std::size_t> out;
    while (stream.size() >= 5) {
        const std::size_t size = 5U + (static_cast<std::size_t>(stream[3]) << 8U) + stream[4];
        out.push_back(size);
        stream = stream.subspan(std::min(size, stream.size()));
    }
    return out;
}

TEST(TlsChannel, SessionSaysWhatItAgreed) {
    const auto both = connect();
    for (const TlsChannel* side : {&both.client, &both.server}) {
        const TlsFacts facts = side->facts();
        EXPECT_EQ(facts.version, "TLSv1.3");
        EXPECT_EQ(facts.group, "SecP384r1MLKEM1024");
        EXPECT_EQ(facts.suite, "TLS_AES_256_GCM_SHA384");
        EXPECT_EQ(facts.signature, "ML-DSA-87");
        EXPECT_EQ(facts.certificate_size, certificate(1).der().view().size());
        EXPECT_TRUE(facts.peer_matches_pin);
    }
}

TEST(TlsChannel, ExporterBindsChannelAndTranscript) {
    const auto one = connect();
    const auto two = connect();
    EXPECT_EQ(one.client.exporter(transcript(1)), one.server.exporter(transcript(1)));
    EXPECT_NE(one.client.exporter(transcript(1)), one.client.exporter(transcript(2)));
    EXPECT_NE(one.client.exporter(transcript(1)), two.client.exporter(transcript(1)));
}

TEST(TlsChannel, FirstFrameTravelsWithFinished) {
    auto both = start();
    ASSERT_TRUE(both.server.handle_input(both.client.take_output()).has_value());
    ASSERT_TRUE(both.server.advance().has_value());
    ASSERT_TRUE(both.client.handle_input(both.server.take_output()).has_value());
    ASSERT_EQ(*both.client.advance(), Progress::complete);
    auto client = std::move(both.client).into_channel();
    ASSERT_TRUE(client.write(Bytes(8195, 7)).has_value());
    ASSERT_TRUE(both.server.handle_input(client.take_output()).has_value());
    ASSERT_EQ(*both.server.advance(), Progress::complete);
    auto server = std::move(both.server).into_channel();
    EXPECT_EQ(**server.read(), Bytes(8195, 7));
    EXPECT_FALSE(server.read()->has_value());
}

TEST(TlsChannel, OneWriteIsOneRecord) {
    auto both = connect();
    for (const std::size_t size : {1U, 5633U, 16383U, 16384U}) {
        ASSERT_TRUE(both.client.write(Bytes(size, 1)).has_value());
        const Bytes sealed = both.client.take_output();
        // Header 5, content type 1, tag 16.
        EXPECT_EQ(record_sizes(sealed), std::vector<std::size_t>{size + 22});
        ASSERT_TRUE(both.server.handle_input(sealed).has_value());
        EXPECT_EQ((**both.server.read()).size(), size);
    }
}

TEST(TlsChannel, RecordsAreReadOneByOneHoweverTheyCome) {
    auto both = connect();
    for (u8 i = 1; i <= 3; ++i) ASSERT_TRUE(both.server.write(Bytes(i, i)).has_value());
    const Bytes stream = both.server.take_output();
    ASSERT_TRUE(both.client.handle_input(stream).has_value());
    for (u8 i = 1; i <= 3; ++i) EXPECT_EQ(**both.client.read(), Bytes(i, i));
    EXPECT_FALSE(both.client.read()->has_value());

    ASSERT_TRUE(both.server.write(Bytes(100, 5)).has_value());
    const Bytes record = both.server.take_output();
    for (std::size_t i = 0; i < record.size(); ++i) {
        EXPECT_FALSE(both.client.read()->has_value());
        ASSERT_TRUE(both.client.handle_input(ByteView{record}.subspan(i, 1)).has_value());
    }
    EXPECT_EQ(**both.client.read(), Bytes(100, 5));
}

TEST(TlsChannel, HandshakeTakesBytesOneByOne) {
    auto both = start();
    Progress server = Progress::needs_input;
    Progress client = Progress::needs_input;
    const auto trickle = [](const Bytes& bytes, TlsHandshake& to) {
        Progress progress = Progress::needs_input;
        for (const u8& byte : bytes) {
            EXPECT_TRUE(to.handle_input({&byte, 1}).has_value());
            progress = *to.advance();
        }
        return progress;
    };
    server = trickle(both.client.take_output(), both.server);
    client = trickle(both.server.take_output(), both.client);
    EXPECT_EQ(client, Progress::complete);
    EXPECT_EQ(server, Progress::needs_input);
    EXPECT_EQ(trickle(both.client.take_output(), both.server), Progress::complete);
}

TEST(TlsChannel, InputBeyondTheLimitIsLeftOut) {
    auto both = connect();
    const Bytes big(tls_max_pending_input, 0);
    ASSERT_TRUE(both.client.write(Bytes(10, 1)).has_value());
    carry(both.client, both.server);
    EXPECT_EQ(both.server.handle_input(big).error(), TlsError::too_much_data);
    // Nothing of it was taken, and the channel goes on.
    EXPECT_EQ(**both.server.read(), Bytes(10, 1));
    ASSERT_TRUE(both.client.write(Bytes(11, 2)).has_value());
    carry(both.client, both.server);
    EXPECT_EQ(**both.server.read(), Bytes(11, 2));

    auto handshakes = start();
    EXPECT_EQ(handshakes.server.handle_input(Bytes(tls_max_pending_input + 1)).error(),
              TlsError::too_much_data);
}

TEST(TlsChannel, CloseIsToldFromACut) {
    auto both = connect();
    EXPECT_EQ(both.server.input_ended(), TlsError::cut_off);
    ASSERT_TRUE(both.client.write(Bytes(10, 1)).has_value());
    both.client.close();
    carry(both.client, both.server);
    EXPECT_EQ(**both.server.read(), Bytes(10, 1));
    EXPECT_EQ(both.server.read().error(), TlsError::closed_by_peer);
    EXPECT_EQ(both.server.input_ended(), TlsError::closed_by_peer);
    // What is on its way to the side that closed can still be read.
    EXPECT_FALSE(both.client.read()->has_value());
}

TEST(TlsChannel, SidesChangeKeysByThemselves) {
    const TlsContext context{TlsLimits{4, 16}};
    auto both = connect(context);
    for (u8 i = 0; i < 20; ++i) {
        ASSERT_TRUE(both.client.write(Bytes(100, i)).has_value());
        const Bytes sealed = both.client.take_output();
        EXPECT_EQ(record_sizes(sealed).size(), i > 0 && i % 4 == 0 ? 2U : 1U) << int{i};
        ASSERT_TRUE(both.server.handle_input(sealed).has_value());
        EXPECT_EQ(**both.server.read(), Bytes(100, i));
        EXPECT_FALSE(both.server.read()->has_value());
        EXPECT_EQ(both.server.pending_output(), 0U);
    }
}

TEST(TlsChannel, TooManyKeyUpdatesEndIt) {
    const TlsContext context{TlsLimits{1, 3}};
    auto both = connect(context);
    for (u8 i = 0; i < 4; ++i) {
        ASSERT_TRUE(both.client.write(Bytes(100, i)).has_value());
        carry(both.client, both.server);
        EXPECT_EQ(**both.server.read(), Bytes(100, i));
    }
    ASSERT_TRUE(both.client.write(Bytes(100, 9)).has_value());
    carry(both.client, both.server);
    EXPECT_EQ(both.server.read().error(), TlsError::too_many_key_updates);
    EXPECT_EQ(both.server.read().error(), TlsError::too_many_key_updates);
}

TEST(TlsChannel, EveryChangedByteOfARecordEndsIt) {
    for (std::size_t i = 0; i < 122; i += 6) {
        auto both = connect();
        ASSERT_TRUE(both.client.write(Bytes(100, 1)).has_value());
        Bytes sealed = both.client.take_output();
        ASSERT_EQ(sealed.size(), 122U);
        sealed[i] ^= static_cast<u8>(1U << (i % 8));
        append(sealed, Bytes(300, 0));
        ASSERT_TRUE(both.server.handle_input(sealed).has_value());
        const auto read = both.server.read();
        ASSERT_FALSE(read.has_value()) << i;
        if (i >= 5) {
            EXPECT_EQ(read.error(), TlsError::record_damaged) << i;
        }
        // The end is an end, whatever comes.
        EXPECT_EQ(both.server.read().error(), read.error());
        EXPECT_EQ(both.server.write(Bytes(1)).error(), read.error());
        EXPECT_EQ(both.server.handle_input(Bytes(1)).error(), read.error());
        EXPECT_EQ(both.server.input_ended(), read.error());
    }
}

TEST(TlsChannel, ReplayedLostOrSwappedRecordsEndIt) {
    const std::vector<std::vector<std::size_t>> orders = {{0, 0}, {1}, {1, 0}, {0, 2}};
    for (const auto& order : orders) {
        auto both = connect();
        std::vector<Bytes> records;
        for (u8 i = 0; i < 3; ++i) {
            ASSERT_TRUE(both.client.write(Bytes(10, i)).has_value());
            records.push_back(both.client.take_output());
        }
        for (const std::size_t i : order) ASSERT_TRUE(both.server.handle_input(records[i]).has_value());
        Result<std::optional<Bytes>, TlsError> read = both.server.read();
        if (read) read = both.server.read();
        ASSERT_FALSE(read.has_value());
        EXPECT_EQ(read.error(), TlsError::record_damaged);
    }
}

TEST(TlsChannel, RecordOfAnotherConnectionEndsIt) {
    auto one = connect();
    auto two = connect();
    ASSERT_TRUE(one.client.write(Bytes(10, 1)).has_value());
    carry(one.client, two.server);
    EXPECT_EQ(two.server.read().error(), TlsError::record_damaged);
}

TEST(TlsChannel, EveryErrorHasALineOfItsOwn) {
    std::vector<std::string_view> lines;
    for (int i = 0; i <= static_cast<int>(TlsError::cut_off); ++i) {
        lines.push_back(describe(static_cast<TlsError>(i)));
        EXPECT_EQ(std::count(lines.begin(), lines.end(), lines.back()), 1) << lines.back();
    }
    EXPECT_EQ(describe(static_cast<TlsError>(200)), "unknown");
}

}  // namespace
}  // namespace chat
