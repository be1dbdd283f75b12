#include "credentials.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include "support/test_process.hpp"

namespace chat::test {
namespace {

void run(const std::vector<std::string>& argv) {
    TestProcess program{"openssl", argv.at(0), {argv.begin() + 1, argv.end()}};
    program.end_input();
    if (program.wait_exit(std::chrono::steady_clock::now() + std::chrono::seconds{30}) != 0) {
        throw std::runtime_error{"openssl fails:\n" + program.output()};
    }
}

}  // namespace

Credentials make_credentials(const TemporaryFolder& folder, const std::string& algorithm,
                             const std::string& name) {
    const std::string base = folder.path() + "/" + name;
    Credentials out{base + ".crt", base + ".key", {}};
    std::vector<std::string> request = {
        BUILT_OPENSSL,        "req",     "-x509",      "-nodes", "-subj", "/CN=" + name, "-out",
        out.certificate_file, "-keyout", out.key_file, "-days",  "2",     "-newkey",     algorithm};
    if (algorithm == "ec") {
        request.emplace_back("-pkeyopt");
        request.emplace_back("ec_paramgen_curve:P-384");
    }
    run(request);
    run({BUILT_OPENSSL, "x509", "-in", out.certificate_file, "-outform", "DER", "-out", base + ".der"});
    std::ifstream file{base + ".der", std::ios::binary};
    out.der.assign(std::istreambuf_iterator<char>{file}, {});
    return out;
}

}  // namespace chat::test
