#include "shell/net/resolver.hpp"

#include <deque>
#include <map>
#include <system_error>
#include <thread>

#include "shell/net/local_addresses.hpp"
#include "shell/net/system_lookup.hpp"

namespace chat {

namespace {

constexpr std::size_t most_at_once = 8;  // threads; a lookup that hangs keeps one until the system gives up

using Found = Result<std::vector<IpAddress>, NetError>;

Addresses with_port(const Found& found, u16 port) {
    if (!found) return fail(found.error());
    if (found->empty()) return fail(NetError::name_not_found);
    std::vector<SocketAddress> out;
    for (const IpAddress& ip : *found) out.push_back({ip, port});
    return out;
}

Addresses with_zone(const HostPort& place) {
    if (place.zone.empty()) return std::vector{SocketAddress{*place.ip, place.port}};
    const auto scope = interface_index(place.zone);
    if (!scope) return fail(NetError::unknown_interface);
    std::array<u8, 16> bytes{};
    const ByteView plain = place.ip->bytes();
    std::copy(plain.begin(), plain.end(), bytes.begin());
    return std::vector{SocketAddress{IpAddress::v6(bytes, *scope), place.port}};
}

}  // namespace

struct Resolver::Impl : std::enable_shared_from_this<Resolver::Impl> {
    struct Question {
        HostPort place;
        std::function<void(Addresses)> callback;
    };

    Impl(std::shared_ptr<LoopMailbox> home, Lookup how) : mailbox{std::move(home)}, lookup{std::move(how)} {}

    void answer_soon(std::function<void(Addresses)> callback, Addresses addresses) {
        mailbox->post(
            [weak = weak_from_this(), callback = std::move(callback), addresses = std::move(addresses)] {
                if (!weak.expired()) callback(addresses);
            });
    }

    void start_waiting() {
        while (running < most_at_once && !waiting.empty()) {
            ++running;
            begin(std::move(waiting.front()));
            waiting.pop_front();
        }
    }

    /// The thread is let go: it owns copies of all it uses, and its answer is dropped when nobody is left to
    /// take it.
    void begin(Question question) {
        const u64 number = next_number++;
        auto job = [weak = weak_from_this(), home = mailbox, how = lookup, place = question.place, number] {
            Addresses answer = with_port(how(place.name), place.port);
            home->post([weak, number, answer = std::move(answer)] {
                if (const auto self = weak.lock()) self->finished(number, answer);
            });
        };
        asked.emplace(number, std::move(question));
        try {
            std::thread{std::move(job)}.detach();
        } catch (const std::system_error&) {
            mailbox->post([weak = weak_from_this(), number] {
                if (const auto self = weak.lock()) self->finished(number, fail(NetError::name_lookup_failed));
            });
        }
    }

    void finished(u64 number, const Addresses& answer) {
        const auto node = asked.extract(number);
        --running;
        start_waiting();
        node.mapped().callback(answer);
    }

    std::shared_ptr<LoopMailbox> mailbox;
    Lookup lookup;
    std::deque<Question> waiting;
    std::map<u64, Question> asked;
    u64 next_number = 0;
    std::size_t running = 0;
};

Resolver::Resolver(Loop& loop) : Resolver{loop, &system_lookup} {}

Resolver::Resolver(Loop& loop, Lookup lookup)
    : impl_{std::make_shared<Impl>(loop.mailbox(), std::move(lookup))} {}

Resolver::~Resolver() = default;

void Resolver::resolve(const HostPort& place, std::function<void(Addresses)> callback) {
    if (place.ip) return impl_->answer_soon(std::move(callback), with_zone(place));
    impl_->waiting.push_back({place, std::move(callback)});
    impl_->start_waiting();
}

}  // namespace chat
