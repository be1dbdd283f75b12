/// The `identity` command with vaults under a passphrase.

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "keys/identities.hpp"

namespace chat::test {
namespace {

constexpr int refused = 12;
constexpr int unusable = 13;

unsigned mode_of(const std::string& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 0777U;
}

TEST_F(Identities, AreMadeShownAndListed) {
    EXPECT_EQ(identity({"list"}).output, "no identity is kept\n");
    const std::string fingerprint = create();
    EXPECT_EQ(fingerprint.size(), 64U);
    EXPECT_EQ(mode_of(folder()), 0700U);
    EXPECT_EQ(mode_of(home.file("secure-p2p")), 0700U);
    EXPECT_EQ(mode_of(vault()), 0600U);
    const Outcome shown = identity({"show"}, "open sesame");
    EXPECT_EQ(shown.status, 0) << shown.errors;
    EXPECT_EQ(fingerprint_in(shown.output), fingerprint);
    EXPECT_NE(create("second"), fingerprint);
    EXPECT_EQ(identity({"list"}).output,
              "default: file (passphrase, Argon2id with 256 MiB and 3 passes)\n"
              "second: file (passphrase, Argon2id with 256 MiB and 3 passes)\n");
    EXPECT_EQ(identity({"contacts"}, "open sesame").output, "no contacts\n");
    expect_failure(identity({"forget", "Bob"}, "open sesame"), unusable, "no contact of this name: Bob");
}

TEST_F(Identities, AreMadeOnlyOnceAndOnlyUnderAPassphrase) {
    expect_failure(identity({"create"}, "\n"), refused, "passphrase is empty");
    expect_failure(identity({"create"}), refused, "ended");
    expect_failure(identity({"create"}, std::string(1025, 'x')), refused, "at most 1024 bytes");
    EXPECT_EQ(identity({"list"}).output, "no identity is kept\n");
    create();
    const Bytes before = content_of(vault());
    expect_failure(identity({"create"}, "other"), unusable, "exists already");
    EXPECT_EQ(content_of(vault()), before);
    expect_failure(identity({"show", "--identity-name", "nobody"}, "x"), unusable,
                   "secure-p2p identity create --identity-name nobody");
    EXPECT_EQ(identity({"show", "--identity-name", "../up"}).status, 2);
    EXPECT_EQ(identity({"create", "--identity", "memory"}).status, 2);
    expect_failure(run({"identity"}), 2, "say what: create, list,");
    expect_failure(run({"identity", "make"}), 2, "not expected: make");
}

TEST_F(Identities, TakeAnotherPassphrase) {
    const std::string fingerprint = create();
    expect_failure(identity({"passwd"}, "wrong\nnew"), refused, "wrong passphrase");
    ASSERT_EQ(identity({"passwd"}, "open sesame\nnew").status, 0);
    expect_failure(identity({"show"}, "open sesame"), refused, "wrong passphrase");
    EXPECT_EQ(fingerprint_in(identity({"show"}, "new").output), fingerprint);
    expect_failure(identity({"passwd"}, "new\n\n"), refused, "passphrase is empty");
    EXPECT_EQ(fingerprint_in(identity({"show"}, "new").output), fingerprint);
}

TEST_F(Identities, GoToAnotherMachineInAnExport) {
    const std::string fingerprint = create();
    const std::string file = home.file("travelling");
    ASSERT_EQ(identity({"export", file}, "open sesame\nfor the road").status, 0);
    EXPECT_EQ(mode_of(file), 0600U);
    expect_failure(identity({"export", file}, "open sesame\nagain"), unusable, "exists already");
    expect_failure(identity({"create", "--identity-name", "there", "--from", file}, "open sesame\nlocal"),
                   refused, "wrong passphrase");
    const Outcome imported =
        identity({"create", "--identity-name", "there", "--from", file}, "for the road\nlocal");
    EXPECT_EQ(imported.status, 0) << imported.errors;
    EXPECT_EQ(fingerprint_in(imported.output), fingerprint);
    EXPECT_EQ(fingerprint_in(identity({"show", "--identity-name", "there"}, "local").output), fingerprint);
    write_file(home.file("junk"), Bytes(100, 'x'));
    expect_failure(identity({"create", "--identity-name", "x", "--from", home.file("junk")}), unusable,
                   "not a vault");
    expect_failure(identity({"create", "--identity-name", "x", "--from", home.file("none")}), unusable,
                   "no such file");
}

TEST_F(Identities, AreDeletedOnlyOnPurpose) {
    create();
    expect_failure(identity({"delete"}, "defaul"), unusable, "nothing was deleted");
    EXPECT_TRUE(std::filesystem::exists(vault()));
    EXPECT_EQ(identity({"delete"}, "default").status, 0);
    EXPECT_FALSE(std::filesystem::exists(vault()));
    EXPECT_TRUE(std::filesystem::is_empty(folder()));
    create();
    EXPECT_EQ(identity({"delete", "--yes"}).status, 0);
    EXPECT_TRUE(std::filesystem::is_empty(folder()));
}

/// A file that is open stays in reach when its name is gone, so that what deletion did to it can be seen.
TEST_F(Identities, AreOverwrittenWhenTheyAreDeleted) {
    create();
    const Bytes before = content_of(vault());
    std::FILE* const still_open = std::fopen(vault().c_str(), "rb");
    ASSERT_NE(still_open, nullptr);
    ASSERT_EQ(identity({"delete", "--yes"}).status, 0);
    Bytes after(before.size());
    EXPECT_EQ(std::fread(after.data(), 1, after.size(), still_open), after.size());
    std::fclose(still_open);
    EXPECT_EQ(after, Bytes(before.size(), 0));
}

TEST_F(Identities, DamageIsToldAndNothingIsReplaced) {
    create();
    const Bytes good = content_of(vault());
    const auto damaged = [&](std::size_t at) {
        Bytes bad = good;
        bad.at(at) ^= 1;
        return bad;
    };
    // magic, version, protector, parameters, key check, nonce, content, tag, checksum
    for (const std::size_t at :
         {std::size_t{0}, std::size_t{8}, std::size_t{9}, std::size_t{20}, std::size_t{40}, std::size_t{70},
          std::size_t{4000}, good.size() - 40, good.size() - 1}) {
        const Bytes bad = damaged(at);
        write_file(vault(), bad);
        expect_failure(identity({"show"}, "open sesame"), unusable, at == 0 ? "not a vault" : "damaged");
        expect_failure(run({"--identity", "file", "listen", "--passphrase-fd", "0"}, "open sesame"), unusable,
                       at == 0 ? "not a vault" : "damaged");
        EXPECT_EQ(identity({"create"}, "x").status, unusable);
        EXPECT_EQ(content_of(vault()), bad) << at;
    }
    for (const std::size_t size : {std::size_t{0}, std::size_t{5}, std::size_t{100}, good.size() - 1}) {
        write_file(vault(), Bytes{good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)});
        EXPECT_EQ(identity({"show"}, "open sesame").status, unusable) << size;
    }
    expect_failure(identity({"delete", "--yes"}), unusable, "--file-only");
    EXPECT_EQ(identity({"delete", "--yes", "--file-only"}).status, 0);
    write_file(vault(), Bytes(2'000'000));
    ::chmod(vault().c_str(), 0600);
    expect_failure(identity({"show"}, "x"), unusable, "larger than any vault");
}

TEST_F(Identities, WhatOthersCanReachIsRefusedWithTheFix) {
    const std::string fingerprint = create();
    ASSERT_EQ(::chmod(vault().c_str(), 0640), 0);
    expect_failure(identity({"show"}, "open sesame"), unusable, "chmod 600 " + vault());
    ASSERT_EQ(::chmod(vault().c_str(), 0600), 0);
    ASSERT_EQ(::chmod(folder().c_str(), 0750), 0);
    expect_failure(identity({"show"}, "open sesame"), unusable, "chmod 700 " + folder());
    expect_failure(identity({"create", "--identity-name", "x"}, "open sesame"), unusable,
                   "chmod 700 " + folder());
    ASSERT_EQ(::chmod(folder().c_str(), 0700), 0);
    ASSERT_EQ(::chmod(home.file("secure-p2p").c_str(), 0701), 0);
    expect_failure(identity({"show"}, "open sesame"), unusable, "chmod 700 " + home.file("secure-p2p"));
    ASSERT_EQ(::chmod(home.file("secure-p2p").c_str(), 0700), 0);
    EXPECT_EQ(fingerprint_in(identity({"show"}, "open sesame").output), fingerprint);
}

TEST_F(Identities, LinksAreRefused) {
    create();
    std::filesystem::rename(vault(), home.file("elsewhere"));
    std::filesystem::create_symlink(home.file("elsewhere"), vault());
    expect_failure(identity({"show"}, "open sesame"), unusable, "symbolic link");
    std::filesystem::remove(vault());
    std::filesystem::create_hard_link(home.file("elsewhere"), vault());
    expect_failure(identity({"show"}, "open sesame"), unusable, vault());
    std::filesystem::rename(folder(), home.file("moved"));
    std::filesystem::create_directory_symlink(home.file("moved"), folder());
    expect_failure(identity({"show"}, "open sesame"), unusable, "symbolic link");
}

TEST_F(Identities, WhatBelongsToAnotherUserIsRefused) {
    if (::geteuid() == 0) {
        create();
        ASSERT_EQ(::chown(vault().c_str(), 12345, 12345), 0);
        expect_failure(identity({"show"}, "open sesame"), unusable, vault() + " belongs to another user");
        ASSERT_EQ(::chown(folder().c_str(), 12345, 12345), 0);
        expect_failure(identity({"show"}, "open sesame"), unusable, folder() + " belongs to another user");
    } else {
        // An ordinary user can give nothing away; root's own folder is what there is.
        ::setenv("XDG_DATA_HOME", "/root", 1);
        EXPECT_EQ(identity({"show"}, "open sesame").status, unusable);
    }
}

TEST_F(Identities, AreUsedByOneProcessAtATime) {
    create();
    Program first{
        {"--identity", "file", "--passphrase-fd", "0", "listen", "--no-stun", "--bind", "127.0.0.1"}};
    first.say("open sesame");
    first.wait_for("waiting for the guest");
    expect_failure(identity({"show"}, "open sesame"), unusable, "another process uses this identity");
    expect_failure(identity({"delete", "--yes"}), unusable, "another process uses this identity");
    expect_failure(identity({"passwd"}, "open sesame\nx"), unusable, "another process uses this identity");
    EXPECT_NE(create("other"), "");
    first.signal(SIGKILL);
    first.wait();
    EXPECT_EQ(identity({"show"}, "open sesame").status, 0);
}

TEST_F(Identities, APlaceThatCantBeWrittenIsOneLine) {
    expect_failure(run({"--identity", "file", "listen"}), unusable,
                   "to make one: secure-p2p identity create");
    ::setenv("XDG_DATA_HOME", "/proc/secure-p2p-test", 1);
    expect_failure(identity({"create"}, "x"), unusable, "/proc/secure-p2p-test");
    write_file(home.file("a file"), {});
    ::setenv("XDG_DATA_HOME", home.file("a file").c_str(), 1);
    expect_failure(identity({"create"}, "x"), unusable, home.file("a file"));
    ::unsetenv("XDG_DATA_HOME");
    ::unsetenv("HOME");
    expect_failure(identity({"create"}, "x"), unusable, "neither HOME nor XDG_DATA_HOME");
    ::setenv("XDG_DATA_HOME", "relative", 1);
    expect_failure(identity({"list"}), unusable, "neither HOME nor XDG_DATA_HOME");
}

/// A limit on the size of files stands for the full disk: writing ends in the middle.
TEST_F(Identities, AFullDiskLeavesTheOldVault) {
    const std::string fingerprint = create();
    const Bytes before = content_of(vault());
    for (const std::string limit : {"0", "8"}) {
        Program changed{"/bin/sh",
                        {"-c", "ulimit -f " + limit + "; exec \"$@\"", "sh", SECURE_P2P, "identity", "passwd",
                         "--passphrase-fd", "0"}};
        changed.say("open sesame\nnew");
        EXPECT_EQ(changed.wait_after_end_of_input(), unusable);
        EXPECT_NE(changed.errors().find("no room left"), std::string::npos) << changed.errors();
        EXPECT_EQ(content_of(vault()), before);
    }
    EXPECT_EQ(fingerprint_in(identity({"show"}, "open sesame").output), fingerprint);
    EXPECT_EQ(identity({"list"}).output, "default: file (passphrase, Argon2id with 256 MiB and 3 passes)\n");
}

}  // namespace
}  // namespace chat::test
