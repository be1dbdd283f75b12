#include "adversary/wire_unit.hpp"

#include "ca_services/bootstrap.hpp"

namespace chat::test {
namespace {

constexpr u8 handshake_record = 22;
constexpr u8 application_record = 23;

}  // namespace

std::size_t UnitReader::next_size() const {
    if (units_ == 0) return way_ == Way::to_host ? bootstrap_hello_size : bootstrap_reply_size;
    if (units_ == 1 && way_ == Way::to_host) return bootstrap_finish_size;
    if (pending_.size() < record_header) return record_header;
    return record_header + ((static_cast<std::size_t>(pending_[3]) << 8U) | pending_[4]);
}

Part UnitReader::part_of(ByteView unit) const {
    if (units_ == 0) return way_ == Way::to_host ? Part::hello : Part::reply;
    if (units_ == 1 && way_ == Way::to_host) return Part::finish;
    if (unit[0] == handshake_record) return way_ == Way::to_host ? Part::client_hello : Part::server_hello;
    if (unit[0] != application_record) return Part::other;
    if (unit.size() == record_of(frame::bundle_body)) return Part::bundle;
    if (unit.size() == record_of(frame::init_body)) return Part::init;
    if (unit.size() == record_of(frame::resp_body)) return Part::resp;
    if (unit.size() == record_of(frame::cell_body)) return Part::cell;
    const bool under_way =
        !counts_.contains(Part::bundle) && !counts_.contains(Part::init) && !counts_.contains(Part::cell);
    if (!under_way) return Part::other;
    return way_ == Way::to_host ? Part::client_flight : Part::server_flight;
}

std::optional<Unit> UnitReader::next() {
    const std::size_t size = next_size();
    if (pending_.size() < size || size == record_header) return std::nullopt;
    Unit out;
    out.stream = stream_;
    out.way = way_;
    out.bytes.assign(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(size));
    out.part = part_of(out.bytes);
    out.number = ++counts_[out.part];
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(size));
    ++units_;
    return out;
}

}  // namespace chat::test
