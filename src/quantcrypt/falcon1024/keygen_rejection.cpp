#include "quantcrypt/falcon1024/keygen_rejection.hpp"

namespace chat::falcon1024 {

std::string_view describe(KeygenRejection rejection) {
    switch (rejection) {
        case KeygenRejection::large_coefficient: return "a coefficient of f or g needs more than five bits";
        case KeygenRejection::long_vector: return "f and g are too long";
        case KeygenRejection::long_orthogonalised: return "the orthogonalised second vector is too long";
        case KeygenRejection::not_invertible: return "f is not invertible modulo q";
        case KeygenRejection::badly_conditioned: return "the reduction of F and G would lose too many bits";
        case KeygenRejection::not_coprime: return "the resultants of f and g are not coprime and odd";
        case KeygenRejection::coefficient_overflow: return "an intermediate coefficient is too large";
        case KeygenRejection::quotient_overflow: return "a quotient of the reduction is too large";
        case KeygenRejection::basis_too_large: return "a coefficient of F or G needs more than eight bits";
        case KeygenRejection::equation_violated: return "f G - g F is not q";
    }
    return "unknown";
}

}  // namespace chat::falcon1024
