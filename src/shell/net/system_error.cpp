#include "shell/net/system_error.hpp"

#include <algorithm>
#include <array>

namespace chat {

namespace {

struct Entry {
    std::errc code;
    NetError error;
};

constexpr std::array<Entry, 19> table{{
    {std::errc::connection_refused, NetError::refused},
    {std::errc::timed_out, NetError::timed_out},
    {std::errc::host_unreachable, NetError::host_unreachable},
    {std::errc::network_unreachable, NetError::network_unreachable},
    {std::errc::network_down, NetError::network_unreachable},
    {std::errc::address_family_not_supported, NetError::network_unreachable},
    {std::errc::connection_reset, NetError::reset},
    {std::errc::connection_aborted, NetError::reset},
    {std::errc::broken_pipe, NetError::reset},
    {std::errc::network_reset, NetError::reset},
    {std::errc::address_in_use, NetError::address_in_use},
    {std::errc::address_not_available, NetError::address_not_local},
    {std::errc::no_such_device, NetError::unknown_interface},
    {std::errc::no_such_device_or_address, NetError::unknown_interface},
    {std::errc::permission_denied, NetError::permission_denied},
    {std::errc::operation_not_permitted, NetError::permission_denied},
    {std::errc::too_many_files_open, NetError::too_many_files},
    {std::errc::too_many_files_open_in_system, NetError::too_many_files},
    {std::errc::operation_canceled, NetError::cancelled},
}};

}  // namespace

NetError net_error_of(const std::error_code& code) {
    const std::error_code plain{code.value(), std::system_category()};
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Entry& entry) { return plain == entry.code; });
    return found == table.end() ? NetError::unexpected : found->error;
}

NetError connect_error_of(const std::error_code& code) {
    const std::error_code plain{code.value(), std::system_category()};
    if (plain == std::errc::address_not_available) return NetError::network_unreachable;
    if (plain == std::errc::invalid_argument) return NetError::unknown_interface;
    return net_error_of(code);
}

}  // namespace chat
