#pragma once
/// Real tokens in software (SoftHSM2), private to the test: configuration and objects in a folder of its own. The module finds them by
/// SOFTHSM2_CONF, which is set for the test's own process, too.

#include <string>
#include <string_view>

#include "cli/program.hpp"

namespace chat::test {

class SoftHsm {
  public:
    SoftHsm();
    SoftHsm(const SoftHsm&) = delete;
    SoftHsm& operator=(const SoftHsm&) = delete;
    ~SoftHsm();

    /// A token with this label and user PIN.
    void add_token(const std::string& label, const std::string& pin);
    /// One without a user PIN.
    void add_raw_token(const std::string& label);

    /// pkcs11:token=LABEL with SoftHSM itself, or with the module that has faults.
    [[nodiscard]] static std::string uri(std::string_view label);
    [[nodiscard]] static std::string faulty_uri(std::string_view label);
    [[nodiscard]] std::string configuration() const { return folder_.file("softhsm2.conf"); }

    /// The lines of faulty_module.cpp; empty: no fault any more.
    void set_faults(std::string_view lines) const;

    /// Takes the objects of all tokens away, and brings them back.
    void take_away() const;
    void bring_back() const;

  private:
    TemporaryFolder folder_;
};

/// Puts a public AES key of this CKA_ID into the token, as anybody can without the PIN.
void plant_public_key(const std::string& label, ByteView id);

/// Asks the token, beside the project's own code, for the value of every secret and private key in it. How many there are; throws when
/// one is handed out or is not marked as made there.
std::size_t count_keys_that_stay(const std::string& label, const std::string& pin);

}  // namespace chat::test
