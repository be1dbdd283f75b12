#include "app/chat/chat_view.hpp"

namespace chat {
namespace {

std::string thresholds_text(const SecurityRule& rule) {
    if (rule.warn_from == 0 && rule.end_from == 0) return "counted only";
    std::string out;
    if (rule.warn_from != 0) out = "warns from " + std::to_string(rule.warn_from);
    if (rule.end_from != 0) {
        out +=
            (out.empty() ? "" : ", ") + std::string{"ends the session from "} + std::to_string(rule.end_from);
    }
    return out + " a minute";
}

std::string_view state_text(SecurityReport::State state) {
    switch (state) {
        case SecurityReport::State::quiet: return "";
        case SecurityReport::State::warned: return "; WARNED";
        case SecurityReport::State::alarm: return "; ALARM";
    }
    return "";
}

std::string age_text(Duration age) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    return seconds < 120 ? std::to_string(seconds) + " s ago" : std::to_string(seconds / 60) + " min ago";
}

}  // namespace

/// For a script every kind; for a person those of which there were any.
void ChatView::show_security(const SecurityReport& report, std::size_t strangers_held, Time now) {
    bool any = false;
    for (const SecurityReport::Line& line : report.lines) {
        if (audience_ == Audience::person && line.total == 0) continue;
        any = true;
        console_.status(std::string{describe(line.rule.kind)} + ": " + std::to_string(line.total) + ", " +
                        std::to_string(line.last_minute) + " in the last minute (" +
                        thresholds_text(line.rule) + "; from: " + std::string{describe(line.rule.origin)} +
                        ")" + std::string{state_text(line.state)});
    }
    if (!any) console_.status("nothing was refused and nothing unusual was seen");
    for (const SecurityReport::Recent& each : report.recent) {
        std::string text = "last: " + std::string{describe(each.event.kind)} + ": " + each.event.reason;
        if (each.event.size > 0) text += ", " + std::to_string(each.event.size) + " bytes";
        if (each.times > 1) text += ", " + std::to_string(each.times) + " times";
        console_.status(text + ", " + age_text(now - each.last));
    }
    console_.status("strangers' connections held now: " + std::to_string(strangers_held));
}

}  // namespace chat
