/// The body of `POST /sandbox/faults`; which fields count depends on the kind.
struct FaultRequest: Decodable {
    var kind: String
    var number: String?
    var device: Int?
    /// 0: until cleared.
    var times: Int?
    var when: String?
    var code: Int?
    var conflict: String?
    var reason: Int?
    var attributes: [String: String]?
    var milliseconds: Int?
    var on: String?
    var flaw: String?
    var backoff: Int?
    var force: Bool?
    var xmlns: String?
    var child: String?

    struct Order: Equatable {
        let fault: SandboxFault
        let scope: FaultScope
        let times: Int?
    }

    /// The names that `kind` may have.
    static let kinds =
        [
            "drop", "stream-error", "refuse-login", "delay", "expire-refs", "wrong-certificate", "revoke-device",
            "bad-hmac",
            "bad-account-signature", "rotate-adv", "refresh-code", "pairing-code-error", "close-without-515",
            "515-without-close", "split-frames", "join-frames", "compress-stanzas", "mute", "xmlstreamend",
            "server-restart", "duplicate-primary-hello", "exhaust-prekeys", "duplicate", "reorder", "corrupt",
            "lose-ack",
            "refuse-message", "refuse-prekeys", "stale-devices", "replay", "reinstall",
        ] + MediaFault.kinds

    func order() throws(SandboxError) -> Order {
        let fault = try fault()
        try checkScope(of: fault)
        if device != nil, number == nil {
            throw .invalid(field: "number", reason: "A device number means something only together with a phone's.")
        }
        let scope = FaultScope(number: number, device: try deviceNumber())
        guard !fault.isImmediate else {
            guard times == nil else { throw .invalid(field: "times", reason: "This fault happens at once.") }
            return Order(fault: fault, scope: scope, times: nil)
        }
        guard let times else { return Order(fault: fault, scope: scope, times: fault.usualTimes) }
        guard (0...1_000_000).contains(times) else {
            throw .invalid(field: "times", reason: "A count from 1, or 0 for as long as it is not cleared.")
        }
        return Order(fault: fault, scope: scope, times: times == 0 ? nil : times)
    }

    /// Whom a fault can be limited to depends on how early it happens.
    private func checkScope(of fault: SandboxFault) throws(SandboxError) {
        switch fault {
        case .wrongCertificate, .dropAtPairDevice, .serverRestart, .delay(_, .handshake),
            .media(.missing), .media(.slow), .media(.corrupt), .media(.cut):
            guard number == nil else {
                throw .invalid(field: "number", reason: "This fault concerns everybody: no number is known that early.")
            }
        case .expireReferences, .rotateSecret, .refreshCode, .dropAtPairSuccess, .badHMAC, .badAccountSignature,
            .rotateAtScan, .pairingCodeError, .duplicatePrimaryHello, .closeWithoutRestart, .restartWithoutClose:
            guard device == nil else {
                throw .invalid(field: "device", reason: "This fault happens before there is a device.")
            }
        default: break
        }
    }

    private func deviceNumber() throws(SandboxError) -> UInt16? {
        guard let device else { return nil }
        guard let number = UInt16(exactly: device), number > 0 else {
            throw .invalid(field: "device", reason: "A linked device has a number from 1.")
        }
        return number
    }

    private func fault() throws(SandboxError) -> SandboxFault {
        switch kind {
        case "drop": try drop()
        case "stream-error": try streamError()
        case "refuse-login": try refuseLogin()
        case "delay": try delay()
        case "expire-refs": .expireReferences
        case "wrong-certificate": .wrongCertificate(try choice("flaw", flaw, CertificateFlaw.self))
        case "revoke-device": try revoke()
        case "bad-hmac": .badHMAC
        case "bad-account-signature": .badAccountSignature
        case "rotate-adv": try rotate()
        case "refresh-code": .refreshCode(forcedByHand: force ?? false)
        case "pairing-code-error": try pairingCodeError()
        case "close-without-515": .closeWithoutRestart
        case "515-without-close": .restartWithoutClose
        case "split-frames": .splitFrames
        case "join-frames": .joinFrames
        case "compress-stanzas": .compressStanzas
        case "mute": try mute()
        case "xmlstreamend": .xmlStreamEnd
        case "server-restart": .serverRestart
        case "duplicate-primary-hello": .duplicatePrimaryHello
        case "exhaust-prekeys": .exhaustPreKeys
        case "duplicate": .duplicateMessage
        case "reorder": .reorderMessages
        case "corrupt": .corruptMessage
        case "lose-ack": .loseAck
        case "refuse-message": .refuseMessage(code: try refusalCode())
        case "refuse-prekeys": .refusePreKeys(code: try refusalCode())
        case "stale-devices": .staleDevices
        case "replay": .replayMessages
        case "reinstall": .reinstall
        case let kind where MediaFault.kinds.contains(kind): .media(try mediaFault(kind))
        default:
            throw .invalid(field: "kind", reason: "One of: \(Self.kinds.joined(separator: ", ")).")
        }
    }

    private func refusalCode() throws(SandboxError) -> Int {
        guard let code, (400...599).contains(code) else {
            throw .invalid(field: "code", reason: "Between 400 and 599, for example 421, 463, 475 or 479.")
        }
        return code
    }

    private func drop() throws(SandboxError) -> SandboxFault {
        switch when {
        case nil, "now": return .drop
        case "pair-device": return .dropAtPairDevice
        case "pair-success": return .dropAtPairSuccess
        case "login": return .dropAtLogin
        default: throw .invalid(field: "when", reason: "One of: now, pair-device, pair-success, login.")
        }
    }

    private func streamError() throws(SandboxError) -> SandboxFault {
        if let code, !(100...999).contains(code) {
            throw .invalid(field: "code", reason: "A code has three digits.")
        }
        if let conflict, !(1...64).contains(conflict.utf8.count) {
            throw .invalid(field: "conflict", reason: "A type such as replaced or device_removed.")
        }
        guard code != nil || conflict != nil else {
            throw .invalid(field: "code", reason: "A stream error has a code, a conflict type or both.")
        }
        return .streamError(code: code, conflict: conflict)
    }

    private func refuseLogin() throws(SandboxError) -> SandboxFault {
        let reason = reason ?? 401
        guard (100...999).contains(reason) else {
            throw .invalid(field: "reason", reason: "A reason has three digits.")
        }
        let attributes = attributes ?? [:]
        let isBounded = attributes.allSatisfy {
            (1...64).contains($0.key.utf8.count) && (1...500).contains($0.value.utf8.count)
        }
        guard attributes.count <= 16, isBounded else {
            throw .invalid(field: "attributes", reason: "At most 16 names of 64 bytes with values of 500 bytes.")
        }
        return .refuseLogin(reason: reason, attributes: attributes)
    }

    private func delay() throws(SandboxError) -> SandboxFault {
        guard let milliseconds, (1...600_000).contains(milliseconds) else {
            throw .invalid(field: "milliseconds", reason: "Between 1 and 600000.")
        }
        let part = try on.map { on throws(SandboxError) in
            try choice("on", on, SandboxFault.DelayedPart.self)
        }
        return .delay(milliseconds: milliseconds, part ?? .all)
    }

    private func revoke() throws(SandboxError) -> SandboxFault {
        guard number != nil else {
            throw .invalid(field: "number", reason: "Name the phone that removes its devices.")
        }
        return .revokeDevice
    }

    private func rotate() throws(SandboxError) -> SandboxFault {
        switch when {
        case nil, "now": return .rotateSecret
        case "scan": return .rotateAtScan
        default: throw .invalid(field: "when", reason: "One of: now, scan.")
        }
    }

    private func pairingCodeError() throws(SandboxError) -> SandboxFault {
        guard let code, [400, 401, 403, 404, 429, 452, 500, 503].contains(code) else {
            throw .invalid(field: "code", reason: "One of: 400, 401, 403, 404, 429, 452, 500, 503.")
        }
        if let backoff, !(0...86_400).contains(backoff) {
            throw .invalid(field: "backoff", reason: "Between 0 and 86400 seconds.")
        }
        return .pairingCodeError(code: code, backoff: backoff)
    }

    private func mediaFault(_ kind: String) throws(SandboxError) -> MediaFault {
        switch kind {
        case "media-missing": return .missing
        case "media-slow":
            guard let milliseconds, (1...60_000).contains(milliseconds) else {
                throw .invalid(field: "milliseconds", reason: "Between 1 and 60000, after each 64 KiB.")
            }
            return .slow(milliseconds: milliseconds)
        case "media-corrupt": return .corrupt
        case "media-cut": return .cut
        case "media-cut-upload": return .cutUpload
        default:
            let status = code ?? 503
            guard (400...599).contains(status) else {
                throw .invalid(field: "code", reason: "An HTTP status from 400 to 599.")
            }
            return .refuseUpload(status: status)
        }
    }

    private func mute() throws(SandboxError) -> SandboxFault {
        guard let xmlns, (1...64).contains(xmlns.utf8.count) else {
            throw .invalid(field: "xmlns", reason: "The namespace of the requests that get no answer.")
        }
        if let child, !(1...64).contains(child.utf8.count) {
            throw .invalid(field: "child", reason: "The tag of the first node in the request.")
        }
        return .mute(namespace: xmlns, child: child)
    }

    private func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ field: String,
        _ value: String?,
        _ type: Choice.Type
    ) throws(SandboxError) -> Choice {
        guard let value, let choice = Choice(rawValue: value) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(field: field, reason: "One of: \(names).")
        }
        return choice
    }
}
