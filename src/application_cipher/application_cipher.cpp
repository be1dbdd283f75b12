#include "application_cipher/application_cipher.hpp"

#include <cassert>

namespace chat {

ApplicationCipher::ApplicationCipher(Role role, const SessionIdBytes& session_id,
                                     const BootstrapSecret& secret, const BootstrapTranscript& transcript)
    : role_{role}, session_id_{session_id}, root_{initial_application_root(secret, transcript)} {}

ApplicationCipher::SealDraft::SealDraft(CellIndex index, std::optional<ApplicationRoot> root,
                                        const ApplicationChainKey<Sending>& chain_key)
    : index_{index},
      root_{std::move(root)},
      key_{application_message_key(chain_key)},
      next_key_{next_application_chain_key(chain_key)} {}

ApplicationCipher::SealDraft ApplicationCipher::draft_seal(CellIndex index,
                                                           const ApplicationSecret* step) const {
    if (step == nullptr) {
        assert(sending_ && sending_->next == index);
        return {index, std::nullopt, sending_->key};
    }
    assert(index.number == 0);
    auto next = application_step<Sending>(root_, *step);
    return {index, std::move(next.root), next.chain_key};
}

void ApplicationCipher::seal(const SealDraft& draft, ApplicationPlaintextView plaintext, Rng& rng,
                             std::span<u8, sealed_application_size> out) const {
    seal_record(draft.key_, {session_id_, role_, draft.index_}, plaintext, rng, out);
}

void ApplicationCipher::commit(SealDraft draft) noexcept {
    if (draft.root_) root_ = std::move(*draft.root_);
    const CellIndex next{draft.index_.epoch, draft.index_.number + 1};
    sending_.emplace(Chain<Sending>{std::move(draft.next_key_), next});
}

void ApplicationCipher::OpenDraft::skip(Chain<Receiving>& chain, u32 number) {
    for (; chain.next.number < number; ++chain.next.number) {
        skipped_.try_emplace(chain.next, application_message_key(chain.key));
        chain.key = next_application_chain_key(chain.key);
    }
}

void ApplicationCipher::OpenDraft::use(Chain<Receiving> chain, u32 number) {
    skip(chain, number);
    key_ = application_message_key(chain.key);
    chain.key = next_application_chain_key(chain.key);
    ++chain.next.number;
    chain_ = std::move(chain);
}

Result<ApplicationCipher::OpenDraft, ApplicationCipherError> ApplicationCipher::open(
    CellIndex index, const PeerApplicationStep* step, SealedApplicationView sealed,
    std::span<u8, application_plaintext_size> out) const {
    std::fill(out.begin(), out.end(), u8{0});
    OpenDraft draft;
    draft.index_ = index;
    const ApplicationMessageKey<Receiving>* key = nullptr;
    if (step != nullptr) {
        if (receiving_) {
            Chain<Receiving> before{receiving_->key.clone(), receiving_->next};
            draft.skip(before, step->previous_length);
        }
        auto next = application_step<Receiving>(root_, step->secret);
        draft.root_ = std::move(next.root);
        draft.use({std::move(next.chain_key), {index.epoch, 0}}, index.number);
        key = &*draft.key_;
    } else if (receiving_ && receiving_->next.epoch == index.epoch && receiving_->next <= index) {
        draft.use({receiving_->key.clone(), receiving_->next}, index.number);
        key = &*draft.key_;
    } else if (const auto kept = skipped_.find(index); kept != skipped_.end()) {
        key = &kept->second;
    } else {
        return fail(ApplicationCipherError::no_key);
    }
    if (!open_record(*key, {session_id_, other(role_), index}, sealed, out)) {
        return fail(ApplicationCipherError::bad_tag);
    }
    return draft;
}

void ApplicationCipher::commit(OpenDraft draft) noexcept {
    if (!draft.chain_) skipped_.erase(draft.index_);
    skipped_.merge(draft.skipped_);
    if (draft.root_) {
        root_ = std::move(*draft.root_);
        sending_.reset();  // the step answers it: the next own cell begins a new chain
    }
    if (draft.chain_) receiving_ = std::move(draft.chain_);
}

}  // namespace chat
