extension OutgoingContent {
    /// The message that it is about; nil for what stands for itself, which setting leaves as it is.
    var target: MessageTarget? {
        get {
            switch self {
            case .vote(let vote): vote.poll.message
            case .eventResponse(let response): response.event.message
            case .sealedReaction(let target, _): target.message
            case .edit(let edit): edit.target
            case .reaction(let target, _), .revoke(let target), .pin(let target, _), .unpin(let target),
                .keep(let target, _):
                target
            default: nil
            }
        }
        set {
            guard let newValue else { return }
            switch self {
            case .vote(var vote):
                vote.poll.message = newValue
                self = .vote(vote)
            case .eventResponse(var response):
                response.event.message = newValue
                self = .eventResponse(response)
            case .sealedReaction(var target, let emoji):
                target.message = newValue
                self = .sealedReaction(target, emoji)
            case .edit(var edit):
                edit.target = newValue
                self = .edit(edit)
            case .reaction(_, let emoji): self = .reaction(newValue, emoji)
            case .revoke: self = .revoke(newValue)
            case .pin(_, let duration): self = .pin(newValue, duration)
            case .unpin: self = .unpin(newValue)
            case .keep(_, let isKept): self = .keep(newValue, isKept: isKept)
            default: break
            }
        }
    }
}
