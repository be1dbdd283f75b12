#pragma once
/// Lets a test see under which key and nonce each layer of a cell is sealed, so that it can show that no pair is used twice. The program
/// has no observer.

#include "base/bytes.hpp"

namespace chat {

enum class SealLayer : u8 { header, body, application };

class SealObserver {
  public:
    SealObserver() = default;
    SealObserver(const SealObserver&) = delete;
    SealObserver& operator=(const SealObserver&) = delete;
    virtual ~SealObserver() = default;

    /// Something is about to be sealed. `key` is secret and only borrowed.
    virtual void sealing(SealLayer layer, ByteView key, ByteView nonce) = 0;
};

}  // namespace chat
