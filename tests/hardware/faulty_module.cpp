// A PKCS#11 module that is SoftHSM but for the faults that a test asks for, while it runs: the file $SOFTHSM2_CONF.fault has a line for
// each, "FUNCTION VALUE". VALUE: a return value in place of the call, "hang", "crash", or "zeros" or "counting" (of a generator); "flags VALUE" sets
// these bits in CK_TOKEN_INFO.

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>

namespace {

CK_FUNCTION_LIST* real = nullptr;
CK_FUNCTION_LIST faulty;

std::string fault_of(const std::string& function) {
    const char* const config = std::getenv("SOFTHSM2_CONF");
    std::ifstream file{std::string{config == nullptr ? "" : config} + ".fault"};
    for (std::string name, value; file >> name >> value;) {
        if (name == function) return value;
    }
    return {};
}

/// The return value to give instead of calling the real function.
std::optional<CK_RV> fault(const char* function) {
    const std::string value = fault_of(function);
    if (value.empty() || value == "zeros" || value == "counting") return std::nullopt;
    if (value == "crash") {
        std::signal(SIGSEGV, SIG_DFL);  // a sanitizer would handle it and exit
        std::raise(SIGSEGV);
    }
    while (value == "hang") ::pause();
    return std::stoul(value, nullptr, 0);
}

template <auto member, class... Arguments>
CK_RV wrapped(const char* name, Arguments... arguments) {
    if (const auto code = fault(name)) return *code;
    return (real->*member)(arguments...);
}

CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG size) {
    return wrapped<&CK_FUNCTION_LIST::C_Login>("C_Login", session, user, pin, size);
}

CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void* context, CK_NOTIFY notify,
                   CK_SESSION_HANDLE* session) {
    return wrapped<&CK_FUNCTION_LIST::C_OpenSession>("C_OpenSession", slot, flags, context, notify, session);
}

CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID* slots, CK_ULONG* count) {
    return wrapped<&CK_FUNCTION_LIST::C_GetSlotList>("C_GetSlotList", present, slots, count);
}

CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG* out_size) {
    return wrapped<&CK_FUNCTION_LIST::C_Sign>("C_Sign", session, data, size, out, out_size);
}

CK_RV generate_key_pair(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* first,
                        CK_ULONG first_count, CK_ATTRIBUTE* second, CK_ULONG second_count,
                        CK_OBJECT_HANDLE* one, CK_OBJECT_HANDLE* two) {
    return wrapped<&CK_FUNCTION_LIST::C_GenerateKeyPair>("C_GenerateKeyPair", session, mechanism, first,
                                                         first_count, second, second_count, one, two);
}

CK_RV generate_random(CK_SESSION_HANDLE session, CK_BYTE_PTR out, CK_ULONG size) {
    const CK_RV code = wrapped<&CK_FUNCTION_LIST::C_GenerateRandom>("C_GenerateRandom", session, out, size);
    if (fault_of("C_GenerateRandom") == "zeros") std::memset(out, 0, size);
    if (fault_of("C_GenerateRandom") == "counting") {
        for (CK_ULONG i = 0; i < size; ++i) out[i] = static_cast<CK_BYTE>(i);
    }
    return code;
}

CK_RV get_mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO* info) {
    const std::string without = fault_of("without");  // a mechanism that it has not
    if (!without.empty() && std::stoul(without, nullptr, 0) == type) return CKR_MECHANISM_INVALID;
    return real->C_GetMechanismInfo(slot, type, info);
}

CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
    const CK_RV code = real->C_GetTokenInfo(slot, info);
    const std::string flags = fault_of("flags");
    if (!flags.empty()) info->flags |= std::stoul(flags, nullptr, 0);
    return code;
}

}  // namespace

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
    if (real == nullptr) {
        void* const module = ::dlopen(SOFTHSM_MODULE, RTLD_NOW | RTLD_LOCAL);
        if (module == nullptr) return CKR_GENERAL_ERROR;
        const auto get = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(module, "C_GetFunctionList"));
        if (get == nullptr || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
        faulty = *real;
        faulty.C_GetFunctionList = C_GetFunctionList;
        faulty.C_Login = login;
        faulty.C_OpenSession = open_session;
        faulty.C_GetSlotList = get_slot_list;
        faulty.C_Sign = sign;
        faulty.C_GenerateKeyPair = generate_key_pair;
        faulty.C_GenerateRandom = generate_random;
        faulty.C_GetMechanismInfo = get_mechanism_info;
        faulty.C_GetTokenInfo = get_token_info;
    }
    *list = &faulty;
    return CKR_OK;
}
