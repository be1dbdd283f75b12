#pragma once
/// What the *_avx2.cpp of key generation share.

#include "quantcrypt/falcon1024/gaussian.hpp"
#include "quantcrypt/falcon1024/keygen_kernels.hpp"

namespace chat::falcon1024 {

void ntt31_avx2(Residues f);
void inverse_ntt31_avx2(Residues f);

}  // namespace chat::falcon1024
