#pragma once
/// A helper process of this program's own: the same executable with a hidden role as its only argument. It has one end of a
/// ServiceChannel as descriptor 3, the standard error of its parent, /dev/null as the other standard streams, and nothing else that
/// was open here; of the environment it gets the variables that are named. The two end together: the helper reads the end of its
/// channel when this process is gone, however it ended, and on Linux the kernel kills it as well; the helper's end shows as
/// descriptor() becoming readable.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "secure_key_manager/isolation/service/service_channel.hpp"

namespace chat {

/// How a process ended.
struct ProcessEnd {
    enum class How : u8 { exited, signalled, unknown };
    How how = How::unknown;
    int code = 0;  ///< exit status, or the signal's number

    bool operator==(const ProcessEnd&) const = default;
};
/// "ended with status 3", "killed by signal 9 (KILL)", "ended by the sandbox (SYS): it tried something that it may not do".
[[nodiscard]] std::string describe(const ProcessEnd& end);

/// The descriptor of the channel in the helper process.
inline constexpr int service_socket = 3;

class ServiceProcess {
  public:
    struct Setup {
        std::string program;                        ///< path_of_this_program()
        std::string role;                           ///< becomes argv[1], the only argument
        std::vector<std::string> keep_environment;  ///< names of variables that it gets, where they are set
        bool allow_debugger = false;  ///< SECURE_P2P_ALLOW_DEBUGGER=1 in its environment (app/protection.hpp)
    };

    /// On Linux the helper dies with the thread that calls this, so call it on one that lives as long as the program does. Throws
    /// std::system_error.
    explicit ServiceProcess(const Setup& setup);
    ServiceProcess(const ServiceProcess&) = delete;
    ServiceProcess& operator=(const ServiceProcess&) = delete;
    /// Closes the channel, gives the process `grace` to end and kills it after that.
    ~ServiceProcess();

    [[nodiscard]] ServiceChannel& channel() { return channel_; }
    [[nodiscard]] const ServiceChannel& channel() const { return channel_; }
    /// For an event loop to watch between calls: readable when the process ended. Ask idle() of the channel then, since a watch may
    /// fire late for an answer that was read meanwhile.
    [[nodiscard]] int descriptor() const { return channel_.descriptor(); }
    /// -1 once it was waited for.
    [[nodiscard]] int id() const { return process_; }

    /// Ends it now if it has not ended within `grace`, and says how it did.
    ProcessEnd finish(std::chrono::milliseconds grace);

    static constexpr std::chrono::milliseconds grace{500};

  private:
    struct Started {
        int process;
        int socket;
    };
    [[nodiscard]] static Started start(const Setup& setup);
    explicit ServiceProcess(const Started& started);

    int process_ = -1;
    ServiceChannel channel_;
    ProcessEnd end_;
};

/// In the helper process, first of all: checks that descriptor 3 is a socket, sees to it that the helper ends with its parent, and
/// ignores the signals that the terminal sends to a whole group of processes (interrupt, hang-up, termination), so that the parent
/// can close the session in order; the helper ends by the end of its channel. False: nobody started it as a helper,
/// or whoever did is gone.
[[nodiscard]] bool become_service();

}  // namespace chat
