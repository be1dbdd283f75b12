#pragma once
/// The marks where something computed from secrets becomes public on purpose. Nothing happens here in the
/// product; the constant-time test puts a definition in its place that tells memcheck. Every call says why.

#include "base/bytes.hpp"

namespace chat::falcon1024 {

void declassify(ByteView now_public);

}  // namespace chat::falcon1024
