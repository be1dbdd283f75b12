#include "shell/identity_folder.hpp"

#include <gtest/gtest.h>

#include <set>

#include "shell/terminal/passphrase_input.hpp"

// What the folder does is tried with the whole program in tests/keys.

namespace chat {
namespace {

TEST(IdentityFolder, NamesAreShortAndPlain) {
    for (const std::string name :
         {"a", "default", "work-2", "a_b", "0", "abcdefghijklmnopqrstuvwxyz012345"}) {
        EXPECT_TRUE(is_identity_name(name)) << name;
    }
    for (const std::string& name :
         {std::string{}, std::string{"A"}, std::string{"a.b"}, std::string{"../a"}, std::string{"a b"},
          std::string{"\xC3\xA4"}, std::string{"a\0b", 3}, std::string(33, 'a')}) {
        EXPECT_FALSE(is_identity_name(name)) << name;
    }
}

TEST(IdentityFolder, EveryProblemHasALineOfItsOwn) {
    std::set<std::string> lines;
    for (u8 value = 0; value <= static_cast<u8>(FolderError::not_overwritten); ++value) {
        const std::string line = describe(FolderProblem{static_cast<FolderError>(value), "/the/path"});
        EXPECT_EQ(line.find('\n'), std::string::npos);
        EXPECT_TRUE(lines.insert(line).second) << line;
        if (static_cast<FolderError>(value) != FolderError::no_home) {
            EXPECT_NE(line.find("/the/path"), std::string::npos) << line;
        }
    }
    EXPECT_NE(describe(FolderProblem{FolderError::loose_folder, "/x"}).find("chmod 700 /x"),
              std::string::npos);
}

TEST(PassphraseInput, EveryErrorHasALineOfItsOwn) {
    std::set<std::string_view> lines;
    for (u8 value = 0; value <= static_cast<u8>(PassphraseError::askpass_failed); ++value) {
        const std::string_view line = describe(static_cast<PassphraseError>(value));
        EXPECT_FALSE(line.empty());
        EXPECT_TRUE(lines.insert(line).second) << line;
    }
}

}  // namespace
}  // namespace chat
