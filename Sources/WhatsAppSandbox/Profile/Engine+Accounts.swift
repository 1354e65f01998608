import NIOHTTP1

extension Engine {
    /// Calls of a phone, and the limits on its account.
    func accountOrder(_ endpoint: ControlEndpoint, _ request: HTTPRequest) throws -> HTTPReply {
        switch endpoint {
        case .calls(let number):
            let body = try ControlBody.decode(CallOrder.self, from: request.body)
            let call = try perform { state throws(SandboxError) in
                try state.startCall(from: number, to: body.to, isVideo: body.video ?? false)
            }
            return .json(CallView(call), status: .created)
        case .call(let number, let id):
            guard let call = view.accounts.calls[id], call.caller == number else {
                throw SandboxError.invalid(field: "call", reason: "There is no such call.")
            }
            guard request.method == .DELETE else { return .json(CallView(call)) }
            try perform { state throws(SandboxError) in try state.endCall(id) }
            return .json([String: String]())
        case .limits(let number):
            let body = try ControlBody.decode(LimitsOrder.self, from: request.body)
            try perform { state throws(SandboxError) in try state.setLimits(body.limits, of: number) }
            return .json([String: String]())
        default:
            return .failure(status: .notFound, code: "not-found", message: "There is nothing at this address.")
        }
    }
}

/// `{"to": "15550002222", "video": true}`.
private struct CallOrder: Decodable {
    var to: String
    var video: Bool?
}

/// `{"reachOutLocked": true, "until": 1900000000, "newChatsUsed": 3, "newChatsTotal": 30}`; what is absent is no limit.
private struct LimitsOrder: Decodable {
    var reachOutLocked: Bool?
    var until: UInt64?
    var newChatsUsed: Int?
    var newChatsTotal: Int?

    var limits: AccountLimits {
        AccountLimits(
            isReachOutLocked: reachOutLocked ?? false,
            lockEnds: until,
            newChatsUsed: newChatsUsed ?? 0,
            newChatsTotal: newChatsTotal
        )
    }
}

private struct CallView: Encodable {
    var id: String
    var caller: String
    var callee: String
    var video: Bool
    var state: String

    init(_ call: SandboxCall) {
        id = call.id
        caller = call.caller
        callee = call.callee
        video = call.isVideo
        state = call.state.rawValue
    }
}
