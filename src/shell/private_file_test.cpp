#include "shell/private_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/temporary_folder.hpp"

namespace chat {
namespace {

class PrivateFile : public testing::Test {
  protected:
    [[nodiscard]] std::string at(std::string_view name) const { return folder_.file(name); }

  private:
    test::TemporaryFolder folder_;
};

TEST_F(PrivateFile, ComesBackAndOnlyItsOwnerReadsIt) {
    ASSERT_TRUE(write_private_file(at("a"), bytes_of("first, longer")));
    ASSERT_EQ(::chmod(at("a").c_str(), 0644), 0);
    ASSERT_TRUE(write_private_file(at("a"), bytes_of("second")));
    struct stat info {};
    ASSERT_EQ(::stat(at("a").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    const auto back = read_private_file(at("a"), 6);
    ASSERT_TRUE(back);
    EXPECT_EQ(to_hex(back->expose()), to_hex(bytes_of("second")));
}

TEST_F(PrivateFile, EveryFailureHasItsError) {
    EXPECT_EQ(read_private_file(at("none"), 10).error(), FileError::not_found);
    ASSERT_TRUE(write_private_file(at("big"), bytes_of("1234567")));
    EXPECT_EQ(read_private_file(at("big"), 6).error(), FileError::too_large);
    std::filesystem::create_symlink(at("big"), at("link"));
    EXPECT_EQ(write_private_file(at("link"), bytes_of("x")).error(), FileError::is_no_file);
    EXPECT_EQ(write_private_file(at(""), bytes_of("x")).error(), FileError::is_no_file);
    EXPECT_EQ(write_private_file("/proc/secure-p2p-test", bytes_of("x")).error(), FileError::not_found);
    EXPECT_EQ(read_private_file(at(""), 10).error(), FileError::is_no_file);
}

}  // namespace
}  // namespace chat
