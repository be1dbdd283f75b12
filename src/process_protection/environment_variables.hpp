#pragma once
/// The environment as something that may hold a secret or steer a library. To be used before threads start.

#include <string>
#include <string_view>

namespace chat {

/// Takes a variable out and overwrites its value, also where other processes would see it. For what is needed once:
/// SECURE_P2P_ASKPASS after its use.
void forget_variable(const std::string& name);

/// For this process and those it starts; an empty value takes it out.
void set_variable(const std::string& name, const std::string& value);

/// Takes out what may hold a secret or steers libraries (loader, allocator, TLS, resolver, PKCS#11, GLib). What the loader has read
/// before main is too late for this process, and is out for those it starts.
void scrub_environment();
/// Whether scrub_environment() takes `name` out.
[[nodiscard]] bool is_scrubbed(std::string_view name);

}  // namespace chat
