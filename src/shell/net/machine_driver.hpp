#pragma once
/// Feeds a machine of p2p_core from callbacks. One that comes while outputs are being carried out waits its
/// turn, since a machine takes no input before its outputs are drained.

#include <deque>
#include <utility>

#include "shell/net/loop.hpp"

namespace chat {

template <class Machine>
class MachineDriver {
  public:
    MachineDriver(Loop& loop, Machine machine) : loop_{loop}, machine_{std::move(machine)} {}

    /// Hands `input` to the machine and each output to `carry_out`. Called from within carry_out it leaves
    /// `input` to the outer call, so bytes that it borrows must not come that way.
    template <class CarryOut>
    void feed(typename Machine::Input input, CarryOut carry_out) {
        waiting_.push_back(std::move(input));
        if (busy_) return;
        const Busy busy{busy_};
        while (!waiting_.empty()) {
            const typename Machine::Input next = std::move(waiting_.front());
            waiting_.pop_front();
            machine_.handle(next, loop_.now());
            while (auto output = machine_.poll()) carry_out(*output);
        }
    }
    [[nodiscard]] const Machine& machine() const { return machine_; }

  private:
    struct Busy {
        explicit Busy(bool& flag) : flag_{flag} { flag_ = true; }
        Busy(const Busy&) = delete;
        Busy& operator=(const Busy&) = delete;
        ~Busy() { flag_ = false; }
        bool& flag_;
    };

    Loop& loop_;
    Machine machine_;
    std::deque<typename Machine::Input> waiting_;
    bool busy_ = false;
};

}  // namespace chat
