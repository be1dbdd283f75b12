#pragma once
/// One implementation per platform.

namespace chat {

/// Has the kernel kill this process when the thread that started it ends, where the kernel can; elsewhere the end of the channel must
/// do. False: the kernel can and didn't.
[[nodiscard]] bool end_with_parent();

}  // namespace chat
