#include "shell/net/system_error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace chat {
namespace {

TEST(SystemError, EachCodeHasItsWord) {
    const std::vector<std::pair<int, NetError>> cases{
        {ECONNREFUSED, NetError::refused},
        {ETIMEDOUT, NetError::timed_out},
        {EHOSTUNREACH, NetError::host_unreachable},
        {ENETUNREACH, NetError::network_unreachable},
        {ENETDOWN, NetError::network_unreachable},
        {EAFNOSUPPORT, NetError::network_unreachable},
        {ECONNRESET, NetError::reset},
        {ECONNABORTED, NetError::reset},
        {EPIPE, NetError::reset},
        {ENETRESET, NetError::reset},
        {EADDRINUSE, NetError::address_in_use},
        {EADDRNOTAVAIL, NetError::address_not_local},
        {ENODEV, NetError::unknown_interface},
        {ENXIO, NetError::unknown_interface},
        {EACCES, NetError::permission_denied},
        {EPERM, NetError::permission_denied},
        {EMFILE, NetError::too_many_files},
        {ENFILE, NetError::too_many_files},
        {ECANCELED, NetError::cancelled},
        {EBADF, NetError::unexpected},
    };
    for (const auto& [code, error] : cases) {
        EXPECT_EQ(net_error_of({code, std::system_category()}), error) << code;
        EXPECT_EQ(net_error_of({code, std::generic_category()}), error) << code;
    }
}

TEST(SystemError, ConnectingHasTwoWordsOfItsOwn) {
    EXPECT_EQ(connect_error_of({EADDRNOTAVAIL, std::system_category()}), NetError::network_unreachable);
    EXPECT_EQ(connect_error_of({EINVAL, std::system_category()}), NetError::unknown_interface);
    EXPECT_EQ(connect_error_of({ECONNREFUSED, std::system_category()}), NetError::refused);
}

}  // namespace
}  // namespace chat
