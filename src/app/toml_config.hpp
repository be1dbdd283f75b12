#pragma once
/// Lets CLI11 read its configuration with the TOML library: every option of the command line, by its long name.

#include <toml++/toml.h>
#include <CLI/CLI.hpp>
#include <sstream>

namespace chat {

class TomlConfig final : public CLI::Config {
  public:
    std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }

    std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
        std::vector<CLI::ConfigItem> parsed;
        try {
            const toml::table table = toml::parse(input);
            for (const auto& [key, node] : table) parsed.push_back(item(std::string{key.str()}, node));
        } catch (const toml::parse_error& error) {
            std::ostringstream text;
            text << "line " << error.source().begin.line << ": " << error.description();
            throw error_of(text.str());
        }
        return parsed;
    }

  private:
    static CLI::ConfigError error_of(const std::string& what) {
        return CLI::ConfigError{"configuration file: " + what, CLI::ExitCodes::ConfigError};
    }

    static CLI::ConfigItem item(const std::string& key, const toml::node& node) {
        CLI::ConfigItem out;
        out.name = key;
        if (const auto* list = node.as_array()) {
            for (const auto& element : *list) out.inputs.push_back(text_of(key, element));
        } else {
            out.inputs.push_back(text_of(key, node));
        }
        return out;
    }

    static std::string text_of(const std::string& key, const toml::node& node) {
        if (const auto text = node.value_exact<std::string>()) return *text;
        if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
        if (const auto truth = node.value_exact<bool>()) return *truth ? "true" : "false";
        throw error_of("'" + key + "' has to be text, a whole number, true or false");
    }
};

}  // namespace chat
