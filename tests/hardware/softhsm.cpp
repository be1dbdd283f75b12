#include "hardware/softhsm.hpp"

#include <p11-kit/p11-kit.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "support/test_process.hpp"

namespace chat::test {
namespace {

void require(bool ok, const std::string& what) {
    if (!ok) throw std::runtime_error{what};
}

void run_softhsm_util(const std::string& configuration, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"SOFTHSM2_CONF=" + configuration, "/usr/bin/softhsm2-util"});
    TestProcess process{"softhsm2-util", "/usr/bin/env", arguments};
    const int status = process.wait_exit(std::chrono::steady_clock::now() + std::chrono::seconds{30});
    require(status == 0, "softhsm2-util: " + process.output());
}

}  // namespace

SoftHsm::SoftHsm() {
    std::filesystem::create_directory(folder_.file("tokens"));
    std::ofstream{configuration()}
        << "directories.tokendir = " << folder_.file("tokens")
        << "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n";
    ::setenv("SOFTHSM2_CONF", configuration().c_str(), 1);
}

SoftHsm::~SoftHsm() { ::unsetenv("SOFTHSM2_CONF"); }

void SoftHsm::add_token(const std::string& label, const std::string& pin) {
    run_softhsm_util(configuration(),
                     {"--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", pin});
}

void SoftHsm::add_raw_token(const std::string& label) {
    CK_FUNCTION_LIST* const module = p11_kit_module_load(SOFTHSM_MODULE, 0);
    require(module != nullptr && p11_kit_module_initialize(module) == CKR_OK, "SoftHSM does not start");
    std::array<CK_SLOT_ID, 64> slots{};
    CK_ULONG count = slots.size();
    require(module->C_GetSlotList(CK_TRUE, slots.data(), &count) == CKR_OK && count > 0, "no slots");
    std::array<unsigned char, 32> name{};
    name.fill(' ');
    std::memcpy(name.data(), label.data(), label.size());
    std::string pin = "12345678";
    require(module->C_InitToken(slots[count - 1], reinterpret_cast<unsigned char*>(pin.data()), pin.size(),
                                name.data()) == CKR_OK,
            "the token is not initialised");
    (void)p11_kit_module_finalize(module);
    p11_kit_module_release(module);
}

std::string SoftHsm::uri(std::string_view label) {
    return "pkcs11:token=" + std::string{label} + "?module-path=" SOFTHSM_MODULE;
}

std::string SoftHsm::faulty_uri(std::string_view label) {
    return "pkcs11:token=" + std::string{label} + "?module-path=" FAULTY_MODULE;
}

void SoftHsm::set_faults(std::string_view lines) const {
    // In one step, since the module may be reading.
    const std::string path = configuration() + ".fault";
    std::ofstream{path + ".new"} << lines << "\n";
    std::filesystem::rename(path + ".new", path);
}

void SoftHsm::take_away() const {
    std::filesystem::rename(folder_.file("tokens"), folder_.file("away"));
    std::filesystem::create_directory(folder_.file("tokens"));
}

void SoftHsm::bring_back() const {
    std::filesystem::remove_all(folder_.file("tokens"));
    std::filesystem::rename(folder_.file("away"), folder_.file("tokens"));
}

void plant_public_key(const std::string& label, ByteView id) {
    CK_FUNCTION_LIST* const module = p11_kit_module_load(SOFTHSM_MODULE, 0);
    require(module != nullptr && p11_kit_module_initialize(module) == CKR_OK, "SoftHSM does not start");
    std::array<CK_SLOT_ID, 64> slots{};
    CK_ULONG slot_count = slots.size();
    require(module->C_GetSlotList(CK_TRUE, slots.data(), &slot_count) == CKR_OK, "no slots");
    for (CK_ULONG i = 0; i < slot_count; ++i) {
        CK_TOKEN_INFO info{};
        (void)module->C_GetTokenInfo(slots[i], &info);
        if (std::string(info.label, info.label + sizeof info.label).rfind(label + " ", 0) != 0) continue;
        CK_SESSION_HANDLE session = 0;
        require(module->C_OpenSession(slots[i], CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                      &session) == CKR_OK,
                "no session");
        CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
        CK_KEY_TYPE aes = CKK_AES;
        CK_BBOOL yes = CK_TRUE;
        CK_BBOOL no = CK_FALSE;
        std::array<u8, 32> known{};
        Bytes its_id{id.begin(), id.end()};
        std::array<CK_ATTRIBUTE, 8> type{{{CKA_CLASS, &secret, sizeof secret},
                                          {CKA_KEY_TYPE, &aes, sizeof aes},
                                          {CKA_TOKEN, &yes, sizeof yes},
                                          {CKA_PRIVATE, &no, sizeof no},
                                          {CKA_ENCRYPT, &yes, sizeof yes},
                                          {CKA_DECRYPT, &yes, sizeof yes},
                                          {CKA_ID, its_id.data(), its_id.size()},
                                          {CKA_VALUE, known.data(), known.size()}}};
        CK_OBJECT_HANDLE key = 0;
        require(module->C_CreateObject(session, type.data(), type.size(), &key) == CKR_OK,
                "the token takes no public key");
        (void)module->C_CloseSession(session);
    }
    (void)p11_kit_module_finalize(module);
    p11_kit_module_release(module);
}

std::size_t count_keys_that_stay(const std::string& label, const std::string& pin) {
    CK_FUNCTION_LIST* const module = p11_kit_module_load(SOFTHSM_MODULE, 0);
    require(module != nullptr && p11_kit_module_initialize(module) == CKR_OK, "SoftHSM does not start");
    std::array<CK_SLOT_ID, 64> slots{};
    CK_ULONG slot_count = slots.size();
    require(module->C_GetSlotList(CK_TRUE, slots.data(), &slot_count) == CKR_OK, "no slots");
    std::size_t keys = 0;
    for (CK_ULONG i = 0; i < slot_count; ++i) {
        CK_TOKEN_INFO info{};
        (void)module->C_GetTokenInfo(slots[i], &info);
        if (std::string(info.label, info.label + sizeof info.label).rfind(label + " ", 0) != 0) continue;
        CK_SESSION_HANDLE session = 0;
        require(module->C_OpenSession(slots[i], CKF_SERIAL_SESSION, nullptr, nullptr, &session) == CKR_OK,
                "no session");
        std::string copy = pin;
        const CK_RV login =
            module->C_Login(session, CKU_USER, reinterpret_cast<unsigned char*>(copy.data()), copy.size());
        require(login == CKR_OK || login == CKR_USER_ALREADY_LOGGED_IN, "no login");
        require(module->C_FindObjectsInit(session, nullptr, 0) == CKR_OK, "no search");
        std::array<CK_OBJECT_HANDLE, 64> objects{};
        CK_ULONG count = 0;
        (void)module->C_FindObjects(session, objects.data(), objects.size(), &count);
        (void)module->C_FindObjectsFinal(session);
        for (CK_ULONG k = 0; k < count; ++k) {
            CK_OBJECT_CLASS its_class = 0;
            CK_ATTRIBUTE asked{CKA_CLASS, &its_class, sizeof its_class};
            (void)module->C_GetAttributeValue(session, objects[k], &asked, 1);
            if (its_class != CKO_SECRET_KEY && its_class != CKO_PRIVATE_KEY) continue;
            std::array<unsigned char, 128> value{};
            CK_ATTRIBUTE secret{CKA_VALUE, value.data(), value.size()};
            require(module->C_GetAttributeValue(session, objects[k], &secret, 1) == CKR_ATTRIBUTE_SENSITIVE,
                    "the token hands out a key");
            ++keys;
        }
        (void)module->C_CloseSession(session);
    }
    (void)p11_kit_module_finalize(module);
    p11_kit_module_release(module);
    return keys;
}

}  // namespace chat::test
