package import Foundation
internal import SignalProtocol
internal import WhatsAppWire

/// One connection of a device that is not linked yet: offers QR codes, runs a pairing code, answers a passkey demand, takes `pair-success`.
package struct LinkingEngine: Engine {
    package enum Event: Sendable {
        /// References have come: QR codes follow, and a pairing code can be asked for.
        case ready
        case qr(text: String, validFor: Duration)
        case pairingCode(String, validFor: Duration)
        case pairingCodeRefused(PairingCodeRefusal)
        /// Typed too late, or made void by the service.
        case pairingCodeExpired
        case passkeyRequested(options: [UInt8], validFor: Duration)
        case passkeyConfirmation(code: String)
        case passkeyRefused(PasskeyRefusal)
        /// Checked and countersigned; a login with these credentials completes it.
        case paired(Credentials)
        /// The last event.
        case ended(Ending)
    }

    package enum Ending: Sendable, Equatable {
        /// After `paired`, whether the service said 515 or just closed.
        case restart
        /// No code was scanned in time.
        case referencesExhausted
        case stream(StreamEnd)
        case broken(StreamError)
        case timedOut
        case rejected(PairingRejection)
    }

    typealias Action = EngineAction<Event>

    static let handshakeTimeout: Duration = .seconds(20)
    static let maximumReferences = 16
    static let maximumReferenceLength = 512

    /// With the secret as it is now: the service may have it replaced while a QR code is on screen.
    package internal(set) var credentials: Credentials
    let profile: ClientProfile
    var random: RandomSource
    var stream: StreamState
    var requestIDs: RequestIDs
    var references: [String] = []
    var referenceIndex = 0
    var referenceEnd = Date.distantPast
    var codeFlow: PairingCodeFlow?
    var codeFlowCount: UInt32 = 0
    var passkey: PasskeyExchange?
    var isReady = false
    var isPaired = false
    private var hasEnded = false

    package init(
        credentials: Credentials,
        profile: ClientProfile,
        rootKey: [UInt8],
        random: RandomSource = RandomSource()
    ) {
        var random = random
        self.credentials = credentials
        self.profile = profile
        stream = StreamState(
            staticKey: credentials.noiseKey,
            ephemeral: .generate(using: &random),
            rootKey: rootKey,
            payload: ClientPayloads.registration(credentials, profile: profile)
        )
        requestIDs = RequestIDs(using: &random)
        self.random = random
    }

    // MARK: Driver

    package mutating func start(now: Date) -> [EngineAction<Event>] {
        do {
            return [.send(try stream.opening(routingInfo: nil)), .schedule(.handshake, after: Self.handshakeTimeout)]
        } catch {
            return end(.broken(error))
        }
    }

    package mutating func receive(_ bytes: some Collection<UInt8>, now: Date) -> [EngineAction<Event>] {
        guard !hasEnded else { return [] }
        stream.append(bytes)
        var actions: [Action] = []
        do {
            while !hasEnded, let output = try stream.next(now: now) {
                switch output {
                case .opened(let bytes): actions += [.send(bytes)]
                case .stanza(let node): actions += handle(node, now: now)
                }
            }
        } catch {
            actions += end(isPaired ? .restart : .broken(error))
        }
        return actions
    }

    package mutating func fired(_ timer: EngineTimer, now: Date) -> [EngineAction<Event>] {
        guard !hasEnded else { return [] }
        switch timer {
        case .handshake: return end(.timedOut)
        case .restart: return end(.restart)
        case .reference: return nextReference(now: now)
        case .pairingCode: return dropCodeFlow(now: now)
        case .pairingRequest: return refuseCode(PairingCodeRefusal(reason: .timedOut))
        case .pairSuccess: return dropCodeFlow(now: now)
        case .passkey: return expirePasskey(now: now)
        case .keepAlive, .preKeyUpload, .request: return []
        }
    }

    package mutating func closed(now: Date) -> [EngineAction<Event>] {
        end(isPaired ? .restart : .stream(.ended))
    }

    /// Whether something is under way that the end of the references must not cut off.
    var isBusy: Bool { codeFlow != nil || passkey != nil }

    mutating func end(_ ending: Ending) -> [Action] {
        guard !hasEnded else { return [] }
        hasEnded = true
        codeFlow = nil
        passkey = nil
        return [.emit(.ended(ending)), .close]
    }

    /// A stanza as an action; a stanza of ours that cannot be written ends the connection.
    mutating func send(_ node: BinaryNode) -> [Action] {
        do {
            return [.send(try stream.seal(node))]
        } catch {
            return end(.broken(error))
        }
    }

    // MARK: Stanzas

    private mutating func handle(_ node: BinaryNode, now: Date) -> [Action] {
        if let streamEnd = StreamEnd(node) {
            return end(isPaired ? .restart : .stream(streamEnd))
        }
        switch node.tag {
        case "iq": return handleRequest(node, now: now)
        case "notification": return send(Stanzas.acknowledgement(of: node)) + handleNotification(node, now: now)
        default: return []
        }
    }

    private mutating func handleRequest(_ node: BinaryNode, now: Date) -> [Action] {
        if Stanzas.isServerPing(node) { return send(Stanzas.result(for: node)) }
        switch node.attributes.text("type") {
        case "set" where Stanzas.isFromServer(node):
            if let offer = node.child("pair-device") { return take(offer, of: node, now: now) }
            if node.child("pair-success") != nil { return link(node) }
            return []
        case "result", "error":
            return handleCodeAnswer(node, now: now) + handlePasskeyAnswer(node, now: now)
        default: return []
        }
    }

    private mutating func handleNotification(_ node: BinaryNode, now: Date) -> [Action] {
        guard Stanzas.isFromServer(node), !isPaired else { return [] }
        switch node.attributes.text("type") {
        case "companion_reg_refresh":
            let isDemand = node.child("companion_reg_refresh") != nil || node.child("pair-device-rotate-qr") != nil
            return isDemand ? replaceSecret(now: now) : []
        case "link_code_companion_reg": return handleCodeNotification(node, now: now)
        case "passkey_prologue_request", "crsc_continuation": return handlePasskeyNotification(node, now: now)
        default: return []
        }
    }

    private mutating func link(_ request: BinaryNode) -> [Action] {
        guard !isPaired else { return [] }
        do throws(PairingRejection) {
            let success = try PairSuccess(request, credentials: credentials, using: &random)
            credentials.account = success.account
            credentials.isLIDMigrated = success.isLIDMigrated
            credentials.serverHasPreKeys = false
            credentials.loginCount = 0
            isPaired = true
            codeFlow = nil
            passkey = nil
            // The stored login must exist before the service learns of the signature: hence `paired` first.
            return [
                .cancel(.reference), .cancel(.pairingCode), .cancel(.pairSuccess), .cancel(.passkey),
                .emit(.paired(credentials)),
            ] + send(success.reply) + [.schedule(.restart, after: .seconds(10))]
        } catch {
            let answer = Stanzas.error(for: request, code: error.answer.code, text: error.answer.text)
            return send(answer) + end(.rejected(error))
        }
    }
}
