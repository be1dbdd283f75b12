#pragma once
/// The secrets that one layer hands to another through the session; each is the root of its receiver's own derivations, so
/// that no room needs to know another's keys.

#include "base/secret.hpp"

namespace chat {

/// Output of the hybrid key exchange (docs/protocol.md 5.2); the ratchet and the resume frames expand from it.
using RootKey = Secret<struct RootKeyTag, 64>;
/// Output of layer 1 (docs/protocol.md 3); root of the application cipher and of the resume secret.
using BootstrapSecret = Secret<struct BootstrapSecretTag, 32>;
/// What opens a hello: the invite's secret, the resume secret or, on an open listener, zeros.
using PresharedSecret = Secret<struct PresharedSecretTag, 32>;
/// Output of one root step of the ratchet (docs/protocol.md 6); refreshes the application cipher.
using ApplicationSecret = Secret<struct ApplicationSecretTag, 32>;

}  // namespace chat
