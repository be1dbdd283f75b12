#include "shell/net/resolver.hpp"

#include <algorithm>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

#include "shell/net/local_addresses.hpp"
#include "shell/net/system_lookup.hpp"
#include "support/loop_fixture.hpp"

namespace chat {
namespace {

HostPort place(const std::string& text) { return *parse_host_port(text); }

SocketAddress address(const std::string& text) { return {*place(text).ip, place(text).port}; }

/// Lookups that end only when the test says so. Shared with threads that nobody waits for.
struct Gate {
    std::promise<void> open;
    std::shared_future<void> opened{open.get_future().share()};
    std::mutex mutex;
    std::vector<std::string> asked;

    std::size_t count() {
        const std::lock_guard lock{mutex};
        return asked.size();
    }
};

Resolver::Lookup behind(const std::shared_ptr<Gate>& gate) {
    return [gate](const std::string& name) -> Result<std::vector<IpAddress>, NetError> {
        {
            const std::lock_guard lock{gate->mutex};
            gate->asked.push_back(name);
        }
        gate->opened.wait();
        if (name == "nobody.example") return fail(NetError::name_not_found);
        if (name == "empty.example") return std::vector<IpAddress>{};
        return std::vector{*parse_ip("8.8.8.1"), *parse_ip("2a00::1")};
    };
}

class ResolverTest : public test::LoopFixture {
  protected:
    Addresses resolve(Resolver& resolver, const std::string& text) {
        std::optional<Addresses> out;
        resolver.resolve(place(text), [&](Addresses addresses) { out = std::move(addresses); });
        EXPECT_FALSE(out) << "called back from inside the call";
        run_until([&] { return out.has_value(); });
        return out ? std::move(*out) : fail(NetError::unexpected);
    }
};

TEST_F(ResolverTest, AnAddressNeedsNoLookup) {
    Resolver resolver{loop, [](const std::string&) -> Result<std::vector<IpAddress>, NetError> {
                          ADD_FAILURE();
                          return fail(NetError::unexpected);
                      }};
    EXPECT_EQ(*resolve(resolver, "8.8.8.1:7"), std::vector{address("8.8.8.1:7")});
    EXPECT_EQ(*resolve(resolver, "[2a00::1]:7"), std::vector{address("[2a00::1]:7")});
}

TEST_F(ResolverTest, AZoneBecomesAnInterface) {
    Resolver resolver{loop};
    const auto index = interface_index("lo");
    ASSERT_TRUE(index);
    EXPECT_EQ(interface_index(std::to_string(*index)), index);
    const auto found = resolve(resolver, "[fe80::1%lo]:7");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->front().ip.scope(), *index);
    EXPECT_EQ(resolve(resolver, "[fe80::1%nosuch]:7").error(), NetError::unknown_interface);
    for (const char* zone : {"", "-1", "0", "999999999", "9999999999", "1x"})
        EXPECT_FALSE(interface_index(zone)) << zone;
}

TEST_F(ResolverTest, ANameGetsItsPort) {
    const auto gate = std::make_shared<Gate>();
    gate->open.set_value();
    Resolver resolver{loop, behind(gate)};
    EXPECT_EQ(*resolve(resolver, "peer.example:7"),
              (std::vector{address("8.8.8.1:7"), address("[2a00::1]:7")}));
    EXPECT_EQ(resolve(resolver, "nobody.example:7").error(), NetError::name_not_found);
    EXPECT_EQ(resolve(resolver, "empty.example:7").error(), NetError::name_not_found);
}

TEST_F(ResolverTest, EightLookupsRunAtOnceAndTheOthersWait) {
    const auto gate = std::make_shared<Gate>();
    Resolver resolver{loop, behind(gate)};
    int answers = 0;
    for (int i = 0; i < 20; ++i)
        resolver.resolve(place("peer.example:7"), [&](const Addresses&) { ++answers; });
    while (gate->count() < 8) std::this_thread::yield();
    settle();
    EXPECT_EQ(gate->count(), 8U);
    EXPECT_EQ(answers, 0);
    gate->open.set_value();
    run_until([&] { return answers == 20; });
}

TEST(Resolver, NobodyWaitsForALookupThatHangs) {
    const auto gate = std::make_shared<Gate>();
    {
        Loop loop;
        Resolver resolver{loop, behind(gate)};
        resolver.resolve(place("peer.example:7"), [](const Addresses&) { FAIL(); });
        while (gate->count() == 0) std::this_thread::yield();
    }
    // Loop and resolver are gone while the lookup still hangs; its late answer goes nowhere.
    gate->open.set_value();
    const std::weak_ptr<Gate> thread_holds = gate;
    while (thread_holds.use_count() > 1) std::this_thread::yield();
}

TEST(SystemLookup, KnowsThisMachine) {
    const auto found = system_lookup("localhost");
    ASSERT_TRUE(found) << describe(found.error());
    for (const IpAddress& ip : *found) EXPECT_EQ(ip.reach(), AddressReach::loopback) << to_text(ip);
}

TEST(LocalAddresses, LoopbackIsAmongThem) {
    const auto found = local_addresses();
    ASSERT_TRUE(found);
    EXPECT_NE(std::find(found->begin(), found->end(), *parse_ip("127.0.0.1")), found->end());
}

}  // namespace
}  // namespace chat
