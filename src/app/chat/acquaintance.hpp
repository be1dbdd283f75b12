#pragma once
/// What a kept identity does about its contacts in a chat: recognises the peer, remembers it, saves what changed, and keeps
/// whoever is not the known contact from being heard until the person accepts it (contact_book.hpp has the rules).

#include <memory>
#include <vector>

#include "app/chat/chat_view.hpp"
#include "app/chat/contact_book.hpp"
#include "app/environment.hpp"
#include "app/options.hpp"
#include "shell/node_runner.hpp"

namespace chat {

class Acquaintance {
  public:
    /// Everything borrowed outlives it. The identity is a kept one.
    Acquaintance(Environment& environment, Console& console, ChatView& view, NodeRunner& runner,
                 const Options& options, Contacts contacts);

    /// True: the event is a text of somebody who is not accepted, and was kept back.
    [[nodiscard]] bool keep_back(Event& event);
    /// After the event was shown.
    void on_event(const Event& event);
    /// A break of continuity stands: nothing is sent or shown.
    [[nodiscard]] bool blocked() const { return book_.broken().has_value(); }
    /// More was kept back than memory is given for.
    [[nodiscard]] bool overflown() const { return overflown_; }
    /// /accept, /accept NAME
    void accept(std::string_view name);
    /// Texts that were kept back, once nothing blocks any more.
    [[nodiscard]] std::vector<Event> take_kept_back();

    /// The contact that --contact names; null: there is none of this name.
    [[nodiscard]] const Contact* expected() const { return book_.find(options_.keys.contact); }

  private:
    /// How long a device may take to sign.
    static constexpr Duration hardware_patience = std::chrono::seconds{30};
    static constexpr std::size_t most_kept_back = 1024UL * 1024;

    void recognised(const Contact& contact);
    void connected();
    void identified(const PeerIdentified& event);
    void named(const PeerNamed& event);
    void hardware(const HardwareBacked& event);
    void hardware_changed();
    void await_hardware();
    void hardware_missing();
    void consider_break();
    void show_break();
    void report(std::string reason);
    void save();
    [[nodiscard]] std::vector<std::string> dialled() const;

    Environment& environment_;
    Console& console_;
    ChatView& view_;
    NodeRunner& runner_;
    const Options& options_;
    ContactBook book_;
    Timer hardware_timer_;
    std::vector<Event> kept_back_;
    std::size_t kept_back_bytes_ = 0;
    bool overflown_ = false;
    bool break_shown_ = false;
    bool told_full_ = false;
    bool connected_ = false;
};

}  // namespace chat
