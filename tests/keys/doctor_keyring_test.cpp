/// The row of `secure-p2p doctor` for the keyring, with a real gnome-keyring on a D-Bus of the test's own.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "keys/identities.hpp"
#include "keys/private_bus.hpp"

namespace chat::test {
namespace {

using testing::HasSubstr;

class DoctorKeyring : public Identities {
  protected:
    static void expect(const std::string& state, const std::string& part) {
        const auto parsed = nlohmann::json::parse(run({"doctor", "--json"}).output);
        for (const auto& each : parsed["facilities"]) {
            if (each["key"] != "keyring") continue;
            EXPECT_EQ(each["state"], state) << each;
            EXPECT_THAT(each["meaning"].get<std::string>(), HasSubstr(part));
            EXPECT_EQ(each["hint"].get<std::string>().empty(), state == "good");
            return;
        }
        ADD_FAILURE() << "no row for the keyring";
    }
    PrivateBus bus{home};
};

TEST_F(DoctorKeyring, ABusWithoutAKeyring) { expect("missing", "none answers"); }

TEST_F(DoctorKeyring, AKeyringThatWorks) {
    Keyring keyring{bus};
    expect("good", "it answers");
}

TEST_F(DoctorKeyring, ALockedKeyringAnswersTooAndNobodyIsAsked) {
    Keyring keyring{bus};
    keyring.lock();
    expect("good", "it answers");
}

TEST_F(DoctorKeyring, AKeyringThatDoesNotAnswer) {
    Keyring keyring{bus};
    keyring.freeze();
    expect("weak", "did not answer");
    keyring.kill();
}

}  // namespace
}  // namespace chat::test
