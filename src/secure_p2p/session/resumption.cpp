#include "secure_p2p/session/resumption.hpp"

#include <algorithm>

namespace chat {

Resumption::Resumption(Role own_role, ResumeFrames frames, Rng& rng)
    : own_role_{own_role}, frames_{std::move(frames)}, rng_{rng} {}

void Resumption::stream_secured(StreamId stream, const TlsExporter& exporter, u64 accepted, Time now) {
    const Candidate candidate{stream, exporter, now};
    if (own_role_ == Role::a) return secured_at_a(candidate, accepted);
    if (candidates_.size() == max_resume_candidates) {
        drop(candidates_.front().stream);
        candidates_.erase(candidates_.begin());
    }
    candidates_.push_back(candidate);
}

void Resumption::secured_at_a(const Candidate& candidate, u64 accepted) {
    if (!candidates_.empty() && candidate.since < candidates_.front().since + resume_patience) {
        return drop(candidate.stream);
    }
    const auto frame = frames_.seal({attempt_ + 1, accepted}, candidate.exporter, rng_);
    ++attempt_;
    leave_current();
    for (const Candidate& older : candidates_) drop(older.stream);
    candidates_.assign(1, candidate);
    actions_.emplace_back(SendFrame{candidate.stream, frame});
}

Result<void, ResumeError> Resumption::receive(StreamId stream, ByteView bytes, u64 accepted, u64 sent) {
    const auto candidate =
        std::ranges::find_if(candidates_, [&](const Candidate& each) { return each.stream == stream; });
    if (candidate == candidates_.end()) return fail(ResumeError::old_attempt);
    const auto frame = frames_.open(bytes, candidate->exporter);
    if (!frame) return fail(frame.error());
    const bool attempt_fits = own_role_ == Role::a ? frame->attempt == attempt_ : frame->attempt > attempt_;
    if (!attempt_fits) return fail(ResumeError::old_attempt);
    if (frame->acknowledged > sent) return fail(ResumeError::acknowledged_too_much);

    if (own_role_ == Role::b) {
        const auto answer = frames_.seal({frame->attempt, accepted}, candidate->exporter, rng_);
        attempt_ = frame->attempt;
        leave_current();
        for (const Candidate& other_one : candidates_) {
            if (other_one.stream != stream) drop(other_one.stream);
        }
        actions_.emplace_back(SendFrame{stream, answer});
    }
    candidates_.clear();
    current_ = stream;
    actions_.emplace_back(Online{stream, frame->acknowledged});
    return {};
}

void Resumption::leave_current() {
    if (!current_) return;
    actions_.emplace_back(Offline{});
    drop(*current_);
    current_.reset();
}

void Resumption::stream_lost(StreamId stream) {
    if (current_ == stream) {
        current_.reset();
        actions_.emplace_back(Offline{});
    }
    std::erase_if(candidates_, [&](const Candidate& each) { return each.stream == stream; });
}

void Resumption::tick(Time now) {
    std::erase_if(candidates_, [&](const Candidate& each) {
        const bool late = now >= each.since + resume_answer_limit;
        if (late) drop(each.stream);
        return late;
    });
}

std::optional<Resumption::Action> Resumption::poll() {
    if (actions_.empty()) return std::nullopt;
    Action out = std::move(actions_.front());
    actions_.pop_front();
    return out;
}

std::optional<Time> Resumption::next_deadline() const {
    std::optional<Time> out;
    for (const Candidate& each : candidates_) {
        const Time due = each.since + resume_answer_limit;
        out = out ? std::min(*out, due) : due;
    }
    return out;
}

bool Resumption::owns(StreamId stream) const {
    return current_ == stream ||
           std::ranges::any_of(candidates_, [&](const Candidate& each) { return each.stream == stream; });
}

std::vector<StreamId> Resumption::streams() const {
    std::vector<StreamId> out;
    if (current_) out.push_back(*current_);
    for (const Candidate& each : candidates_) out.push_back(each.stream);
    return out;
}

}  // namespace chat
