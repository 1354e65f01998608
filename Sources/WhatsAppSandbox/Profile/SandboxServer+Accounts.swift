import WhatsAppWire

/// What tests and the control API order of accounts.
extension SandboxServer {
    /// A phone calls an account.
    @discardableResult
    package func startCall(from caller: String, to callee: String, isVideo: Bool = false) async throws -> SandboxCall {
        try await onLoop { try $0.perform { try $0.startCall(from: caller, to: callee, isVideo: isVideo) } }
    }

    /// The caller gives up.
    package func endCall(_ id: String) async throws {
        try await onLoop { try $0.perform { try $0.endCall(id) } }
    }

    package func call(_ id: String) async throws -> SandboxCall? {
        try await onLoop { $0.view.accounts.calls[id] }
    }

    /// Locks an account for strangers, or no longer.
    package func setReachOutLock(_ isLocked: Bool, until seconds: UInt64? = nil, of number: String) async throws {
        try await onLoop { engine in
            try engine.perform { state in
                var limits = state.accounts[number].limits
                limits.isReachOutLocked = isLocked
                limits.lockEnds = isLocked ? seconds : nil
                try state.setLimits(limits, of: number)
            }
        }
    }

    /// Says how many new chats an account has begun, and how many it may begin.
    package func setNewChats(used: Int, total: Int?, of number: String) async throws {
        try await onLoop { engine in
            try engine.perform { state in
                var limits = state.accounts[number].limits
                limits.newChatsUsed = used
                limits.newChatsTotal = total
                try state.setLimits(limits, of: number)
            }
        }
    }
}
