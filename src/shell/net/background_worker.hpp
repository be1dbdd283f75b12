#pragma once
/// One thread that does one job after the other, for computations too slow for the loop.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace chat {

class BackgroundWorker {
  public:
    BackgroundWorker() = default;
    BackgroundWorker(const BackgroundWorker&) = delete;
    BackgroundWorker& operator=(const BackgroundWorker&) = delete;
    /// Waits for the present job; drops those that haven't begun.
    ~BackgroundWorker();

    /// No job begins any more. Waits for nothing.
    void begin_no_more();
    /// Starts the thread when it is first needed. A job doesn't throw.
    void add(std::function<void()> job);

  private:
    void work();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> jobs_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace chat
