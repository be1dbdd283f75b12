#pragma once
/// Finds the TLS records (RFC 8446, 5.1) in a stream of bytes and tells the whole size of each when its header is complete, that is
/// before anything of it was decrypted.

#include <array>

#include "base/bytes.hpp"

namespace chat {

class RecordMeter {
  public:
    template <class OnRecord>
    void see(ByteView bytes, OnRecord&& on_record) {
        while (!bytes.empty()) {
            if (left_ > 0) {
                const std::size_t taken = std::min(left_, bytes.size());
                left_ -= taken;
                bytes = bytes.subspan(taken);
                continue;
            }
            header_.at(have_++) = bytes.front();
            bytes = bytes.subspan(1);
            if (have_ < header_.size()) continue;
            have_ = 0;
            left_ = static_cast<std::size_t>(header_[3]) << 8U | header_[4];
            on_record(header_.size() + left_);
        }
    }

  private:
    std::array<u8, 5> header_{};
    std::size_t have_ = 0;
    std::size_t left_ = 0;
};

}  // namespace chat
