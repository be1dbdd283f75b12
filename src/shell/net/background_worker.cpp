#include "shell/net/background_worker.hpp"

#include <utility>

#include "base/guarded_memory.hpp"

namespace chat {

BackgroundWorker::~BackgroundWorker() {
    begin_no_more();
    if (thread_.joinable()) thread_.join();
}

void BackgroundWorker::begin_no_more() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_all();
}

void BackgroundWorker::add(std::function<void()> job) {
    {
        const std::lock_guard lock{mutex_};
        jobs_.push_back(std::move(job));
    }
    if (!thread_.joinable()) thread_ = std::thread{[this] { work(); }};
    wake_.notify_one();
}

void BackgroundWorker::work() {
    std::unique_lock lock{mutex_};
    while (true) {
        wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (stopping_) return;
        std::function<void()> job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        job = nullptr;  // what it owns dies outside the lock
        guarded_memory::wipe_stack();
        lock.lock();
    }
}

}  // namespace chat
