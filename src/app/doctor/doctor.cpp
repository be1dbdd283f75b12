#include "app/doctor/doctor.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "shell/terminal/sanitize.hpp"

namespace chat {
namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t name_column = 2;
constexpr std::size_t state_column = 20;
constexpr std::size_t text_column = 29;

constexpr std::array states = {FacilityState::good, FacilityState::weak, FacilityState::missing,
                               FacilityState::unknown};

std::string clean(const std::string& text) { return clean_line(bytes_of(text)); }

void pad(std::string& line, std::size_t column) {
    if (line.size() < column) line.append(column - line.size(), ' ');
}

/// Words one after the other; a new line, indented, where one would not fit. A word longer than a line is left whole.
void add_wrapped(std::string& out, std::string line, const std::string& text) {
    std::istringstream words{text};
    std::size_t on_line = 0;
    for (std::string word; words >> word; ++on_line) {
        if (on_line > 0 && line.size() + 1 + word.size() > columns) {
            out += line + "\n";
            line.assign(text_column, ' ');
            on_line = 0;
        }
        line += (on_line > 0 ? " " : "") + word;
    }
    out += line + "\n";
}

std::size_t count_of(const std::vector<Facility>& facilities, FacilityState state) {
    return static_cast<std::size_t>(std::ranges::count(facilities, state, &Facility::state));
}

}  // namespace

std::string doctor_table(const std::vector<Facility>& facilities) {
    std::string out = "What this machine offers to protect your keys:\n\n";
    for (const Facility& each : facilities) {
        std::string line(name_column, ' ');
        line += each.name;
        pad(line, state_column);
        line += describe(each.state);
        pad(line, text_column);
        add_wrapped(out, line, clean(each.meaning));
        if (each.hint.empty()) continue;
        std::string hint(text_column, ' ');
        add_wrapped(out, hint, "-> " + clean(each.hint));
    }
    out += "\n";
    std::string summary;
    for (const FacilityState state : states) {
        const std::size_t count = count_of(facilities, state);
        if (count == 0) continue;
        summary += (summary.empty() ? "" : ", ") + std::to_string(count) + " " + std::string{describe(state)};
    }
    return out + summary + ".\nEach gap makes your keys less safe here; none keeps you from chatting.\n";
}

std::string doctor_json(const std::vector<Facility>& facilities) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["facilities"] = nlohmann::ordered_json::array();
    for (const Facility& each : facilities) {
        out["facilities"].push_back({{"key", each.key},
                                     {"name", each.name},
                                     {"state", describe(each.state)},
                                     {"meaning", each.meaning},
                                     {"hint", each.hint}});
    }
    for (const FacilityState state : states)
        out["summary"][std::string{describe(state)}] = count_of(facilities, state);
    return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

ExitCode run_doctor(bool json) {
    std::vector<Facility> facilities = survey_facilities();
    const auto after_tokens = std::ranges::find(facilities, "pkcs11", &Facility::key);
    facilities.insert(after_tokens == facilities.end() ? after_tokens : std::next(after_tokens),
                      keyring_facility());
    const std::string text = json ? doctor_json(facilities) : doctor_table(facilities);
    const bool written = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
    return written ? ExitCode::ok : ExitCode::output_closed;
}

}  // namespace chat
